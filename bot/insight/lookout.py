"""Danger by rules and by what was learnt: rules for what is said outright, a model for what is said around it.

The model is asked where no rule speaks. Of texts that it had not seen and that say it only indirectly it found eight of ten
where the rules alone found two; it takes about two ordinary texts in a hundred for a sign. So what `danger.danger` says
is outright, and what only the lookout says is for somebody to look at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot import pack as packs
from bot.insight.concepts import Lexicon
from bot.insight.danger import Danger, danger
from bot.insight.features import features
from bot.insight.noise import noisy
from bot.insight.separating import Sample, separate
from bot.insight.topic_model import TopicModel, gathered, read_file, stamped, to_json
from bot.insight.training import examples_of
from bot.model import Json
from bot.pack import Example, Pack

FILE = "danger-model.json"  # in the folder of a pack
EXAMPLES = "danger.jsonl"
NONE = "none"
_WORDS = Lexicon(())
_SIGN = -0.3  # the margin from which a text is a sign: a missed one weighs more than a false one
_COST = 1.0
_OF_DANGER, _OF_OTHERS = 3.0, 1.0  # what a text counts
_LEAST = 0.02


class Lookout:
    """Looks out for people in danger. Built once; about 1 ms a text. Without a model the rules are alone."""

    def __init__(self, model: TopicModel | None = None) -> None:
        self._model = model

    def danger(self, text: str) -> Danger | None:
        """What the author or somebody near may be in danger of; None where nothing points to it."""
        found = danger(text)
        if found or self._model is None:
            return found
        margins = dict(zip(self._model.topics, self._model.margins(features(text, _WORDS)), strict=True))
        best = max(Danger, key=lambda kind: margins[kind])
        return best if margins[best] > _SIGN else None


def lookout(pack: Pack) -> Lookout:
    """The lookout of a pack, with its model if it has one. Raises PackError where the file cannot be read."""
    return Lookout(read_file(pack.folder / FILE))


def learn(folder: Path) -> Json:
    """The model of a pack's danger.jsonl, with its other texts as examples of no danger; for a worker."""
    pack = packs.load(folder)
    told = [*packs.told(folder / EXAMPLES), *(Example(one.text, (NONE,)) for one in examples_of(pack))]
    return to_json(stamped(replace(_fitted(told), source=digest(pack))))


def digest(pack: Pack) -> str:
    """What a model was learnt from, in ten letters."""
    told = [[one.text, one.topics[0]] for one in packs.told(pack.folder / EXAMPLES)]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:10]


def _fitted(told: Sequence[Example]) -> TopicModel:
    numbers: dict[str, int] = {}
    rows = [
        (
            tuple((numbers.setdefault(name, len(numbers)), v) for name, v in features(text, _WORDS).items()),
            one.topics[0],
            share,
        )
        for one in told
        for text, share in ((one.text, 1.0), (noisy(one.text, "unmarked"), 0.5), (noisy(one.text, "messy"), 0.5))
    ]
    samples = [Sample(found, share * (_OF_OTHERS if kind == NONE else _OF_DANGER)) for found, kind, share in rows]
    lines = [separate(samples, [own == kind for _, own, _ in rows], len(numbers), _COST) for kind in Danger]
    weights = gathered(list(Danger), [line[0] for line in lines], list(numbers), _LEAST)
    return TopicModel(tuple(Danger), tuple(line[1] for line in lines), weights, 1.0, 0.0)
