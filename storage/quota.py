"""How much a messenger lets out by itself: counted over all chats, and what may not go now waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from storage.claims import Claimed
from storage.database import Database, Reader, Statement, Value, one
from storage.outbox import Kind

HOUR = 3_600_000_000  # microseconds
DAY = 24 * HOUR
MONTH = 31 * DAY  # no month is longer
KEPT = timedelta(days=60)  # how long somebody is waited for
NEVER = 1 << 62  # it waits for the person alone


class Allowance(Protocol):
    """What may go out by itself, 0 is no limit: so many hours after the person wrote last, and so many in all."""

    @property
    def hours(self) -> float: ...

    @property
    def per_day(self) -> int: ...

    @property
    def per_month(self) -> int: ...


async def must_wait(database: Database, row: Claimed, allowance: Allowance, now: int) -> bool:
    """Whether a leased row may not go out now; it is put aside then. One that may is counted, once however often tried."""
    if row.kind is Kind.REPLY:
        return False
    if allowance.hours and now - row.last_written_at > allowance.hours * HOUR:
        await database.write([put_aside(row.id, NEVER)])
        return True
    if not (allowance.per_day or allowance.per_month):
        return False
    _, admitted = await database.write([_count(row, allowance, now), _counted(row.id)])
    if admitted:
        return False
    await database.write([put_aside(row.id, await _room_at(database, row.channel, allowance, now))])
    return True


def _count(row: Claimed, allowance: Allowance, now: int) -> Statement:
    """Counts a row if there is room for it."""
    in_window = "(SELECT count(*) FROM unasked u WHERE u.channel = :channel AND u.at > :now - {})"
    return Statement(
        "INSERT INTO unasked (outbox_id, channel, at) SELECT :id, :channel, :now"
        f" WHERE (:daily = 0 OR {in_window.format(DAY)} < :daily)"
        f" AND (:monthly = 0 OR {in_window.format(MONTH)} < :monthly)"
        " ON CONFLICT (outbox_id) DO NOTHING",
        {"id": row.id, "channel": row.channel, "now": now,
         "daily": allowance.per_day, "monthly": allowance.per_month},
    )  # fmt: skip


def _counted(row_id: int) -> Statement:
    return Statement("SELECT 1 AS yes FROM unasked WHERE outbox_id = :id", {"id": row_id})


async def _room_at(database: Database, channel: str, allowance: Allowance, now: int) -> int:
    """When there is room again: as soon as one of those that count is old enough."""
    windows = ((DAY, allowance.per_day), (MONTH, allowance.per_month))
    found = await database.read(
        *(
            Statement(
                "SELECT at FROM unasked WHERE channel = :channel AND at > :since ORDER BY at DESC LIMIT 1 OFFSET :n",
                {"channel": channel, "since": now - span, "n": most - 1},
            )
            for span, most in windows
            if most
        )
    )
    spans = [span for span, most in windows if most]
    return max((rows[0]["at"] + span for span, rows in zip(spans, found, strict=True) if rows), default=now) + 1


def put_aside(row_id: int, until: int) -> Statement:
    """Lets a leased row wait, and holds up nothing behind it."""
    return Statement(
        "UPDATE outbox SET status = 'waiting', due_at = :until WHERE id = :id AND status = 'leased'",
        {"id": row_id, "until": until},
    )


async def is_waiting(reader: Reader, address_id: int) -> bool:
    """Whether anything waits for a chat."""
    found = await one(
        reader, "SELECT 1 FROM outbox WHERE address_id = :id AND status = 'waiting' LIMIT 1", {"id": address_id}
    )
    return found is not None


def release(address_id: int, now: int) -> list[Statement]:
    """Lets what waits for a chat go out, now that the person wrote. It is asked for now, and counts for nothing."""
    values: dict[str, Value] = {"id": address_id, "now": now}
    return [
        Statement(
            "INSERT INTO unasked (outbox_id, channel, at) SELECT o.id, a.channel, 0 FROM outbox o"
            " JOIN addresses a ON a.id = o.address_id WHERE o.address_id = :id AND o.status = 'waiting'"
            " ON CONFLICT (outbox_id) DO NOTHING",
            values,
        ),
        Statement(
            "UPDATE outbox SET status = 'new', due_at = :now WHERE address_id = :id AND status = 'waiting'", values
        ),
    ]


def reconsider() -> Statement:
    """Lets everything that waits be looked at anew: at a start what is allowed may have changed."""
    return Statement("UPDATE outbox SET status = 'new' WHERE status = 'waiting'")


def renew(now: int) -> Statement:
    """Lets out what waited for room."""
    return Statement("UPDATE outbox SET status = 'new' WHERE status = 'waiting' AND due_at <= :now", {"now": now})


def expire(before: int) -> list[Statement]:
    """Gives up what has waited in vain for long, and forgets what no longer counts."""
    return [
        Statement(
            "UPDATE outbox SET status = 'failed', error = 'waited', body = '{}'"
            " WHERE status = 'waiting' AND created_at < :before",
            {"before": before},
        ),
        Statement(
            "DELETE FROM unasked WHERE at < :before AND NOT EXISTS (SELECT 1 FROM outbox o"
            " WHERE o.id = unasked.outbox_id AND o.status IN ('new', 'leased', 'waiting'))",
            {"before": before},
        ),
    ]
