"""The signs of a text as one point in time, or as a beginning and an end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.insight.dates.signs import Ahead, Clock, Date, Month, Part, Sign, Spot, Strange, Until, Week, Weekday


@dataclass(frozen=True, slots=True)
class Segment:
    """Signs that speak of one point in time."""

    signs: tuple[Sign, ...] = ()

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """The times, each different one once."""
        return tuple(dict.fromkeys(sign for sign in self.signs if isinstance(sign, Clock)))

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the day that stand by no time, each different one once."""
        return tuple(dict.fromkeys(sign for sign in self.signs if isinstance(sign, Part)))

    @property
    def part(self) -> Part | None:
        """The part of the day that stands by no time, if there is just one."""
        return self.parts[0] if len(self.parts) == 1 else None

    @property
    def has_day(self) -> bool:
        return not {"date", "week"}.isdisjoint(self.kinds)

    @property
    def kinds(self) -> frozenset[str]:
        """What it speaks of. A weekday and a date are two things: they may stand on both sides of a dash."""
        return frozenset(
            kind
            for kind, types in (("clock", Clock), ("date", Date | Ahead | Month), ("week", Weekday | Week))
            if any(isinstance(sign, types) for sign in self.signs)
        )


def segments(spots: Sequence[Spot], beside: Sequence[bool]) -> list[Segment]:
    """The signs, cut where an end follows a beginning. `beside` says of each spot whether it follows right on the last."""
    cut: list[list[Sign]] = [[]]
    ties: list[Until] = []
    for sign in _with_parts(spots, beside):
        if isinstance(sign, Until):
            ties.append(sign)
            cut.append([])
        else:
            cut[-1].append(sign)
    return _tied([Segment(tuple(signs)) for signs in cut], ties)


def _with_parts(spots: Sequence[Spot], beside: Sequence[bool]) -> list[Sign]:
    """The signs, a part of the day that follows a time made the time's own."""
    signs: list[Sign] = []
    for spot, is_beside in zip(spots, beside, strict=True):
        last = signs[-1] if signs else None
        if isinstance(spot.sign, Part) and is_beside and isinstance(last, Clock) and last.part is None:
            signs[-1] = replace(last, part=spot.sign)
        else:
            signs.append(spot.sign)
    return signs


def _tied(cut: Sequence[Segment], ties: Sequence[Until]) -> list[Segment]:
    """Puts together what a dash only sets apart: a day and its time, a weekday and its date."""
    tied = [cut[0]]
    for (_, right), tie in zip(pairwise(cut), ties, strict=True):
        left = tied[-1]
        if not left.kinds.isdisjoint(right.kinds):
            tied.append(right)
        else:
            odd = () if tie.dash else (Strange(),)
            tied[-1] = Segment((*left.signs, *odd, *right.signs))
    return tied
