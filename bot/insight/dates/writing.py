"""A text as it was typed beside the same text without marks, and what words mean with their marks or without."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.insight.folding import clean, fold, is_marked, toned

_UNKNOWN = "\N{WHITE SQUARE}"  # for a character that is not one plain letter, digit or sign
Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True)
class Writing:
    """A text in lower case; `folded` has no marks, and a place in one is the same place in the other."""

    typed: str
    folded: str

    @property
    def is_marked(self) -> bool:
        return self.typed != self.folded


def writing(text: str) -> Writing:
    """The text made comparable."""
    pairs = [(char, _plain(char)) for char in clean(text).lower()]
    return Writing("".join(char for char, plain in pairs if plain), "".join(plain for _, plain in pairs))


def _plain(char: str) -> str:
    """The character without marks; nothing for a mark that stands alone."""
    if char.isascii():
        return char
    apart = unicodedata.normalize("NFKD", fold(char) or char)
    kept = "".join(one for one in apart if not unicodedata.combining(one))
    return kept if len(kept) <= 1 else _UNKNOWN


class Vocabulary(Generic[Meaning]):
    """Phrases and what they mean. Typed without marks a phrase may be another one too: the first of them counts."""

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        self.words = frozenset(toned(word) for phrase in meanings for word in phrase.split())
        self._known: dict[str, list[tuple[list[str], Meaning]]] = defaultdict(list)
        for phrase, meaning in meanings.items():
            self._known[fold(phrase)].append(([toned(word) for word in phrase.split()], meaning))

    @property
    def pattern(self) -> str:
        """All phrases without marks for a regular expression, the longest first."""
        return "|".join(re.escape(phrase) for phrase in sorted(self._known, key=lambda phrase: (-len(phrase), phrase)))

    def meaning(self, typed: str) -> Meaning | None:
        """What a phrase means as it was typed; None for one that is not known with these marks."""
        return next(self._meanings(typed), None)

    def _meanings(self, typed: str) -> Iterator[Meaning]:
        words = typed.split()
        for spelled, meaning in self._known.get(fold(typed), ()):
            if all(not is_marked(word) or toned(word) == meant for word, meant in zip(words, spelled, strict=True)):
                yield meaning
