"""Reading a pack from its folder, and checking it before anything starts."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, TypeAdapter, ValidationError

from bot.errors import PackError
from bot.model import Json
from bot.pack.shapes import OTHER, STRICT, District, Facts, Pack, Places, Topic, Unit

_T = TypeVar("_T")


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
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True)
class _NewUnit:
    code: str
    name: str
    type: str
    formers: tuple[str, ...]
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True)
class _PlacesFile:
    sources: tuple[str, ...]
    notes: tuple[str, ...]
    province: Mapping[str, str]
    ordinary: tuple[str, ...]
    districts_2021: tuple[District, ...]
    units_2021: tuple[_OldUnit, ...]
    units_2025: tuple[_NewUnit, ...]
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True)
class _TopicsFile:
    topics: tuple[Topic, ...]
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


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
