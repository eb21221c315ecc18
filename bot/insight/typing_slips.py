"""Words that are one slip of a finger apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.insight.folding import fold, is_marked, toned


def within_one(typed: str, meant: str) -> bool:
    """Whether one letter more, less, other, or two neighbours swapped turn one word into the other."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    start = next((place for place, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), None)
    if start is None:
        return True
    a, b = typed[start:], meant[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def in_one_word(typed: Sequence[str], meant: Sequence[str]) -> bool:
    """Whether no more than one word is another, with the marks that were typed: "Xứ Lạng" is no slip of "Vũ Lăng"."""
    if len(typed) != len(meant):
        return True  # spaces were lost or put in, so words can't be compared
    return sum(not _is_same(one, other) for one, other in zip(typed, meant, strict=True)) <= 1


def _is_same(typed: str, meant: str) -> bool:
    return toned(typed) == toned(meant) if is_marked(typed) else fold(typed) == fold(meant)


def is_inside(window: tuple[int, int], near: Mapping[tuple[int, int], Sequence[object]]) -> bool:
    """Whether a longer run of words around these is nearly a name too: "dongs quan" is no "dongs"."""
    start, end = window
    return any(
        found and first <= start and end <= last and (first, last) != window for (first, last), found in near.items()
    )
