"""A worksheet that is written from top to bottom, so that it never stands in memory whole."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from bot.exports.labels import Labels, fill
from bot.exports.pieces import height
from bot.exports.sheet import Cell
from bot.model import readable

A4 = 9
MARGINS = {"left": 30 / 25.4, "right": 15 / 25.4, "top": 20 / 25.4, "bottom": 20 / 25.4}  # inches
_LONGEST_HEADING = 250
_BAND_HEIGHT = 20
_BASE = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
_BOXED = {**_BASE, "border": 1, "border_color": "#A6A6A6", "text_wrap": True}
_BAND = {**_BASE, "bold": True, "valign": "vcenter", "top": 1, "bottom": 1, "border_color": "#A6A6A6"}
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {**_BASE, "bold": True, "font_size": 14},
    "plain": _BASE,
    "bold": {**_BASE, "bold": True, "font_size": 12},
    "head": {**_BOXED, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#D9E2EC"},
    "topic": {**_BAND, "font_size": 12, "bg_color": "#C9DDF0"},
    "place": {**_BAND, "italic": True, "bg_color": "#EEF4FA"},
    "text": _BOXED,
    "number": {**_BOXED, "align": "center"},
    "date": {**_BOXED, "align": "center", "num_format": "dd/mm/yyyy hh:mm"},
    "total": {**_BOXED, "bold": True, "align": "center", "bg_color": "#EEF4FA"},
}

Styles = Mapping[str, Any]


def styles(book: Workbook) -> Styles:
    """The looks of cells by name."""
    return {name: book.add_format(dict(look)) for name, look in _STYLES.items()}


class Page:
    """A worksheet and the row that is written next."""

    def __init__(self, book: Workbook, name: str, looks: Styles, widths: Sequence[float]) -> None:
        self.sheet: Worksheet = book.add_worksheet(_sheet_name(name))
        self.row = 0
        self._looks = looks
        self._widths = widths
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)

    def write(self, cells: Sequence[Cell], style: str = "") -> None:
        """Writes a row, high enough for its texts. Without a style each cell has that of its kind."""
        self._write(cells, style, self._height(cells, 0.85 if style else 1))

    def band(self, text: str, style: str, width: int = 1) -> None:
        """Writes a heading that may run over the `width` columns to its right."""
        self._write([shorten(text, _LONGEST_HEADING), *[""] * (width - 1)], style, _BAND_HEIGHT)

    def _height(self, cells: Sequence[Cell], bold: float) -> float:
        # LibreOffice does not fit rows to their texts on opening, so each says its height.
        shown = [(cell, width) for cell, width in zip(cells, self._widths, strict=False) if isinstance(cell, str)]
        return height([cell for cell, _ in shown], [width * bold for _, width in shown])

    def _write(self, cells: Sequence[Cell], style: str, points: float) -> None:
        self.sheet.set_row(self.row, points)
        for column, cell in enumerate(cells):
            self._put(column, cell, self._looks[style or _kind(cell)])
        self.row += 1

    def skip(self) -> None:
        self.row += 1

    def _put(self, column: int, cell: Cell, look: object) -> None:
        match cell:
            case datetime():
                self.sheet.write_datetime(self.row, column, cell.replace(tzinfo=None), look)
            case int():
                self.sheet.write_number(self.row, column, cell, look)
            case "":
                self.sheet.write_blank(self.row, column, None, look)
            case _:
                self.sheet.write_string(self.row, column, _harmless(cell), look)

    def set_paper(self, labels: Labels) -> None:
        """A4 landscape with the margins of official papers, the sheet's whole width on it, the page number below."""
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.set_margins(**MARGINS)
        self.sheet.fit_to_pages(1, 0)
        number = fill(_in_margin(labels.page), page="&P", pages="&N")
        self.sheet.set_footer(f'&C&"Times New Roman,Regular"&11 {number}')

    def set_header(self, title: str) -> None:
        """Prints the title above each page."""
        self.sheet.set_header(f'&C&"Times New Roman,Bold"&12 {_in_margin(shorten(title, 90))}')


def _kind(cell: Cell) -> str:
    return "date" if isinstance(cell, datetime) else "number" if isinstance(cell, int) else "text"


def _harmless(text: str) -> str:
    clean = readable(text)
    # XlsxWriter takes a text in these two tags for XML of its own and writes it unescaped: the workbook would be broken.
    return clean + " " if clean.startswith("<r>") and clean.endswith("</r>") else clean


def shorten(text: str, length: int) -> str:
    """At most `length` characters of the text, the last a "…" if there were more."""
    return text if len(text) <= length else text[: length - 1] + "…"


def _in_margin(text: str) -> str:
    return readable(text).replace("&", "&&")


def _sheet_name(text: str) -> str:
    """The text as a name of a sheet: at most 31 characters and none of those that Excel forbids."""
    return re.sub(r"[\[\]:*?/\\']", " ", readable(text))[:31]
