"""Looking a proposal up by its key: what may be told, and the wrong tries of the last hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.database import Reader, Statement, moment, one

COUNTED = timedelta(hours=1)  # how long a wrong try counts


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a proposal stands, and what is stored of the key that may ask."""

    state: str
    since: datetime
    key_hash: str


async def standing(reader: Reader, code: str) -> Standing | None:
    """Where the proposal of a code stands; nothing of what it says is read."""
    row = await one(
        reader,
        "SELECT p.state, p.key_hash, coalesce((SELECT max(s.at) FROM steps s WHERE s.proposal_id = p.id"
        " AND s.state = p.state), p.created_at) AS since FROM proposals p WHERE p.code = :code",
        {"code": code},
    )
    return Standing(row["state"], moment(row["since"]), row["key_hash"]) if row else None


async def tried_before(reader: Reader, subject: str, most: int, after: int) -> datetime | None:
    """When the oldest of the last `most` wrong tries was; None where there were fewer."""
    row = await one(
        reader,
        "SELECT at FROM lookups WHERE subject = :subject AND at > :after ORDER BY at DESC LIMIT 1 OFFSET :skipped",
        {"subject": subject, "after": after, "skipped": most - 1},
    )
    return moment(row["at"]) if row else None


def note(subject: str, now: int) -> Statement:
    """Writes a wrong try down."""
    return Statement("INSERT INTO lookups (subject, at) VALUES (:subject, :now)", {"subject": subject, "now": now})


def expire(before: int) -> Statement:
    """Forgets tries that count no more."""
    return Statement("DELETE FROM lookups WHERE at <= :before", {"before": before})
