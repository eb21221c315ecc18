"""Signals between processes: hints at rows, in ids and short keys. On SQLite all of it is inside the one process."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence

from storage.database import Statement

CHANNEL = "bot"
LONGEST = 7900  # bytes of a signal, its topic included; PostgreSQL takes fewer than 8000
_TELL = f"SELECT pg_notify('{CHANNEL}', :told)"


def telling(topic: str, payload: str = "") -> Statement:
    """Sends a signal with the unit that it stands in: once that is committed, and not otherwise."""
    signal = f"{topic} {payload}"
    if len(signal.encode()) > LONGEST:
        raise ValueError(f"a signal has at most {LONGEST} bytes")
    return Statement(_TELL, {"told": signal})


def told(signal: str) -> tuple[str, str]:
    """The topic and the payload of a signal."""
    topic, _, payload = signal.partition(" ")
    return topic, payload


class Callbacks:
    """Who listens to what."""

    def __init__(self) -> None:
        self._callbacks: dict[str, list[Callable[[str], None]]] = defaultdict(list)

    def listen(self, topic: str, callback: Callable[[str], None]) -> None:
        self._callbacks[topic].append(callback)

    def call(self, topic: str, payload: str) -> None:
        """Tells those who listen to a topic."""
        for callback in self._callbacks[topic]:
            callback(payload)

    def call_all(self) -> None:
        """Has everybody look for what they may have missed."""
        for topic in list(self._callbacks):
            self.call(topic, "")


class HouseSignals(Callbacks):
    """Signals inside one process."""

    def __init__(self) -> None:
        super().__init__()
        self._heard: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._is_heard = False

    async def tell(self, topic: str, payload: str = "") -> None:
        self.written([telling(topic, payload)])

    def written(self, unit: Sequence[Statement]) -> None:
        """Passes on the signals of a unit that was committed."""
        for statement in unit:
            if statement.sql is _TELL and self._is_heard:
                self._heard.put_nowait(told(str(statement.values["told"])))

    async def run(self) -> None:
        self._is_heard = True
        self.call_all()
        try:
            while True:
                self.call(*await self._heard.get())
        finally:
            self._is_heard = False
