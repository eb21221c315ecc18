"""Where a person is reached: of their chats the one used last, and one that is not blocked before all others."""

from __future__ import annotations

from collections.abc import Collection

from storage.database import Reader, Value, one

_ORDER = "CASE WHEN a.blocked_at IS NULL THEN 0 ELSE 1 END, a.last_written_at DESC, a.id DESC LIMIT 1"


def chat_of(person: str) -> str:
    """SQL for the chat of a person, who is named by an expression; NULL where there is none."""
    return f"(SELECT a.id FROM addresses a WHERE a.person_id = {person} ORDER BY {_ORDER})"


def is_blocked(person: str) -> str:
    """SQL for whether that chat is blocked, as 1 or 0."""
    found = "CASE WHEN a.blocked_at IS NULL THEN 0 ELSE 1 END"
    return f"(SELECT {found} FROM addresses a WHERE a.person_id = {person} ORDER BY {_ORDER})"


async def chat(reader: Reader, person_id: int) -> int | None:
    """The chat of a person."""
    row = await one(reader, f"SELECT {chat_of(':id')} AS chat", {"id": person_id})
    return int(row["chat"]) if row and row["chat"] is not None else None


async def staff(reader: Reader, roles: Collection[str]) -> list[int]:
    """The chats of everyone who has one of the roles."""
    names: dict[str, Value] = {f"role_{n}": role for n, role in enumerate(sorted(roles))}
    rows = await reader.rows(
        f"SELECT {chat_of('s.person_id')} AS chat FROM staff s WHERE s.role IN ({', '.join(f':{n}' for n in names)})"
        " ORDER BY s.person_id",
        names,
    )
    return [int(row["chat"]) for row in rows if row["chat"] is not None]
