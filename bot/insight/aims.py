"""What a text is after, whatever it is about: an amount, a place, leave to do something, something built, somebody stopped.

Two texts on one subject ask for the same only where they are after the same. Learnt from `aims.jsonl` of the pack.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from bot import pack as packs
from bot.insight.concepts import Lexicon, Reading
from bot.insight.noise import noisy
from bot.insight.separating import Sample, separate
from bot.insight.topic_model import TopicModel, gathered, stamped, to_json
from bot.model import Json
from bot.pack import Example, Pack

FILE = "aims-model.json"  # in the folder of a pack
EXAMPLES = "aims.jsonl"
_NOISES = ("unmarked", "messy")
_NOISY = 0.5  # what a noisy variant counts beside its text
_COST = 0.3
_LEAST = 0.01
_ASKED, _EVERYDAY, _ABOUT, _WORD = 1.5, 0.5, 0.3, 0.5  # what each kind of feature weighs
_LAST, _FIRST = 4, 2  # words at the end and the beginning, where the question mostly stands
_SHORT, _LONG = 14, 30  # words
_SHARPNESS = 4.0  # of the shares
_KEPT = 0.02  # shares below are dropped


def features_of(reading: Reading) -> dict[str, float]:
    """What of a text that was read tells what it is after, and how strongly."""
    return dict(_features(reading))


def _features(reading: Reading) -> Iterator[tuple[str, float]]:
    for hit in reading.hits:
        if hit.concept.kind == "ask":
            yield f"a:{hit.concept.slug}", _ASKED
        elif hit.concept.kind == "word":
            yield f"e:{hit.concept.slug}", _EVERYDAY
        elif hit.concept.kind == "thing":
            yield f"g:{hit.concept.topic}", _ABOUT
    words = [token.key for token in reading.tokens]
    yield from ((f"w:{word}", _WORD) for word in words)
    yield from ((f"p:{one} {other}", _WORD) for one, other in pairwise(words))
    yield from ((f"l:{word}", _WORD) for word in words[-_LAST:])
    yield from ((f"f:{word}", _WORD) for word in words[:_FIRST])
    yield "short", float(len(words) <= _SHORT)
    yield "long", float(len(words) > _LONG)


def shares(model: TopicModel, reading: Reading) -> dict[str, float]:
    """How likely a text is after each aim; what is next to nothing is left out."""
    margins = model.margins(features_of(reading))
    raised = [math.exp(_SHARPNESS * (margin - max(margins))) for margin in margins]
    found = {aim: round(one / sum(raised), 3) for one, aim in zip(raised, model.topics, strict=True)}
    return {aim: share for aim, share in found.items() if share >= _KEPT}


def learn(folder: Path) -> Json:
    """The model of a pack's aims.jsonl; for a worker."""
    pack = packs.load(folder)
    return to_json(
        stamped(replace(_fitted(packs.told(folder / EXAMPLES), Lexicon(pack.concepts)), source=digest(pack)))
    )


def digest(pack: Pack) -> str:
    """What a model was learnt from, in ten letters."""
    told = [[one.text, one.topics[0]] for one in packs.told(pack.folder / EXAMPLES)]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:10]


def _fitted(told: Sequence[Example], lexicon: Lexicon) -> TopicModel:
    numbers: dict[str, int] = {}
    rows = [
        (
            tuple((numbers.setdefault(name, len(numbers)), v) for name, v in features_of(lexicon.read(text)).items()),
            one.topics[0],
            weight,
        )
        for one in told
        for text, weight in ((one.text, 1.0), *((noisy(one.text, kind), _NOISY) for kind in _NOISES))
    ]
    aims = sorted({own for _, own, _ in rows})
    samples = [Sample(found, weight) for found, _, weight in rows]
    lines = [separate(samples, [own == aim for _, own, _ in rows], len(numbers), _COST) for aim in aims]
    weights = gathered(aims, [line[0] for line in lines], list(numbers), _LEAST)
    return TopicModel(tuple(aims), tuple(line[1] for line in lines), weights, 1.0, 0.0)
