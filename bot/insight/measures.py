"""Figures of how right the readings of texts are: shares, bounds, F1, and measures of groups."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

_DRAWS = 2000
_BOUND = 0.1  # the lower end of a one-sided interval of 90 %


def share(truths: Sequence[bool]) -> float:
    """The share of what is true; 0 of nothing."""
    return sum(truths) / len(truths) if truths else 0.0


def lower_bound(truths: Sequence[bool]) -> float:
    """The lower 90 % bound of a share, by 2,000 bootstrap draws; the same for the same truths."""
    if not truths:
        return 0.0
    chance = random.Random(len(truths))  # noqa: S311 - a measurement, no secret
    shares = sorted(sum(chance.choices(truths, k=len(truths))) / len(truths) for _ in range(_DRAWS))
    return shares[int(_BOUND * _DRAWS)]


def macro_f1(wanted: Sequence[Sequence[str]], found: Sequence[str], least: int = 8) -> float:
    """The mean F1 over main topics with at least so many texts; any listed topic counts as found."""
    counts = Counter(topics[0] for topics in wanted)
    scores = [_f1_of(slug, wanted, found) for slug, count in counts.items() if count >= least]
    return sum(scores) / len(scores) if scores else 0.0


def _f1_of(slug: str, wanted: Sequence[Sequence[str]], found: Sequence[str]) -> float:
    right = sum(one == slug and slug in topics for topics, one in zip(wanted, found, strict=True))
    missed = sum(topics[0] == slug and one not in topics for topics, one in zip(wanted, found, strict=True))
    wrong = sum(one == slug and slug not in topics for topics, one in zip(wanted, found, strict=True))
    return 2 * right / (2 * right + missed + wrong) if right else 0.0


@dataclass(frozen=True, slots=True)
class Grouped:
    """How well groups were found. Precision, recall and F1 are of pairs; `merged` is the share of singles not alone."""

    precision: float
    recall: float
    f1: float
    merged: float
    b_cubed: float


def grouped(wanted: Mapping[str, Hashable | None], found: Mapping[str, Hashable]) -> Grouped:
    """Compares groups; `wanted` maps an id to its group or None for one that belongs nowhere."""
    clusters: dict[Hashable, list[str]] = defaultdict(list)
    for id_, cluster in found.items():
        clusters[cluster].append(id_)
    sizes = Counter(group for group in wanted.values() if group is not None)
    pairs = sum(size * (size - 1) // 2 for size in sizes.values())
    made = sum(len(ids) * (len(ids) - 1) // 2 for ids in clusters.values())
    right = sum(_pairs_within(ids, wanted) for ids in clusters.values())
    precision, recall = right / made if made else 0.0, right / pairs if pairs else 0.0
    merged = share([len(clusters[found[id_]]) > 1 for id_, group in wanted.items() if group is None])
    return Grouped(precision, recall, _harmonic(precision, recall), merged, _b_cubed(wanted, found, clusters))


def _pairs_within(ids: Sequence[str], wanted: Mapping[str, Hashable | None]) -> int:
    sizes = Counter(wanted[id_] for id_ in ids if wanted[id_] is not None)
    return sum(size * (size - 1) // 2 for size in sizes.values())


def _b_cubed(
    wanted: Mapping[str, Hashable | None], found: Mapping[str, Hashable], clusters: Mapping[Hashable, Sequence[str]]
) -> float:
    """B-cubed F1 (Bagga and Baldwin, 1998); one that belongs nowhere is a group of its own."""
    own: dict[str, Hashable] = {id_: ("alone", id_) if group is None else group for id_, group in wanted.items()}
    sizes = Counter(own.values())
    precision = recall = 0.0
    for id_, cluster in found.items():
        same = sum(own[other] == own[id_] for other in clusters[cluster])
        precision += same / len(clusters[cluster])
        recall += same / sizes[own[id_]]
    return _harmonic(precision / len(found), recall / len(found)) if found else 0.0


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0
