"""Reminders of events: one for each person, time of the event and span before it. Rows first, words when they go out.

Of the same time nobody is reminded twice, however often an event is moved there and back. One that comes too late is
recorded as missed, with why, and never sent as if in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.database import Database, Reader, Row, Statement, one
from storage.outbox import PRIORITY, Kind
from storage.reach import chat_of, is_blocked
from storage.sign_ups import REMINDED

CHUNK = 500  # rows made at once
MINUTE = 60_000_000  # microseconds
PATIENCE = 180 * MINUTE  # how late a reminder may be at most; one of a short span half of it
EMPTY = '{"text": [], "buttons": [], "files": []}'  # of a row whose words are made when it goes out
_REMINDED = ", ".join(f"'{state}'" for state in REMINDED)
_TOO_LATE = f"due_at + CASE WHEN minutes_before * {MINUTE // 2} < {PATIENCE} THEN minutes_before * {MINUTE // 2} ELSE {PATIENCE} END < :now"


@dataclass(frozen=True, slots=True)
class Due:
    """When people are reminded that many minutes before; `why` says why that cannot be any more."""

    minutes_before: int
    at: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a reminder is about, as the event stands when it goes out. `point` is the person's own bridge point, or ""."""

    id: int
    event_id: int
    title: str
    start_at: int
    hall: str
    link: str
    point: str
    room: str
    minutes_before: int
    due_at: int

    def too_late(self, now: int) -> str:
        """Why it may not go out any more, or ""."""
        if self.start_at <= now:
            return "begun"
        return "late" if self.due_at + min(self.minutes_before * MINUTE // 2, PATIENCE) < now else ""


JOINED = """
LEFT JOIN reminders r ON r.id = o.reminder_id
LEFT JOIN events v ON v.id = r.event_id
LEFT JOIN bridge_points y ON y.event_id = v.id AND v.has_points = 1 AND y.place = p.place
"""
COLUMNS = (
    "r.id AS reminder_id, r.state AS reminder_state, r.minutes_before, r.due_at AS reminder_due, v.id AS event_id,"
    " v.state AS event_state, v.title, v.start_at, v.hall, v.link, y.name AS point, y.room"
)


def reminded(row: Row) -> Reminded | None:
    """What a row that was joined with its reminder is about."""
    if row["reminder_id"] is None:
        return None
    return Reminded(
        row["reminder_id"], row["event_id"], row["title"], row["start_at"], row["hall"], row["link"],
        row["point"] or "", row["room"] or "", row["minutes_before"], row["reminder_due"],
    )  # fmt: skip


def is_off(row: Row) -> bool:
    """Whether a row is of a reminder that is not to be sent: the event is, or its person does not come."""
    return row["reminder_id"] is not None and (row["reminder_state"], row["event_state"]) != ("made", "published")


# -- planning


def plan(event_id: int, start_at: int, dues: Sequence[Due], person_id: int | None = None) -> list[Statement]:
    """Plans reminders for everyone who is reminded of an event, or for one of them; what is there stays."""
    only = "AND s.person_id = :person" if person_id is not None else ""
    return [
        Statement(
            "INSERT INTO reminders (event_id, person_id, start_at, minutes_before, due_at, state, why)"
            " SELECT s.event_id, s.person_id, :start, :minutes, :due, :state, :why FROM sign_ups s"
            f" WHERE s.event_id = :event AND s.state IN ({_REMINDED}) {only}"
            " ON CONFLICT DO NOTHING",
            {
                "event": event_id,
                "start": start_at,
                "minutes": due.minutes_before,
                "due": due.at,
                "state": "missed" if due.why else "waiting",
                "why": due.why,
                **({"person": person_id} if person_id is not None else {}),
            },
        )
        for due in dues
    ]


def void(event_id: int, person_id: int | None = None) -> Statement:
    """Calls off what has not gone out yet, for everyone or for one person."""
    only = "AND person_id = :person" if person_id is not None else ""
    return Statement(
        f"UPDATE reminders SET state = 'void' WHERE event_id = :event {only} AND (state = 'waiting' OR (state = 'made'"
        " AND EXISTS (SELECT 1 FROM outbox o WHERE o.reminder_id = reminders.id AND o.status IN ('new', 'waiting'))))",
        {"event": event_id, **({"person": person_id} if person_id is not None else {})},
    )


# -- when their time has come


async def step(database: Database, now: int) -> int:
    """Puts what is due into the outbox, a chunk at a time, and records what is too late; gives how many rows were made."""
    [due] = await database.read(
        Statement("SELECT 1 FROM reminders WHERE state = 'waiting' AND due_at <= :now LIMIT 1", {"now": now})
    )
    if not due:
        return 0
    async with database.transaction() as tx:
        await tx.alone("due reminders")
        _, made, *_ = await tx.run_all([_too_late(now), _make(now), _mark(now), _nowhere(now)])
    return len(made)


def _too_late(now: int) -> Statement:
    return Statement(
        "UPDATE reminders SET state = 'missed', why = CASE WHEN start_at <= :now THEN 'begun' ELSE 'late' END"
        f" WHERE state = 'waiting' AND due_at <= :now AND (start_at <= :now OR {_TOO_LATE})",
        {"now": now},
    )


def _make(now: int) -> Statement:
    """Rows of the outbox without words. Whoever blocked the bot gets one as well, that says so."""
    return Statement(
        "INSERT INTO outbox (cause, address_id, person_id, reminder_id, n, kind, priority, body, status, due_at, error,"
        " created_at)"
        " SELECT 'reminder:' || c.id, c.chat, c.person_id, c.id, 0, :kind, :priority, :body,"
        " CASE WHEN c.is_blocked = 1 THEN 'dropped' ELSE 'new' END, :now,"
        " CASE WHEN c.is_blocked = 1 THEN 'blocked' ELSE '' END, :now"
        f" FROM (SELECT r.id, r.person_id, {chat_of('r.person_id')} AS chat, {is_blocked('r.person_id')} AS is_blocked"
        " FROM reminders r WHERE r.state = 'waiting' AND r.due_at <= :now"
        " AND EXISTS (SELECT 1 FROM addresses x WHERE x.person_id = r.person_id)"
        " ORDER BY r.due_at, r.id LIMIT :chunk) AS c WHERE 1 = 1"
        " ON CONFLICT DO NOTHING RETURNING id",
        {
            "kind": Kind.REMINDER,
            "priority": PRIORITY[Kind.REMINDER],
            "body": EMPTY,
            "now": now,
            "chunk": CHUNK,
        },
    )


def _mark(now: int) -> Statement:
    return Statement(
        "UPDATE reminders SET state = 'made' WHERE state = 'waiting' AND due_at <= :now"
        " AND EXISTS (SELECT 1 FROM outbox o WHERE o.reminder_id = reminders.id)",
        {"now": now},
    )


def _nowhere(now: int) -> Statement:
    return Statement(
        "UPDATE reminders SET state = 'missed', why = 'nowhere' WHERE state = 'waiting' AND due_at <= :now"
        " AND NOT EXISTS (SELECT 1 FROM addresses x WHERE x.person_id = reminders.person_id)",
        {"now": now},
    )


async def next_due(reader: Reader) -> int | None:
    """When the next reminder is due (microseconds), or None."""
    row = await one(reader, "SELECT min(due_at) AS due_at FROM reminders WHERE state = 'waiting'")
    return row["due_at"] if row and row["due_at"] is not None else None


def press(event_id: int, person_id: int, reminder_id: int, now: int) -> Statement:
    """Notes that a button of a reminder was pressed."""
    return Statement(
        "UPDATE reminders SET pressed_at = :now WHERE id = :id AND event_id = :event AND person_id = :person"
        " AND pressed_at IS NULL",
        {"id": reminder_id, "event": event_id, "person": person_id, "now": now},
    )


# -- what became of them


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of the reminders of one span: `missed` by why."""

    minutes_before: int
    to_come: int
    sent: int
    pressed: int
    missed: dict[str, int]


async def figures(reader: Reader, event_id: int, now: int) -> list[Figures]:
    """What became of an event's reminders, the earliest first."""
    rows = await reader.rows(
        "SELECT r.minutes_before, r.state, r.why, o.status, o.error, r.start_at <= :now AS has_begun,"
        " count(*) AS n, count(r.pressed_at) AS pressed"
        " FROM reminders r LEFT JOIN outbox o ON o.reminder_id = r.id"
        " WHERE r.event_id = :event AND (r.state <> 'void' OR o.status = 'sent')"
        " GROUP BY r.minutes_before, r.state, r.why, o.status, o.error, r.start_at <= :now",
        {"event": event_id, "now": now},
    )
    spans = sorted({row["minutes_before"] for row in rows}, reverse=True)
    return [_figures(span, [row for row in rows if row["minutes_before"] == span]) for span in spans]


def _figures(span: int, rows: Sequence[Row]) -> Figures:
    counts = {"to_come": 0, "sent": 0}
    missed: dict[str, int] = {}
    for row in rows:
        meaning = _meaning(row)
        if meaning in counts:
            counts[meaning] += row["n"]
        else:
            missed[meaning] = missed.get(meaning, 0) + row["n"]
    return Figures(span, counts["to_come"], counts["sent"], sum(row["pressed"] for row in rows), missed)


REASONS = ("late", "begun", "quiet", "nowhere", "blocked", "unwanted", "held", "failed")


def _meaning(row: Row) -> str:
    """Sent, still to come, or why it was missed."""
    if row["state"] == "missed":
        return str(row["why"])
    match row["status"]:
        case "sent":
            return "sent"
        case None | "new" | "leased":
            return "to_come"
        case "waiting":  # its messenger lets it out when the person writes
            return "held" if row["has_begun"] else "to_come"
        case "dropped" if row["error"] in REASONS:
            return str(row["error"])
        case _:
            return "blocked" if row["error"] == "UnreachableError" else "failed"
