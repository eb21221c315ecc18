"""In what two texts agree and in what they do not, as numbers: what a likeness is made of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.insight.commonness import Commonness
from bot.insight.profiles import Profile

_RARE, _RARER = 5, 25  # what roots of rarities, and rarities, are brought down by
_MANY, _VERY_MANY = 20, 80
_HARDLY = 1e-3  # as likely as this is what was left out of the shares


@dataclass(frozen=True, slots=True)
class _Common:
    """What two sets of names share, by rarity: as a cosine, as a part of the smaller one, and the rarest."""

    cosine: float
    of_smaller: float
    rarest: float


_NOTHING = _Common(0.0, 0.0, 0.0)


def comparable(one: Profile, other: Profile) -> bool:
    """Whether two texts have anything in common at all."""
    return not (
        one.things.isdisjoint(other.things)
        and one.words.isdisjoint(other.words)
        and one.everyday.isdisjoint(other.everyday)
    )


def agreement(one: Profile, other: Profile, commonness: Commonness) -> list[float]:
    """The NUMBERS of two texts; the same both ways."""
    shared = one.things & other.things
    roots = [commonness.root(f"k:{slug}") for slug in shared]
    apart = min(_sum("k:", one.things - shared, commonness), _sum("k:", other.things - shared, commonness))
    notions = _common(one.things, other.things, "k:", commonness)
    words = _common(one.words, other.words, "w:", commonness)
    both = one.words & other.words
    rests = sorted(
        (len(text.words), _sum("w:", text.words - both, commonness)) for text in (one, other)
    )  # the shorter first
    return [
        notions.cosine,
        notions.of_smaller,
        sum(roots) / _RARE,
        max(roots, default=0.0) / _RARE,
        apart / _RARE,
        float(not shared),
        float(len(shared) > 1),
        words.cosine,
        words.of_smaller,
        words.rarest / _RARER,
        rests[0][1] / _MANY,
        rests[1][1] / _VERY_MANY,
        math.log1p(rests[0][0]),
        math.log1p(rests[1][0]),
        _common(one.asks, other.asks, "k:", commonness).of_smaller,
        float(bool(one.asks and other.asks and one.asks.isdisjoint(other.asks))),
        _cosine(one.topics, other.topics),
        _common(one.everyday, other.everyday, "k:", commonness).of_smaller,
        *_of_aims(one.aims, other.aims),
    ]


def _of_aims(one: Mapping[str, float], other: Mapping[str, float]) -> tuple[float, float, float, float]:
    if not one or not other:
        return 0.0, 0.0, 0.0, 0.0
    dot = sum(share * other.get(aim, 0.0) for aim, share in one.items())
    overlap = sum(math.sqrt(share * other[aim]) for aim, share in one.items() if aim in other)
    return dot / (_length(one) * _length(other)), dot, math.log(dot + _HARDLY), overlap


def _sum(kind: str, names: Iterable[str], commonness: Commonness) -> float:
    return sum([commonness.root(kind + name) for name in names])


def _common(one: frozenset[str], other: frozenset[str], kind: str, commonness: Commonness) -> _Common:
    both = one & other
    if not both:
        return _NOTHING
    rarity = commonness.rarity
    rarities = [rarity(kind + name) for name in both]
    shared, mine, theirs = sum(rarities), *(sum([rarity(kind + name) for name in names]) for names in (one, other))
    return _Common(shared / math.sqrt(mine * theirs), shared / min(mine, theirs), max(rarities))


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    dot = sum(share * other.get(topic, 0.0) for topic, share in one.items())
    return dot / (_length(one) * _length(other)) if dot else 0.0


def _length(shares: Mapping[str, float]) -> float:
    return math.sqrt(sum([share * share for share in shares.values()]))
