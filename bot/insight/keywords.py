"""Topics by the words that a pack lists: for packs whose topics nobody has trained a model for.

Two things speak for a topic: the weighted words and phrases of the pack, and words that its example sentences use more
than those of other topics. Text typed with marks is read with marks ("bán" is not "bạn"), text without is folded.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from bot.insight.folding import fold, is_marked, spelled, toned
from bot.pack import OTHER, Topic

_HALF = 2.0  # the weight at which the score is 0.63
_EXAMPLE_WEIGHT = 0.4  # what a word of the examples may say beside a keyword of 1
_MARKED_SHARE = 0.25  # of the words; somebody who types marks reaches it

_Form = Callable[[str], str]


class Keywords:
    """Scores texts by listed words. Built once; under 1 ms a text."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._marked = _Weights(topics, toned)
        self._folded = _Weights(topics, fold)

    def scores(self, text: str) -> dict[str, float]:
        """How strongly a text speaks of each topic that it speaks of, from 0 to 1."""
        totals = {slug: sum(terms.values()) for slug, terms in self._found(text).items()}
        return {slug: 1 - math.exp(-total / _HALF) for slug, total in totals.items()}

    def why(self, text: str, slug: str) -> list[str]:
        """The words of a text that spoke for a topic, the strongest first."""
        terms = self._found(text).get(slug, {})
        return [term for term, weight in sorted(terms.items(), key=lambda item: (-item[1], item[0])) if weight > 0]

    def _found(self, text: str) -> dict[str, dict[str, float]]:
        typed = spelled(text)
        marked = sum(map(is_marked, typed))
        weights = self._marked if marked and marked >= _MARKED_SHARE * len(typed) else self._folded
        return weights.found(typed)


class _Weights:
    """What each word or phrase says for each topic, in one form of spelling."""

    def __init__(self, topics: Sequence[Topic], form: _Form) -> None:
        self._form = form
        self._terms: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
        for term, slug, weight in _from_examples(topics, form):
            self._terms[term][slug] = weight
        for topic in topics:  # a keyword rules over what the examples say
            for phrase, weight in (topic.keywords or {}).items():
                self._terms[self._formed(spelled(phrase))][topic.slug] = weight
        self._longest = max(map(len, self._terms), default=0)

    def _formed(self, typed: Iterable[str]) -> tuple[str, ...]:
        return tuple(self._form(word) for word in typed)

    def found(self, typed: Sequence[str]) -> dict[str, dict[str, float]]:
        """By topic, the terms in a text as typed, and their weights. A term counts once however often it stands."""
        formed = self._formed(typed)
        found: dict[str, dict[str, float]] = defaultdict(dict)
        for length in range(1, self._longest + 1):
            for start in range(len(formed) - length + 1):
                term = formed[start : start + length]
                for slug, weight in self._terms.get(term, {}).items():
                    found[slug][" ".join(typed[start : start + length]).lower()] = weight
        return found


def _from_examples(topics: Sequence[Topic], form: _Form) -> Iterable[tuple[tuple[str, ...], str, float]]:
    """Words and pairs that the examples of a topic use more than all others do, with their weight for it."""
    counts = {topic.slug: Counter(_terms(topic.examples, form)) for topic in topics}
    everywhere = sum(counts.values(), Counter())
    spread = Counter(term for used in counts.values() for term in used)
    for slug, used in counts.items():
        if slug == OTHER:
            continue
        for term, times in used.items():
            share = times / everywhere[term]
            rarity = math.log(len(topics) / spread[term]) / math.log(len(topics))
            weight = _EXAMPLE_WEIGHT * share * rarity * min(times, 3)
            if weight > _EXAMPLE_WEIGHT / 10:
                yield term, slug, weight


def _terms(examples: Sequence[str], form: _Form) -> Iterable[tuple[str, ...]]:
    """The words and pairs of words of each example, once an example."""
    for example in examples:
        formed = [form(word) for word in spelled(example)]
        yield from {(word,) for word in formed}
        yield from set(pairwise(formed))
