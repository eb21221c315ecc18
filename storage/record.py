"""The record: who did what, when. Ids and codes only, never a text."""

from __future__ import annotations

from storage.database import Statement


def note(act: str, address_id: int | None, now: int, about: str = "") -> Statement:
    """Writes an act down; `about` is the id or code of what it was done to."""
    return Statement(
        "INSERT INTO record (at, address_id, act, object) VALUES (:now, :address_id, :act, :about)",
        {"now": now, "address_id": address_id, "act": act, "about": about},
    )
