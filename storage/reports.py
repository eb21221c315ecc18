"""What was done with a broadcast, and what became of it place by place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from storage.broadcasts import Progress, meaning
from storage.database import Reader, Statement, Transaction, moment


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done with a broadcast. Only who let their own out alone gives a reason."""

    act: str
    reason: str
    at: datetime


def step(broadcast_id: int, act: str, person_id: int | None, now: int, reason: str = "") -> Statement:
    """Writes down what was done with it."""
    return Statement(
        "INSERT INTO broadcast_steps (broadcast_id, act, reason, person_id, at)"
        " VALUES (:id, :act, :reason, :person, :now)",
        {"id": broadcast_id, "act": act, "reason": reason, "person": person_id, "now": now},
    )


async def steps(reader: Reader, broadcast_id: int) -> list[Step]:
    """What was done with it, the first first."""
    rows = await reader.rows(
        "SELECT act, reason, at FROM broadcast_steps WHERE broadcast_id = :id ORDER BY id", {"id": broadcast_id}
    )
    return [Step(row["act"], row["reason"], moment(row["at"])) for row in rows]


async def end(tx: Transaction, broadcast_id: int, now: int) -> bool:
    """Notes that its author was told how it ended; False where that was noted before."""
    marked = await tx.run(
        Statement(
            "UPDATE broadcasts SET reported_at = :now WHERE id = :id AND reported_at IS NULL RETURNING id",
            {"id": broadcast_id, "now": now},
        )
    )
    return bool(marked)


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of a broadcast in one place on one channel, in people."""

    place: str
    channel: str
    progress: Progress = field(default_factory=Progress)


async def by_place(reader: Reader, broadcast_id: int) -> list[Reached]:
    """What became of it so far, by place and channel: of those for whom it was made."""
    rows = await reader.rows(
        "SELECT p.place, a.channel, o.status, o.error, count(*) AS n FROM outbox o"
        " JOIN addresses a ON a.id = o.address_id JOIN people p ON p.id = o.person_id WHERE o.broadcast_id = :id"
        " GROUP BY p.place, a.channel, o.status, o.error ORDER BY p.place, a.channel",
        {"id": broadcast_id},
    )
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows:
        counts = found.setdefault((row["place"], row["channel"]), dict.fromkeys(Progress.__slots__, 0))
        counts[meaning(row["status"], row["error"])] += int(row["n"])
    return [Reached(place, channel, Progress(**counts)) for (place, channel), counts in found.items()]
