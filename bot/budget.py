"""How fast may be sent: token buckets, one for a channel and one for each of its chats."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.channel import Budget

LONG_BLOCK = 60  # seconds: who is asked to wait longer is too fast altogether
TINY = 1e-6  # of a token: less than that is a matter of rounding


@dataclass
class Bucket:
    """`capacity` tokens at most, one more each `seconds`. A message takes one."""

    seconds: float
    capacity: float
    level: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.level = self.capacity

    def wait(self, now: float) -> float:
        """Seconds until a token is there."""
        self._fill(now)
        missing = 1 - self.level
        return missing * self.seconds if missing > TINY else 0.0

    def take(self, now: float) -> None:
        """Takes a token."""
        self._fill(now)
        self.level -= 1

    def left(self, now: float) -> float:
        """Tokens that are there."""
        self._fill(now)
        return self.level

    def full(self, now: float) -> bool:
        """Whether it is as if nothing had ever been taken."""
        self._fill(now)
        return self.level >= self.capacity

    def _fill(self, now: float) -> None:
        if self.seconds > 0:
            self.level = min(self.capacity, self.level + max(now - self.at, 0.0) / self.seconds)
        else:
            self.level = self.capacity
        self.at = now


class Purse:
    """The buckets of one channel."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self._all = Bucket(1 / budget.per_second if budget.per_second else 0, budget.capacity)
        self._chats: dict[str, Bucket] = {}
        self._blocked_until: dict[str, float] = {}
        self._all_blocked_until = 0.0

    def wait(self, chat: str, now: float) -> float:
        """Seconds until a message may go to that chat."""
        blocked = self._blocked_until.get(chat, 0.0) - now
        return max(blocked, self.wait_of_all(now), self._chat(chat).wait(now))

    def wait_of_all(self, now: float) -> float:
        """Seconds until a message may go to anybody."""
        return max(self._all_blocked_until - now, self._all.wait(now))

    @property
    def blocked_until(self) -> float:
        """Until when nothing may go to anybody; a time that is past where it may."""
        return self._all_blocked_until

    def level(self, now: float) -> float:
        """Tokens that are left for all."""
        return self._all.left(now)

    def restore(self, level: float, at: float, blocked_until: float) -> None:
        """Goes on with what was left at a time, and with a block."""
        self._all.level, self._all.at = min(level, self._all.capacity), at
        self._all_blocked_until = blocked_until

    def take(self, chat: str, now: float) -> None:
        """Notes that a message goes to that chat."""
        self._all.take(now)
        self._chat(chat).take(now)
        if len(self._chats) > 1000:
            self._chats = {name: bucket for name, bucket in self._chats.items() if not bucket.full(now)}

    def block(self, chat: str, now: float, seconds: float) -> None:
        """Sends nothing to that chat for a while; to none where another chat is held back too, or it is long."""
        self._blocked_until = {name: at for name, at in self._blocked_until.items() if at > now}
        if seconds > LONG_BLOCK or any(name != chat for name in self._blocked_until):
            self._all_blocked_until = max(self._all_blocked_until, now + seconds)
        self._blocked_until[chat] = max(self._blocked_until.get(chat, 0.0), now + seconds)

    def _chat(self, chat: str) -> Bucket:
        if chat not in self._chats:
            group = self.budget.group_seconds and chat.startswith(self.budget.group_prefix)
            seconds = self.budget.group_seconds if group else self.budget.chat_seconds
            capacity = self.budget.group_capacity if group else self.budget.chat_capacity
            self._chats[chat] = Bucket(seconds, capacity)
        return self._chats[chat]
