"""A workbook for Excel and LibreOffice (Office Open XML, ECMA-376): the counts, then the list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from xlsxwriter import Workbook

from bot.exports.labels import Labels
from bot.exports.page import Page, styles
from bot.exports.questions import write_questions
from bot.exports.sheet import COLUMNS, Heading, Line
from bot.exports.summary import summary_widths, write_summary
from bot.exports.tally import count


def write_workbook(out: Path, heading: Heading, lines: Callable[[], Iterable[Line]], labels: Labels) -> None:
    """Writes the workbook; `lines` is called twice and must give the same lines both times.

    What was written waits beside `out`, never in the common folder for temporary files. Raises ValueError if lines of
    a group stand apart.
    """
    tally = count(lines())
    options = {"constant_memory": True, "tmpdir": str(out.parent)}
    never_guess = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(str(out), options | never_guess) as book:
        looks = styles(book)
        counts = Page(book, labels.summary, looks, summary_widths(tally))
        write_summary(counts, heading, tally, labels)
        listed = Page(book, labels.questions, looks, [column.width for column in COLUMNS])
        write_questions(listed, heading.title, lines(), tally, labels)
