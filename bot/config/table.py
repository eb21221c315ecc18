"""`python -m bot.config.table`: every setting as the table that stands in the README."""

from __future__ import annotations

import json
import sys
from itertools import groupby

from bot.config.sections import SECTIONS, documented


def table() -> str:
    """The table in Markdown: a row a key, under its section."""
    lines = ["| setting | default | what it is for |", "|---|---|---|"]
    for section, keys in groupby(documented(), key=lambda one: one.section):
        lines.append(f"| **[{section}]** | | {first_line(SECTIONS[section].__doc__ or '')} |")
        lines += [f"| `{key.key}` | `{shown(key.default)}` | {first_line(key.description)} |" for key in keys]
    return "\n".join(lines)


def shown(default: object) -> str:
    """A default as it is written in the file."""
    return json.dumps(default, ensure_ascii=False)


def first_line(text: str) -> str:
    """The text in one line; a stroke would end the cell."""
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
