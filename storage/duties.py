"""What staff have to do for a dialogue by a day: what is done, and who is reminded when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from storage import jobs
from storage.database import Database, Reader, Row, Statement, Transaction, Value, micros, moment, one

FIGURES = "figures"  # no duty, but told by the same clock: how many proposals came
LATE = 3_600_000_000  # microseconds after its time from which a reminder is called late
JOB = "remind"  # its argument is the id of the reminder


class Status(StrEnum):
    """What became of a reminder."""

    PLANNED = "planned"
    SENT = "sent"
    LATE = "late"  # it went out, but not when it should have
    MISSED = "missed"  # a later one took its place, or nobody was there to get it


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder of a duty that is due on `day`, so many days from it. `due_at` is when it goes out."""

    id: int
    dialogue_id: int
    duty: str
    day: datetime
    distance: int
    due_at: datetime
    status: Status


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reminder to be planned."""

    duty: str
    day: datetime
    distance: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Readers:
    """Who is told: the roles that hear of every dialogue, and the role that hears of its own communes'."""

    everywhere: Sequence[str]
    local: str


_COLUMNS = "id, dialogue_id, duty, day, distance, due_at, status"


def _reminder(row: Row) -> Reminder:
    times = moment(row["day"]), row["distance"], moment(row["due_at"])
    return Reminder(row["id"], row["dialogue_id"], row["duty"], *times, Status(row["status"]))


# -- what is done


async def done(reader: Reader, dialogue_id: int) -> dict[str, datetime]:
    """The duties of a dialogue that were ticked off, and when."""
    rows = await reader.rows("SELECT duty, at FROM duties_done WHERE dialogue_id = :id", {"id": dialogue_id})
    return {row["duty"]: moment(row["at"]) for row in rows}


def tick_off(dialogue_id: int, duty: str, address_id: int, now: int) -> list[Statement]:
    """Notes that a duty is done: nobody is reminded of it any more."""
    return [
        Statement(
            "INSERT INTO duties_done (dialogue_id, duty, address_id, at) VALUES (:id, :duty, :address_id, :now)"
            " ON CONFLICT (dialogue_id, duty) DO NOTHING",
            {"id": dialogue_id, "duty": duty, "address_id": address_id, "now": now},
        ),
        _unplan(dialogue_id, duty),
    ]


def take_back(dialogue_id: int, duty: str) -> Statement:
    """Notes that a duty is not done after all; its reminders have to be planned anew."""
    return Statement(
        "DELETE FROM duties_done WHERE dialogue_id = :id AND duty = :duty", {"id": dialogue_id, "duty": duty}
    )


# -- planning


def plan(dialogue_id: int, duty: str, wanted: Sequence[Wanted]) -> list[Statement]:
    """Plans the reminders of a duty anew; one that went out is not planned again."""
    return [_unplan(dialogue_id, duty), *(plan_one(dialogue_id, one) for one in wanted)]


def _unplan(dialogue_id: int, duty: str) -> Statement:
    return Statement(
        "DELETE FROM staff_reminders WHERE dialogue_id = :id AND duty = :duty AND status = 'planned'",
        {"id": dialogue_id, "duty": duty},
    )


def plan_one(dialogue_id: int, wanted: Wanted) -> Statement:
    """Plans one reminder, unless it was planned before."""
    return Statement(
        "INSERT INTO staff_reminders (dialogue_id, duty, day, distance, due_at, status)"
        " VALUES (:id, :duty, :day, :distance, :due_at, 'planned')"
        " ON CONFLICT (dialogue_id, duty, day, distance) DO NOTHING",
        {
            "id": dialogue_id,
            "duty": wanted.duty,
            "day": micros(wanted.day),
            "distance": wanted.distance,
            "due_at": micros(wanted.due_at),
        },
    )


async def of_dialogue(reader: Reader, dialogue_id: int) -> list[Reminder]:
    """All reminders of a dialogue, in the order of their times."""
    rows = await reader.rows(
        f"SELECT {_COLUMNS} FROM staff_reminders WHERE dialogue_id = :id ORDER BY due_at, id", {"id": dialogue_id}
    )
    return [_reminder(row) for row in rows]


async def by_id(reader: Reader, reminder_id: int) -> Reminder | None:
    """The reminder of an id."""
    row = await one(reader, f"SELECT {_COLUMNS} FROM staff_reminders WHERE id = :id", {"id": reminder_id})
    return _reminder(row) if row else None


async def last_figures(reader: Reader) -> datetime | None:
    """When figures were, or are to be, told last."""
    row = await one(reader, "SELECT max(due_at) AS last FROM staff_reminders WHERE duty = :duty", {"duty": FIGURES})
    return moment(row["last"]) if row and row["last"] is not None else None


# -- telling


async def step(database: Database, now: int, readers: Readers) -> int:
    """Turns what is due into a job for each chat that is told; gives how many reminders were settled.

    Of several that came due for one duty, since nothing ran meanwhile, only the last is told: the others are missed,
    which it says.
    """
    due = "SELECT 1 FROM staff_reminders WHERE status = 'planned' AND due_at <= :now LIMIT 1"
    [found] = await database.read(Statement(due, {"now": now}))
    if not found:
        return 0
    async with database.transaction() as tx:
        await tx.alone("staff reminders")
        return await _tell(tx, now, readers)


async def _tell(tx: Transaction, now: int, readers: Readers) -> int:
    rows = await tx.rows(
        f"SELECT {_COLUMNS} FROM staff_reminders WHERE status = 'planned' AND due_at <= :now"
        " ORDER BY dialogue_id, duty, due_at, id",
        {"now": now},
    )
    for (dialogue_id, duty), ones in groupby(map(_reminder, rows), lambda one: (one.dialogue_id, one.duty)):
        *overtaken, last = ones
        chats = await _chats(tx, dialogue_id, duty, readers)
        is_late = micros(last.due_at) + LATE < now
        told = (Status.LATE if is_late else Status.SENT) if chats else Status.MISSED
        tx.add(*(_settle(one.id, Status.MISSED, now) for one in overtaken), _settle(last.id, told, now))
        tx.add(*(jobs.add(JOB, chat, json.dumps({"reminder": last.id}), now, now) for chat in chats))
    return len(rows)


def _settle(reminder_id: int, status: Status, now: int) -> Statement:
    return Statement(
        "UPDATE staff_reminders SET status = :status, settled_at = :now WHERE id = :id AND status = 'planned'",
        {"id": reminder_id, "status": status, "now": now},
        changes=1,
    )


async def _chats(tx: Transaction, dialogue_id: int, duty: str, readers: Readers) -> list[int]:
    """The chats that are told: of each person the one used last of those that can be reached.

    A commune that has nobody is the province's to see to.
    """
    scope = str((await tx.rows("SELECT scope FROM dialogues WHERE id = :id", {"id": dialogue_id}))[0]["scope"])
    everywhere = await _of_roles(tx, readers.everywhere)
    local = await _of_roles(tx, [readers.local])
    if duty == FIGURES:
        return [chat for chat, _ in (*everywhere, *local)]
    own = [chat for chat, places in local if scope and scope in places.split()]
    return own or [chat for chat, _ in everywhere]


async def _of_roles(tx: Transaction, roles: Sequence[str]) -> list[tuple[int, str]]:
    names = {f"role{n}": role for n, role in enumerate(roles)}
    values: dict[str, Value] = {**names}
    rows = await tx.rows(
        "SELECT s.scope, (SELECT a.id FROM addresses a WHERE a.person_id = s.person_id AND a.blocked_at IS NULL"
        " ORDER BY a.last_written_at DESC, a.id DESC LIMIT 1) AS chat"
        f" FROM staff s WHERE s.role IN ({', '.join(f':{name}' for name in names)}) ORDER BY s.person_id",
        values,
    )
    return [(int(row["chat"]), row["scope"]) for row in rows if row["chat"] is not None]
