"""Which notions of the pack's lexicon a text speaks of: other words, the same need.

What was typed with marks is matched with marks ("bán" is not "bạn"), what was typed without is matched folded.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.insight.folding import fold, toned
from bot.insight.normalising import normalise
from bot.pack import Concept

_TOKEN = re.compile(r"[^\W_]+|[^\w\s]")
_FINAL_I = re.compile(r"^(h|k|l|m|s|t|qu)y$")  # "lý" and "lí" are one word
_MARKED_SHARE = 0.25  # of the words; somebody who types marks reaches it
_SPELLED_OUT = 3  # words: a phrase so long is hardly met by chance, whatever its marks


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it was normalised, in the form words are looked up by, and with its tone last."""

    word: str
    key: str
    toned: str

    @property
    def is_marked(self) -> bool:
        return self.toned != self.key and fold(self.word) != self.word


@dataclass(frozen=True, slots=True)
class Hit:
    """A notion and the words that spoke for it; `start` and `end` count tokens."""

    concept: Concept
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as words, the notions in it, and the words that belong to none."""

    tokens: tuple[Token, ...]
    hits: tuple[Hit, ...]
    rest: tuple[Token, ...]

    @property
    def concepts(self) -> dict[str, Concept]:
        return {hit.concept.slug: hit.concept for hit in self.hits}


@lru_cache(maxsize=50_000)
def key(word: str) -> str:
    """The form in which words are compared: folded, "ly" as "li"."""
    folded = fold(word)
    return _FINAL_I.sub(r"\1i", folded)


@lru_cache(maxsize=50_000)
def _token(word: str) -> Token:
    low = word.lower()
    return Token(low, key(low), toned(low))


def tokens(text: str) -> tuple[Token, ...]:
    """The words and signs of a text, normalised."""
    return tuple(_token(word) for word in _TOKEN.findall(normalise(text)))


class Lexicon:
    """The notions of a pack, ready to be found. Built once; about 0.2 ms a short text."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._phrases: dict[tuple[str, ...], list[tuple[tuple[Token, ...], Concept]]] = defaultdict(list)
        self.concepts: Mapping[str, Concept] = {concept.slug: concept for concept in concepts}
        for concept in self.concepts.values():
            for phrase in concept.phrases:
                words = tuple(_token(word) for word in _TOKEN.findall(phrase))
                self._phrases[tuple(word.key for word in words)].append((words, concept))
        self._longest = max(map(len, self._phrases), default=0)
        self._everywhere = {
            key(phrase) for one in self.concepts.values() if one.kind == "plain" for phrase in one.phrases
        }
        self._first = {words[0] for words in self._phrases if words}

    def read(self, text: str) -> Reading:
        """The notions in a text."""
        found = tokens(text)
        letters = [token for token in found if token.word.isalpha()]
        with_marks = sum(token.is_marked for token in letters) >= _MARKED_SHARE * max(len(letters), 1)
        hits = _outermost([hit for place in range(len(found)) for hit in self._at(found, place, with_marks)])
        covered = {place for hit in hits for place in range(hit.start, hit.end)}
        rest = (token for place, token in enumerate(found) if place not in covered and token.word.isalnum())
        return Reading(found, tuple(hits), tuple(rest))

    def _at(self, found: Sequence[Token], place: int, with_marks: bool) -> Iterator[Hit]:
        """The phrases that begin at a place."""
        if found[place].key not in self._first:
            return
        for length in range(min(self._longest, len(found) - place), 0, -1):
            typed = found[place : place + length]
            fitting = [
                concept
                for words, concept in self._phrases.get(tuple(token.key for token in typed), ())
                if _fits(typed, words, with_marks)
                and (concept.kind == "plain" or not self._is_chance(typed, words, with_marks))
            ]
            yield from (Hit(concept, place, place + length) for concept in fitting)

    def _is_chance(self, typed: Sequence[Token], meant: Sequence[Token], with_marks: bool) -> bool:
        """Whether words that lack their marks are rather ones that stand everywhere: "cho" is no market."""
        other = [one for one, word in zip(typed, meant, strict=True) if one.toned != word.toned]
        return (with_marks or len(typed) == 1) and any(one.key in self._everywhere for one in other)


def _outermost(hits: Sequence[Hit]) -> list[Hit]:
    """The hits but for those within a longer one of something else: no "power" in "power of attorney"."""
    return [hit for hit in hits if not any(_swallows(other, hit) for other in hits)]


def _swallows(other: Hit, hit: Hit) -> bool:
    if not (other.start <= hit.start and hit.end <= other.end and other.end - other.start > hit.end - hit.start):
        return False
    return hit.concept.kind != "thing" or other.concept.topic != hit.concept.topic


def _fits(typed: Sequence[Token], meant: Sequence[Token], with_marks: bool) -> bool:
    """Whether the marks agree: each that was typed, or most of a long phrase."""
    same = sum(one.toned == other.toned for one, other in zip(typed, meant, strict=True))
    if same == len(meant) or len(meant) >= _SPELLED_OUT:
        return True
    if not with_marks:
        return all(one.toned == other.toned or not one.is_marked for one, other in zip(typed, meant, strict=True))
    return same > 0 and len(meant) > 1
