"""Reading a pack from its folder: each file in the shape it must have, and what is wrong with it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.errors import PackError
from bot.model import Json
from bot.pack import faults
from bot.pack.files import ConceptsFile, DemoFile, PlacesFile, TopicsFile
from bot.pack.shapes import Concept, Facts, Pack, Places, Unit

_T = TypeVar("_T")
_Renamed = Mapping[str, str]  # what a key is called in the file -> in the shape


@dataclass(frozen=True, slots=True)
class Found(Generic[_T]):
    """What a file holds, if it has the right shape, and else what is wrong with it."""

    content: _T | None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """A pack as far as it can be read, and everything that is wrong with its files but for the texts.

    There is none without its facts and topics; one without readable places has no places.
    """

    pack: Pack | None
    faults: tuple[str, ...]


def load(folder: Path) -> Pack:
    """Reads and checks a pack.

    Raises PackError naming the file and the key of the first thing that is missing, unknown or contradicts another.
    """
    found = survey(folder)
    if found.pack is None or found.faults:
        raise PackError(found.faults[0])
    names = found.pack.texts.file(found.pack.facts.languages[0])
    tree = _tree(names, tomllib.loads)
    lacking = tree.faults or tuple(faults.of_names(tree.content or {}, found.pack.facts, found.pack.topics))
    if lacking:
        raise PackError(f"{names}: {lacking[0]}")
    return found.pack


def survey(folder: Path) -> Survey:
    """Reads all files of a pack but its texts."""
    rules, topics, places = (folder / name for name in ("pack.toml", "topics.toml", "places.json"))
    facts = _read(rules, Facts, tomllib.loads)
    if facts.content is None:  # without the years nothing else can be understood
        missing = [f"{file}: No such file or directory" for file in (topics, places) if not file.is_file()]
        return Survey(None, (*_said_of(rules, facts.faults), *missing))
    old, new = facts.content.eras
    agencies = {f"agencies_{old}": "agencies_old", f"agencies_{new}": "agencies_new"}
    units = {f"districts_{old}": "districts", f"units_{old}": "units_old", f"units_{new}": "units_new"}
    issues = _read(topics, TopicsFile, tomllib.loads, agencies)
    raw = _read(places, PlacesFile, json.loads, units)
    words = _optional(folder / "concepts.toml", ConceptsFile)
    wrong = (
        *_said_of(rules, faults.of_facts(facts.content)),
        *_said_of(topics, faults.of_topics(issues.content.topics, facts.content) if issues.content else issues.faults),
        *_said_of(places, faults.of_places(raw.content, old, new) if raw.content else raw.faults),
        *_said_of(folder / "concepts.toml", _of_concepts(words, issues)),
    )
    if issues.content is None:
        return Survey(None, wrong)
    found = _places(raw.content, facts.content) if raw.content else Places("", (), ())
    concepts = _concepts(words.content) if words.content else ()
    return Survey(Pack(folder, facts.content, issues.content.topics, found, concepts), wrong)


def invented(folder: Path) -> Found[DemoFile]:
    """The events and articles of the demonstration."""
    return _optional(folder / "demo.toml", DemoFile)


def _optional(file: Path, shape: type[_T]) -> Found[_T]:
    """What a file holds that a pack can do without."""
    return _read(file, shape, tomllib.loads) if file.exists() else Found(None)


def _of_concepts(words: Found[ConceptsFile], issues: Found[TopicsFile]) -> Iterable[str]:
    if words.content is None or issues.content is None:
        return words.faults
    return faults.of_concepts(words.content, issues.content.topics)


def _concepts(raw: ConceptsFile) -> tuple[Concept, ...]:
    things = (
        Concept(slug, "thing", topic, phrases(said)) for topic, own in raw.things.items() for slug, said in own.items()
    )
    words = (Concept(slug, "word", "", phrases(said)) for slug, said in raw.words.items())
    asks = (Concept(slug, "ask", "", phrases(said)) for slug, said in raw.asks.items())
    plain = (Concept(slug, "plain", "", phrases(said)) for slug, said in raw.plain.items())
    return (*things, *words, *asks, *plain)


def phrases(said: str) -> tuple[str, ...]:
    """The phrases of a line, which commas part."""
    return tuple(phrase.strip() for phrase in said.split(",") if phrase.strip())


def _said_of(file: Path, complaints: Iterable[str]) -> list[str]:
    return [f"{file}: {complaint}" for complaint in complaints]


def _read(file: Path, shape: type[_T], parse: Callable[[str], Json], renamed: _Renamed | None = None) -> Found[_T]:
    tree = _tree(file, parse)
    if tree.faults:
        return Found(None, tree.faults)
    known = renamed or {}
    try:
        return Found(TypeAdapter(shape).validate_python(_called(tree.content, known)))
    except ValidationError as error:
        back = {inside: outside for outside, inside in known.items()}
        found = error.errors(include_url=False, include_input=False)
        return Found(
            None, tuple(f"{'.'.join(back.get(str(s), str(s)) for s in one['loc'])}: {one['msg']}" for one in found)
        )


def _called(tree: Json, renamed: _Renamed) -> Json:
    """The same tree with other names for some keys."""
    if isinstance(tree, dict):
        return {renamed.get(key, key): _called(value, renamed) for key, value in tree.items()}
    return [_called(value, renamed) for value in tree] if isinstance(tree, list) else tree


def _tree(file: Path, parse: Callable[[str], Json]) -> Found[Any]:
    try:
        return Found(parse(file.read_text("utf-8")))
    except OSError as error:
        return Found(None, (error.strerror or str(error),))
    except ValueError as error:  # a TOML or JSON error is a ValueError
        return Found(None, (str(error),))


def _places(raw: PlacesFile, facts: Facts) -> Places:
    districts = {district.code: district.name for district in raw.districts}
    before, now = facts.eras
    old = (
        Unit(
            unit.code,
            unit.name,
            unit.type,
            before,
            districts.get(unit.district, ""),
            successors=unit.successors,
            merged_into=unit.merged_into,
            aliases=unit.aliases,
            divided=unit.divided,
        )
        for unit in raw.units_old
    )
    new = (Unit(unit.code, unit.name, unit.type, now, formers=unit.formers) for unit in raw.units_new)
    return Places(
        raw.province.get("name", ""), raw.districts, (*old, *new), frozenset(raw.ordinary), frozenset(raw.elsewhere)
    )
