"""A linear model of topics as plain numbers: what each feature of a text says for each topic."""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.insight.stored import stored
from bot.model import Json

_DIGITS = 1000  # weights are stored in thousandths


@dataclass(frozen=True, slots=True)
class TopicModel:
    """`weights` maps a feature to (index of a topic, weight) pairs; `steepness` and `middle` make margins into scores.

    `source` is a digest of what it was trained on; `held_out` the share of the fixed part of the examples it got right.
    """

    topics: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, Sequence[tuple[int, float]]]
    steepness: float
    middle: float
    source: str = ""
    held_out: float = 0.0
    version: str = ""  # a digest of all its numbers, which stands on every tag

    def margins(self, found: Mapping[str, float]) -> list[float]:
        """How far a text lies on the side of each topic, by its features."""
        totals = list(self.bias)
        for name, strength in found.items():
            for index, weight in self.weights.get(name, ()):
                totals[index] += weight * strength
        return totals

    def score(self, margin: float) -> float:
        """A margin as a score from 0 to 1, the share of such tags that people would keep."""
        return 1 / (1 + math.exp(-self.steepness * (margin - self.middle)))

    def spoken(self, found: Mapping[str, float], topic: str) -> dict[str, float]:
        """What each feature says for a topic, or against it."""
        index = self.topics.index(topic)
        return {
            name: strength * weight
            for name, strength in found.items()
            for other, weight in self.weights.get(name, ())
            if other == index
        }


def to_json(model: TopicModel) -> Json:
    """The model as plain JSON."""
    weights: dict[str, list[int]] = {}
    for name, pairs in model.weights.items():
        weights[name] = [number for index, weight in pairs for number in (index, round(weight * _DIGITS))]
    return {
        "topics": list(model.topics),
        "bias": [round(value, 4) for value in model.bias],
        "steepness": round(model.steepness, 4),
        "middle": round(model.middle, 4),
        "source": model.source,
        "held_out": round(model.held_out, 4),
        "version": model.version,
        "weights": weights,
    }


def stamped(model: TopicModel) -> TopicModel:
    """The model with its version."""
    numbers = json.dumps(to_json(replace(model, version="")), sort_keys=True)
    return replace(model, version=hashlib.sha256(numbers.encode()).hexdigest()[:10])


def from_json(raw: Json) -> TopicModel:
    """The model of to_json. Raises KeyError, TypeError or ValueError for anything else."""
    weights = {
        name: tuple((numbers[at], numbers[at + 1] / _DIGITS) for at in range(0, len(numbers), 2))
        for name, numbers in raw["weights"].items()
    }
    return TopicModel(
        tuple(raw["topics"]),
        tuple(raw["bias"]),
        weights,
        raw["steepness"],
        raw["middle"],
        raw["source"],
        raw["held_out"],
        raw["version"],
    )


def read_file(file: Path) -> TopicModel | None:
    """The model in a file; None where there is none. Raises PackError for a file that is no model."""
    return stored(file, from_json, "model of topics")


def gathered(
    topics: Sequence[str], weights: Sequence[Sequence[float]], names: Sequence[str], least: float
) -> dict[str, tuple[tuple[int, float], ...]]:
    """By feature the weights of each topic that are at least so far from 0; `weights` has a row a topic."""
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for index in range(len(topics)):
        for name, weight in zip(names, weights[index], strict=True):
            if abs(weight) >= least:
                found[name].append((index, weight))
    return {name: tuple(pairs) for name, pairs in found.items()}
