"""`make likeness`: learns senses, then fits what each way of agreeing weighs on pairs of the development texts.

Logistic regression by Newton's method with a ridge, over all pairs that have anything in common, and over echoes. Both are
written into the pack. What other texts give is measured by files that were not fitted on: docs/insight.md.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot import pack as packs
from bot.commands.evaluate import read
from bot.commands.train import write
from bot.insight import senses
from bot.insight.agreement import agreement, comparable
from bot.insight.commonness import NUMBERS, Commonness, Weights, commonness_in
from bot.insight.concepts import Lexicon
from bot.insight.noise import noisy
from bot.insight.profiles import Profiler
from bot.insight.reader import COMMONNESS, WEIGHTS, place_names, profiler
from tests.bot.insight.learning_senses import NEEDS, learn, needs

DATA = Path(__file__).parent / "data"
FILES = ("dev-similar.jsonl", "dev-similar-hard.jsonl", "dev-similar-2.jsonl")
_RIDGE = 10.0  # on standardized numbers
_STEPS = 12
_FURTHEST = 30.0
_FLATTEST = 1e-6
_ECHO = 0.3  # what an echo counts beside a pair
_LEFT_OUT, _BADLY_TYPED = 0.12, 0.6  # of the words of an echo, and of echoes
_OPENINGS = ("Dạ cho em hỏi ", "ad ơi ", "", "", "em chào các bác, ", "Mong tỉnh trả lời: ")

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts as numbers, whether they ask for the same, and how much that counts."""

    numbers: list[float]
    same: bool
    counts: float = 1.0


def pairs(file: Path, make: Profiler, common: Commonness) -> Iterator[Pair]:
    """The pairs of texts of a file that have anything in common."""
    found = [(row["group"], make.profile(row["text"])) for row in read(file, "similar")]
    for (group, one), (other_group, other) in combinations(found, 2):
        if comparable(one, other):
            yield Pair(agreement(one, other, common), group is not None and group == other_group)


def echoes(file: Path, make: Profiler, common: Commonness) -> Iterator[Pair]:
    """Each text of a file with what somebody else makes of it in nearly the same words.

    The files hold no such pairs: those who wrote them told each need as differently as they could. People do not.
    """
    chance = random.Random(1)
    for row in read(file, "similar"):
        one, other = make.profile(row["text"]), make.profile(_echo(row["text"], chance))
        if comparable(one, other):
            yield Pair(agreement(one, other, common), same=True, counts=_ECHO)


def _echo(text: str, chance: random.Random) -> str:
    words = text.split()
    left = [word for word in words if chance.random() >= _LEFT_OUT] or words
    said = chance.choice(_OPENINGS) + " ".join(left)
    return noisy(said, chance.choice(["unmarked", "messy"])) if chance.random() < _BADLY_TYPED else said


def fitted(told: Sequence[Pair]) -> Weights:
    """The weights by which such pairs are told apart best."""
    numbers = np.array([one.numbers for one in told])
    same, counts = np.array([one.same for one in told]), np.array([one.counts for one in told])
    middle, spread = numbers.mean(axis=0), numbers.std(axis=0)
    spread[spread == 0] = 1
    rows = np.column_stack([np.ones(len(numbers)), (numbers - middle) / spread])
    ridge = np.diag([0.0, *[_RIDGE] * numbers.shape[1]])
    found = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ found, -_FURTHEST, _FURTHEST)))
        slope = rows.T @ (counts * (chance - same)) + ridge @ found
        curve = (rows * (counts * np.maximum(chance * (1 - chance), _FLATTEST))[:, None]).T @ rows + ridge
        found = found - np.linalg.solve(curve, slope)
    weights: Numbers = found[1:] / spread
    return Weights(round(float(found[0] - weights @ middle), 3), tuple(round(float(one), 3) for one in weights))


def main() -> None:
    """Learns from the needs of the pack, fits on all pairs, and writes both into the pack."""
    pack = packs.load(packs.DEFAULT)
    reads = Profiler(Lexicon(pack.concepts), None, place_names(pack))
    write(pack.folder / senses.FILE, senses.to_json(learn(needs(pack.folder / NEEDS), reads)))
    make, common = profiler(pack), commonness_in(pack.folder / COMMONNESS)
    told = [pair for file in FILES for kind in (pairs, echoes) for pair in kind(DATA / file, make, common)]
    weights = fitted(told)
    content = {"start": weights.start, "numbers": dict(zip(NUMBERS, weights.numbers, strict=True))}
    (pack.folder / WEIGHTS).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(content, indent=1))


if __name__ == "__main__":
    main()
