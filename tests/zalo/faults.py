"""Faults on demand: what may go wrong between a bot and the server."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What goes wrong."""

    INTERNAL = "403"
    """Their internal error, with status 200; nothing happened."""
    QUOTA = "429"
    """The quota is used up; nothing happened."""
    FORBIDDEN = "404"
    """The bot may not do that; nothing happened."""
    FIREWALL = "firewall"
    """A page with status 403 that wants a browser; nothing happened."""
    PORTAL = "portal"
    """A page with status 200 of somebody in between; nothing happened."""
    GATEWAY = "502"
    """An answer 502 with a page; nothing happened."""
    RESET_BEFORE = "reset-before"
    """The connection breaks; nothing happened."""
    RESET_AFTER = "reset-after"
    """The connection breaks after the call took effect."""
    LATE = "late"
    """The call takes effect at once and is answered some seconds later."""


@dataclass
class Rule:
    """One kind of fault for one method, for the next `times` calls or, with a probability, for any."""

    kind: Kind
    method: str = "*"
    times: int = 0
    probability: float = 0.0
    seconds: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(0))

    def strikes(self, method: str) -> bool:
        if self.method not in ("*", method):
            return False
        if self.times > 0:
            self.times -= 1
            return True
        return self.probability > 0 and self.chance.random() < self.probability


@dataclass
class Faults:
    """The plan; `struck` counts what happened, by (method, kind). The servers of files are the method "cdn"."""

    rules: list[Rule] = field(default_factory=list)
    struck: Counter[tuple[str, Kind]] = field(default_factory=Counter)

    def next(self, kind: Kind | str, method: str = "*", times: int = 1, seconds: float = 0.0) -> None:
        """The next calls fail."""
        self.rules.append(Rule(Kind(kind), method, times=times, seconds=seconds))

    def sometimes(
        self, kind: Kind | str, probability: float, method: str = "*", seed: int = 0, seconds: float = 0.0
    ) -> None:
        """Calls fail at random, the same way for the same seed."""
        chance = random.Random(seed)
        self.rules.append(Rule(Kind(kind), method, probability=probability, seconds=seconds, chance=chance))

    def clear(self) -> None:
        self.rules.clear()

    def strike(self, method: str) -> Rule | None:
        """The fault that happens to this call: the first rule that says so."""
        for rule in self.rules:
            if rule.strikes(method):
                self.struck[method, rule.kind] += 1
                return rule
        return None
