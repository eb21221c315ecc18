"""The limits of the real server on what a bot sends: overall, in a chat, in a group."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.telegram.refusals import too_many


@dataclass(slots=True)
class Bucket:
    """A token bucket of one chat."""

    tokens: float
    at: float


@dataclass
class Limits:
    """How much may go out; `refused` counts the 429s."""

    per_second: int = 30
    chat_burst: float = 4
    chat_per_second: float = 1
    group_per_minute: int = 20
    clock: Callable[[], float] = time.monotonic
    refused: int = 0
    _sent: deque[float] = field(default_factory=deque)
    _chats: dict[int, Bucket] = field(default_factory=dict)
    _groups: dict[int, deque[float]] = field(default_factory=dict)

    def take(self, chat_id: int) -> None:
        """Counts one message or edit. Raises a 429, and then nothing is counted."""
        now = self.clock()
        bucket = self._bucket(chat_id, now)
        group = self._groups.setdefault(chat_id, deque()) if chat_id < 0 else deque()
        wait = max(
            waiting(self._sent, self.per_second, 1, now),
            0.0 if bucket.tokens >= 1 else (1 - bucket.tokens) / self.chat_per_second,
            waiting(group, self.group_per_minute, 60, now),
        )
        if wait > 0:
            self.refused += 1
            raise too_many(max(1, math.ceil(wait)))
        bucket.tokens -= 1
        self._sent.append(now)
        group.append(now)

    def _bucket(self, chat_id: int, now: float) -> Bucket:
        bucket = self._chats.setdefault(chat_id, Bucket(self.chat_burst, now))
        bucket.tokens = min(self.chat_burst, bucket.tokens + (now - bucket.at) * self.chat_per_second)
        bucket.at = now
        return bucket


def waiting(sent: deque[float], most: int, seconds: float, now: float) -> float:
    """Seconds until a sliding window of so many seconds has room again."""
    while sent and sent[0] <= now - seconds:
        sent.popleft()
    return sent[-most] + seconds - now if len(sent) >= most else 0.0
