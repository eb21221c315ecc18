"""Everything that is wrong with a pack, at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.errors import PackError
from bot.pack import faults
from bot.pack.examples import FILE as EXAMPLES
from bot.pack.examples import own_examples
from bot.pack.files import DemoFile, Invented
from bot.pack.reading import invented, survey
from bot.pack.shapes import Pack
from bot.pack.wording import Catalogue, Machine, Wording, of_commands, of_language, of_source

DEMO = "demo.jsonl"
DIALOGUES = ("current", "finished")
_LINE = TypeAdapter(Invented)


def check(folder: Path, own: Mapping[str, Catalogue], machine: Machine, kinds: tuple[str, ...]) -> Iterator[str]:
    """Every fault of a pack with its file and key. `own` are its texts; `kinds` are those that the machine guesses."""
    found = survey(folder)
    yield from found.faults
    if found.pack:
        lacking = [kind for kind in kinds if kind not in found.pack.facts.kinds]
        yield from (f"{folder / 'pack.toml'}: kinds: {kind} is missing; every pack has it" for kind in lacking)
        yield from _of_texts(found.pack, own, machine)
        yield from _of_examples(found.pack)
        if found.pack.places.units:
            yield from _of_demo(found.pack, machine)
        shown = invented(folder)
        wrong = _of_invented(shown.content, found.pack, machine) if shown.content else shown.faults
        yield from (f"{folder / 'demo.toml'}: {fault}" for fault in wrong)


def _of_texts(pack: Pack, own: Mapping[str, Catalogue], machine: Machine) -> Iterator[str]:
    wording = Wording(pack.facts, pack.topics, own, machine)
    source = pack.texts.file(wording.source)
    if source.is_file():
        yield from (f"{source}: {fault}" for fault in of_source(wording))
    for language in pack.facts.languages:
        file = pack.texts.file(language)
        if not file.is_file():
            yield f"{file}: No such file or directory"
        yield from (f"{file}: {fault}" for fault in of_language(wording, language))
    for name in sorted(own.keys() - set(pack.facts.languages)):
        yield f"{pack.texts.file(name)}: languages in pack.toml does not name {name}"
    for language, fault in of_commands(wording):
        yield f"{pack.texts.file(language)}: {fault}"


def _of_examples(pack: Pack) -> Iterator[str]:
    """What is wrong with examples.jsonl, which a pack may lack."""
    known = {topic.slug for topic in pack.topics}
    try:
        lines = own_examples(pack.folder)
    except PackError as error:
        yield str(error)
        return
    for number, line in enumerate(lines, 1):
        for fault in faults.unknown("topics", line.topics or [""], known):
            yield f"{pack.folder / EXAMPLES}: line {number}: {fault}"


def _of_demo(pack: Pack, machine: Machine) -> Iterator[str]:
    file = pack.folder / DEMO
    try:
        lines = file.read_text("utf-8").splitlines()
    except OSError as error:
        yield f"{file}: {error.strerror}"
        return
    states = {key.removeprefix("state.") for key in machine.said if key.startswith("state.")}
    for number, line in enumerate(lines, 1):
        yield from (f"{file}: line {number}: {fault}" for fault in _of_line(line, pack, states))


def _of_line(line: str, pack: Pack, states: set[str]) -> Iterator[str]:
    try:
        row = _LINE.validate_json(line)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            yield ": ".join([*map(str, one["loc"]), one["msg"]])
        return
    old, new = ({unit.code: unit for unit in pack.units(year)} for year in pack.facts.eras)
    yield from faults.unknown("topics", row.topics or [""], {topic.slug for topic in pack.topics})
    yield from faults.unknown("kind", [row.kind], pack.facts.kinds)
    yield from faults.unknown("age_band", [row.age_band], {band.slug for band in pack.facts.ages if band.admitted})
    yield from faults.unknown("place", [row.place], {*new, ""})
    yield from faults.unknown("former_place", [row.former_place], {*old, ""})
    yield from faults.unknown("dialogue", [row.dialogue], DIALOGUES)
    if row.state not in states:
        yield f"state: {row.state} does not exist; there are {', '.join(sorted(states))}"
    if row.place in new and row.former_place in old and row.place not in old[row.former_place].successors:
        yield f"former_place: {row.former_place} did not become {row.place}"


def _of_invented(shown: DemoFile, pack: Pack, machine: Machine) -> Iterator[str]:
    sections = {key.removeprefix("info.section_") for key in machine.said if key.startswith("info.section_")}
    for number, event in enumerate(shown.events, 1):
        if event.day < 1 or event.ends <= event.starts:
            yield f"events: {number}: must come, and begin before it ends"
        if not (event.title and (event.hall or event.link)):
            yield f"events: {number}: lacks a title, or a hall or link"
    for number, article in enumerate(shown.articles, 1):
        key = f"articles: {number}"
        yield from faults.unknown(f"{key}: section", [article.section], sections)
        yield from faults.unknown(f"{key}: topic", [article.topic], {topic.slug for topic in pack.topics})
        yield from faults.unknown(f"{key}: texts", article.texts, pack.facts.languages)
        if not article.texts or article.day < 0:
            yield f"{key}: lacks a text, or is of a day to come"
