"""Proposals that ask for the same: which terms to look up, which of the found are near, and what of them is shown.

The way of one text: `terms` are stored with it in a table of terms, `rarest` of them are looked up, of at most 200 found
the `promising` ones are scored by `ranked`, and what is `shown` is offered to the author.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.insight.commonness import Commonness
from bot.insight.likeness import likeness
from bot.insight.profiles import Profile
from bot.insight.senses import Sense, closeness

_T = TypeVar("_T")

MOST_CANDIDATES = 200
_COMPARED = 60  # of them, in full
_CELL = "Cell"  # what the terms of cells begin with; notions and words have no capitals
_LOOKED_UP = 6  # terms beside the cells
_NOTIONS = 4  # of those: the rest are words
_NEAREST = 10
SHOWN = 0.96  # likeness from which somebody else's text is offered as the same
_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Near:
    """Another proposal and how likely it asks for the same, from 0 to 1."""

    id: str
    likeness: float


def terms(profile: Profile) -> list[str]:
    """The terms under which a text is stored and found: the cells of its sense, its notions as "k" and their slug, its words.

    The words of a long text are many, and may not all be counted; so they come last. Letters and digits only.
    """
    cells = (f"{_CELL}{profile.sense.version}x{cell}" for cell in profile.sense.cells)
    notions = sorted(f"k{slug.replace('_', '')}" for slug in profile.things | profile.everyday)
    words = sorted(word for word in profile.words if len(word) > 1)
    return [*cells, *notions, *words]


def rarest(terms: Iterable[str], frequencies: Mapping[str, int]) -> list[str]:
    """The terms to look up: all cells, and up to six others, the rarest first, notions before words; none that nothing holds.

    `frequencies` says how many stored texts hold a term.
    """
    held = sorted((term for term in terms if frequencies.get(term)), key=lambda term: (frequencies[term], term))
    cells = [term for term in held if term.startswith(_CELL)]
    notions = [term for term in held if term.startswith("k") and len(term) > 1][:_NOTIONS]
    others = [term for term in held if term not in notions and term not in cells][: _LOOKED_UP - len(notions)]
    return [*cells, *sorted(notions + others, key=lambda term: (frequencies[term], term))]


def promising(sense: Sense, candidates: Sequence[_T], tell: Callable[[_T], Sense]) -> list[_T]:
    """Those of many candidates whose sense is nearest: comparing in full takes far longer. What has no sense stays in.

    `tell` gives the sense of a candidate.
    """
    if len(candidates) <= _COMPARED or not sense.version:
        return list(candidates)
    unknown, known = list[_T](), list[tuple[float, int]]()
    for place, one in enumerate(candidates):
        other = tell(one)
        if other.version == sense.version:
            known.append((closeness(sense, other), place))
        else:
            unknown.append(one)
    return [*unknown, *(candidates[place] for _, place in heapq.nlargest(_COMPARED, known))]


def ranked(
    profile: Profile, candidates: Iterable[tuple[str, Profile]], commonness: Commonness, most: int = _NEAREST
) -> list[Near]:
    """The nearest of (id, profile) candidates, best first."""
    scored = (Near(id_, likeness(profile, other, commonness)) for id_, other in candidates)
    return heapq.nsmallest(most, scored, key=lambda near: (-near.likeness, near.id))


def shown(nearest: Iterable[Near]) -> list[Near]:
    """What of the nearest is offered to an author as the same; mostly nothing."""
    return [near for near in nearest if near.likeness >= SHOWN][:_MOST_SHOWN]
