"""In what two texts agree and in what they do not, as numbers: what a likeness is made of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bot.insight.commonness import Commonness
from bot.insight.profiles import Profile
from bot.insight.senses import closeness

_RARE, _RARER = 5, 25  # what roots of rarities, and rarities, are brought down by
_MANY, _VERY_MANY = 20, 80
_STEEP, _STEEPER = 5, 6
_HARDLY = 1e-3  # as likely as this is what was left out of the shares


@dataclass(frozen=True, slots=True)
class _Common:
    """What two sets of names share, by squared rarity: as a cosine, and as a part of the smaller one.

    `shared`, `rarest`, `mine` and `theirs` are rarities: of what both have, its largest, and of what the other lacks.
    """

    cosine: float
    of_smaller: float
    shared: float
    rarest: float
    mine: float
    theirs: float


def comparable(one: Profile, other: Profile) -> bool:
    """Whether two texts have anything in common at all."""
    return not (
        one.things.isdisjoint(other.things)
        and one.words.isdisjoint(other.words)
        and one.everyday.isdisjoint(other.everyday)
    )


def agreement(one: Profile, other: Profile, commonness: Commonness) -> list[float]:
    """The NUMBERS of two texts; the same both ways."""
    notions = _common(one.things, other.things, commonness.notions)
    words = _common(one.words, other.words, commonness.words)
    both = len(one.things & other.things)
    shorter, longer = sorted(((len(one.words), words.mine), (len(other.words), words.theirs)))
    return [
        notions.cosine,
        notions.of_smaller,
        notions.shared / _RARE,
        notions.rarest / _RARE,
        min(notions.mine, notions.theirs) / _RARE,
        float(not both),
        float(both > 1),
        words.cosine,
        words.of_smaller,
        words.rarest**2 / _RARER,
        shorter[1] / _MANY,
        longer[1] / _VERY_MANY,
        math.log1p(shorter[0]),
        math.log1p(longer[0]),
        _common(one.asks, other.asks, commonness.notions).of_smaller,
        float(bool(one.asks and other.asks and one.asks.isdisjoint(other.asks))),
        _cosine(one.topics, other.topics),
        _common(one.everyday, other.everyday, commonness.notions).of_smaller,
        *_of_aims(one.aims, other.aims),
        *_of_senses(closeness(one.sense, other.sense)),
        _nearly_all(words.cosine),
        _nearly_all(words.of_smaller),
    ]


def _nearly_all(share: float) -> float:
    """Next to nothing unless nearly all words are the same: sharing many of them says little, sharing all says all."""
    return math.exp(_STEEPER * (share - 1))


def _of_senses(cosine: float) -> tuple[float, float, float]:
    return cosine, max(cosine, 0.0) ** 2, math.exp(_STEEP * (cosine - 1))


def _of_aims(one: Mapping[str, float], other: Mapping[str, float]) -> tuple[float, float, float, float]:
    if not one or not other:
        return 0.0, 0.0, 0.0, 0.0
    dot = sum(share * other.get(aim, 0.0) for aim, share in one.items())
    overlap = sum(math.sqrt(share * other[aim]) for aim, share in one.items() if aim in other)
    return dot / (_length(one) * _length(other)), dot, math.log(dot + _HARDLY), overlap


def _common(one: frozenset[str], other: frozenset[str], rarity: dict[str, float]) -> _Common:
    """What two sets share. `rarity` tells how much each name says."""
    mine, theirs = [rarity[name] for name in one], [rarity[name] for name in other]
    shared = [rarity[name] for name in one & other]
    total = sum(shared)
    apart = sum(mine) - total, sum(theirs) - total
    if not shared:
        return _Common(0.0, 0.0, 0.0, 0.0, *apart)
    squares = sum([x * x for x in shared])
    sides = sum([x * x for x in mine]), sum([x * x for x in theirs])
    return _Common(squares / math.sqrt(sides[0] * sides[1]), squares / min(sides), total, max(shared), *apart)


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    dot = sum(share * other.get(topic, 0.0) for topic, share in one.items())
    return dot / (_length(one) * _length(other)) if dot else 0.0


def _length(shares: Mapping[str, float]) -> float:
    return math.sqrt(sum([share * share for share in shares.values()]))
