"""Measures how well texts are read: topics, places, proposals that ask for the same, languages."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from bot import pack as packs
from bot.errors import SettingsError
from bot.insight.evaluating import MEASURES, Figures, Row

_OUT = Path("-")


class _Text(TypedDict):
    id: str
    text: str


class _Topics(_Text):
    topics: list[str]


class _Expected(TypedDict, total=False):
    one: str
    ambiguous: list[str]
    none: bool


class _Places(_Text):
    expect: _Expected


class _Similar(_Text):
    group: str | None


class _Language(_Text):
    language: str


_SHAPES = {"topics": _Topics, "places": _Places, "similar": _Similar, "language": _Language}


async def run(arguments: argparse.Namespace) -> int:
    rows = list(read(arguments.data, arguments.what))
    pack = packs.load(arguments.pack or packs.DEFAULT)
    measured = await asyncio.to_thread(MEASURES[arguments.what], rows, pack)
    figures_go_to = sys.stderr if arguments.predict == _OUT else sys.stdout
    print(*told(measured.figures), *(measured.more if arguments.verbose else ()), sep="\n", file=figures_go_to)
    if arguments.predict:
        write(arguments.predict, [json.dumps(one, ensure_ascii=False) for one in measured.predictions])
    return 0


def told(figures: Figures) -> list[str]:
    """The figures, a line each: counts whole, shares with three digits."""
    return [
        f"{name:36}{value:8.0f}" if name.startswith("texts") else f"{name:36}{value:8.3f}"
        for name, value in figures.items()
    ]


def read(file: Path, what: str) -> Iterator[Row]:
    """The rows of a file. Raises SettingsError naming the first line that is wrong."""
    shape: TypeAdapter[object] = TypeAdapter(_SHAPES[what])
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"--data: {file}: {getattr(error, 'strerror', None) or error}") from error
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            shape.validate_python(row)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"]))
            raise SettingsError(f"{file}: line {number}: {where}: {first['msg']}") from error
        except ValueError as error:
            raise SettingsError(f"{file}: line {number}: {error}") from error
        if row["id"] in seen:
            raise SettingsError(f"{file}: line {number}: id {row['id']} stands there twice")
        seen.add(row["id"])
        yield row


def write(file: Path, lines: list[str]) -> None:
    """Writes lines to a file, or prints them for "-". Raises SettingsError where it cannot."""
    if file == _OUT:
        print(*lines, sep="\n")
        return
    try:
        file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    except OSError as error:
        raise SettingsError(f"--predict: {file}: {error.strerror}") from error
