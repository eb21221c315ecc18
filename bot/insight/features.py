"""What of a text speaks for its topic: notions, words, pairs of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.insight.concepts import Lexicon, Reading


def features(text: str, lexicon: Lexicon) -> dict[str, float]:
    """The features of a text and how strongly each is there; all of a text's together weigh about the same.

    "k:" is a notion, "w:" a word, "t:" one typed with marks, "p:" a pair of words. Pieces of words and the topics of
    notions were tried and left out: docs/insight.md has the figures.
    """
    return features_of(lexicon.read(text))


def features_of(reading: Reading) -> dict[str, float]:
    """The features of a text that was read."""
    found: dict[str, float] = {}
    for kind, names, weight in _kinds(reading):
        each = list(names)
        for name in each:
            found[kind + name] = min(found.get(kind + name, 0.0) + weight, 2 * weight)
    return _levelled(found)


def _kinds(reading: Reading) -> Iterator[tuple[str, Iterator[str], float]]:
    things = [hit.concept for hit in reading.hits if hit.concept.kind != "plain"]
    words = [token.key for token in reading.tokens if token.word.isalnum()]
    yield "k:", (concept.slug for concept in things), 1.0
    yield "w:", iter(words), 1.0
    yield "t:", (token.toned for token in reading.tokens if token.is_marked), 1.0
    yield "p:", (f"{one} {other}" for one, other in pairwise(words)), 1.0


def _levelled(found: dict[str, float]) -> dict[str, float]:
    """The features by kind brought to one length, so that a long story weighs no more than a line."""
    lengths: dict[str, float] = {}
    for name, weight in found.items():
        lengths[name[:2]] = lengths.get(name[:2], 0.0) + weight * weight
    return {name: weight / lengths[name[:2]] ** 0.5 for name, weight in found.items()}


def words_of(text: str, names: Sequence[str], lexicon: Lexicon) -> Iterator[str]:
    """The words of a text that stand behind features, in their order."""
    reading = lexicon.read(text)
    behind: dict[str, str] = {}
    for hit in reading.hits:
        behind.setdefault(f"k:{hit.concept.slug}", " ".join(one.word for one in reading.tokens[hit.start : hit.end]))
    words = [token for token in reading.tokens if token.word.isalnum()]
    for token in words:
        behind |= {f"w:{token.key}": token.word, f"t:{token.toned}": token.word}
    for one, other in pairwise(words):
        behind[f"p:{one.key} {other.key}"] = f"{one.word} {other.word}"
    yield from (behind[name] for name in names if name in behind)
