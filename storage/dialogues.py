"""Dialogues: what proposals are sent to, and their calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.database import Reader, Row, Statement, Transaction, Value, micros, moment, one

PROVINCE = ""  # the scope of the dialogue that is not a commune's


@dataclass(frozen=True, slots=True)
class Dates:
    """The calendar of a dialogue; what is None was not decided.

    Proposals are taken from `opens` on and up to `closes`. The others are days, by their first moment.
    """

    opens: datetime | None = None
    closes: datetime | None = None
    published: datetime | None = None
    held: datetime | None = None
    concludes: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One dialogue. `code` is what the codes of its proposals begin with; `scope` is a commune's code, or PROVINCE.

    A chair has at most one that is current, and one that is next: neither current nor ended.
    """

    id: int
    code: str
    theme: str
    era: int
    is_current: bool
    scope: str = PROVINCE
    dates: Dates = Dates()
    is_ended: bool = False

    @property
    def is_next(self) -> bool:
        return not self.is_current and not self.is_ended


_DATES = tuple(Dates.__slots__)
_COLUMNS = f"id, code, theme, era, is_current, scope, ended_at, {', '.join(f'{name}_at' for name in _DATES)}"
_NEXT = "is_current = 0 AND ended_at IS NULL"


def _dialogue(row: Row) -> Dialogue:
    dates = {name: moment(row[f"{name}_at"]) for name in _DATES if row[f"{name}_at"] is not None}
    return Dialogue(
        row["id"],
        row["code"],
        row["theme"],
        row["era"],
        bool(row["is_current"]),
        row["scope"],
        Dates(**dates),
        row["ended_at"] is not None,
    )


async def current(reader: Reader, scope: str = PROVINCE) -> Dialogue | None:
    """The current dialogue of a scope."""
    return await _one(reader, "scope = :scope AND is_current = 1", {"scope": scope})


async def coming(reader: Reader, scope: str = PROVINCE) -> Dialogue | None:
    """The dialogue of a scope that comes after the current one."""
    return await _one(reader, f"scope = :scope AND {_NEXT}", {"scope": scope})


async def by_code(reader: Reader, code: str) -> Dialogue | None:
    """The dialogue of a code."""
    return await _one(reader, "code = :code", {"code": code})


async def by_id(reader: Reader, dialogue_id: int) -> Dialogue | None:
    """The dialogue of an id."""
    return await _one(reader, "id = :id", {"id": dialogue_id})


async def _one(reader: Reader, where: str, values: Mapping[str, Value]) -> Dialogue | None:
    row = await one(reader, f"SELECT {_COLUMNS} FROM dialogues WHERE {where}", values)
    return _dialogue(row) if row else None


async def every(reader: Reader) -> list[Dialogue]:
    """All dialogues, the newest first."""
    return [_dialogue(row) for row in await reader.rows(f"SELECT {_COLUMNS} FROM dialogues ORDER BY id DESC")]


async def live(reader: Reader) -> list[Dialogue]:
    """All dialogues that are current or next, the province's first."""
    rows = await reader.rows(
        f"SELECT {_COLUMNS} FROM dialogues WHERE ended_at IS NULL ORDER BY scope, is_current DESC, id"
    )
    return [_dialogue(row) for row in rows]


# -- what changes them


async def add(
    tx: Transaction, code: str, theme: str, era: int, *, is_current: bool, now: int, scope: str = PROVINCE
) -> Dialogue:
    """Makes a dialogue that is current, or over. Raises ConflictError for a code that is taken or a second current one."""
    return await _add(tx, code, theme, era, scope, is_current=is_current, ended_at=None if is_current else now, now=now)


async def add_next(tx: Transaction, code: str, theme: str, era: int, *, now: int, scope: str = PROVINCE) -> Dialogue:
    """Makes the dialogue after the current one. Raises ConflictError for a code that is taken or a second next one."""
    return await _add(tx, code, theme, era, scope, is_current=False, ended_at=None, now=now)


async def _add(
    tx: Transaction, code: str, theme: str, era: int, scope: str, *, is_current: bool, ended_at: int | None, now: int
) -> Dialogue:
    values: dict[str, Value] = {
        "code": code,
        "theme": theme,
        "era": era,
        "scope": scope,
        "ended_at": ended_at,
        "now": now,
    }
    [row] = await tx.run(
        Statement(
            "INSERT INTO dialogues (code, theme, era, is_current, scope, ended_at, created_at)"
            f" VALUES (:code, :theme, :era, :is_current, :scope, :ended_at, :now) RETURNING {_COLUMNS}",
            {**values, "is_current": int(is_current)},
        )
    )
    return _dialogue(row)


def describe(dialogue_id: int, theme: str, era: int) -> Statement:
    """Sets the theme and the era."""
    return Statement(
        "UPDATE dialogues SET theme = :theme, era = :era WHERE id = :id",
        {"id": dialogue_id, "theme": theme, "era": era},
        changes=1,
    )


def rename(dialogue_id: int, code: str) -> Statement:
    """Sets the code of a dialogue that has no proposals, or else is stale."""
    return Statement(
        "UPDATE dialogues SET code = :code WHERE id = :id AND last_number = 0",
        {"id": dialogue_id, "code": code},
        changes=1,
    )


async def is_untouched(reader: Reader, dialogue_id: int) -> bool:
    """Whether no proposal was ever sent to a dialogue."""
    row = await one(reader, "SELECT 1 FROM dialogues WHERE id = :id AND last_number = 0", {"id": dialogue_id})
    return row is not None


def schedule(dialogue_id: int, dates: Dates) -> Statement:
    """Sets all dates."""
    days: dict[str, datetime | None] = {name: getattr(dates, name) for name in _DATES}
    moments = {name: None if at is None else micros(at) for name, at in days.items()}
    return Statement(
        f"UPDATE dialogues SET {', '.join(f'{name}_at = :{name}' for name in _DATES)} WHERE id = :id",
        {"id": dialogue_id, **moments},
        changes=1,
    )


def succeed(chosen: Dialogue, now: int) -> list[Statement]:
    """Makes the next dialogue of a scope its current one; the one before is over."""
    values: dict[str, Value] = {"id": chosen.id, "scope": chosen.scope, "now": now}
    return [
        Statement(
            "UPDATE dialogues SET is_current = 0, ended_at = :now WHERE scope = :scope AND is_current = 1", values
        ),
        Statement(f"UPDATE dialogues SET is_current = 1 WHERE id = :id AND {_NEXT}", values, changes=1),
    ]


# -- numbers


async def next_number(tx: Transaction, dialogue_id: int) -> int:
    """Takes the next number of a dialogue; without gaps, since it is taken in the transaction that uses it."""
    [row] = await tx.run(
        Statement(
            "UPDATE dialogues SET last_number = last_number + 1 WHERE id = :id RETURNING last_number",
            {"id": dialogue_id},
        )
    )
    return int(row["last_number"])


_TAKING = (
    "coalesce((SELECT id FROM dialogues WHERE scope = '' AND is_current = 1 AND (opens_at IS NULL OR opens_at <= :now)"
    " AND (closes_at IS NULL OR closes_at > :now)), (SELECT n.id FROM dialogues n JOIN dialogues c ON c.scope = n.scope"
    " WHERE n.scope = '' AND n.is_current = 0 AND n.ended_at IS NULL AND c.is_current = 1 AND c.closes_at <= :now))"
)


async def take_number(tx: Transaction, now: int) -> tuple[Dialogue, int] | None:
    """The province's dialogue that takes proposals now, and its next number: the current one, or the next where that one
    is closed; None where neither does. In one hop, since all others wait to write meanwhile."""
    rows = await tx.run(
        Statement(
            "UPDATE dialogues SET last_number = last_number + 1"
            f" WHERE id = {_TAKING} RETURNING {_COLUMNS}, last_number",
            {"now": now},
        )
    )
    return (_dialogue(rows[0]), int(rows[0]["last_number"])) if rows else None
