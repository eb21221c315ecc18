"""What a pack holds: ages, topics, communes then and now, and the facts of one place and one law."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import ClassVar, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ConfigDict

from bot.model import Phrase

ERAS = (2021, 2025)  # the sets of communes that a dialogue may use
OTHER = "khac"  # the topic of what fits no other
STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class AgeBand:
    """An age as people give it: by band, never by birth date. `youngest` and `oldest` are years, both within."""

    slug: str
    youngest: int
    oldest: int
    admitted: bool
    youth: bool
    may_be_named: bool
    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    def covers(self, age: int) -> bool:
        return self.youngest <= age <= self.oldest


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of issues, the agencies that answer for it, and what people say about it.

    `keywords` weighs words and phrases that speak for the topic: 1 hints, 3 settles.
    """

    slug: str
    agencies_2021: tuple[str, ...] = ()
    agencies_2026: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    keywords: Mapping[str, float] | None = None
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True)
class District:
    """A district of 2021. `name` is the full one: "Huyện Bắc Sơn"."""

    code: str
    name: str
    type: str
    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    @property
    def bare(self) -> str:
        return self.name.removeprefix(self.type).strip()


@dataclass(frozen=True, slots=True)
class Unit:
    """A commune, ward or town of one era. A code means a unit only together with the era.

    `name` is the full one ("Xã Tri Lễ"), `district` the name of the district of 2021 or empty. A unit of 2021 has
    `successors`, a unit of 2025 has `formers`; both are codes. A divided unit went to several.
    """

    code: str
    name: str
    type: str
    era: int
    district: str = ""
    successors: tuple[str, ...] = ()
    formers: tuple[str, ...] = ()
    merged_2024: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    divided: bool = False

    @property
    def bare(self) -> str:
        """The name without the type."""
        return self.name.removeprefix(self.type).strip()


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of local time in which nothing is sent; the end may lie on the next day."""

    start: time
    end: time
    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    def covers(self, moment: time) -> bool:
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True, slots=True)
class Facts:
    """What pack.toml says. `name` and `office` are keys of texts."""

    name: str
    office: str
    time_zone: str
    languages: tuple[str, ...]
    consent_version: str
    ages: tuple[AgeBand, ...]
    kinds: tuple[str, ...]
    groups: tuple[str, ...]
    agencies: tuple[str, ...]
    quiet: Quiet
    publication_lead_days: int
    conclusion_days: int
    helpline: str
    sources: tuple[str, ...]
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True)
class Places:
    """What places.json says. `ordinary` lists names of units that are ordinary words as well."""

    province: str
    districts: tuple[District, ...]
    units: tuple[Unit, ...]
    ordinary: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pack:
    """One place: its rules, topics, communes, and the folder of its texts."""

    folder: Path
    facts: Facts
    topics: tuple[Topic, ...]
    places: Places

    @property
    def texts(self) -> Path:
        return self.folder / "texts"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.facts.time_zone)

    def units(self, era: int) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.places.units if unit.era == era)

    def unit(self, code: str, era: int = ERAS[-1]) -> Unit:
        """Raises KeyError where the era has no such code."""
        return _first(self.places.units, lambda unit: (unit.code, unit.era) == (code, era), f"{code} in {era}")

    def place(self, unit: str, former: str, era: int = ERAS[-1]) -> Phrase:
        """A place as people read it: with the old name where it was the old unit that was named; "" is none."""
        if not unit:
            return Phrase("place.none")
        name = self.unit(unit, era).name
        if not former:
            return Phrase("place.plain", {"unit": name})
        old = self.unit(former, ERAS[0])
        return Phrase("place.former", {"unit": name, "former": within(old.name), "district": within(old.district)})

    def topic(self, slug: str) -> Topic:
        return _first(self.topics, lambda topic: topic.slug == slug, slug)

    def age(self, slug: str) -> AgeBand:
        return _first(self.facts.ages, lambda band: band.slug == slug, slug)

    def agencies(self, topic: str, era: int = ERAS[-1]) -> tuple[str, ...]:
        """Who answers for a topic, by the era of the dialogue or its year; the main agency first."""
        found = self.topic(topic)
        return found.agencies_2021 if era < ERAS[-1] else found.agencies_2026


_T = TypeVar("_T")


def within(name: str) -> str:
    """A name inside a sentence: "Xã Tri Lễ" as "xã Tri Lễ"."""
    return name[:1].lower() + name[1:]


def _first(items: Iterable[_T], wanted: Callable[[_T], bool], name: str) -> _T:
    for item in items:
        if wanted(item):
            return item
    raise KeyError(name)
