"""How much it says that two texts share a notion or a word, and what each way of agreeing weighs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bot.insight.profiles import Profile
from bot.insight.stored import stored
from bot.model import Json

NUMBERS = (  # of an agreement
    "notions", "notions of the smaller", "sum of notions", "rarest notion", "apart", "no notion", "two notions",
    "words", "words of the shorter", "rarest word", "other words of the shorter", "other words of the longer",
    "length of the shorter", "length of the longer", "asked", "asked otherwise", "topics", "everyday",
    "aims", "same aim", "log of same aim", "overlap of aims", "sense", "square of sense", "steep sense",
    "nearly all words", "nearly all of the shorter",
)  # fmt: skip
_NEVER = 0.5  # what a notion that nobody has used yet counts as


# Where a pack brings no weights.
_GUESSED = {
    "notions": 1.8,
    "rarest notion": 1.9,
    "sum of notions": 1.3,
    "apart": -0.7,
    "words": 0.9,
    "words of the shorter": 1.3,
    "topics": 2.5,
    "everyday": 1.4,
}
_PLAIN = tuple(_GUESSED.get(name, 0.0) for name in NUMBERS)


@dataclass(frozen=True, slots=True)
class Weights:
    """What each number of an agreement weighs, in their order."""

    start: float = -5.5
    numbers: Sequence[float] = _PLAIN


@dataclass(frozen=True)
class Commonness:
    """In how many of so many texts each notion and word stands, "k:loan" and "w:vay", and what agreeing in them weighs."""

    texts: int = 0
    counts: Mapping[str, int] | None = None
    weights: Weights = field(default_factory=Weights, compare=False)

    @cached_property
    def notions(self) -> dict[str, float]:
        """How much each notion says, by its slug: the logarithm of how rare it is."""
        return _Rarities("k:", self.texts, self.counts or {})

    @cached_property
    def words(self) -> dict[str, float]:
        """How much each word says."""
        return _Rarities("w:", self.texts, self.counts or {})

    def to_json(self) -> Json:
        return {"texts": self.texts, "counts": dict(sorted((self.counts or {}).items()))}


class _Rarities(dict[str, float]):
    """Logarithms that are taken when they are first asked for: comparing asks for thousands."""

    def __init__(self, kind: str, texts: int, counts: Mapping[str, int]) -> None:
        self._kind, self._texts, self._counts = kind, texts, counts

    def __missing__(self, name: str) -> float:
        count = self._counts.get(self._kind + name, 0)
        found = self[name] = abs(math.log((self._texts + 2) / (count + _NEVER)))
        return found


def commonness_in(file: Path) -> Commonness:
    """The counts in a file; none where there is none. Raises PackError for a file that holds no counts."""
    return stored(file, lambda raw: Commonness(raw["texts"], raw["counts"]), "counts") or Commonness()


def weights_in(file: Path) -> Weights:
    """The weights in a file; those of a pack that has none. Raises PackError for a file that holds no weights."""
    return stored(file, _weights, "weights") or Weights()


def _weights(raw: Json) -> Weights:
    return Weights(raw["start"], tuple(raw["numbers"][name] for name in NUMBERS))


def counted(profiles: Iterable[Profile]) -> Commonness:
    """How common the notions and words of texts are; what stands in one text only is left out."""
    counts: Counter[str] = Counter()
    texts = 0
    for profile in profiles:
        texts += 1
        counts.update(f"k:{slug}" for slug in profile.things | profile.everyday | profile.asks)
        counts.update(f"w:{word}" for word in profile.words)
    return Commonness(texts, {name: count for name, count in counts.items() if count > 1})
