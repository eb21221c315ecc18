"""Finds the signs of dates and times in a text, from left to right, the longest form first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from bot.insight.dates.clock_rules import clock_rules
from bot.insight.dates.day_rules import day_rules, last_rules
from bot.insight.dates.rules import Hit, Made, Rule
from bot.insight.dates.signs import Sign, Spot, Strange, Until
from bot.insight.dates.writing import Writing

_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(
    r"[\s,;:.()\[\]/]*(?:(?:ngay|luc|vao|cua|the|of|on|at|khoang|tam|hom|and|va|in|from|tu|het)\b[\s,;:.()]*)*"
)  # what may stand between two signs that belong together


@cache
def _rules() -> Sequence[Rule]:
    return (*clock_rules(), *day_rules(), *last_rules())


def scan(writing: Writing) -> list[Spot]:
    """The signs of a text in their order."""
    spots: list[Spot] = []
    place = 0
    while place < len(writing.folded):
        found = _spots_at(writing, place, spots)
        spots += found
        place = found[-1].end if found else _next(writing.folded, place)
    return _sense(writing, _strong(writing, spots))


def _next(text: str, place: int) -> int:
    """The place after the word that begins here."""
    word = _WORD.match(text, place)
    return word.end() if word else place + 1


def _spots_at(writing: Writing, place: int, spots: Sequence[Spot]) -> list[Spot]:
    before = spots[-1].sign if spots and _belong(writing, spots[-1].end, place) else None
    for rule in _rules():
        match = rule.pattern.match(writing.folded, place)
        hit = Hit(match, writing, before) if match and match.end() > place else None
        made = rule.make_of(hit) if hit else None
        if hit and made is not None:
            weak = rule.any_marks or (hit.match[0] in rule.weak and hit.typed() == hit.match[0])
            return [Spot(place, hit.match.end(), sign, weak) for sign in _signs(made)]
    return []


def _signs(made: Made) -> Sequence[Sign]:
    if isinstance(made, tuple):
        return made
    return () if made is None else (made,)


def _belong(writing: Writing, end: int, start: int) -> bool:
    """Whether nothing stands between two places but what may."""
    return bool(_GAP.fullmatch(writing.folded, end, start))


def _strong(writing: Writing, spots: Sequence[Spot]) -> list[Spot]:
    """Without the weak ones that stand alone among other words."""
    if spots and all(spot.weak for spot in spots):
        nothing_else = _belong(writing, 0, spots[0].start) and _belong(writing, spots[-1].end, len(writing.folded))
        return list(spots) if nothing_else else []
    return [spot for n, spot in enumerate(spots) if not spot.weak or _is_beside_another(writing, spots, n)]


def _is_beside_another(writing: Writing, spots: Sequence[Spot], n: int) -> bool:
    before = n > 0 and _belong(writing, spots[n - 1].end, spots[n].start)
    after = n + 1 < len(spots) and _belong(writing, spots[n].end, spots[n + 1].start)
    near = [*(spots[n - 1 : n] if before else []), *(spots[n + 1 : n + 2] if after else [])]
    return any(not isinstance(spot.sign, Strange) for spot in near)


def _sense(writing: Writing, spots: Sequence[Spot]) -> list[Spot]:
    """Without the "to" that stands before no date: somebody is asked to come to a place."""
    kept: list[Spot] = []
    for n, spot in enumerate(spots):
        word = isinstance(spot.sign, Until) and not spot.sign.dash
        leads = n + 1 < len(spots) and _belong(writing, spot.end, spots[n + 1].start)
        if not word or leads:
            kept.append(spot)
    return kept


def is_beside(writing: Writing, spots: Sequence[Spot]) -> list[bool]:
    """For each spot whether it stands right after the one before."""
    after = (_belong(writing, left.end, right.start) for left, right in pairwise(spots))
    return [False, *after][: len(spots)]
