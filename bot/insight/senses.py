"""What a text means as a point, so that texts which ask for the same in other words lie close together.

Each notion, word and pair of words has a direction; those of a text are summed up by kind and brought to length 1. Learnt
from the needs in `needs.txt` of the pack, each told in several ways: texts of one need are drawn together, the others of its
family pushed apart (supervised contrastive loss: Khosla et al., NeurIPS 2020). `make likeness` learns it.
"""

from __future__ import annotations

import base64
import heapq
import math
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from operator import add, mul
from pathlib import Path

from bot.insight.concepts import Reading
from bot.insight.stored import stored
from bot.model import Json

FILE = "senses.json"  # in the folder of a pack
_SPREAD = 254  # what 1 is stored as: numbers of a sense are mostly below a third
_MOST = 127
_HUNDREDTHS = 100
_CELLS = 3  # of a sense


@dataclass(frozen=True, slots=True)
class Sense:
    """A point of length 1 as signed bytes, the cells it lies in or near, and the version of what told both.

    Only those of one version can be compared. Near points mostly share a cell, so that they can be looked up.
    """

    version: str = ""
    numbers: bytes = b""
    cells: tuple[int, ...] = ()

    def __str__(self) -> str:
        if not self.version:
            return ""
        return f"{self.version} {base64.b64encode(self.numbers).decode()} {','.join(map(str, self.cells))}"

    @classmethod
    def parse(cls, stored: str) -> Sense:
        """The sense that was written out. Raises ValueError for anything else."""
        if not stored:
            return cls()
        version, numbers, cells = stored.split(" ")
        return cls(version, base64.b64decode(numbers, validate=True), tuple(map(int, cells.split(","))))


def closeness(one: Sense, other: Sense) -> float:
    """The cosine of two senses; 0 where they cannot be compared."""
    if not one.version or one.version != other.version:
        return 0.0
    mine, theirs = memoryview(one.numbers).cast("b"), memoryview(other.numbers).cast("b")
    total: int = sum(map(mul, mine, theirs))
    return total / (_SPREAD * _SPREAD)


def features_of(reading: Reading) -> dict[str, list[str]]:
    """What of a text tells its sense, by kind: notions "k", words "w", words with their marks "t", pairs of words "p"."""
    words = [token.key for token in reading.tokens if token.word.isalnum()]
    kinds = {
        "k": (hit.concept.slug for hit in reading.hits if hit.concept.kind != "plain"),
        "w": words,
        "t": (token.toned for token in reading.tokens if token.is_marked),
        "p": (f"{one} {other}" for one, other in pairwise(words)),
    }
    return {kind: list(dict.fromkeys(f"{kind}:{name}" for name in names)) for kind, names in kinds.items()}


@dataclass(frozen=True, slots=True)
class Senses:
    """`numbers` has `width` signed bytes a feature, in the order of `places`; `rarities` says how much each counts.

    `middles` has `width` signed bytes a cell: the middle of the texts that were learnt from and lie there.
    `source` is a digest of the needs they were learnt from, `version` one of all their numbers.
    """

    version: str
    source: str
    width: int
    places: Mapping[str, int]
    rarities: array[float]
    numbers: array[int]
    middles: array[int]

    def of(self, reading: Reading) -> Sense:
        """The sense of a text; none where nothing of it is known."""
        total = [0.0] * self.width
        for places in self._known(reading):
            length = math.hypot(*(self.rarities[place] for place in places))
            of_kind = [0] * self.width
            for place in places:
                of_kind = list(map(add, of_kind, self.numbers[place * self.width : (place + 1) * self.width]))
            total = [number + more / length for number, more in zip(total, of_kind, strict=True)]
        length = math.hypot(*total)
        if not length:
            return Sense()
        brought = (round(number / length * _SPREAD) for number in total)
        point = array("b", (max(-_MOST, min(_MOST, number)) for number in brought))
        return Sense(self.version, point.tobytes(), self._cells(point))

    def _cells(self, point: array[int]) -> tuple[int, ...]:
        """The nearest cells, the nearest first."""
        starts = range(0, len(self.middles), self.width)
        near = [sum(map(mul, point, self.middles[start : start + self.width])) for start in starts]
        return tuple(heapq.nlargest(_CELLS, range(len(near)), key=near.__getitem__))

    def _known(self, reading: Reading) -> Iterator[list[int]]:
        for names in features_of(reading).values():
            if places := [self.places[name] for name in names if name in self.places]:
                yield places


def to_json(senses: Senses) -> Json:
    """The senses as plain JSON: the numbers in base 64, rarities in hundredths."""
    return {
        "version": senses.version,
        "source": senses.source,
        "width": senses.width,
        "names": list(senses.places),
        "rarities": [round(rarity * _HUNDREDTHS) for rarity in senses.rarities],
        "numbers": base64.b64encode(senses.numbers.tobytes()).decode(),
        "middles": base64.b64encode(senses.middles.tobytes()).decode(),
    }


def from_json(raw: Json) -> Senses:
    """The senses of to_json. Raises KeyError, TypeError or ValueError for anything else."""
    names, width = raw["names"], raw["width"]
    numbers, middles = (array("b", base64.b64decode(raw[part], validate=True)) for part in ("numbers", "middles"))
    rarities = array("d", (rarity / _HUNDREDTHS for rarity in raw["rarities"]))
    if width < 1 or not len(numbers) == len(names) * width == len(rarities) * width:
        raise ValueError(f"{len(names)} names of {width} numbers each need {len(names) * width}, not {len(numbers)}")
    if not middles or len(middles) % width or min(rarities, default=1.0) <= 0:
        raise ValueError("it lacks cells, or something counts for nothing")
    places = {name: place for place, name in enumerate(names)}
    return Senses(raw["version"], raw["source"], width, places, rarities, numbers, middles)


def read_file(file: Path) -> Senses | None:
    """The senses in a file; None where there is none. Raises PackError for a file that holds none."""
    return stored(file, from_json, "senses")
