"""The made-up texts of a pack that say what they are about: what its topics are learnt from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from bot.errors import PackError
from bot.pack.files import Example, Invented

FILE = "examples.jsonl"
DEMO = "demo.jsonl"
_T = TypeVar("_T")
_LINE = TypeAdapter(Example)
_DEMO_LINE = TypeAdapter(Invented)


def examples(folder: Path) -> list[Example]:
    """The texts of examples.jsonl, and the proposals of the demonstration.

    A pack may have neither. Raises PackError naming file and line.
    """
    shown = (_checked(_DEMO_LINE, line, where) for line, where in _lines(folder / DEMO))
    return [*own_examples(folder), *(Example(one.text, one.topics) for one in shown)]


def own_examples(folder: Path) -> list[Example]:
    """The texts of examples.jsonl alone. Raises PackError naming file and line."""
    return told(folder / FILE)


def told(file: Path) -> list[Example]:
    """The lines of a file of examples; none where there is no file. Raises PackError naming file and line."""
    return [_checked(_LINE, line, where) for line, where in _lines(file)]


def _lines(file: Path) -> Iterator[tuple[str, str]]:
    if file.exists():
        yield from ((line, f"{file}: line {n}") for n, line in enumerate(file.read_text("utf-8").splitlines(), 1))


def _checked(shape: TypeAdapter[_T], line: str, where: str) -> _T:
    try:
        return shape.validate_python(json.loads(line))
    except ValueError as error:  # pydantic's error is a ValueError too
        raise PackError(f"{where}: {error}") from error
