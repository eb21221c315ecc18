"""Lines for other programs: CSV (RFC 4180) and JSON (RFC 8259)."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from pathlib import Path

from bot.exports.labels import Labels
from bot.exports.sheet import COLUMNS, Cell, Heading, Line
from bot.model import Json, readable

# Spreadsheets take a cell that begins so for a formula (OWASP, "CSV Injection").
_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
_KEYS = tuple(field.name for field in fields(Line))


def write_csv(out: Path, heading: Heading, lines: Callable[[], Iterable[Line]], labels: Labels) -> None:
    """Writes the columns of the list in UTF-8 with a mark for Excel, every cell quoted, no cell a formula."""
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, quoting=csv.QUOTE_ALL)
        table.writerow(map(cell, labels.columns))
        for number, line in enumerate(lines(), 1):
            table.writerow(cell(column.show(number, line)) for column in COLUMNS)


def cell(value: Cell) -> str:
    """A value as the text of a cell that no spreadsheet takes for a formula."""
    text = f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)
    return "'" * bool(_FORMULA.match(text)) + readable(text)


def write_json(out: Path, heading: Heading, lines: Callable[[], Iterable[Line]], labels: Labels) -> None:
    """Writes a list of objects, one a row, whose keys are the fields of Line in any language; times are ISO 8601."""
    # A lone surrogate has no UTF-8; its backslash escape is one of JSON's own, so the value is read back unchanged.
    with out.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.write("[")
        for number, line in enumerate(lines()):
            file.write(",\n" if number else "\n")
            json.dump(_object(line), file, ensure_ascii=False)
        file.write("\n]\n")


def _object(line: Line) -> dict[str, Json]:
    values = {key: getattr(line, key) for key in _KEYS}
    return {**values, "topics": list(line.topics), "created_at": line.created_at.isoformat()}
