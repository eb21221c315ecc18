"""What became of a broadcast, as CSV (RFC 4180)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.exports.plain import cell


def write_reach(out: Path, rows: Iterable[Sequence[str | int]]) -> None:
    """Writes a table in UTF-8 with a mark for Excel, every cell quoted, no cell a formula; makes the file's folder."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, quoting=csv.QUOTE_ALL)
        table.writerows([cell(one) for one in row] for row in rows)
