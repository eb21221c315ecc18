"""What happens at an event: who is there, and what is asked while it lasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.database import Reader, Statement, moment, one


def check_in(event_id: int, person_id: int, how: str, now: int) -> Statement:
    """Notes that somebody is there; gives their event unless it was noted before."""
    return Statement(
        "INSERT INTO check_ins (event_id, person_id, how, at) VALUES (:event, :person, :how, :now)"
        " ON CONFLICT DO NOTHING RETURNING event_id",
        {"event": event_id, "person": person_id, "how": how, "now": now},
    )


async def is_there(reader: Reader, event_id: int, person_id: int) -> bool:
    """Whether somebody was noted as being there."""
    sql = "SELECT 1 FROM check_ins WHERE event_id = :event AND person_id = :person"
    return await one(reader, sql, {"event": event_id, "person": person_id}) is not None


async def count_there(reader: Reader, event_id: int) -> int:
    """How many were noted."""
    [row] = await reader.rows("SELECT count(*) AS n FROM check_ins WHERE event_id = :id", {"id": event_id})
    return int(row["n"])


@dataclass(frozen=True, slots=True)
class LiveQuestion:
    """Something asked during an event; staff see the place, and nobody's name."""

    id: int
    text: str
    place: str
    former_place: str
    asked_at: datetime


def ask(event_id: int, person_id: int, text: str, now: int) -> Statement:
    """Writes a question down."""
    return Statement(
        "INSERT INTO live_questions (event_id, person_id, text, asked_at) VALUES (:event, :person, :text, :now)",
        {"event": event_id, "person": person_id, "text": text, "now": now},
    )


async def count_asked(reader: Reader, event_id: int) -> int:
    """How many questions were asked."""
    [row] = await reader.rows("SELECT count(*) AS n FROM live_questions WHERE event_id = :id", {"id": event_id})
    return int(row["n"])


async def asked(reader: Reader, event_id: int, offset: int, most: int) -> list[LiveQuestion]:
    """What was asked, the newest first."""
    rows = await reader.rows(
        "SELECT q.id, q.text, p.place, p.former_place, q.asked_at FROM live_questions q"
        " JOIN people p ON p.id = q.person_id WHERE q.event_id = :event ORDER BY q.id DESC LIMIT :most OFFSET :offset",
        {"event": event_id, "offset": offset, "most": most},
    )
    return [
        LiveQuestion(row["id"], row["text"], row["place"], row["former_place"], moment(row["asked_at"])) for row in rows
    ]
