"""All that belongs to one place and one law, read from a folder and checked before anything starts."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import ClassVar, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, TypeAdapter, ValidationError

from bot.errors import PackError
from bot.model import Json, Phrase

DEFAULT = Path(__file__).parent / "packs" / "lang-son"
ERAS = (2021, 2025)  # the sets of communes that a dialogue may use
OTHER = "khac"  # the topic of what fits no other
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class AgeBand:
    """An age as people give it: by band, never by birth date. `youngest` and `oldest` are years, both within."""

    slug: str
    youngest: int
    oldest: int
    admitted: bool
    youth: bool
    may_be_named: bool
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

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
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True, slots=True)
class District:
    """A district of 2021. `name` is the full one: "Huyện Bắc Sơn"."""

    code: str
    name: str
    type: str
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

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
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

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
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


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


# -- reading


@dataclass(frozen=True, slots=True)
class _OldUnit:
    code: str
    name: str
    type: str
    district: str
    successors: tuple[str, ...]
    divided: bool
    merged_2024: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True, slots=True)
class _NewUnit:
    code: str
    name: str
    type: str
    formers: tuple[str, ...]
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True, slots=True)
class _PlacesFile:
    sources: tuple[str, ...]
    notes: tuple[str, ...]
    province: Mapping[str, str]
    ordinary: tuple[str, ...]
    districts_2021: tuple[District, ...]
    units_2021: tuple[_OldUnit, ...]
    units_2025: tuple[_NewUnit, ...]
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True, slots=True)
class _TopicsFile:
    topics: tuple[Topic, ...]
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


def load(folder: Path) -> Pack:
    """Reads and checks a pack.

    Raises PackError naming the file and the key of the first thing that is missing, unknown or contradicts another.
    """
    rules, topics, map_ = folder / "pack.toml", folder / "topics.toml", folder / "places.json"
    facts = _read(rules, Facts, tomllib.loads)
    _refuse(rules, _faults_of_facts(facts))
    issues = _read(topics, _TopicsFile, tomllib.loads).topics
    _refuse(topics, _faults_of_topics(issues, frozenset(facts.agencies)))
    raw = _read(map_, _PlacesFile, json.loads)
    _refuse(map_, _faults_of_places(raw))
    names = folder / "texts" / f"{facts.languages[0]}.toml"
    _refuse(names, _faults_of_texts(_tree(names, tomllib.loads), facts, issues))
    return Pack(folder, facts, issues, _places(raw))


def _read(file: Path, shape: type[_T], parse: Callable[[str], Json]) -> _T:
    try:
        return TypeAdapter(shape).validate_python(_tree(file, parse))
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(step) for step in fault["loc"])
        raise PackError(f"{file}: {key}: {fault['msg']}") from error


def _tree(file: Path, parse: Callable[[str], Json]) -> Json:
    try:
        return parse(file.read_text("utf-8"))
    except OSError as error:
        raise PackError(f"{file}: {error.strerror}") from error
    except ValueError as error:  # a TOML or JSON error is a ValueError
        raise PackError(f"{file}: {error}") from error


def _refuse(file: Path, faults: Iterator[str]) -> None:
    for fault in faults:
        raise PackError(f"{file}: {fault}")


def _places(raw: _PlacesFile) -> Places:
    districts = {district.code: district.name for district in raw.districts_2021}
    old = (
        Unit(
            unit.code,
            unit.name,
            unit.type,
            2021,
            districts[unit.district],
            successors=unit.successors,
            merged_2024=unit.merged_2024,
            aliases=unit.aliases,
            divided=unit.divided,
        )
        for unit in raw.units_2021
    )
    new = (Unit(unit.code, unit.name, unit.type, 2025, formers=unit.formers) for unit in raw.units_2025)
    return Places(raw.province["name"], raw.districts_2021, (*old, *new), frozenset(raw.ordinary))


# -- checking: each gives what is wrong, with its key


def _twice(key: str, slugs: Iterable[str]) -> Iterator[str]:
    yield from (f"{key}: {slug} stands there twice" for slug, count in Counter(slugs).items() if count > 1)


def _unknown(key: str, slugs: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    yield from (f"{key}: {slug} does not exist" for slug in slugs if slug not in known)


def _faults_of_facts(facts: Facts) -> Iterator[str]:
    try:
        ZoneInfo(facts.time_zone)
    except (KeyError, OSError, ValueError):  # which of them depends on what is wrong with the name
        yield f"time_zone: {facts.time_zone} does not exist"
    for key in ("languages", "kinds", "groups", "agencies"):
        slugs: tuple[str, ...] = getattr(facts, key)
        yield from _twice(key, slugs)
        if not slugs:
            yield f"{key}: is empty"
    yield from _twice("ages", (band.slug for band in facts.ages))
    if not any(band.admitted for band in facts.ages):
        yield "ages: nobody is admitted"
    for key in ("publication_lead_days", "conclusion_days"):
        if getattr(facts, key) < 1:
            yield f"{key}: must be at least 1"


def _faults_of_topics(topics: tuple[Topic, ...], agencies: frozenset[str]) -> Iterator[str]:
    yield from _twice("topics", (topic.slug for topic in topics))
    yield from _unknown("topics", [OTHER], {topic.slug for topic in topics})
    for topic in topics:
        for key in ("agencies_2021", "agencies_2026"):
            named = getattr(topic, key)
            yield from _unknown(f"topics.{topic.slug}.{key}", named, agencies)
            if not named and topic.slug != OTHER:
                yield f"topics.{topic.slug}.{key}: is empty"
        for word, weight in (topic.keywords or {}).items():
            if weight <= 0:
                yield f"topics.{topic.slug}.keywords.{word}: must be above 0"


def _faults_of_places(raw: _PlacesFile) -> Iterator[str]:
    old = {unit.code: unit for unit in raw.units_2021}
    new = {unit.code: unit for unit in raw.units_2025}
    districts = {district.code for district in raw.districts_2021}
    yield from _twice("districts_2021", (district.code for district in raw.districts_2021))
    yield from _twice("units_2021", (unit.code for unit in raw.units_2021))
    yield from _twice("units_2025", (unit.code for unit in raw.units_2025))
    yield from _unknown("province", ["name"], raw.province)
    named = [(unit.name, unit.type) for unit in raw.units_2021] + [(unit.name, unit.type) for unit in raw.units_2025]
    yield from _unknown("ordinary", raw.ordinary, {name.removeprefix(type_).strip() for name, type_ in named})
    for before in raw.units_2021:
        yield from _faults_of_old(before, old, new, districts)
    for after in raw.units_2025:
        yield from _faults_of_new(after, old)


def _faults_of_old(
    unit: _OldUnit, old: Mapping[str, _OldUnit], new: Mapping[str, _NewUnit], districts: set[str]
) -> Iterator[str]:
    key = f"units_2021.{unit.code}"
    yield from _unknown(f"{key}.district", [unit.district], districts)
    yield from _unknown(f"{key}.successors", unit.successors, new)
    yield from _unknown(f"{key}.merged_2024", unit.merged_2024, old)
    if not unit.successors:
        yield f"{key}.successors: is empty"
    if unit.divided != (len(unit.successors) > 1):
        yield f"{key}.divided: contradicts the number of successors"
    for code in unit.successors:
        if unit.code not in new[code].formers:
            yield f"{key}.successors: {code} does not name it among its formers"


def _faults_of_new(unit: _NewUnit, old: Mapping[str, _OldUnit]) -> Iterator[str]:
    key = f"units_2025.{unit.code}"
    yield from _unknown(f"{key}.formers", unit.formers, old)
    if not unit.formers:
        yield f"{key}.formers: is empty"
    for code in unit.formers:
        if unit.code not in old[code].successors:
            yield f"{key}.formers: {code} does not name it among its successors"


def _faults_of_texts(tree: Mapping[str, Json], facts: Facts, topics: tuple[Topic, ...]) -> Iterator[str]:
    expected = {
        "topic": [topic.slug for topic in topics],
        "agency": facts.agencies,
        "kind": facts.kinds,
        "age": [band.slug for band in facts.ages],
        "group": facts.groups,
    }
    for section, slugs in expected.items():
        yield from (f"{section}.{slug} is missing" for slug in slugs if slug not in tree.get(section, {}))
    for key in (facts.name, facts.office):
        section, _, slug = key.partition(".")
        if slug not in tree.get(section, {}):
            yield f"{key} is missing"
