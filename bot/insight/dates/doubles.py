"""Words that mean two things without marks: such a text is read both ways."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from bot.insight.dates.writing import Writing

_MOST = 3  # words of this kind in one text
_EVENING, _UNTIL = "tối", "tới"
_NEXT_MONTH, _JUNE = "tháng sau", "tháng sáu"
_DOUBLE = re.compile(r"(?<![^\W_])(?:toi(?![^\W_])|thang sau(?![^\W_]| nua))")
_COMING = re.compile(r"(?<![^\W_])(?:tuan|thang|thg|(?<!thu )nam) $")  # with these it is one phrase
_AFTER_A_WEEKDAY = re.compile(r"(?<![^\W_])(?:thu [^\W_]+|t\.? ?[2-7]|cn|nhat),? $")
_AFTER_A_TIME = re.compile(r"(?:[0-9][hgp]?[0-9]*|gio|phut|ruoi|mai|kia),? $")
_BEFORE_A_DATE = re.compile(r",? (?:[0-9]|t[2-7]|nay|thu|cn|chu nhat|mai|ngay|hom|luc)")


def variants(writing: Writing) -> Sequence[Writing]:
    """The text as it may be meant, more than once where marks would tell."""
    places = [match for match in _DOUBLE.finditer(writing.folded) if _ways(writing, match)][:_MOST]
    ways = product(*(_ways(writing, match) for match in places))
    return [_spelled(writing, places, way) for way in ways]


def _ways(writing: Writing, match: re.Match[str]) -> Sequence[str]:
    """The words that one typed without marks may be; none where it is no word of time."""
    if writing.typed[match.start() : match.end()] != match[0]:
        return ()
    if match[0] != "toi":
        return () if writing.is_marked else (_NEXT_MONTH, _JUNE)
    before, after = writing.folded[: match.start()], writing.folded[match.end() :]
    if _COMING.search(before):
        return ()
    if _BEFORE_A_DATE.match(after) or _AFTER_A_WEEKDAY.search(before):
        return (_EVENING, _UNTIL)
    return (_EVENING,) if _AFTER_A_TIME.search(before) else ()


def _spelled(writing: Writing, places: Sequence[re.Match[str]], way: Sequence[str]) -> Writing:
    typed = writing.typed
    for match, word in zip(places, way, strict=True):
        typed = typed[: match.start()] + word + typed[match.end() :]
    return Writing(typed, writing.folded)
