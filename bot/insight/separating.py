"""A support vector machine for sparse texts, in plain Python: one line between a topic and all others.

Dual coordinate descent for the squared hinge loss: Hsieh, Chang, Lin, Keerthi, Sundararajan, "A Dual Coordinate Descent
Method for Large-scale Linear SVM", ICML 2008, algorithm 1 with shrinking left out. Deterministic: the order is seeded.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

_ROUNDS = 30
_STILL = 0.02  # a round whose largest step is below ends it


@dataclass(frozen=True, slots=True)
class Sample:
    """A text as (number of a feature, strength) pairs, with what it counts beside others."""

    features: tuple[tuple[int, float], ...]
    weight: float


def separate(samples: Sequence[Sample], is_of: Sequence[bool], width: int, cost: float) -> tuple[list[float], float]:
    """The weight of each of `width` features, and the bias, so that texts of the topic lie above 0 and others below."""
    weights, bias = [0.0] * width, 0.0
    alphas = [0.0] * len(samples)
    softness = [1 / (2 * cost * sample.weight) for sample in samples]
    curves = [
        sum(strength * strength for _, strength in sample.features) + 1 + soft
        for sample, soft in zip(samples, softness, strict=True)
    ]
    order = list(range(len(samples)))
    chance = random.Random(0)  # noqa: S311 - the order of the samples, no secret
    for _ in range(_ROUNDS):
        chance.shuffle(order)
        largest = 0.0
        for place in order:
            side = 1.0 if is_of[place] else -1.0
            features = samples[place].features
            margin = bias + sum([weights[name] * strength for name, strength in features])
            slope = side * margin - 1 + softness[place] * alphas[place]
            before = alphas[place]
            if before == 0 and slope >= 0:
                continue
            alphas[place] = max(before - slope / curves[place], 0.0)
            step = (alphas[place] - before) * side
            largest = max(largest, abs(step))
            if step:
                bias += step
                for name, strength in features:
                    weights[name] += step * strength
        if largest < _STILL:
            break
    return weights, bias
