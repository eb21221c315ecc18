"""Words that mean two things without marks: such a text is read both ways."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from bot.insight.dates.writing import Writing

_MOST = 3  # words of this kind in one text
_WAYS = {"toi": ("tối", "tới"), "thang sau": ("tháng sau", "tháng sáu")}  # evening, until; next month, June
_BEFORE = r"(?:[0-9][hgp]?|gio|phut|ruoi|nhat|hai|ba|tu|nam|sau|bay|cn|mai|nay|sang|trua|chieu|toi)"
_AFTER = r"(?:[0-9t]|thu|cn|chu nhat|mai|ngay|hom|luc)"
_DOUBLE = re.compile(r"(?<![^\W_])(?:toi(?![^\W_])|thang sau(?![^\W_]| nua))")
_COMING = re.compile(r"(?<![^\W_])(?:tuan|thang|thg|(?<!thu )nam) $")  # with these it is one phrase
_NEXT_TO_ONE = re.compile(rf"(?<![^\W_]){_BEFORE} $|[0-9][hgp]?[0-9]* $")


def variants(writing: Writing) -> Sequence[Writing]:
    """The text as it may be meant, more than once where marks would tell."""
    places = [match for match in _DOUBLE.finditer(writing.folded) if _is_open(writing, match)][:_MOST]
    if not places:
        return (writing,)
    return [_spelled(writing, places, way) for way in product(*(_WAYS[match[0]] for match in places))]


def _is_open(writing: Writing, match: re.Match[str]) -> bool:
    """Whether it was typed without marks, and beside something that makes it a word of time."""
    if writing.typed[match.start() : match.end()] != match[0]:
        return False
    if match[0] != "toi":
        return not writing.is_marked
    before, after = writing.folded[: match.start()], writing.folded[match.end() :]
    if _COMING.search(before):
        return False
    return bool(re.match(rf" {_AFTER}", after) or _NEXT_TO_ONE.search(before))


def _spelled(writing: Writing, places: Sequence[re.Match[str]], way: Sequence[str]) -> Writing:
    typed = writing.typed
    for match, word in zip(places, way, strict=True):
        typed = typed[: match.start()] + word + typed[match.end() :]
    return Writing(typed, writing.folded)
