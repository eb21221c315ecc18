"""Training of the topics: from the examples of a pack and from what staff and authors corrected. Heavy: for a worker.

A new model is kept only if it is not worse on the fixed part of the examples, which no model that is compared has seen.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot import pack as packs
from bot.insight.concepts import Lexicon
from bot.insight.features import features
from bot.insight.noise import noisy
from bot.insight.separating import Sample, separate
from bot.insight.topic_model import TopicModel, gathered, stamped, to_json
from bot.model import Json
from bot.pack import Example, Pack

_COST = 0.3
_NOISES = ("unmarked", "messy")
_NOISY = 0.5  # what a noisy variant counts beside its text
_BESIDE = 0.4  # what a text counts for its second and third topic
_PHRASE = 0.3  # what a phrase of the lexicon counts
_LEAST = 0.01  # weights below are dropped
_FIXED = 5  # one text in so many is of the fixed part
_STEPS, _STRIDE = 150, 8.0  # of the calibration
_BY = {"staff": 2.0, "author": 1.0}  # what a correction counts, by who made it


@dataclass(frozen=True, slots=True)
class Correction:
    """A text whose topics somebody put right, the main one first. `by` is "staff" or "author"."""

    text: str
    topics: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class _Row:
    features: dict[str, float]
    topics: tuple[str, ...]
    weight: float


def train(folder: Path, corrections: Sequence[tuple[str, tuple[str, ...], str]] = (), held_out: float = 0.0) -> Json:
    """A model for the pack in a folder: `{"model": …, "kept": bool, "before": share, "after": share}`.

    `corrections` are (text, topics, by) rows; `held_out` is what the model in use got right on the fixed part, 0 to
    measure it anew. Shares are of texts whose first topic is one of those given. Not kept: the model in use stays.
    """
    pack = packs.load(folder)
    lexicon = Lexicon(pack.concepts)
    examples = examples_of(pack)
    corrected = [Correction(text, tuple(topics), by) for text, topics, by in corrections if topics]
    learnt, fixed = [one for one in examples if not is_fixed(one.text)], [one for one in examples if is_fixed(one.text)]
    tried = _fitted(pack, lexicon, learnt, corrected)
    before = held_out or (_measured(_fitted(pack, lexicon, learnt, ()), lexicon, fixed) if corrected else 0.0)
    after = _measured(tried, lexicon, fixed)
    steepness, middle = _calibrated(tried, lexicon, fixed)
    whole = _fitted(pack, lexicon, examples, corrected)
    model = stamped(replace(whole, steepness=steepness, middle=middle, source=digest(pack), held_out=after))
    return {"model": to_json(model), "kept": not corrected or after >= before, "before": before, "after": after}


def examples_of(pack: Pack) -> list[Example]:
    """Every made-up text of a pack that says what it is about."""
    own = [Example(text, (topic.slug,)) for topic in pack.topics for text in topic.examples]
    seen = {one.text: one for one in (*own, *packs.examples(pack.folder))}
    return list(seen.values())


def is_fixed(text: str) -> bool:
    """Whether a text belongs to the part that is only measured on; it stays there for good."""
    return hashlib.sha256(text.encode()).digest()[0] % _FIXED == 0


def digest(pack: Pack) -> str:
    """What a model was trained on, in ten letters: another one tells that the model is out of date."""
    told = [[one.text, list(one.topics)] for one in examples_of(pack)]
    notions = [[one.slug, one.kind, one.topic, list(one.phrases)] for one in pack.concepts]
    return hashlib.sha256(json.dumps([told, notions], ensure_ascii=False).encode()).hexdigest()[:10]


# -- fitting


def _measured(model: TopicModel, lexicon: Lexicon, fixed: Sequence[Example]) -> float:
    """The share of the fixed part that a model trained without it gets right, typed well and typed badly."""
    asked = _asked(fixed)
    right = sum(_best(model, lexicon, text) in topics for text, topics in asked)
    return right / len(asked) if asked else 0.0


def _asked(fixed: Sequence[Example]) -> list[tuple[str, tuple[str, ...]]]:
    return [(text, one.topics) for one in fixed for text in (one.text, noisy(one.text, "messy"))]


def _best(model: TopicModel, lexicon: Lexicon, text: str) -> str:
    margins = model.margins(features(text, lexicon))
    return model.topics[margins.index(max(margins))]


def _fitted(pack: Pack, lexicon: Lexicon, examples: Sequence[Example], corrected: Sequence[Correction]) -> TopicModel:
    rows = list(_rows(pack, lexicon, examples, corrected))
    numbers: dict[str, int] = {}
    for row in rows:
        for name in row.features:
            numbers.setdefault(name, len(numbers))
    samples = [Sample(tuple((numbers[n], v) for n, v in row.features.items()), row.weight) for row in rows]
    topics = tuple(topic.slug for topic in pack.topics)
    found = [separate(samples, [topic == row.topics[0] for row in rows], len(numbers), _COST) for topic in topics]
    weights = gathered(topics, [one[0] for one in found], list(numbers), _LEAST)
    bias = tuple(one[1] for one in found)
    return TopicModel(topics, bias, weights, 1.0, 0.0)


def _rows(pack: Pack, lexicon: Lexicon, examples: Sequence[Example], corrected: Sequence[Correction]) -> Iterable[_Row]:
    told = [(one.text, one.topics, 1.0) for one in examples]
    told += [(one.text, one.topics, _BY.get(one.by, 1.0)) for one in corrected]
    for text, topics, weight in told:
        own = features(text, lexicon)
        yield _Row(own, topics, weight)
        yield from (_Row(own, (topic, *topics), weight * _BESIDE) for topic in topics[1:])
        yield from (_Row(features(noisy(text, kind), lexicon), topics, weight * _NOISY) for kind in _NOISES)
    for concept in pack.concepts:
        if concept.topic:
            yield from (_Row(features(phrase, lexicon), (concept.topic,), _PHRASE) for phrase in concept.phrases)


def _calibrated(model: TopicModel, lexicon: Lexicon, fixed: Sequence[Example]) -> tuple[float, float]:
    """Steepness and middle of the curve from margins to scores, by texts that the model has not seen (Platt, 1999)."""
    pairs = [
        (margin, float(topic in topics))
        for text, topics in _asked(fixed)
        for topic, margin in zip(model.topics, model.margins(features(text, lexicon)), strict=True)
    ]
    steepness, shift = 4.0, 0.0
    for _ in range(_STEPS if pairs else 0):
        slopes = [0.0, 0.0]
        for margin, truth in pairs:
            off = 1 / (1 + math.exp(-(steepness * margin + shift))) - truth
            slopes[0] += off * margin
            slopes[1] += off
        steepness -= _STRIDE * slopes[0] / len(pairs)
        shift -= _STRIDE * slopes[1] / len(pairs)
    return steepness, -shift / steepness
