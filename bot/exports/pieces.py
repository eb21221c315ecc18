"""How texts fill the cells of a sheet: the lines they take, and long ones in pieces that a row can show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby

LINE_HEIGHT = 14  # points, of eleven-point letters
LINES = 24  # Excel makes no row higher than 409 points; what is beyond is neither seen nor printed
_HIGHEST = 409


def pieces(text: str, width: float) -> list[str]:
    """The text in pieces of LINES lines of `width` digits each, cut between words where that can be.

    The pieces put together are the text; each is far shorter than the 32,767 characters that a cell can hold.
    """
    by_piece = groupby(_placed(text, width), key=lambda placed: placed[0] // LINES)
    return ["".join(word for _, word in placed) for _, placed in by_piece] or [""]


def height(texts: list[str], widths: list[float]) -> float:
    """How high a row must be, in points, to show these texts in columns of these widths.

    Letters are taken rather too wide than too narrow: a row that is too low hides words, one too high wastes paper.
    """
    most = max((_lines(text, width) for text, width in zip(texts, widths, strict=True)), default=1)
    return min(_HIGHEST, most * LINE_HEIGHT + 3)


def _lines(text: str, width: float) -> int:
    *_, (line, _) = _placed(text + " ", width)
    return line + 1


def _placed(text: str, width: float) -> Iterator[tuple[int, str]]:
    """Each word with the number of the line it stands on, when lines break as spreadsheets break them."""
    line, used = 0, 0.0
    for word in _words(text, width):
        size = sum(map(_size, word))
        if used and used + size > width:
            line, used = line + 1, 0.0
        yield line, word
        line, used = (line + 1, 0.0) if word == "\n" else (line + int((used + size) // width), (used + size) % width)


def _words(text: str, width: float) -> list[str]:
    """Words, spaces and line ends; what is longer than any syllable and a third of a line in parts."""
    most = max(8, int(width / 3))
    return re.findall(rf"\n|[^\S\n]{{1,{most}}}|\S{{1,{most}}}", text)


_SIZES = {" ijlt,.;:'!|/": 0.65, 'rf()-"': 0.75, "acesz": 0.95, "mw%@–—…": 1.7}


@cache
def _size(letter: str) -> float:
    """How wide a letter of Times New Roman 11 is, in digits of the font that column widths are counted in."""
    if unicodedata.east_asian_width(letter) in "WF":
        return 2.8
    plain = unicodedata.normalize("NFD", letter)[0]
    if plain.isupper():
        return 1.55
    return next((size for letters, size in _SIZES.items() if plain in letters), 1.07)
