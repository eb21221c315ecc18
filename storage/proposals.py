"""Proposals: what young people sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """One proposal as staff lists and exports show it.

    `place` is the code of a unit of the dialogue's era, `former_place` that of the old unit the person named; both
    may be empty. `topics` has the main topic first. `name` is empty for an anonymous proposal. `files` counts files.
    """

    code: str
    text: str
    lead: str
    kind: str
    topics: tuple[str, ...]
    place: str
    former_place: str
    age_band: str
    name: str
    only_province: bool
    state: str
    created_at: datetime
    files: int
