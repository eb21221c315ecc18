"""Bridge points: from where an event is followed, each filled in by its locality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.database import Reader, Row, Statement, one


@dataclass(frozen=True, slots=True)
class Filling:
    """What a locality says of its point."""

    room: str = ""
    opens: str = ""
    technician: str = ""
    is_ready: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A bridge point; `filled_at` is None (microseconds) as long as nobody said anything of it."""

    place: str
    name: str
    filling: Filling
    filled_at: int | None


_COLUMNS = "place, name, room, opens, technician, is_ready, filled_at"


def _point(row: Row) -> Point:
    filling = Filling(row["room"], row["opens"], row["technician"], bool(row["is_ready"]))
    return Point(row["place"], row["name"], filling, row["filled_at"])


def open_all(event_id: int, points: Sequence[tuple[str, str]]) -> list[Statement]:
    """A row for each point, by the code of its place and its name; what was filled in stays."""
    return [
        Statement(
            "INSERT INTO bridge_points (event_id, place, name) VALUES (:event, :place, :name) ON CONFLICT DO NOTHING",
            {"event": event_id, "place": place, "name": name},
        )
        for place, name in points
    ]


def fill(event_id: int, place: str, filling: Filling, address_id: int, now: int) -> Statement:
    """Writes down what a locality says of its point; gives its place if there is such a point."""
    return Statement(
        "UPDATE bridge_points SET room = :room, opens = :opens, technician = :technician, is_ready = :is_ready,"
        " filled_at = :now, address_id = :address WHERE event_id = :event AND place = :place RETURNING place",
        {
            "event": event_id,
            "place": place,
            "room": filling.room,
            "opens": filling.opens,
            "technician": filling.technician,
            "is_ready": int(filling.is_ready),
            "address": address_id,
            "now": now,
        },
    )


async def of_place(reader: Reader, event_id: int, place: str) -> Point | None:
    """The point of a place."""
    row = await one(
        reader,
        f"SELECT {_COLUMNS} FROM bridge_points WHERE event_id = :event AND place = :place",
        {"event": event_id, "place": place},
    )
    return _point(row) if row else None


async def every(reader: Reader, event_id: int) -> list[Point]:
    """All points of an event, by name: those that have said nothing first, then those that are not ready."""
    rows = await reader.rows(
        f"SELECT {_COLUMNS} FROM bridge_points WHERE event_id = :event"
        " ORDER BY CASE WHEN filled_at IS NULL THEN 0 WHEN is_ready = 0 THEN 1 ELSE 2 END, name, place",
        {"event": event_id},
    )
    return [_point(row) for row in rows]
