"""Units that may be meant, and lists of them put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.pack import Unit


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit of the dialogue's era that may be meant, and the old unit that was named for it.

    Not `sure`: what was typed does not fit as it stands, so even a single candidate is asked about.
    """

    unit: Unit
    former: Unit | None = None
    sure: bool = True


def together(found: Sequence[Sequence[Candidate]]) -> list[Candidate]:
    """One list of all. Where the places share a unit ("Mai Sao, Nhân Lý"), it is that."""
    everyone = all_of(found)
    shared = [any_ for any_ in everyone if all(any(one.unit.code == any_.unit.code for one in each) for each in found)]
    return shared or everyone


def all_of(found: Sequence[Sequence[Candidate]]) -> list[Candidate]:
    """One list of all, a unit once; the old unit named is kept."""
    best: dict[str, Candidate] = {}
    for candidate in (candidate for candidates in found for candidate in candidates):
        known = best.get(candidate.unit.code)
        best[candidate.unit.code] = candidate if known is None or not known.former else known
    return list(best.values())


def unsure(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The same candidates, all to be asked about."""
    return [replace(candidate, sure=False) for candidate in candidates]
