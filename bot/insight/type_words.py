"""Type words beside names of places: "xã", "x.", "huyện", "tp", "ward"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from bot.insight.folding import fold, is_marked, toned, words
from bot.pack import District

Name = tuple[str, ...]  # folded words

TYPES: dict[Name, str] = {
    ("xa",): "xa",
    ("x",): "xa",
    ("phuong",): "phuong",
    ("p",): "phuong",
    ("thi", "tran"): "thi tran",
    ("tt",): "thi tran",
    ("t", "tran"): "thi tran",
    ("huyen",): "huyen",
    ("h",): "huyen",
    ("thanh", "pho"): "thanh pho",
    ("thi", "xa"): "thanh pho",
    ("tp",): "thanh pho",
    ("tx",): "thanh pho",
    ("tinh",): "tinh",
    ("commune",): "xa",
    ("ward",): "phuong",
    ("town",): "thi tran",
    ("district",): "huyen",
    ("city",): "thanh pho",
    ("province",): "tinh",
}
DISTRICTS = ("huyen", "thanh pho")
AFTER = {("commune",): "xa", ("ward",): "phuong", ("district",): "huyen"}  # types that English puts behind the name
_BEHIND_TINH = frozenset("nguyen trang hinh cam yeu toan thuong than".split())  # noqa: SIM905
# "Các xã thống nhất …" speaks of communes, and names none.
MANY = frozenset("cac nhung moi nhieu tung cap toan".split())  # noqa: SIM905


def loose(typed: list[str], folded: list[str], inside: set[int]) -> Iterator[tuple[int, int, str]]:
    """The type words that belong to no name: start, end, type."""
    place = 0
    while place < len(folded):
        length = next((size for size in (2, 1) if tuple(folded[place : place + size]) in TYPES), 0)
        if length and place not in inside and not _is_another_word(place, typed, folded):
            yield place, place + length, TYPES[tuple(folded[place : place + length])]
        place += length or 1


def _is_another_word(place: int, typed: list[str], folded: list[str]) -> bool:
    """Whether what looks like "tỉnh" is "tình" or the like: "đoàn viên xã Tri Lễ, tình nguyện …"."""
    if folded[place] != "tinh":
        return False
    if is_marked(typed[place]):
        return toned(typed[place]) != toned("tỉnh")
    return not _BEHIND_TINH.isdisjoint(folded[place + 1 : place + 2])


def type_of(type_: str) -> str:
    """The type that a pack's word for it means here: "Ward" is "phuong"."""
    folded = fold(type_)
    return TYPES.get(tuple(folded.split()), folded)


def abbreviated(districts: Iterable[District]) -> dict[Name, District]:
    """The districts by the words for their type and their first letters, where only one has these: "h. VQ"."""
    found: dict[Name, list[District]] = defaultdict(list)
    for district in districts:
        first = "".join(word[0] for word in words(district.bare))
        for type_ in (typed for typed, meant in TYPES.items() if meant == type_of(district.type)):
            found[(*type_, first)].append(district)
    return {name: same[0] for name, same in found.items() if len(same) == 1 and len(name[-1]) > 1}


def type_before(folded: list[str], start: int, earliest: int) -> tuple[str, int]:
    """The type word right before a name, and where it starts."""
    for length in (2, 1):
        first = start - length
        type_ = TYPES.get(tuple(folded[max(first, 0) : start]), "")
        if first >= earliest and type_:
            many = first > 0 and folded[first - 1] in MANY
            return ("", start) if many else (type_, first)
    return "", start


def without_types(left: list[str]) -> tuple[tuple[str, ...], str]:
    """The words that are neither name, filler nor type word, and the last type word among them that is no district's."""
    rest: list[str] = []
    type_ = ""
    place = 0
    while place < len(left):
        length = next((length for length in (2, 1) if tuple(left[place : place + length]) in TYPES), 0)
        if length:
            type_ = TYPES[tuple(left[place : place + length])]
        else:
            rest.append(left[place])
        place += length or 1
    return tuple(rest), "" if type_ in (*DISTRICTS, "tinh") else type_
