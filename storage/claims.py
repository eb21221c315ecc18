"""Taking out of the outbox: what is due, in whose hands, and what the sender must know of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.model import Json
from storage import reminders
from storage.database import Result, Row, Statement, Store, Value
from storage.outbox import AT_MOST_ONCE, LEASE, PATIENT, PRIORITY, URGENT, Kind
from storage.reminders import Reminded
from storage.routes import IS_TWICE, NONE, Routes, find_way


class Bar(StrEnum):
    """Why something is not sent, although it is due."""

    NONE = ""
    BLOCKED = "blocked"  # the person blocked the bot
    UNWANTED = "unwanted"  # they do not want to be told such things
    NO_STAFF = "no staff"  # it is for staff, and they are none of those any more
    PAUSED = "paused"  # its broadcast was
    CALLED_OFF = "called off"
    TWICE = "twice"  # another chat of its person got it or will
    LATE = "late"  # a reminder that helps nobody any more
    BEGUN = "begun"


@dataclass(frozen=True, slots=True)
class Shown:
    """The message of the same slot that the person sees now: its reference and when it was sent."""

    reference: str
    sent_at: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row in the sender's hands. `last_written_at` is when the person last wrote in that chat.

    `body` is the JSON of phrases, buttons and files; of a broadcast, one such JSON for each language. Of a reminder it is
    empty: `reminded` is what it is about now.
    """

    id: int
    cause: str
    n: int
    kind: Kind
    address_id: int
    channel: str
    chat: str
    language: str
    slot: str
    body: Json
    boot: str
    attempts: int
    created_at: int
    leased_until: int
    last_written_at: int
    shown: Shown | None
    bar: Bar
    broadcast_id: int | None
    reminded: Reminded | None = None

    def bar_at(self, now: int) -> Bar:
        """Why it is not sent now, although it is due."""
        return self.bar or (Bar(self.reminded.too_late(now)) if self.reminded else Bar.NONE)


_SELECT = f"""
SELECT o.id, o.cause, o.n, o.kind, o.address_id, o.slot, coalesce(b.bodies, o.body) AS body, o.boot, o.attempts, o.created_at,
       o.leased_until, o.broadcast_id, a.channel, a.chat, a.language, a.last_written_at, a.blocked_at,
       p.wants_reminders, p.wants_news, b.status AS broadcast,
       CASE WHEN o.kind = '{Kind.NOTICE}' THEN b.audience END AS audience, (SELECT f.role FROM staff f WHERE f.person_id = p.id) AS role,
       e.reference, e.sent_at,
       {reminders.COLUMNS}, {IS_TWICE}
FROM outbox o
JOIN addresses a ON a.id = o.address_id
LEFT JOIN people p ON p.id = a.person_id
LEFT JOIN broadcasts b ON b.id = o.broadcast_id
{reminders.JOINED.strip()}
LEFT JOIN outbox e ON o.slot <> '' AND e.id = (
  SELECT max(s.id) FROM outbox s WHERE s.address_id = o.address_id AND s.status = 'sent' AND s.slot = o.slot AND s.id < o.id)
"""


def claimed(row: Row) -> Claimed:
    """A row of the claiming SELECT."""
    kind = Kind(row["kind"])
    return Claimed(
        id=row["id"],
        cause=row["cause"],
        n=row["n"],
        kind=kind,
        address_id=row["address_id"],
        channel=row["channel"],
        chat=row["chat"],
        language=row["language"],
        slot=row["slot"],
        body=json.loads(row["body"]),
        boot=row["boot"],
        attempts=row["attempts"],
        created_at=row["created_at"],
        leased_until=row["leased_until"],
        last_written_at=row["last_written_at"],
        shown=Shown(row["reference"], row["sent_at"]) if row["reference"] else None,
        bar=_bar(kind, row),
        broadcast_id=row["broadcast_id"],
        reminded=reminders.reminded(row),
    )


def _bar(kind: Kind, row: Row) -> Bar:
    """Who blocked the bot gets answers to what they write, and nothing else; who wants no news or reminders gets none.

    Nobody gets the same on two channels.
    """
    if kind is not Kind.REPLY and row["blocked_at"] is not None:
        return Bar.BLOCKED
    if row["is_twice"]:
        return Bar.TWICE
    wanted = {Kind.REMINDER: row["wants_reminders"], Kind.NEWS: row["wants_news"], Kind.BROADCAST: row["wants_news"]}
    if wanted.get(kind, 1) == 0:
        return Bar.UNWANTED
    if row["broadcast"] and kind is Kind.NOTICE and row["role"] not in _roles(row["audience"]):
        return Bar.NO_STAFF
    if reminders.is_off(row):
        return Bar.CALLED_OFF
    return {"cancelled": Bar.CALLED_OFF, "paused": Bar.PAUSED}.get(row["broadcast"] or "", Bar.NONE)


def _roles(audience: str) -> Sequence[str]:
    """The roles of staff that a broadcast is for."""
    roles: Sequence[str] = json.loads(audience).get("roles", ())
    return roles


def of_cause(cause: str, boot: str) -> Statement:
    """The rows of a cause that came leased to this process; `rows_of` reads them."""
    return Statement(
        _SELECT + "WHERE o.cause = :cause AND o.status = 'leased' AND o.boot = :boot ORDER BY o.id",
        {"cause": cause, "boot": boot},
    )


def rows_of(results: Sequence[Result]) -> list[Claimed]:
    """The claimed rows of a unit that ended in `of_cause`."""
    return [claimed(row) for row in results[-1]]


# -- what is due

_READY = {
    True: (
        "FROM outbox o JOIN addresses a ON a.id = o.address_id WHERE o.status = 'new' AND o.priority = {priority}"
        " AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.address_id = o.address_id AND p.id < o.id"
        " AND p.kind = 'reply' AND p.status IN ('new', 'leased'))"
    ),
    False: "FROM outbox o JOIN addresses a ON a.id = o.address_id WHERE o.status = 'new' AND o.priority = {priority}",
}  # whether only the oldest unsent one of a chat counts


def _ready(kind: Kind) -> str:
    return _READY[kind is Kind.REPLY].format(priority=PRIORITY[kind])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What may be claimed now: replies and alerts, everything else, and which of that must wait for the morning."""

    urgent: int = 50
    patient: int = 50
    held: Collection[Kind] = ()


ALL = Wanted()


async def claim(database: Store, boot: str, now: int, wanted: Wanted = ALL, routes: Routes = NONE) -> list[Claimed]:
    """Leases what is due, most urgent first; of a chat's replies only the oldest unsent one.

    What comes by itself is taken to the chat of its person that reaches them best.
    A lease that has ended is void before: what must go out at most once is unsure then.
    """
    token = f"{boot}:{now}"
    values: dict[str, Value] = {"token": token, "until": now + LEASE, "now": now}
    takes = [
        _take(kinds, most, values)
        for kinds, most in ((URGENT, wanted.urgent), (_patient(wanted), wanted.patient))
        if most
    ]
    statements = [
        _void("status = 'leased' AND leased_until < :now", {"now": now}),
        *(take for take in takes if take),
        find_way(routes, token, now),
        Statement(
            _SELECT + "WHERE o.status = 'leased' AND o.boot = :token ORDER BY o.priority, o.due_at, o.id",
            {"token": token},
        ),
    ]
    return rows_of(await database.write(statements))


def _patient(wanted: Wanted) -> Sequence[Kind]:
    return [kind for kind in PATIENT if kind not in wanted.held]


def _take(kinds: Sequence[Kind], most: int, values: dict[str, Value]) -> Statement | None:
    """Leases the most urgent of some kinds; each kind is looked up by itself, so that what is due later costs nothing."""
    if not kinds:
        return None
    each = " UNION ALL ".join(
        f"SELECT * FROM (SELECT o.id, o.priority, o.due_at {_ready(kind)} AND o.due_at <= :now AND a.held_until <= :now"
        f" ORDER BY o.due_at, o.id LIMIT :most) AS due_{kind}"
        for kind in kinds
    )
    return Statement(
        "UPDATE outbox SET status = 'leased', boot = :token, leased_until = :until WHERE status = 'new' AND id IN"
        f" (SELECT id FROM ({each}) AS due ORDER BY priority, due_at, id LIMIT :most)",
        {**values, "most": most},
    )


async def next_due(database: Store, held: Collection[Kind] = (), held_until: int = 0) -> int | None:
    """When something is due or a lease ends (microseconds), or None when nothing waits. `held` are due at `held_until`.

    Where the first of a kind waits for its messenger, this is when that ends; another may be due before.
    """
    firsts = [
        Statement(
            f"SELECT CASE WHEN a.held_until > o.due_at THEN a.held_until ELSE o.due_at END AS due_at {_ready(kind)}"
            " ORDER BY o.due_at, o.id LIMIT 1"
        )
        for kind in Kind
    ]
    leases = Statement("SELECT min(leased_until) + 1 AS due_at FROM outbox WHERE status = 'leased'")
    *found, [lease] = await database.read(*firsts, leases)
    times = [
        max(int(rows[0]["due_at"]), held_until if kind in held else 0)
        for kind, rows in zip(Kind, found, strict=True)
        if rows
    ]
    return min([*times, *([int(lease["due_at"])] if lease["due_at"] is not None else [])], default=None)


async def oldest_due(database: Store, now: int) -> int | None:
    """When the oldest urgent row was due that no one has in hand and its messenger does not hold; None where there is none."""
    firsts = [
        Statement(
            f"SELECT o.due_at {_ready(kind)} AND o.due_at <= :now AND a.held_until <= :now ORDER BY o.due_at LIMIT 1",
            {"now": now},
        )
        for kind in URGENT
    ]
    return min((int(rows[0]["due_at"]) for rows in await database.read(*firsts) if rows), default=None)


# -- leases


def void_leases(but: str = "") -> Statement:
    """Ends the leases of other processes; only who holds the one post of the sender may."""
    return _void("status = 'leased' AND boot <> :boot AND boot NOT LIKE :tokens", {"boot": but, "tokens": f"{but}:%"})


def _void(which: str, values: dict[str, Value]) -> Statement:
    """What must go out at most once is unsure then: it may have been taken just before the end."""
    kinds = ", ".join(f"'{kind}'" for kind in AT_MOST_ONCE)
    return Statement(
        f"UPDATE outbox SET status = CASE WHEN kind IN ({kinds}) THEN 'unsure' ELSE 'new' END WHERE {which}", values
    )


def extend(row_id: int, until: int) -> Statement:
    """Gives a row in hand more time."""
    return Statement(
        "UPDATE outbox SET leased_until = :until WHERE id = :id AND status = 'leased'", {"id": row_id, "until": until}
    )
