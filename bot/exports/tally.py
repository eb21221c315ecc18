"""How many there are of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from bot.exports.sheet import Line


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of lines. `groups` counts by main topic and place; topics stand in the order they came in."""

    topics: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    groups: Counter[tuple[str, str]] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    age_bands: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.topics.total()

    def add(self, line: Line) -> None:
        self.topics[line.topic] += 1
        self.places[line.unit] += 1
        self.groups[line.topic, line.unit] += 1
        self.kinds[line.kind] += 1
        self.age_bands[line.age_band] += 1
        self.days[line.created_at.date()] += 1


def count(lines: Iterable[Line]) -> Tally:
    """Counts the lines. Raises ValueError if those of one topic, or of one place in it, do not stand together."""
    tally = Tally()
    topic, group = None, None
    for line in lines:
        if line.topic != topic and line.topic in tally.topics:
            raise ValueError("the lines of a topic do not stand together")
        if (line.topic, line.unit) != group and (line.topic, line.unit) in tally.groups:
            raise ValueError("the lines of a place do not stand together within their topic")
        tally.add(line)
        topic, group = line.topic, (line.topic, line.unit)
    return tally
