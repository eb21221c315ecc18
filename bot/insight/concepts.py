"""Which notions of the pack's lexicon a text speaks of: other words, the same need.

What was typed with marks is matched with marks ("bán" is not "bạn"), what was typed without is matched folded.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.insight.folding import fold, toned
from bot.insight.normalising import normalise
from bot.pack import Concept

_TOKEN = re.compile(r"[^\W_]+|[^\w\s]")
_FINAL_I = re.compile(r"^(h|k|l|m|s|t|qu)y$")  # "lý" and "lí" are one word
_MARKED_SHARE = 0.25  # of the words; somebody who types marks reaches it
_USUAL = 0.4  # of all ways to mark the same letters
_PLAIN_WEIGHT = 10
_GAP = "…"
_WIDEST_GAP = 6  # words
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
        self._open: dict[str, list[tuple[tuple[Token, ...], tuple[Token, ...], Concept]]] = defaultdict(list)
        self.concepts: Mapping[str, Concept] = {concept.slug: concept for concept in concepts}
        for concept in self.concepts.values():
            for phrase in concept.phrases:
                words, end = (tuple(map(_token, _TOKEN.findall(part))) for part in _parted(phrase))
                if end:
                    self._open[words[0].key].append((words, end, concept))
                    continue
                self._phrases[tuple(word.key for word in words)].append((words, concept))
        self._longest = max(map(len, self._phrases), default=0)
        self._everywhere = {
            key(phrase) for one in self.concepts.values() if one.kind == "plain" for phrase in one.phrases
        }
        self._first = {words[0] for words in self._phrases if words}
        self._forms = _forms(self.concepts.values())

    def read(self, text: str) -> Reading:
        """The notions in a text."""
        found = tokens(text)
        letters = [token for token in found if token.word.isalpha()]
        with_marks = sum(token.is_marked for token in letters) >= _MARKED_SHARE * max(len(letters), 1)
        hits = _outermost([hit for place in range(len(found)) for hit in self._at(found, place, with_marks)])
        hits += [hit for place in range(len(found)) for hit in self._around(found, place, with_marks)]
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

    def _is_usual(self, word: Token) -> bool:
        """Whether a word is what its letters without marks mostly mean: "cau" is rather "cầu" than "cau"."""
        forms = self._forms[word.key]
        return forms[word.toned] >= _USUAL * forms.total()

    def _around(self, found: Sequence[Token], place: int, with_marks: bool) -> Iterator[Hit]:
        """The phrases with a gap that begin at a place; only their beginning is taken up."""
        for start, end, concept in self._open.get(found[place].key, ()):
            after = place + len(start)
            if _stands(found, place, start, with_marks) and any(
                _stands(found, at, end, with_marks) for at in _within_reach(found, after)
            ):
                yield Hit(concept, place, after)

    def _is_chance(self, typed: Sequence[Token], meant: Sequence[Token], with_marks: bool) -> bool:
        """Whether words that lack their marks are rather ones that stand everywhere: "cho" is no market."""
        other = [one for one, word in zip(typed, meant, strict=True) if one.toned != word.toned]
        if other and len(typed) == 1 and not self._is_usual(meant[0]):
            return True
        return (with_marks or len(typed) == 1) and any(one.key in self._everywhere for one in other)


def _forms(concepts: Iterable[Concept]) -> dict[str, Counter[str]]:
    """How often each way of marking the same letters stands in the phrases; a word that says nothing is a common one."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for concept in concepts:
        weight = _PLAIN_WEIGHT if concept.kind == "plain" else 1
        for phrase in concept.phrases:
            for word in map(_token, _TOKEN.findall(phrase)):
                forms[word.key][word.toned] += weight
    return forms


def _parted(phrase: str) -> tuple[str, str]:
    start, _, end = phrase.partition(_GAP)
    return start, end


def _stands(found: Sequence[Token], place: int, words: Sequence[Token], with_marks: bool) -> bool:
    typed = found[place : place + len(words)]
    return [one.key for one in typed] == [one.key for one in words] and _fits(typed, words, with_marks)


def _within_reach(found: Sequence[Token], after: int) -> Iterator[int]:
    """The places of the words behind a beginning, up to the end of its clause."""
    for place in range(after, min(after + _WIDEST_GAP + 1, len(found))):
        if not found[place].word.isalnum():
            return
        if place > after:
            yield place


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
