"""What an export says: its heading, its lines, and the columns they are shown in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

Cell = str | int | datetime


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above an export. `made_at` is in the zone that the readers live in."""

    title: str
    dialogue: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal of an export, every word as it is to be read; what is not known is empty.

    `topics` has the main topic first; `unit` is the place by which lines are grouped, `place` says its old name too
    where the person used it; `name` is given only where it may be printed; `readers` says who may read it; `created_at` is in the zone that the readers live in.
    """

    code: str
    text: str
    lead: str
    topics: tuple[str, ...]
    unit: str
    place: str
    kind: str
    age_band: str
    name: str
    readers: str
    competence: str
    agency: str
    state: str
    created_at: datetime
    files: int
    letter: str = ""  # number and date of the letter that answers it
    answer: str = ""
    group: str = ""  # of those that ask for the same
    typed_place: str = ""  # what the person called the place

    @property
    def topic(self) -> str:
        """The main topic, empty if there is none."""
        return self.topics[0] if self.topics else ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list: the key of its title, its width in digits of the default font, and what it shows."""

    title: str
    width: float
    show: Callable[[int, Line], Cell]


# What offices compile by: nobody's age or name is among it, and only this much goes on paper.
ON_PAPER = (
    Column("export.column.number", 5, lambda number, line: number),
    Column("export.column.code", 15, lambda number, line: line.code),
    Column("export.column.text", 46, lambda number, line: line.text),
    Column("export.column.place", 18, lambda number, line: line.place),
    Column("export.column.topics", 16, lambda number, line: "; ".join(line.topics)),
    Column("export.column.competence", 10, lambda number, line: line.competence),
    Column("export.column.agency", 15, lambda number, line: line.agency),
    Column("export.column.letter", 12, lambda number, line: line.letter),
    Column("export.column.answer", 38, lambda number, line: line.answer),
    Column("export.column.state", 12, lambda number, line: line.state),
)

# What the people at the desk need besides.
ON_SCREEN = (
    Column("export.column.lead", 30, lambda number, line: line.lead),
    Column("export.column.kind", 14, lambda number, line: line.kind),
    Column("export.column.age_band", 11, lambda number, line: line.age_band),
    Column("export.column.name", 18, lambda number, line: line.name),
    Column("export.column.created_at", 17, lambda number, line: line.created_at),
    Column("export.column.files", 6, lambda number, line: line.files),
    Column("export.column.readers", 18, lambda number, line: line.readers),
    Column("export.column.group", 10, lambda number, line: line.group),
    Column("export.column.typed_place", 18, lambda number, line: line.typed_place),
)

COLUMNS = ON_PAPER + ON_SCREEN
CODE = 1  # where the code stands among the columns
