"""Learns what texts mean, for `make likeness`: from needs that were each told in several ways.

Starts from a singular value decomposition of the features, as latent semantic analysis does (Deerwester et al., 1990), and
goes on with a supervised contrastive loss (Khosla et al., "Supervised Contrastive Learning", NeurIPS 2020) by Adam. Whole
families stand in a batch, so that what shares object and words and asks something else is what is told apart.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

from bot.insight.noise import noisy
from bot.insight.profiles import Profiler
from bot.insight.senses import Senses, features_of, to_json
from bot.pack import Concept

NEEDS = "needs.txt"  # in the folder of a pack
WIDTH = 96
CELLS = 256
_NOISES = ("unmarked", "messy")
LEAST = 3  # texts that a feature has to stand in, or as many as there are variants of each with their noisy ones
ROUNDS = 10
_MOVES = 10  # of the middles of cells
_FAMILIES = 32  # in a batch
_WARMTH = 0.1  # the temperature of the loss
_DROPPED = 0.2  # of the features of a text, each time it is seen
_PLAIN = 0.5  # how often a text is seen as it was written
_STRIDE, _LAST_STRIDE = 0.003, 0.1
_KEEP, _KEEP_SQUARES = 0.9, 0.999  # Adam's
_START = 0.3
_SMALL = 1e-6
_COUNTS_LEAST = 0.01
_MOST, _CLIPPED = 127, 4.5  # signed bytes, and what they reach to in standard deviations

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Told:
    """One way of telling a need; families hold needs that share an object and ask for different things."""

    text: str
    family: int
    need: int


def needs(file: Path) -> list[Told]:
    """What a file of needs tells: "# family", "## need", then a text a line. Raises ValueError for a text before both."""
    family = need = -1
    found = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if line.startswith("## "):
            need += 1
        elif line.startswith("# "):
            family += 1
        elif line.strip():
            if min(family, need) < 0:
                raise ValueError(f"{file}:{number}: a text before the first family and need")
            found.append(Told(line.strip(), family, need))
    return found


def digest(told: Sequence[Told], concepts: Iterable[Concept]) -> str:
    """What senses were learnt from, the needs and the lexicon, in ten letters."""
    notions = [(one.slug, one.kind, one.phrases) for one in concepts]
    texts = [(one.text, one.family, one.need) for one in told]
    return hashlib.sha256(repr([notions, texts]).encode()).hexdigest()[:10]


def learn(
    told: Sequence[Told], profiler: Profiler, width: int = WIDTH, rounds: int = ROUNDS, least: int = LEAST
) -> Senses:
    """The senses by which such needs are told apart best; about a minute for 20,000 texts. The same for the same texts."""
    features = [
        [_features(profiler, text) for text in (one.text, *(noisy(one.text, k) for k in _NOISES))] for one in told
    ]
    rarity = _rarities(features, least)
    variants = [_matrix([row[number] for row in features], rarity) for number in range(1 + len(_NOISES))]
    turned = _trained(_start(variants[0], width), variants, told, rounds)
    middles = _middles(_on_sphere(variants[0] @ turned), min(CELLS, len(told)))
    return _stored(
        turned * np.array(list(rarity.values()), np.float32)[:, None], middles, rarity, digest(told, profiler.concepts)
    )


_Names = dict[str, list[str]]


def _features(profiler: Profiler, text: str) -> _Names:
    return features_of(profiler.read(text))


def _rarities(features: Sequence[Sequence[_Names]], least: int) -> dict[str, float]:
    plain = Counter(name for row in features for names in row[0].values() for name in names)
    every = Counter(name for row in features for variant in row for names in variant.values() for name in names)
    kept = (name for name in every if plain[name] >= least or every[name] >= (1 + len(_NOISES)) * least)
    return {
        name: max(_COUNTS_LEAST, round(float(np.log((len(features) + 2) / (plain[name] + 0.5))), 2)) for name in kept
    }


def _matrix(texts: Sequence[_Names], rarity: dict[str, float]) -> sparse.csr_matrix:
    """A row a text: the rarity of each feature, brought to length 1 by kind."""
    places = {name: place for place, name in enumerate(rarity)}
    rows, columns, values = list[int](), list[int](), list[float]()
    for row, kinds in enumerate(texts):
        for names in kinds.values():
            known = [name for name in names if name in places]
            length = sum(rarity[name] ** 2 for name in known) ** 0.5
            rows += [row] * len(known)
            columns += [places[name] for name in known]
            values += [rarity[name] / length for name in known]
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(texts), len(rarity)), dtype=np.float32)


def _start(matrix: sparse.csr_matrix, width: int) -> Matrix:
    _, strengths, turned = svds(matrix, k=width, random_state=0)
    found: Matrix = (turned.T / strengths[None] * strengths.mean() * _START).astype(np.float32)
    return found


def _trained(turned: Matrix, variants: Sequence[sparse.csr_matrix], told: Sequence[Told], rounds: int) -> Matrix:
    chance = np.random.default_rng(0)
    need = np.array([one.need for one in told])
    mean, squares, step = np.zeros_like(turned), np.zeros_like(turned), 0
    for done in range(rounds):
        stride = _STRIDE * (1 - (1 - _LAST_STRIDE) * done / rounds)
        for batch in _batches(told, chance):
            seen = _seen(variants, batch, chance)
            slope = seen.T @ _pull(seen @ turned, need[batch])
            step += 1
            mean = _KEEP * mean + (1 - _KEEP) * slope
            squares = _KEEP_SQUARES * squares + (1 - _KEEP_SQUARES) * slope * slope
            spread = np.sqrt(squares / (1 - _KEEP_SQUARES**step)) + _SMALL
            turned = turned - stride * (mean / (1 - _KEEP**step)) / spread
    return turned


def _batches(told: Sequence[Told], chance: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    family = np.array([one.family for one in told])
    order = chance.permutation(family.max() + 1)
    for start in range(0, len(order), _FAMILIES):
        yield np.flatnonzero(np.isin(family, order[start : start + _FAMILIES]))


def _seen(
    variants: Sequence[sparse.csr_matrix], batch: NDArray[np.int64], chance: np.random.Generator
) -> sparse.csr_matrix:
    """The texts of a batch, some of them in a noisy variant, each without some of its features."""
    shares = [_PLAIN, *[(1 - _PLAIN) / len(_NOISES)] * len(_NOISES)]
    which = chance.choice(len(variants), len(batch), p=shares)
    parts = [variant[batch[which == number]] for number, variant in enumerate(variants)]
    order = np.concatenate([np.flatnonzero(which == number) for number in range(len(variants))])
    rows = sparse.vstack(parts).tocsr()[np.argsort(order)]
    rows.data = rows.data * (chance.random(rows.nnz) >= _DROPPED) / (1 - _DROPPED)
    return rows


def _pull(points: Matrix, need: NDArray[np.int64]) -> Matrix:
    """The slope of the loss by the points of a batch."""
    lengths = np.linalg.norm(points, axis=1, keepdims=True) + _SMALL
    on_sphere = points / lengths
    alike = on_sphere @ on_sphere.T / _WARMTH
    np.fill_diagonal(alike, -np.inf)
    raised = np.exp(alike - alike.max(axis=1, keepdims=True))
    chances = raised / raised.sum(axis=1, keepdims=True)
    same = (need[:, None] == need[None]).astype(np.float32)
    np.fill_diagonal(same, 0)
    off = (chances - same / np.maximum(same.sum(axis=1, keepdims=True), 1)) / len(need) / _WARMTH
    slope = off @ on_sphere + off.T @ on_sphere
    found: Matrix = (slope - on_sphere * (slope * on_sphere).sum(axis=1, keepdims=True)) / lengths
    return found


def _on_sphere(points: Matrix) -> Matrix:
    found: Matrix = points / (np.linalg.norm(points, axis=1, keepdims=True) + _SMALL)
    return found


def _middles(points: Matrix, cells: int) -> Matrix:
    """The middles of so many cells, by k-means on the sphere."""
    chance = np.random.default_rng(0)
    middles = points[chance.choice(len(points), cells, replace=False)]
    for _ in range(_MOVES):
        cell = (points @ middles.T).argmax(axis=1)
        sums = np.zeros_like(middles)
        np.add.at(sums, cell, points)
        middles = _on_sphere(np.where(np.isin(np.arange(cells), cell)[:, None], sums, middles))
    return middles


def _bytes(numbers: Matrix, clipped: float) -> array[int]:
    """Numbers as signed bytes; their scale is of no matter, since points are brought to length 1."""
    return array("b", np.clip(np.rint(numbers * (_MOST / clipped)), -_MOST, _MOST).astype(np.int8).tobytes())


def _stored(turned: Matrix, middles: Matrix, rarity: dict[str, float], source: str) -> Senses:
    places = {name: place for place, name in enumerate(rarity)}
    numbers, cells = _bytes(turned, _CLIPPED * float(turned.std())), _bytes(middles, float(abs(middles).max()))
    senses = Senses("", source, turned.shape[1], places, array("d", rarity.values()), numbers, cells)
    version = hashlib.sha256(json.dumps(to_json(senses)).encode()).hexdigest()[:6]
    return replace(senses, version=version)
