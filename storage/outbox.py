"""The outbox: every message that goes out, from the turn that says it to the messenger that took it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.model import Json
from storage.database import Database, Row, Statement

LEASE = 60_000_000  # microseconds a row may be in hand before another may take it


class Kind(StrEnum):
    """Why something is sent; quiet hours hold the last four."""

    REPLY = "reply"
    ALERT = "alert"
    ANSWER = "answer"
    REMINDER = "reminder"
    NEWS = "news"
    BROADCAST = "broadcast"


AT_MOST_ONCE = (Kind.ANSWER, Kind.NEWS, Kind.BROADCAST)  # sent again by nobody's doing but a person's
PRIORITY = {kind: number for number, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Something to be said: `body` is the JSON of phrases, buttons and files, `choices` its buttons' data in order.

    Of one `slot` at most one row is unsent: a newer one replaces it. `due_at` 0 is at once.
    """

    address_id: int
    n: int
    body: Json
    choices: tuple[str, ...] = ()
    slot: str = ""
    kind: Kind = Kind.REPLY
    due_at: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """The message of the same slot that the person sees now: its reference and when it was sent."""

    reference: str
    sent_at: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row in the sender's hands. `last_written_at` is when the person last wrote in that chat."""

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
    attempts: int
    created_at: int
    last_written_at: int
    shown: Shown | None


_SELECT = """
SELECT o.id, o.cause, o.n, o.kind, o.address_id, o.slot, o.body, o.attempts, o.created_at,
       a.channel, a.chat, a.language, a.last_written_at, e.reference, e.sent_at
FROM outbox o
JOIN addresses a ON a.id = o.address_id
LEFT JOIN outbox e ON o.slot <> '' AND e.id = (
  SELECT max(s.id) FROM outbox s WHERE s.address_id = o.address_id AND s.status = 'sent' AND s.slot = o.slot AND s.id < o.id)
"""


def claimed(row: Row) -> Claimed:
    """A row of the claiming SELECT."""
    return Claimed(
        id=row["id"],
        cause=row["cause"],
        n=row["n"],
        kind=Kind(row["kind"]),
        address_id=row["address_id"],
        channel=row["channel"],
        chat=row["chat"],
        language=row["language"],
        slot=row["slot"],
        body=json.loads(row["body"]),
        attempts=row["attempts"],
        created_at=row["created_at"],
        last_written_at=row["last_written_at"],
        shown=Shown(row["reference"], row["sent_at"]) if row["reference"] else None,
    )


def add(cause: str, outgoing: Outgoing, boot: str, now: int) -> list[Statement]:
    """Puts something to be said into the outbox.

    What is due at once comes leased to this process, unless something older of the chat still waits: then in turn.
    """
    later = outgoing.due_at > now
    row = Statement(
        "INSERT INTO outbox (cause, address_id, n, kind, priority, slot, body, choices, status, due_at, boot,"
        " leased_until, created_at)"
        " SELECT :cause, :address_id, :n, :kind, :priority, :slot, :body, :choices,"
        " CASE WHEN :later = 1 OR EXISTS (SELECT 1 FROM outbox w WHERE w.address_id = :address_id AND w.status = 'new')"
        " THEN 'new' ELSE 'leased' END, :due_at, :boot, :leased_until, :now"
        " WHERE 1 = 1 ON CONFLICT (cause, address_id, n) DO NOTHING",
        {
            "cause": cause,
            "address_id": outgoing.address_id,
            "n": outgoing.n,
            "kind": outgoing.kind,
            "priority": PRIORITY[outgoing.kind],
            "slot": outgoing.slot,
            "body": json.dumps(outgoing.body, ensure_ascii=False),
            "choices": json.dumps(outgoing.choices) if outgoing.choices else "",
            "later": int(later),
            "due_at": max(outgoing.due_at, now),
            "boot": boot,
            "leased_until": now + LEASE,
            "now": now,
        },
    )
    return [*([replace(outgoing.address_id, outgoing.slot)] if outgoing.slot else []), row]


def replace(address_id: int, slot: str) -> Statement:
    """Gives up what waits unsent in a slot."""
    return Statement(
        "UPDATE outbox SET status = 'replaced', body = '{}' WHERE address_id = :id AND slot = :slot AND status = 'new'",
        {"id": address_id, "slot": slot},
    )


def of_cause(cause: str, boot: str) -> Statement:
    """The rows of a cause that came leased to this process; `claimed` reads them."""
    return Statement(
        _SELECT + "WHERE o.cause = :cause AND o.status = 'leased' AND o.boot = :boot ORDER BY o.id",
        {"cause": cause, "boot": boot},
    )


async def claim(database: Database, boot: str, now: int, most: int = 50) -> list[Claimed]:
    """Leases what is due, most urgent first; of each chat only the oldest unsent row.

    Who blocked the bot gets answers to what they write, and nothing else.
    """
    due = (
        "SELECT o.id FROM outbox o WHERE (o.status = 'new' OR (o.status = 'leased' AND o.leased_until < :now))"
        " AND o.due_at <= :now AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.address_id = o.address_id"
        " AND p.id < o.id AND p.status IN ('new', 'leased')) ORDER BY o.priority, o.due_at, o.id LIMIT :most"
    )
    token = f"{boot}:{now}"
    *_, rows = await database.write(
        [
            Statement(
                "UPDATE outbox SET status = 'failed', error = 'blocked' WHERE status = 'new' AND kind <> :reply"
                " AND address_id IN (SELECT id FROM addresses WHERE blocked_at IS NOT NULL)",
                {"reply": Kind.REPLY},
            ),
            Statement(
                f"UPDATE outbox SET status = 'leased', boot = :token, leased_until = :until WHERE id IN ({due})",
                {"token": token, "until": now + LEASE, "now": now, "most": most},
            ),
            Statement(
                _SELECT + "WHERE o.status = 'leased' AND o.boot = :token ORDER BY o.priority, o.due_at, o.id",
                {"token": token},
            ),
        ]
    )
    return [claimed(row) for row in rows]


async def next_due(database: Database) -> int | None:
    """When a chat's oldest unsent row is due or its lease ends (microseconds), or None when nothing waits."""
    [[row]] = await database.read(
        Statement(
            "SELECT min(CASE WHEN o.status = 'new' THEN o.due_at ELSE o.leased_until + 1 END) AS due_at FROM outbox o"
            " WHERE o.status IN ('new', 'leased') AND NOT EXISTS (SELECT 1 FROM outbox p"
            " WHERE p.address_id = o.address_id AND p.id < o.id AND p.status IN ('new', 'leased'))"
        ),
    )
    return row["due_at"] if row["due_at"] is None else int(row["due_at"])


def void_leases() -> Statement:
    """Ends the leases of earlier processes; only the holder of the database's lock may.

    What must go out at most once is unsure then: it may have been taken just before the end.
    """
    kinds = ", ".join(f"'{kind}'" for kind in AT_MOST_ONCE)
    return Statement(
        f"UPDATE outbox SET status = CASE WHEN kind IN ({kinds}) THEN 'unsure' ELSE 'new' END WHERE status = 'leased'"
    )


def sent(row_id: int, reference: str, now: int) -> Statement:
    """Marks a row as taken by the messenger."""
    return Statement(
        "UPDATE outbox SET status = 'sent', reference = :reference, sent_at = :now WHERE id = :id",
        {"id": row_id, "reference": reference, "now": now},
    )


def release(row_id: int, due_at: int) -> Statement:
    """Puts a row back that was not tried."""
    return Statement(
        "UPDATE outbox SET status = 'new', due_at = :due_at WHERE id = :id AND status = 'leased'",
        {"id": row_id, "due_at": due_at},
    )


def retry(row_id: int, due_at: int, error: str) -> Statement:
    """Puts a row back to be tried later."""
    return Statement(
        "UPDATE outbox SET status = 'new', due_at = :due_at, attempts = attempts + 1, error = :error WHERE id = :id",
        {"id": row_id, "due_at": due_at, "error": error},
    )


def give_up(row_id: int, error: str, status: str = "failed") -> Statement:
    """Marks a row as failed (or unsure) for good."""
    return Statement(
        "UPDATE outbox SET status = :status, error = :error WHERE id = :id",
        {"id": row_id, "error": error, "status": status},
    )


def blank(before: int) -> Statement:
    """Empties what was said long ago; the row stays for the count."""
    return Statement(
        "UPDATE outbox SET body = '{}' WHERE body <> '{}' AND status NOT IN ('new', 'leased', 'waiting')"
        " AND created_at < :before",
        {"before": before},
    )


def rows_of(results: Sequence[Sequence[Row]]) -> list[Claimed]:
    """The claimed rows of a unit that ended in `of_cause`."""
    return [claimed(row) for row in results[-1]]


def blank_sent(address_id: int) -> Statement:
    """Empties everything that was said in a chat so far; what waits is still sent."""
    return Statement(
        "UPDATE outbox SET body = '{}' WHERE address_id = :id AND status NOT IN ('new', 'leased', 'waiting')",
        {"id": address_id},
    )
