"""How likely two texts ask for the same thing: by what they are about, what they are after, and their words.

Places do not decide: their names are left out. "Same topic" is not enough: what each is after counts, the rarest shared
notion weighs most, and what each has and the other lacks weighs against. The weights were fitted on pairs of texts;
docs/insight.md has figures.
"""

from __future__ import annotations

import math

from bot.insight.agreement import agreement, comparable
from bot.insight.commonness import Commonness
from bot.insight.profiles import Profile

__all__ = ["Commonness", "Profile", "likeness"]


def likeness(one: Profile, other: Profile, commonness: Commonness) -> float:
    """From 0 to 1 how likely two texts ask for the same; symmetric."""
    if not comparable(one, other):
        return 0.0
    if _says_the_same(one, other):
        return 1.0
    weights = commonness.weights
    total = weights.start
    for number, weight in zip(agreement(one, other, commonness), weights.numbers, strict=True):
        total += number * weight
    return round(1 / (1 + math.exp(-total)), 6)


def _says_the_same(one: Profile, other: Profile) -> bool:
    """Whether nothing that a profile holds tells two texts apart, as where only marks, order or courtesies differ."""
    return (one.things, one.words, one.asks, one.everyday) == (other.things, other.words, other.asks, other.everyday)
