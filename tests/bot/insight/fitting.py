"""`make likeness`: fits what each way of agreeing weighs on pairs of the development texts, and writes it into the pack.

Logistic regression by Newton's method with a ridge. Every pair that asks for the same counts, and of the others those that
come near it and a share of the rest. What other texts would give is measured in five parts: docs/insight.md.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from bot import pack as packs
from bot.insight.agreement import agreement, comparable
from bot.insight.commonness import NUMBERS, Commonness, Weights
from bot.insight.likeness import likeness
from bot.insight.profiles import Profile
from bot.insight.reader import WEIGHTS, commonness, profiler
from bot.pack import Pack

DATA = Path(__file__).parent / "data"
FILES = ("dev-similar.jsonl", "dev-similar-hard.jsonl")
PARTS = 5
_RIDGE = 10.0  # on standardized numbers
_STEPS = 8
_EVERY = 6  # of the pairs that are nothing alike, one in so many, which then counts for all of them
_NEAR = 0.02  # likeness, by the weights in use, from which a pair counts in any case


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a development file; `part` is one of PARTS, the same for all that were written around one need."""

    id: str
    group: str | None
    profile: Profile
    part: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts as numbers, whether they ask for the same, and how many pairs it stands for."""

    numbers: tuple[float, ...]
    same: bool
    counts: float
    parts: tuple[int, int]


def texts(file: Path, pack: Pack) -> list[Text]:
    """The texts of a file, those of one need in one part."""
    make = profiler(pack)
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    needs = sorted({row.get("near") or row["group"] or row["id"] for row in rows})
    part = {need: place * 7 % len(needs) % PARTS for place, need in enumerate(needs)}
    return [
        Text(row["id"], row["group"], make.profile(row["text"]), part[row.get("near") or row["group"] or row["id"]])
        for row in rows
    ]


def pairs(found: Sequence[Text], common: Commonness) -> Iterator[Pair]:
    """The pairs of texts that have anything in common."""
    for number, (one, other) in enumerate(combinations(found, 2)):
        if not comparable(one.profile, other.profile):
            continue
        same = one.group is not None and one.group == other.group
        kept = same or likeness(one.profile, other.profile, common) >= _NEAR
        if kept or number % _EVERY == 0:
            numbers = tuple(agreement(one.profile, other.profile, common))
            yield Pair(numbers, same, 1.0 if kept else _EVERY, (one.part, other.part))


def fitted(told: Sequence[Pair]) -> Weights:
    """The weights by which such pairs are told apart best."""
    middle, spread = _scale(told)
    rows = [(1.0, *((x - m) / s for x, m, s in zip(one.numbers, middle, spread, strict=True))) for one in told]
    found = [0.0] * len(rows[0])
    for _ in range(_STEPS):
        found = _stepped(found, rows, told)
    weights = [weight / s for weight, s in zip(found[1:], spread, strict=True)]
    start = found[0] - sum(weight * m for weight, m in zip(weights, middle, strict=True))
    return Weights(round(start, 3), tuple(round(weight, 3) for weight in weights))


def _scale(told: Sequence[Pair]) -> tuple[list[float], list[float]]:
    total = sum(one.counts for one in told)
    columns = list(zip(*(one.numbers for one in told), strict=True))
    counts = [one.counts for one in told]
    middle = [sum(x * n for x, n in zip(column, counts, strict=True)) / total for column in columns]
    spread = [
        math.sqrt(sum(n * (x - m) ** 2 for x, n in zip(column, counts, strict=True)) / total) or 1.0
        for column, m in zip(columns, middle, strict=True)
    ]
    return middle, spread


def _stepped(found: Sequence[float], rows: Sequence[Sequence[float]], told: Sequence[Pair]) -> list[float]:
    """One step of Newton's method."""
    width = len(found)
    slope = [0.0, *(_RIDGE * weight for weight in found[1:])]
    curve = [[_RIDGE if row == column and row else 0.0 for column in range(width)] for row in range(width)]
    for row, one in zip(rows, told, strict=True):
        total = sum(map(float.__mul__, found, row))
        chance = 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))
        off, bend = one.counts * (chance - one.same), one.counts * max(chance * (1 - chance), 1e-6)
        if abs(off) < 1e-5:
            continue
        for place, x in enumerate(row):
            slope[place] += off * x
            line, factor = curve[place], bend * x
            for column in range(place + 1):
                line[column] += factor * row[column]
    for place in range(width):
        for column in range(place):
            curve[column][place] = curve[place][column]
    step = _solved(curve, slope)
    return [weight - change for weight, change in zip(found, step, strict=True)]


def _solved(matrix: list[list[float]], wanted: Sequence[float]) -> list[float]:
    """Gauss's elimination with pivots."""
    rows = [[*row, value] for row, value in zip(matrix, wanted, strict=True)]
    size = len(rows)
    for place in range(size):
        best = max(range(place, size), key=lambda row: abs(rows[row][place]))
        rows[place], rows[best] = rows[best], rows[place]
        for row in range(place + 1, size):
            factor = rows[row][place] / rows[place][place]
            if factor:
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[place], strict=True)]
    solved = [0.0] * size
    for place in reversed(range(size)):
        rest = sum(rows[place][column] * solved[column] for column in range(place + 1, size))
        solved[place] = (rows[place][size] - rest) / rows[place][place]
    return solved


def told_of(pack: Pack) -> list[Pair]:
    """The pairs of all development files."""
    common = commonness(pack)
    return [pair for file in FILES for pair in pairs(texts(DATA / file, pack), common)]


def without(weights: Weights, common: Commonness) -> Commonness:
    """The same counts with other weights."""
    return replace(common, weights=weights)


def main() -> None:
    """Fits on all pairs and writes the weights into the pack."""
    pack = packs.load(packs.DEFAULT)
    weights = fitted(told_of(pack))
    content = {"start": weights.start, "numbers": dict(zip(NUMBERS, weights.numbers, strict=True))}
    (pack.folder / WEIGHTS).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(content, indent=1))


if __name__ == "__main__":
    main()
