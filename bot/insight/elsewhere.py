"""What is said to lie in a place elsewhere: "xã Tân Thành, Vụ Bản, Nam Định" is none of ours."""

from __future__ import annotations

from collections.abc import Iterator

from bot.insight.folding import fold, toned
from bot.insight.mentions import Mention, Reading, is_filler

_ABOVE = frozenset("huyen quan tinh thanh pho thi xa tp tx h q".split())  # noqa: SIM905 - types of what lies around a unit
_WITHIN = frozenset("cua ben thuoc duoi".split())  # noqa: SIM905 - "xã Xuân Dương bên Na Rì"
_BETWEEN = 3  # words between a unit and the place elsewhere that it lies in
_DISTRICT = 2  # words of nearly every district
_WORDS = [
    "đi",
    "xuống",
    "về",
    "lên",
    "ra",
    "vào",
    "sang",
    "đến",
    "tới",
    "học",
    "làm",
    "bán",
    "mua",
    "muốn",
    "xin",
    "chở",
    "gửi",
    "bị",
    "có",
    "chưa",
    "không",
    "cần",
    "hàng",
    "qua",
    "xuất",
    "phải",
]
_DOINGS = frozenset(map(toned, _WORDS))
_DOINGS_UNMARKED = frozenset(map(fold, _WORDS))


def ends_before(place: Mention, reading: Reading) -> Iterator[int]:
    """Where what lies in a place elsewhere may end: right before it, or before the words that tell its district."""
    yield place.start
    for at in range(place.start - 1, max(place.start - 1 - _BETWEEN, -1), -1):
        if not reading.spelled[at][:1].isupper() and reading.tokens[at] not in _ABOVE | _WITHIN:
            break
        yield at
    if _follows_a_district(place, reading):
        yield place.start - _DISTRICT


def _follows_a_district(place: Mention, reading: Reading) -> bool:
    """Whether two words before a place are likely to be its district, which no list of ours knows: "phù cừ, hưng yên"."""
    first = place.start - _DISTRICT
    if first < 1 or any(at in reading.breaks for at in range(first + 1, place.start)):
        return False
    between = range(first, place.start)
    if all(is_filler(reading.tokens[at]) for at in between):
        return False
    apart = place.start in reading.breaks
    if apart and first in reading.breaks:
        return True
    doings = [_is_doing(reading.spelled[at]) for at in between]
    if apart or place.type == "tinh":
        return not doings[0]
    return not any(doings) and _is_all(first, place, reading)


def is_after_district(place: Mention, reading: Reading) -> bool:
    """Whether a name that is also one of ours stands where a province does: "xa minh son, trieu son, thanh hoa"."""
    first = place.start - _DISTRICT
    named = any(one.end == first and one.type for one in reading.mentions)
    return named and not place.type and {first, place.start} <= reading.breaks and _follows_a_district(place, reading)


def _is_doing(word: str) -> bool:
    return toned(word) in _DOINGS or word.lower() in _DOINGS_UNMARKED


def _is_all(end: int, place: Mention, reading: Reading) -> bool:
    """Whether a text is a unit with its type, two words and the place, and nothing else."""
    first = next(iter(reading.mentions), None)
    return (
        first is not None
        and bool(first.type)
        and first.start == 0
        and first.end == end
        and place.end == len(reading.tokens)
    )
