"""What people call places, as staff added it."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Reader, Statement


@dataclass(frozen=True, slots=True)
class Alias:
    """A name and the code of the unit it means."""

    id: int
    name: str
    unit: str


def add(era: int, name: str, folded: str, unit: str, address_id: int, now: int) -> Statement:
    """Adds a name, or gives one that is there another meaning."""
    return Statement(
        "INSERT INTO place_aliases (era, name, folded, unit, address_id, added_at)"
        " VALUES (:era, :name, :folded, :unit, :address, :now) ON CONFLICT (era, folded) DO UPDATE SET"
        " name = excluded.name, unit = excluded.unit, address_id = excluded.address_id, added_at = excluded.added_at",
        {"era": era, "name": name, "folded": folded, "unit": unit, "address": address_id, "now": now},
    )


def remove(alias_id: int) -> Statement:
    """Removes a name; gives a row where it was there."""
    return Statement("DELETE FROM place_aliases WHERE id = :id RETURNING name", {"id": alias_id})


async def every(reader: Reader, era: int) -> list[Alias]:
    """All names of an era, in their order."""
    rows = await reader.rows("SELECT id, name, unit FROM place_aliases WHERE era = :era ORDER BY folded", {"era": era})
    return [Alias(row["id"], row["name"], row["unit"]) for row in rows]
