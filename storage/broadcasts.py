"""Broadcasts: one message to many people. Rows of the outbox are made a chunk at a time, each person's once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.model import Json
from storage import audiences
from storage.audiences import Audience
from storage.database import Database, Reader, Row, Statement, Transaction, Value, one
from storage.outbox import PRIORITY, Kind

CHUNK = 500  # rows made at once
LOW = 250  # unsent rows under which the next chunk is made: few enough to call off, enough to keep the sender busy


class Status(StrEnum):
    """Where a broadcast stands."""

    READY = "ready"  # begins when it is due
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class New:
    """A broadcast to be made. `bodies` holds the JSON of a message by language, the first for all that lack one."""

    kind: Kind
    bodies: Mapping[str, Json]
    audience: Audience
    due_at: int
    address_id: int | None


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast as it stands; times in microseconds UTC."""

    id: int
    kind: Kind
    bodies: Mapping[str, Json]
    audience: Audience
    status: Status
    due_at: int
    last_person: int
    is_gone_through: bool
    address_id: int | None
    started_at: int | None
    ended_at: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of a broadcast so far, in people. `waiting` are all who will still get it, as far as is known now."""

    sent: int = 0
    waiting: int = 0
    unreachable: int = 0
    unsure: int = 0
    failed: int = 0
    stopped: int = 0  # called off, or they want no news any more


async def add(tx: Transaction, new: New, now: int) -> int:
    """Makes a broadcast that begins when it is due; gives its id."""
    [row] = await tx.run(
        Statement(
            "INSERT INTO broadcasts (kind, bodies, audience, status, due_at, address_id, created_at)"
            " VALUES (:kind, :bodies, :audience, 'ready', :due_at, :address_id, :now) RETURNING id",
            {
                "kind": new.kind,
                "bodies": json.dumps(new.bodies, ensure_ascii=False),
                "audience": json.dumps(new.audience.to_json(), ensure_ascii=False),
                "due_at": new.due_at,
                "address_id": new.address_id,
                "now": now,
            },
        )
    )
    return int(row["id"])


def reword(broadcast_id: int, bodies: Mapping[str, Json]) -> Statement:
    """Lets whoever has not got it yet get other words."""
    return Statement(
        "UPDATE broadcasts SET bodies = :bodies WHERE id = :id",
        {"id": broadcast_id, "bodies": json.dumps(bodies, ensure_ascii=False)},
    )


async def get(reader: Reader, broadcast_id: int) -> Broadcast | None:
    """The broadcast of an id."""
    row = await one(
        reader,
        "SELECT id, kind, bodies, audience, status, due_at, last_person, is_gone_through, address_id, started_at, ended_at"
        " FROM broadcasts WHERE id = :id",
        {"id": broadcast_id},
    )
    return _broadcast(row) if row else None


def _broadcast(row: Row) -> Broadcast:
    return Broadcast(
        id=row["id"],
        kind=Kind(row["kind"]),
        bodies=json.loads(row["bodies"]),
        audience=Audience.from_json(json.loads(row["audience"])),
        status=Status(row["status"]),
        due_at=row["due_at"],
        last_person=row["last_person"],
        is_gone_through=bool(row["is_gone_through"]),
        address_id=row["address_id"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
    )


# -- pause, resume, cancel


async def pause(tx: Transaction, broadcast_id: int) -> bool:
    """Holds everything that is not in the sender's hands; False where there is nothing to hold."""
    return await _turn(tx, broadcast_id, (Status.READY, Status.RUNNING), "'paused'", ("new", "paused"))


async def resume(tx: Transaction, broadcast_id: int) -> bool:
    """Goes on where it was paused; False where it was not."""
    begun = "CASE WHEN started_at IS NULL THEN 'ready' ELSE 'running' END"
    return await _turn(tx, broadcast_id, (Status.PAUSED,), begun, ("paused", "new"))


async def cancel(tx: Transaction, broadcast_id: int, now: int) -> bool:
    """Ends it for good: whoever has not got it never will; False where it is over."""
    going = (Status.READY, Status.RUNNING, Status.PAUSED)
    if not await _turn(tx, broadcast_id, going, "'cancelled'", ("new", "cancelled")):
        return False
    await tx.run(_rows(broadcast_id, "paused", "cancelled"))
    await tx.run(Statement("UPDATE broadcasts SET ended_at = :now WHERE id = :id", {"id": broadcast_id, "now": now}))
    return True


async def _turn(
    tx: Transaction, broadcast_id: int, before: tuple[Status, ...], after: str, rows: tuple[str, str]
) -> bool:
    """Takes a broadcast, and its rows, from one status to another; False where it is in none of those."""
    await tx.alone(_broadcast_of(broadcast_id))
    states = ", ".join(f"'{status}'" for status in before)
    turned = await tx.run(
        Statement(
            f"UPDATE broadcasts SET status = {after} WHERE id = :id AND status IN ({states}) RETURNING id",
            {"id": broadcast_id},
        )
    )
    if turned:
        await tx.run(_rows(broadcast_id, *rows))
    return bool(turned)


def _broadcast_of(broadcast_id: int) -> str:
    """What everyone who changes a broadcast is alone with: how far it is decides what comes next."""
    return f"broadcast {broadcast_id}"


def _rows(broadcast_id: int, before: str, after: str) -> Statement:
    return Statement(
        "UPDATE outbox SET status = :after WHERE broadcast_id = :id AND status = :before",
        {"id": broadcast_id, "before": before, "after": after},
    )


# -- making rows


async def step(database: Database, now: int) -> int:
    """Makes the next chunk of each broadcast that is due or running; gives how many rows were made."""
    [going] = await database.read(
        Statement(
            "SELECT b.id FROM broadcasts b WHERE b.status IN ('ready', 'running') AND b.due_at <= :now"
            " AND (SELECT count(*) FROM outbox o WHERE o.broadcast_id = b.id AND o.status IN ('new', 'leased')) < :low"
            " ORDER BY b.id",
            {"now": now, "low": LOW},
        )
    )
    made = 0
    for row in going:
        async with database.transaction() as tx:
            made += await _step(tx, int(row["id"]), now)
    return made


async def _step(tx: Transaction, broadcast_id: int, now: int) -> int:
    """One chunk; the end where nobody is left and nothing waits."""
    await tx.alone(_broadcast_of(broadcast_id))
    broadcast = await get(tx, broadcast_id)
    if broadcast is None or broadcast.status not in (Status.READY, Status.RUNNING):
        return 0  # paused or called off in this moment
    if broadcast.status is Status.READY:
        tx.add(_begin(broadcast_id, now))
    tx.add(_rows(broadcast_id, "paused", "new"))  # what was put aside in the moment in which it was resumed
    made = await _make(tx, broadcast, now)
    if made:
        tx.add(_up_to(broadcast_id, max(made), broadcast.is_gone_through))
    elif not broadcast.is_gone_through:
        tx.add(_up_to(broadcast_id, 0, True))
    elif not await one(tx, f"SELECT 1 FROM outbox WHERE {_UNSENT} LIMIT 1", {"id": broadcast_id}):
        tx.add(_end(broadcast_id, now))
    return len(made)


_UNSENT = "broadcast_id = :id AND status IN ('new', 'leased')"


def _begin(broadcast_id: int, now: int) -> Statement:
    return Statement(
        "UPDATE broadcasts SET status = 'running', started_at = :now WHERE id = :id", {"id": broadcast_id, "now": now}
    )


def _end(broadcast_id: int, now: int) -> Statement:
    return Statement(
        "UPDATE broadcasts SET status = 'done', ended_at = :now WHERE id = :id", {"id": broadcast_id, "now": now}
    )


def _up_to(broadcast_id: int, person_id: int, is_gone_through: bool) -> Statement:
    return Statement(
        "UPDATE broadcasts SET last_person = :person, is_gone_through = :through WHERE id = :id",
        {"id": broadcast_id, "person": person_id, "through": int(is_gone_through)},
    )


async def _make(tx: Transaction, broadcast: Broadcast, now: int) -> list[int]:
    """Makes rows for the next people of the audience; gives their ids. Of their chats, each gets it in the one used last.

    Whoever cannot be reached gets a row as well, that says so.
    """
    where, values = audiences.condition(broadcast.audience)
    joined = "p.age_told_at >= :started" if broadcast.is_gone_through else "p.id > :last"
    rows = await tx.run(
        Statement(
            "INSERT INTO outbox (cause, address_id, person_id, broadcast_id, n, kind, priority, body, status, due_at,"
            " error, created_at)"
            " SELECT :cause, c.address_id, c.person_id, :id, 0, :kind, :priority, '{}',"
            " CASE WHEN c.is_blocked = 1 THEN 'dropped' ELSE 'new' END, :due, CASE WHEN c.is_blocked = 1 THEN 'blocked'"
            " ELSE '' END, :now FROM (SELECT p.id AS person_id,"
            f" {_BEST.format(what='a.id')} AS address_id,"
            f" {_BEST.format(what='CASE WHEN a.blocked_at IS NULL THEN 0 ELSE 1 END')} AS is_blocked"
            f" FROM people p WHERE {joined} AND {where}"
            " AND EXISTS (SELECT 1 FROM addresses a WHERE a.person_id = p.id)"
            " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.broadcast_id = :id AND o.person_id = p.id)"
            " ORDER BY p.id LIMIT :chunk) AS c WHERE 1 = 1"
            " ON CONFLICT DO NOTHING RETURNING person_id",
            {
                **values,
                "cause": f"broadcast:{broadcast.id}",
                "id": broadcast.id,
                "kind": broadcast.kind,
                "priority": PRIORITY[broadcast.kind],
                "due": broadcast.due_at,
                "now": now,
                "chunk": CHUNK,
                **(
                    {"started": broadcast.started_at or now}
                    if broadcast.is_gone_through
                    else {"last": broadcast.last_person}
                ),
            },
        )
    )
    return [int(row["person_id"]) for row in rows]


_BEST = (
    "(SELECT {what} FROM addresses a WHERE a.person_id = p.id"
    " ORDER BY CASE WHEN a.blocked_at IS NULL THEN 0 ELSE 1 END, a.last_written_at DESC, a.id DESC LIMIT 1)"
)


# -- how far it is


async def progress(reader: Reader, broadcast: Broadcast) -> Progress:
    """What became of it so far."""
    rows = await reader.rows(
        "SELECT status, error, count(*) AS n FROM outbox WHERE broadcast_id = :id GROUP BY status, error",
        {"id": broadcast.id},
    )
    counts = dict.fromkeys(Progress.__slots__, 0)
    for row in rows:
        counts[_meaning(row["status"], row["error"])] += row["n"]
    if broadcast.status in (Status.READY, Status.RUNNING, Status.PAUSED):
        counts["waiting"] += await _not_made(reader, broadcast)
    return Progress(**counts)


def _meaning(status: str, error: str) -> str:
    match status:
        case "sent" | "unsure":
            return status
        case "new" | "leased" | "paused":
            return "waiting"
        case "dropped":
            return "unreachable" if error == "blocked" else "stopped"
        case "cancelled":
            return "stopped"
        case "failed":
            return "unreachable" if error == "UnreachableError" else "failed"
        case _:
            return "failed"


async def _not_made(reader: Reader, broadcast: Broadcast) -> int:
    """How many of the audience have no row yet."""
    where, values = audiences.condition(broadcast.audience)
    given: dict[str, Value] = {**values, "id": broadcast.id}
    [row] = await reader.rows(
        f"SELECT count(*) AS n FROM people p WHERE {where}"
        " AND EXISTS (SELECT 1 FROM addresses a WHERE a.person_id = p.id)"
        " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.broadcast_id = :id AND o.person_id = p.id)",
        given,
    )
    return int(row["n"])
