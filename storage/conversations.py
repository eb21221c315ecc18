"""Conversations: where each stands, and all that a turn needs to know before it starts."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.model import Json
from storage.database import Reader, Row, Statement, one


@dataclass(frozen=True, slots=True)
class Open:
    """A conversation that goes on: its number in its chat, its name, its state, and the version that was read."""

    serial: int
    name: str
    state: Json
    version: int


@dataclass(frozen=True, slots=True)
class Opening:
    """What a turn reads first: the chat, the person behind it (if any), the open conversation (if any).

    `choices` are the buttons' data of the last reply, for channels that show them as a numbered list.
    `has_unsure` says that something may not have reached this chat and was not offered yet.
    `age_band` is empty until the person consented; `role` is empty for everyone who is not staff, `scope` is what part of
    it all a role is for.
    """

    inbox_id: int
    status: str
    attempts: int
    address_id: int
    channel: str
    chat: str
    language: str
    blocked: bool
    has_unsure: bool
    conversations: int
    person_id: int | None
    age_band: str
    place: str
    former_place: str
    is_placed: bool
    role: str
    scope: str
    choices: tuple[str, ...]
    open: Open | None


_OPENING = """
SELECT i.id AS inbox_id, i.status, i.attempts,
       a.id AS address_id, a.channel, a.chat, a.language, a.blocked_at, a.conversations, a.person_id,
       p.age_band, p.place, p.former_place, p.place_told_at, s.role, s.scope,
       c.serial, c.name, c.state, c.version,
       (SELECT o.choices FROM outbox o WHERE o.address_id = a.id AND o.status = 'sent' AND o.kind = 'reply'
         ORDER BY o.id DESC LIMIT 1) AS choices,
       (SELECT count(*) FROM outbox u WHERE u.address_id = a.id AND u.status = 'unsure' AND u.offered_at IS NULL)
         AS has_unsure
FROM inbox i
JOIN addresses a ON a.id = i.address_id
LEFT JOIN people p ON p.id = a.person_id
LEFT JOIN staff s ON s.person_id = a.person_id
LEFT JOIN conversations c ON c.address_id = a.id AND c.status = 'open'
WHERE i.id = :id
"""


def opening(inbox_id: int) -> Statement:
    """The SELECT whose row `opened` understands."""
    return Statement(_OPENING, {"id": inbox_id})


def opened(row: Row) -> Opening:
    """The row of `opening` as an Opening."""
    return Opening(
        inbox_id=row["inbox_id"],
        status=row["status"],
        attempts=row["attempts"],
        address_id=row["address_id"],
        channel=row["channel"],
        chat=row["chat"],
        language=row["language"],
        blocked=row["blocked_at"] is not None,
        has_unsure=bool(row["has_unsure"]),
        conversations=row["conversations"],
        person_id=row["person_id"],
        age_band=row["age_band"] or "",
        place=row["place"] or "",
        former_place=row["former_place"] or "",
        is_placed=row["place_told_at"] is not None,
        role=row["role"] or "",
        scope=row["scope"] or "",
        choices=tuple(json.loads(row["choices"] or "[]")),
        open=as_open(row) if row["serial"] is not None else None,
    )


def as_open(row: Row) -> Open:
    return Open(row["serial"], row["name"], json.loads(row["state"]), row["version"])


async def get_open(reader: Reader, address_id: int, serial: int) -> Json:
    """The state of a chat's open conversation, if it is the one of that number."""
    row = await one(
        reader,
        "SELECT state FROM conversations WHERE address_id = :id AND serial = :serial AND status = 'open'",
        {"id": address_id, "serial": serial},
    )
    return json.loads(row["state"]) if row else None


async def parked(reader: Reader, address_id: int, name: str) -> Open | None:
    """The newest parked conversation of a name in a chat."""
    row = await one(
        reader,
        "SELECT serial, name, state, version FROM conversations"
        " WHERE address_id = :id AND name = :name AND status = 'parked' ORDER BY updated_at DESC, serial DESC LIMIT 1",
        {"id": address_id, "name": name},
    )
    return as_open(row) if row else None


async def all_parked(reader: Reader, address_id: int) -> list[Open]:
    """The parked conversations of a chat, the newest first."""
    rows = await reader.rows(
        "SELECT serial, name, state, version FROM conversations"
        " WHERE address_id = :id AND status = 'parked' ORDER BY updated_at DESC, serial DESC",
        {"id": address_id},
    )
    return [as_open(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A conversation in another chat of the same person."""

    address_id: int
    channel: str
    open: Open


_ELSEWHERE = (
    "FROM conversations c JOIN addresses a ON a.id = c.address_id JOIN addresses m ON m.person_id = a.person_id"
    " WHERE m.id = :id AND a.id <> m.id"
)


async def elsewhere(reader: Reader, address_id: int) -> list[Elsewhere]:
    """What is parked or open in the other chats of the person, the newest first."""
    rows = await reader.rows(
        "SELECT c.address_id, a.channel, c.serial, c.name, c.state, c.version"
        f" {_ELSEWHERE} ORDER BY c.updated_at DESC, c.address_id, c.serial DESC",
        {"id": address_id},
    )
    return [Elsewhere(row["address_id"], row["channel"], as_open(row)) for row in rows]


async def of_same_person(reader: Reader, address_id: int, other: int, serial: int) -> Open | None:
    """The conversation of a number in another chat of the same person."""
    row = await one(
        reader,
        f"SELECT c.serial, c.name, c.state, c.version {_ELSEWHERE} AND a.id = :other AND c.serial = :serial",
        {"id": address_id, "other": other, "serial": serial},
    )
    return as_open(row) if row else None


def discard(address_id: int, serial: int) -> Statement:
    """Removes a parked conversation; gives its number if there was one."""
    return Statement(
        "DELETE FROM conversations WHERE address_id = :id AND serial = :serial AND status = 'parked' RETURNING serial",
        {"id": address_id, "serial": serial},
    )


async def get_parked(reader: Reader, address_id: int, serial: int) -> Open | None:
    """The parked conversation of a number."""
    row = await one(
        reader,
        "SELECT serial, name, state, version FROM conversations"
        " WHERE address_id = :id AND serial = :serial AND status = 'parked'",
        {"id": address_id, "serial": serial},
    )
    return as_open(row) if row else None


def begin(address_id: int, conversation: Open, now: int, status: str = "open") -> Statement:
    """Writes a new conversation; a conflict when another one is open."""
    return Statement(
        "INSERT INTO conversations (address_id, serial, name, status, state, version, updated_at)"
        " VALUES (:id, :serial, :name, :status, :state, 1, :now)",
        _values(address_id, conversation) | {"status": status, "now": now},
    )


def save(address_id: int, conversation: Open, now: int, status: str = "open") -> Statement:
    """Writes the state of a conversation as open or parked; stale when another turn changed it."""
    return Statement(
        "UPDATE conversations SET state = :state, status = :status, version = version + 1, updated_at = :now"
        " WHERE address_id = :id AND serial = :serial AND version = :version",
        {
            **{k: v for k, v in _values(address_id, conversation).items() if k != "name"},
            "status": status,
            "version": conversation.version,
            "now": now,
        },
        changes=1,
    )


def end(address_id: int, conversation: Open) -> Statement:
    """Removes a conversation that came to its end; stale when another turn changed it."""
    return Statement(
        "DELETE FROM conversations WHERE address_id = :id AND serial = :serial AND version = :version",
        {"id": address_id, "serial": conversation.serial, "version": conversation.version},
        changes=1,
    )


def expire_parked(before: int) -> Statement:
    """Removes what has been parked since before a time; what waits for its dialogue to open stays until it does."""
    return Statement(
        "DELETE FROM conversations WHERE status = 'parked' AND updated_at < :before AND NOT EXISTS"
        " (SELECT 1 FROM waiting_drafts w WHERE w.address_id = conversations.address_id AND w.serial = conversations.serial)",
        {"before": before},
    )


def _values(address_id: int, conversation: Open) -> dict[str, str | int]:
    state = json.dumps(conversation.state, ensure_ascii=False)
    return {"id": address_id, "serial": conversation.serial, "name": conversation.name, "state": state}
