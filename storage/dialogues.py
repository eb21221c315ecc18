"""Dialogues: what proposals are sent to."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Reader, Row, Statement, Transaction, one


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One year's dialogue. `code` is what the codes of its proposals begin with."""

    id: int
    code: str
    theme: str
    era: int
    is_current: bool


_COLUMNS = "id, code, theme, era, is_current"


def _dialogue(row: Row) -> Dialogue:
    return Dialogue(row["id"], row["code"], row["theme"], row["era"], bool(row["is_current"]))


async def current(reader: Reader) -> Dialogue | None:
    """The dialogue that takes proposals now."""
    row = await one(reader, f"SELECT {_COLUMNS} FROM dialogues WHERE is_current = 1")
    return _dialogue(row) if row else None


async def by_code(reader: Reader, code: str) -> Dialogue | None:
    """The dialogue of a code."""
    row = await one(reader, f"SELECT {_COLUMNS} FROM dialogues WHERE code = :code", {"code": code})
    return _dialogue(row) if row else None


async def every(reader: Reader) -> list[Dialogue]:
    """All dialogues, the newest first."""
    return [_dialogue(row) for row in await reader.rows(f"SELECT {_COLUMNS} FROM dialogues ORDER BY id DESC")]


async def add(tx: Transaction, code: str, theme: str, era: int, *, is_current: bool, now: int) -> Dialogue:
    """Makes a dialogue. Raises ConflictError for a code that is taken or a second current one."""
    [row] = await tx.run(
        Statement(
            "INSERT INTO dialogues (code, theme, era, is_current, created_at)"
            f" VALUES (:code, :theme, :era, :is_current, :now) RETURNING {_COLUMNS}",
            {"code": code, "theme": theme, "era": era, "is_current": int(is_current), "now": now},
        )
    )
    return _dialogue(row)


async def next_number(tx: Transaction, dialogue_id: int) -> int:
    """Takes the next number of a dialogue; without gaps, since it is taken in the transaction that uses it."""
    [row] = await tx.run(
        Statement(
            "UPDATE dialogues SET last_number = last_number + 1 WHERE id = :id RETURNING last_number",
            {"id": dialogue_id},
        )
    )
    return int(row["last_number"])


async def take_number(tx: Transaction) -> tuple[Dialogue, int] | None:
    """The dialogue that takes proposals now, and its next number; in one hop, since all others wait to write meanwhile."""
    rows = await tx.run(
        Statement(
            f"UPDATE dialogues SET last_number = last_number + 1 WHERE is_current = 1 RETURNING {_COLUMNS}, last_number"
        )
    )
    return (_dialogue(rows[0]), int(rows[0]["last_number"])) if rows else None
