"""What a pack holds: ages, topics, communes then and now, and the facts of one place and one law."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import ClassVar, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ConfigDict

from bot.model import Phrase

OTHER = "khac"  # the topic of what fits no other
HALF_AN_HOUR = timedelta(minutes=30)
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
    """A group of issues, the agencies that answered for it in the old era and do in the new, and what people say.

    `keywords` weighs words and phrases that speak for the topic: 1 hints, 3 settles.
    """

    slug: str
    agencies_old: tuple[str, ...] = ()
    agencies_new: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    keywords: Mapping[str, float] | None = None
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True)
class Concept:
    """A notion and the phrases that mean it. `kind` is "thing", "word" (an everyday one), "ask" (what is wanted) or "plain".

    A thing has the topic that it mostly belongs to.
    """

    slug: str
    kind: str
    topic: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class District:
    """A district of the old era. `name` is the full one, with the type before or after: "Northbank Borough"."""

    code: str
    name: str
    type: str
    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    @property
    def bare(self) -> str:
        return without_type(self.name, self.type)


@dataclass(frozen=True, slots=True)
class Unit:
    """A commune, ward or town of one era. A code means a unit only together with the era.

    `name` is the full one ("Mill End Ward"), `district` the name of the old district or empty. A unit of the old era
    has `successors`, one of the new has `formers`; both are codes. A divided unit went to several. `merged_into` are
    old units that it had become part of before the new era.
    """

    code: str
    name: str
    type: str
    era: int
    district: str = ""
    successors: tuple[str, ...] = ()
    formers: tuple[str, ...] = ()
    merged_into: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    divided: bool = False

    @property
    def bare(self) -> str:
        """The name without the type."""
        return without_type(self.name, self.type)


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of local time in which nothing is sent; the end may lie on the next day.

    What would be said within them and cannot wait is said at `eve` before them, or else half an hour before they begin.
    """

    start: time
    end: time
    eve: time | None = None
    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    def covers(self, moment: time) -> bool:
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end

    def ends(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """When the hours end that a moment lies in (aware, in that zone); None outside of them."""
        here = moment.astimezone(zone)
        if not self.covers(here.time()):
            return None
        day = here.date() + timedelta(days=0 if here.time() < self.end else 1)
        return datetime.combine(day, self.end, zone)

    def evening(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """When something is said before the hours begin that a moment lies in."""
        here = moment.astimezone(zone)
        since_yesterday = self.start > self.end and here.time() < self.end
        begins = datetime.combine(here.date() - timedelta(days=1 if since_yesterday else 0), self.start, zone)
        if self.eve is None:
            return begins - HALF_AN_HOUR
        return datetime.combine(begins.date() - timedelta(days=0 if self.eve <= self.start else 1), self.eve, zone)


@dataclass(frozen=True, slots=True)
class EventRules:
    """How events are held here, as long as nobody says otherwise for one of them.

    `reminders` are minutes before the start. `bridge_points` names where an event is followed from: "districts", "units".
    `seats` are those for young people in the hall, `groups` whom of them the plan names.
    """

    reminders: tuple[int, ...] = (10_080, 1440, 120)
    bridge_points: tuple[str, ...] = ("units",)
    seats: int = 0
    groups: tuple[str, ...] = ()
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True)
class Facts:
    """What pack.toml says. `name` and `office` are keys of texts, the first of `languages` is the source.

    `eras` are the years since which the two sets of communes count, the old one first.
    """

    name: str
    office: str
    time_zone: str
    languages: tuple[str, ...]
    eras: tuple[int, int]
    consent_version: str
    ages: tuple[AgeBand, ...]
    kinds: tuple[str, ...]
    groups: tuple[str, ...]
    agencies: tuple[str, ...]
    quiet: Quiet
    publication_lead_days: int
    conclusion_days: int
    handover_days: int
    helpline: str
    sources: tuple[str, ...]
    events: EventRules = EventRules()
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True)
class Places:
    """What places.json says. `ordinary` lists names of units that are ordinary words as well, `elsewhere` names of places
    that are no units here."""

    province: str
    districts: tuple[District, ...]
    units: tuple[Unit, ...]
    ordinary: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Spoken:
    """Where the texts of a pack lie, and the languages in which people are spoken to, the source first."""

    folder: Path
    languages: tuple[str, ...]

    def file(self, language: str) -> Path:
        return self.folder / f"{language}.toml"


@dataclass(frozen=True, slots=True)
class Pack:
    """One place: its rules, topics, communes, and the folder of its texts."""

    folder: Path
    facts: Facts
    topics: tuple[Topic, ...]
    places: Places
    concepts: tuple[Concept, ...] = ()

    @property
    def texts(self) -> Spoken:
        return Spoken(self.folder / "texts", self.facts.languages)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.facts.time_zone)

    def era(self, year: int = 0) -> int:
        """The era that a year lies in, by its first year; the newest without a year."""
        old, new = self.facts.eras
        return old if 0 < year < new else new

    def units(self, year: int = 0) -> tuple[Unit, ...]:
        era = self.era(year)
        return tuple(unit for unit in self.places.units if unit.era == era)

    def unit(self, code: str, year: int = 0) -> Unit:
        """Raises KeyError where the era has no such code."""
        era = self.era(year)
        return _first(self.places.units, lambda unit: (unit.code, unit.era) == (code, era), f"{code} in {era}")

    def place(self, unit: str, former: str, year: int = 0) -> Phrase:
        """A place as people read it: with the old name where it was the old unit that was named; "" is none."""
        if not unit:
            return Phrase("place.none")
        name = self.unit(unit, year).name
        if not former:
            return Phrase("place.plain", {"unit": name})
        old = self.unit(former, self.facts.eras[0])
        names = {"unit": name, "former": within(old.name, old.type), "district": self._home(old)}
        return Phrase("place.former", names)

    def _home(self, unit: Unit) -> str:
        """The district of an old unit, as it stands inside a sentence."""
        types = {district.name: district.type for district in self.places.districts}
        return within(unit.district, types[unit.district])

    def bridge_points(self, year: int = 0) -> list[tuple[str, str]]:
        """From where an event of an era is followed: codes and names. Districts there were in the old era only."""
        wanted, era = self.facts.events.bridge_points, self.era(year)
        districts = self.places.districts if "districts" in wanted and era == self.facts.eras[0] else ()
        units = self.units(year) if "units" in wanted else ()
        return [*((one.code, one.name) for one in districts), *((one.code, one.name) for one in units)]

    def topic(self, slug: str) -> Topic:
        return _first(self.topics, lambda topic: topic.slug == slug, slug)

    def age(self, slug: str) -> AgeBand:
        return _first(self.facts.ages, lambda band: band.slug == slug, slug)

    def agencies(self, topic: str, year: int = 0) -> tuple[str, ...]:
        """Who answers for a topic, by the era of the dialogue or its year; the main agency first."""
        found = self.topic(topic)
        return found.agencies_old if self.era(year) == self.facts.eras[0] else found.agencies_new


_T = TypeVar("_T")


def without_type(name: str, type_: str) -> str:
    """A name without the word for what it is, before it or after it: "Mill End" for "Mill End Ward"."""
    return name.removeprefix(f"{type_} ").removesuffix(f" {type_}").strip()


def within(name: str, type_: str) -> str:
    """A name inside a sentence: a type that stands first begins with a small letter, as in "the village of X"."""
    return name[:1].lower() + name[1:] if name.startswith(f"{type_} ") else name


def _first(items: Iterable[_T], wanted: Callable[[_T], bool], name: str) -> _T:
    for item in items:
        if wanted(item):
            return item
    raise KeyError(name)
