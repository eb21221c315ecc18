"""Faults on demand: what may go wrong between a bot and the server."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What goes wrong."""

    ERROR = "500"
    """An answer 500; nothing happened."""
    GATEWAY = "502"
    """An answer 502 with a page of HTML; nothing happened."""
    TOO_MANY = "429"
    """An answer 429 that asks to wait some whole seconds, at most as many as the rule says; nothing happened."""
    RESET_BEFORE = "reset-before"
    """The connection breaks; nothing happened."""
    RESET_AFTER = "reset-after"
    """The connection breaks after the call took effect."""
    DELAY = "delay"
    """The call is taken some seconds later."""
    LATE = "late"
    """The call takes effect at once and is answered some seconds later."""
    REDELIVERY = "redelivery"
    """getUpdates only: the confirmation is forgotten, and the same updates come again."""


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
        if self.method not in ("*", method) or (self.kind is Kind.REDELIVERY and method != "getupdates"):
            return False
        if self.times > 0:
            self.times -= 1
            return True
        return self.probability > 0 and self.chance.random() < self.probability

    def wait(self) -> int:
        """The whole seconds that a 429 asks to wait."""
        return self.chance.randint(1, max(1, int(self.seconds)))


@dataclass
class Faults:
    """The plan; `struck` counts what happened, by (method in small letters, kind)."""

    rules: list[Rule] = field(default_factory=list)
    struck: Counter[tuple[str, Kind]] = field(default_factory=Counter)

    def next(self, kind: Kind | str, method: str = "*", times: int = 1, seconds: float = 0.0) -> None:
        """The next calls fail."""
        self.rules.append(Rule(Kind(kind), method.lower(), times=times, seconds=seconds))

    def sometimes(
        self, kind: Kind | str, probability: float, method: str = "*", seed: int = 0, seconds: float = 0.0
    ) -> None:
        """Calls fail at random, the same way for the same seed."""
        chance = random.Random(seed)
        self.rules.append(Rule(Kind(kind), method.lower(), probability=probability, seconds=seconds, chance=chance))

    def clear(self) -> None:
        self.rules.clear()

    def strike(self, method: str) -> Rule | None:
        """The fault that happens to this call: the first rule that says so."""
        for rule in self.rules:
            if rule.strikes(method):
                self.struck[method, rule.kind] += 1
                return rule
        return None
