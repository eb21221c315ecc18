"""What a rule of the grammar is: a pattern over the text without marks, and what it makes of a place that fits."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.insight.dates.signs import Sign
from bot.insight.dates.words import MONTHS, NUMBERS, SPELLED
from bot.insight.dates.writing import Vocabulary, Writing
from bot.insight.folding import is_marked, toned

Meaning = TypeVar("Meaning")

START, END = r"(?:(?<![^\W_])|(?<=[0-9][hgt])(?=[0-9]))", r"(?![^\W_])"  # 8h20/3 and 01T08:30 begin anew in the middle
NUMBER = rf"(?>[0-9]{{1,2}}(?![0-9])|(?:{NUMBERS.pattern}){END})"  # never a shorter one: "muoi lam" is not ten
MONTH = rf"(?:{MONTHS.pattern}){END}"
DASH = r"[-–—~→]"
NUMBER_GROUPS = frozenset({"hour", "minute", "apart", "less", "minutes", "count", "day", "month"})
UNTIL = rf"(?:{DASH}>?|(?:den het|cho den|den|toi|to|till|until|through){END})"


@dataclass(frozen=True, slots=True)
class Hit:
    """A place of a text that fits the pattern of a rule; `before` is the sign that stands right before it."""

    match: re.Match[str]
    writing: Writing
    before: Sign | None

    def has(self, group: str) -> bool:
        return self.match[group] is not None

    def typed(self, group: str | int = 0) -> str:
        """What was typed there, with its marks."""
        start, end = self.match.span(group)
        return self.writing.typed[start:end]

    def number(self, group: str, otherwise: int = 0) -> int:
        """The number of a group that is there."""
        if not self.has(group):
            return otherwise
        found = self.match[group]
        return int(found) if found.isdigit() else NUMBERS.meaning(self.typed(group)) or 0

    def means(self, vocabulary: Vocabulary[Meaning], group: str = "word") -> Meaning | None:
        return vocabulary.meaning(self.typed(group))

    @property
    def is_spelled_so(self) -> bool:
        """Whether the marks that were typed are those of the words that the rule is about."""
        words = re.findall(r"[^\W\d_]+", self.typed())
        known = all(not is_marked(word) or toned(word) in SPELLED for word in words)
        return known and all(self._is_number(group) for group in self.match.groupdict() if group in NUMBER_GROUPS)

    def _is_number(self, group: str) -> bool:
        """Whether a number in words is one with these marks; in a text with marks, "sau" is not six."""
        found = self.match[group]
        if not found or found.isdigit():
            return True
        after = self.typed(group) == "sau" and self.writing.is_marked
        return not after and (found in ("a", "an") or NUMBERS.meaning(self.typed(group)) is not None)


Made = Sign | tuple[Sign, ...] | None  # None: the place means something else


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and what is made of a hit. What is `weak` counts only beside other signs."""

    pattern: re.Pattern[str]
    make: Callable[[Hit], Made]
    weak: frozenset[str] = frozenset()  # those of its words, typed without marks, that are weak
    any_marks: bool = False  # it is about words whose marks are wrong, and weak

    def make_of(self, hit: Hit) -> Made:
        """What the rule makes of a hit, if the marks are those of its words."""
        return self.make(hit) if self.any_marks or hit.is_spelled_so else None


def rule(pattern: str, make: Callable[[Hit], Made], weak: str = "") -> Rule:
    """A rule whose pattern begins where a word begins."""
    return Rule(re.compile(START + pattern), make, frozenset(weak.split()))
