"""The second sheet of a workbook: the list, as offices compile it, under a heading per topic and place."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count, groupby, zip_longest

from bot.exports.labels import Labels, fill
from bot.exports.page import Page
from bot.exports.pieces import pieces
from bot.exports.sheet import CODE, COLUMNS, ON_PAPER, Cell, Line
from bot.exports.tally import Tally


def write_questions(page: Page, title: str, lines: Iterable[Line], tally: Tally, labels: Labels) -> None:
    """Writes the lines, which come in the order of the list, each group under a heading with its count.

    Only the columns of ON_PAPER are printed; the header row is repeated on each page.
    """
    page.set_paper(labels)
    page.set_header(title)
    page.sheet.freeze_panes(1, 0)
    page.sheet.repeat_rows(0)
    page.write(labels.columns, "head")
    numbers = count(1)
    for topic, of_topic in groupby(lines, key=lambda line: line.topic):
        _write_band(page, fill(labels.topic, topic=topic or labels.no_topic, count=tally.topics[topic]), "topic")
        for place, of_place in groupby(of_topic, key=lambda line: line.unit):
            number = tally.groups[topic, place]
            _write_band(page, fill(labels.place, place=place or labels.no_place, count=number), "place")
            for line in of_place:
                _write_line(page, next(numbers), line, labels)
    _write_band(page, fill(labels.all, count=tally.total) if tally.total else labels.nothing, "topic")
    page.sheet.print_area(0, 0, page.row - 1, len(ON_PAPER) - 1)


def _write_band(page: Page, text: str, style: str) -> None:
    page.band(text, style, len(COLUMNS))


def _write_line(page: Page, number: int, line: Line, labels: Labels) -> None:
    """One row; more if a text is longer than a row can show, each saying so."""
    parts = [_parts(column.show(number, line), column.width, labels) for column in COLUMNS]
    for index, row in enumerate(zip_longest(*parts, fillvalue="")):
        cells: list[Cell] = list(row)
        if index:
            cells[CODE] = fill(labels.rest, code=line.code)
        page.write(cells)


def _parts(cell: Cell, width: float, labels: Labels) -> list[Cell]:
    if not isinstance(cell, str):
        return [cell]
    *before, last = pieces(cell, width)
    return [*(f"{piece}\n{labels.goes_on}" for piece in before), last]
