"""What a short text means where everything is typed: a number of the list, a word for a command, or only itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.insight.folding import fold, is_marked, spelled, toned
from bot.lists import PAGE, choices, is_back
from bot.texts import Texts
from storage import codes

MORE = "more"  # the next page of the list
AS_TEXT = "as-text"  # what was typed is a text after all
BACK, SKIP = "back", "skip"  # what is offered by words
LONGEST = 60  # characters of what may be more than a text
_DIGITS = re.compile(r"\s*(\d{1,2})\s*[.)]?\s*", re.ASCII)

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spelling:
    """Words to be known again: as spelled, with their marks in one order, and without any in one piece."""

    words: Words
    toned: Words
    bare: str

    @classmethod
    def of(cls, text: str) -> Spelling:
        words = words_of(text)
        return cls(words, tuple(map(toned, words)), "".join(map(fold, words)))

    def is_typed(self, typed: Words) -> bool:
        """Whether it was typed: with its marks, or without any and however apart ("gopy", "gop y")."""
        if any(map(is_marked, typed)):
            return tuple(map(toned, typed)) == self.toned
        return bool(typed) and "".join(map(fold, typed)) == self.bare


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text stands for: the data of a button, a command, or MORE.

    One that is not `certain` may be meant as a text: it is this only where no question takes it as one. `number` is that
    of a choice, which belongs to the list that it was read in.
    """

    data: str
    certain: bool = True
    number: int = 0


@dataclass(frozen=True)
class Lexicon:
    """The words of all languages, each as it is spelled: those of commands and steps, and of numbers."""

    known: Mapping[str, Sequence[Spelling]]
    numbers: Mapping[int, Sequence[Spelling]]
    before_numbers: Sequence[Spelling]
    before_codes: Sequence[Spelling]

    @classmethod
    def of(cls, texts: Texts) -> Lexicon:
        """The words of the table `word`; a command that is in it has those of its own too."""
        listed = {name: _listed(texts, f"word.{name}") for name in texts.family("word.")}
        spelled_out = listed.pop("numbers", [])
        return cls(
            before_numbers=[word for words in listed.pop("number", []) for word in words],
            before_codes=[word for words in listed.pop("send", []) for word in words],
            numbers={n: [words[n - 1] for words in spelled_out if n <= len(words)] for n in range(1, PAGE + 1)},
            known={
                name: [*(word for words in lists for word in words), *_commands(texts, name)]
                for name, lists in listed.items()
            },
        )

    def find(self, typed: Words) -> str:
        """What the words stand for, if they are nothing but that; "" for anything else."""
        return next((name for name, ways in self.known.items() if any(way.is_typed(typed) for way in ways)), "")

    def number(self, typed: Words) -> int:
        """The number that is written, with or without a word such as "number" before it; 0 for anything else."""
        for before in self.before_numbers:
            rest = typed[len(before.words) :]
            if rest and before.is_typed(typed[: len(before.words)]):
                return int(rest[0]) if _DIGITS.fullmatch(" ".join(rest)) else self._spelled_out(rest)
        return self._spelled_out(typed)

    def _spelled_out(self, typed: Words) -> int:
        return next((n for n, ways in self.numbers.items() if any(way.is_typed(typed) for way in ways)), 0)

    def code(self, typed: Words) -> str:
        """The code that is sent, alone or after a word such as "send"; "" for anything else."""
        before, code = typed[:-1], typed[-1].upper() if typed else ""
        if not codes.SHAPE.fullmatch(code):
            return ""
        return code if not before or any(way.is_typed(before) for way in self.before_codes) else ""


def _listed(texts: Texts, key: str) -> list[list[Spelling]]:
    """What a text lists, in each language."""
    return [[Spelling.of(one) for one in text.split(",")] for text in sorted(texts.every(key))]


def _commands(texts: Texts, name: str) -> list[Spelling]:
    """The words of a command where it has a stroke before it."""
    key = f"command.{name}"
    return [Spelling.of(word) for word in (name, *sorted(texts.every(key)))] if texts.has(key) else []


def words_of(text: str) -> Words:
    """The words of a text as typed."""
    return tuple(spelled(text))


def meaning(text: str, lexicon: Lexicon, data: Sequence[str]) -> Meaning | None:
    """What a text means after a reply with those buttons; None where it is only a text."""
    numbered, typed = choices(data), words_of(text)
    if len(text) > LONGEST or not typed or text.startswith("/"):
        return None
    if digits := _DIGITS.fullmatch(text):
        return _choice(int(digits[1]), numbered, data)
    match lexicon.find(typed):
        case "":
            pass
        case name if name == BACK:
            return _choice(0, numbered, data)
        case name if name == SKIP:
            return next((Meaning(one) for one in numbered if one.endswith(f".{SKIP}")), None)
        case name if name == MORE:
            return Meaning(MORE) if len(numbered) > PAGE else None
        case name:
            return Meaning(f"/{name}", certain=False)
    number = lexicon.number(typed)
    return _choice(number, numbered, data, certain=False) if number else None


def _choice(number: int, numbered: Sequence[str], data: Sequence[str], *, certain: bool = True) -> Meaning | None:
    if number == 0:
        return Meaning(next((one for one in data if is_back(one)), "/back"))
    return Meaning(numbered[number - 1], certain, number) if number <= len(numbered) else None
