"""`make evaluate`: measures every file of tests/bot/insight/data and renews the figures in docs/insight.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from bot import pack as packs
from bot.commands.evaluate import read
from bot.insight.evaluating import MEASURES, Figures, Row
from bot.insight.measures import share
from bot.insight.noise import KINDS, noisy
from bot.insight.profiles import NO_SENSE, Profile
from bot.insight.reader import commonness, profiler
from bot.insight.similar import ranked
from bot.pack import Pack

HERE = Path(__file__).parent
DATA = HERE / "data"
PAGE = HERE.parents[2] / "docs" / "insight.md"
START, END = "<!-- figures: make evaluate -->", "<!-- end of figures -->"
_SHOWN = {
    "topics": ("texts", "accuracy, any listed", "lower 90 % bound", "macro-F1, topics with 8 texts"),
    "places": ("texts", "right", "confident and wrong", "one wrong unit, sure or asked about"),
    "similar": ("texts", "hit@3", "of what is shown, right", "singles with something shown", "pairs: F1", "singles merged", "one by one: F1", "one by one: singles merged"),
    "language": ("texts", "accuracy", "vi, unmarked"),
}  # fmt: skip
_KIND = {what: re.compile(rf"(dev-)?{what}(-\w+)?") for what in _SHOWN}
_NOTHING: frozenset[str] = frozenset()
PARTS: Mapping[str, Callable[[Profile], Profile]] = {
    "all": lambda one: one,
    "without notions": lambda one: replace(one, things=_NOTHING),
    "without everyday words": lambda one: replace(one, everyday=_NOTHING),
    "without what is asked": lambda one: replace(one, asks=_NOTHING),
    "without words": lambda one: replace(one, words=_NOTHING),
    "without what it is after": lambda one: replace(one, aims={}),
    "without topics": lambda one: replace(one, topics={}),
    "without its sense": lambda one: replace(one, sense=NO_SENSE),
    "words alone": lambda one: Profile(_NOTHING, _NOTHING, _NOTHING, one.words, {}),
    "notions alone": lambda one: Profile(one.things, _NOTHING, _NOTHING, _NOTHING, {}),
}


def tables(pack: Pack) -> Iterator[str]:
    """A table for each kind of file, then what each part of the comparing gives."""
    for what, columns in _SHOWN.items():
        files = [file for file in sorted(DATA.glob("*.jsonl")) if _KIND[what].fullmatch(file.stem)]
        yield f"**{what}**\n"
        yield f"| file | {' | '.join(columns)} |"
        yield "|---|" + "---|" * len(columns)
        for file in files:
            rows = list(read(file, what))
            for name, asked in _variants(what, file.name, rows):
                yield _line(name, MEASURES[what](asked, pack).figures, columns)
        yield ""
    yield from _parts(pack)


def _variants(what: str, name: str, rows: list[Row]) -> Iterator[tuple[str, list[Row]]]:
    yield name, rows
    if what == "topics":
        kinds = list(KINDS)
        typed = [noisy(row["text"], kinds[at % len(kinds)]) for at, row in enumerate(rows)]
        yield f"{name}, badly typed", [{**row, "text": text} for row, text in zip(rows, typed, strict=True)]


def _line(name: str, figures: Figures, columns: tuple[str, ...]) -> str:
    told = (f"{figures[one]:.0f}" if one == "texts" else f"{figures.get(one, 0):.3f}" for one in columns)
    return f"| {name} | {' | '.join(told)} |"


def _parts(pack: Pack) -> Iterator[str]:
    file = DATA / "dev-similar.jsonl"
    make, common = profiler(pack), commonness(pack)
    rows = list(read(file, "similar"))
    whole = {row["id"]: make.profile(row["text"]) for row in rows}
    wanted = {row["id"]: row["group"] for row in rows}
    yield f"**what each part gives** ({file.name}, each text against all others)\n"
    yield "| compared by | hit@3 | the nearest is right |"
    yield "|---|---|---|"
    for name, strip in PARTS.items():
        profiles = {id_: strip(profile) for id_, profile in whole.items()}
        first, three = [], []
        for id_, group in wanted.items():
            if group is not None:
                others = ((other, profiles[other]) for other in profiles if other != id_)
                found = [wanted[near.id] == group for near in ranked(profiles[id_], others, common, 3)]
                first.append(found[0])
                three.append(any(found))
        yield f"| {name} | {share(three):.3f} | {share(first):.3f} |"


def main() -> None:
    """Writes the tables between the two marks of the page, and prints them."""
    told = "\n".join(tables(packs.load(packs.DEFAULT)))
    before, _, rest = PAGE.read_text("utf-8").partition(START)
    PAGE.write_text(f"{before}{START}\n\n{told}\n\n{END}{rest.partition(END)[2]}", "utf-8")
    print(told)


if __name__ == "__main__":
    main()
