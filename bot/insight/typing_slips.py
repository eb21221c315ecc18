"""Words that are one slip of a finger apart."""

from __future__ import annotations


def within_one(typed: str, meant: str) -> bool:
    """Whether one letter more, less, other, or two neighbours swapped turn one word into the other."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    start = next((place for place, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), None)
    if start is None:
        return True
    a, b = typed[start:], meant[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
