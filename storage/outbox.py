"""The outbox: every message that goes out, from the turn that says it to the messenger that took it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from bot.model import Json
from storage.database import Reader, Statement

LEASE = 60_000_000  # microseconds a row may be in hand before another may take it
LONG_LEASE = 300_000_000  # the same where files or many pieces go along


class Kind(StrEnum):
    """Why something is sent; quiet hours hold all but the first two."""

    REPLY = "reply"
    ALERT = "alert"
    ANSWER = "answer"
    REMINDER = "reminder"
    NEWS = "news"
    BROADCAST = "broadcast"
    NOTICE = "notice"  # a broadcast to staff


AT_MOST_ONCE = (Kind.ANSWER, Kind.NEWS, Kind.BROADCAST, Kind.NOTICE)  # sent again by nobody's doing but a person's
URGENT = (Kind.REPLY, Kind.ALERT)
QUIET = (Kind.ANSWER, Kind.REMINDER, Kind.NEWS, Kind.BROADCAST, Kind.NOTICE)  # not sent at night
PATIENT = tuple(kind for kind in Kind if kind not in URGENT)
PRIORITY = {kind: number for number, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Something to be said: `body` is the JSON of phrases, buttons and files, `choices` its buttons' data in order.

    Of one `slot` at most one row is unsent: a newer one replaces it. `due_at` 0 is at once. What `stays` is for this
    chat and no other of its person; a reply always is.
    """

    address_id: int
    n: int
    body: Json
    choices: tuple[str, ...] = ()
    slot: str = ""
    kind: Kind = Kind.REPLY
    due_at: int = 0
    stays: bool = False


_WAITS = (
    "EXISTS (SELECT 1 FROM outbox w WHERE w.address_id = :address_id AND w.status = 'new' AND w.kind = 'reply'"
    " AND :kind = 'reply') OR EXISTS (SELECT 1 FROM addresses a WHERE a.id = :address_id AND a.held_until > :now)"
)
_MAY_MOVE = (
    "(:kind <> 'reply' AND :stays = 0 AND EXISTS (SELECT 1 FROM addresses m JOIN addresses s"
    " ON s.person_id = m.person_id AND s.id <> m.id WHERE m.id = :address_id))"
)


def add(cause: str, outgoing: Outgoing, boot: str, now: int) -> list[Statement]:
    """Puts something to be said into the outbox.

    What is urgent and due at once comes leased to this process, unless a reply of the chat still waits, or the messenger
    asked to wait with it: then in turn. So does what may go to another chat of the person. Where `boot` is empty, another
    process sends.
    """
    later = outgoing.due_at > now or outgoing.kind not in URGENT or not boot
    row = Statement(
        "INSERT INTO outbox (cause, address_id, n, kind, priority, slot, body, choices, stays, status, due_at, boot,"
        " leased_until, created_at)"
        " SELECT :cause, :address_id, :n, :kind, :priority, :slot, :body, :choices, :stays,"
        f" CASE WHEN :later = 1 OR {_WAITS} OR {_MAY_MOVE} THEN 'new' ELSE 'leased' END, :due_at, :boot, :leased_until, :now"
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
            "stays": int(outgoing.stays),
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


def sent(row_id: int, reference: str, now: int) -> Statement:
    """Marks a row as taken by the messenger."""
    return Statement(
        "UPDATE outbox SET status = 'sent', reference = :reference, sent_at = :now WHERE id = :id",
        {"id": row_id, "reference": reference, "now": now},
    )


def release(row_id: int, boot: str, due_at: int) -> Statement:
    """Puts a row back that this process had in hand and did not try, whatever became of its lease meanwhile."""
    return Statement(
        "UPDATE outbox SET status = 'new', due_at = :due_at WHERE id = :id AND boot = :boot"
        " AND status IN ('leased', 'unsure')",
        {"id": row_id, "boot": boot, "due_at": due_at},
    )


def retry(row_id: int, due_at: int, error: str) -> Statement:
    """Puts a row back to be tried later."""
    return Statement(
        "UPDATE outbox SET status = 'new', due_at = :due_at, attempts = attempts + 1, error = :error WHERE id = :id",
        {"id": row_id, "due_at": due_at, "error": error},
    )


def set_aside(row_id: int) -> Statement:
    """Puts a row of a broadcast back that was paused, to go on with it."""
    return Statement("UPDATE outbox SET status = 'paused' WHERE id = :id AND status = 'leased'", {"id": row_id})


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


def blank_sent(address_id: int) -> Statement:
    """Empties everything that was said in a chat so far; what waits is still sent."""
    return Statement(
        "UPDATE outbox SET body = '{}' WHERE address_id = :id AND status NOT IN ('new', 'leased', 'waiting')",
        {"id": address_id},
    )


# -- what nobody knows of


@dataclass(frozen=True, slots=True)
class Undelivered:
    """How many messages could not be delivered, and of how many nobody knows."""

    failed: int
    unsure: int


async def undelivered(reader: Reader) -> Undelivered:
    """What did not come, or may not have."""
    [row] = await reader.rows(
        "SELECT (SELECT count(*) FROM outbox WHERE status = 'failed') AS failed,"
        " (SELECT count(*) FROM outbox WHERE status = 'unsure') AS unsure"
    )
    return Undelivered(**row)


def offered(address_id: int, now: int) -> Statement:
    """Notes that the person was asked whether to show what may not have reached them."""
    return Statement(
        "UPDATE outbox SET offered_at = :now WHERE address_id = :id AND status = 'unsure' AND offered_at IS NULL",
        {"id": address_id, "now": now},
    )


@dataclass(frozen=True, slots=True)
class Unsure:
    """What may not have reached a chat: its body, which has one for each language where it `is_broadcast`."""

    body: Json
    is_broadcast: bool


async def unsure(reader: Reader, address_id: int) -> list[Unsure]:
    """What may not have reached a chat and was not shown since, the oldest first."""
    rows = await reader.rows(
        "SELECT coalesce(b.bodies, o.body) AS body, o.broadcast_id FROM outbox o LEFT JOIN broadcasts b ON b.id = o.broadcast_id"
        " WHERE o.address_id = :id AND o.status = 'unsure' AND o.shown_at IS NULL AND o.body <> ''"
        " ORDER BY o.id",
        {"id": address_id},
    )
    return [Unsure(json.loads(row["body"]), row["broadcast_id"] is not None) for row in rows]


def shown(address_id: int, now: int) -> Statement:
    """Notes that what may not have reached a chat was shown to it. It stays unsure: nobody knows whether it was twice."""
    return Statement(
        "UPDATE outbox SET shown_at = :now WHERE address_id = :id AND status = 'unsure' AND shown_at IS NULL",
        {"id": address_id, "now": now},
    )
