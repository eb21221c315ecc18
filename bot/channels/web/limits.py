"""How much one chat and one address may ask of the page: generous to a school behind one address, not to a flood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from time import monotonic

from bot.errors import TooFastError
from bot.networks import network

MEGABYTE = 1024 * 1024
REMEMBERED = 20_000  # buckets; beyond it those that are full again are forgotten


@dataclass
class Meter:
    """Token buckets by whom they are of: so much a minute, and so much at once."""

    a_minute: float
    at_once: float
    now: Callable[[], float] = monotonic
    _levels: dict[str, tuple[float, float]] = field(default_factory=dict)

    def take(self, whose: str, amount: float = 1) -> None:
        """Takes from a bucket. Raises TooFastError naming the seconds until there is enough, and then takes nothing."""
        level = self._level(whose)
        need = min(amount, self.at_once)
        if level < need:
            raise TooFastError(ceil((need - level) * 60 / self.a_minute))
        if len(self._levels) >= REMEMBERED:
            self._forget()
        self._levels[whose] = (level - need, self.now())

    def give_back(self, whose: str, amount: float = 1) -> None:
        """Puts back what was taken."""
        self._levels[whose] = (min(self.at_once, self._level(whose) + amount), self.now())

    def _level(self, whose: str) -> float:
        level, at = self._levels.get(whose, (self.at_once, self.now()))
        return min(self.at_once, level + (self.now() - at) * self.a_minute / 60)

    def _forget(self) -> None:
        for whose in [one for one in self._levels if self._level(one) >= self.at_once]:
            del self._levels[whose]
        while len(self._levels) >= REMEMBERED:
            del self._levels[next(iter(self._levels))]


@dataclass
class Places:
    """Connections that are open at once, by whose they are."""

    most: int
    _taken: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def one(self, whose: str) -> Iterator[None]:
        """A place for the block. Raises TooFastError where none is free."""
        if self._taken[whose] >= self.most:
            raise TooFastError(10)
        self._taken[whose] += 1
        try:
            yield
        finally:
            self._taken[whose] -= 1
            if not self._taken[whose]:
                del self._taken[whose]


@dataclass
class Limits:
    """All limits of the page: of a chat, and of the address that it is asked from."""

    messages: Meter = field(default_factory=lambda: Meter(60, 60))
    messages_of_address: Meter = field(default_factory=lambda: Meter(3000, 3000))
    bytes: Meter = field(default_factory=lambda: Meter(30 * MEGABYTE, 150 * MEGABYTE))
    bytes_of_address: Meter = field(default_factory=lambda: Meter(600 * MEGABYTE, 3000 * MEGABYTE))
    asks: Meter = field(default_factory=lambda: Meter(10, 20))  # codes, tokens, subscriptions
    asks_of_address: Meter = field(default_factory=lambda: Meter(600, 600))
    codes_of_address: Meter = field(default_factory=lambda: Meter(1, 20))  # wrong ones
    connections: Places = field(default_factory=lambda: Places(12))
    connections_of_address: Places = field(default_factory=lambda: Places(5000))

    def message(self, chat: str, address: str, size: int) -> None:
        """Counts a message of so many bytes. Raises TooFastError."""
        self.messages.take(chat)
        self.messages_of_address.take(network(address))
        self.bytes.take(chat, size)
        self.bytes_of_address.take(network(address), size)

    def ask(self, chat: str, address: str) -> None:
        """Counts something else that is asked for. Raises TooFastError."""
        self.asks.take(chat)
        self.asks_of_address.take(network(address))

    @contextmanager
    def connection(self, chat: str, address: str) -> Iterator[None]:
        """A place for an open page. Raises TooFastError."""
        with self.connections.one(chat), self.connections_of_address.one(network(address)):
            yield
