"""Staff: people with a role, and the one-time codes that give one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.database import Reader, Row, Statement, Transaction, moment, one


@dataclass(frozen=True, slots=True)
class Office:
    """A role, and what part of it all it is for: `scope` has codes of communes, or the name of an agency, or is all.

    `label` is by what the office knows whoever has it.
    """

    role: str
    scope: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who has a role: since when, given by what, and on which channel they wrote last ("" for none)."""

    person_id: int
    office: Office
    source: str
    channel: str
    given_at: datetime


def invite(code_hash: str, role: str, expires_at: int, *, scope: str = "", label: str = "") -> Statement:
    """Writes an invitation down; the code itself is never stored."""
    return Statement(
        "INSERT INTO invites (code_hash, role, scope, label, expires_at)"
        " VALUES (:hash, :role, :scope, :label, :expires_at)",
        {"hash": code_hash, "role": role, "scope": scope, "label": label, "expires_at": expires_at},
    )


async def redeem(tx: Transaction, code_hash: str, now: int) -> Office | None:
    """Uses an invitation up; gives what it is for, or None where there is no such code, or it is used or too old."""
    rows = await tx.run(
        Statement(
            "UPDATE invites SET used_at = :now WHERE code_hash = :hash AND used_at IS NULL AND expires_at > :now"
            " RETURNING role, scope, label",
            {"hash": code_hash, "now": now},
        )
    )
    return _office(rows[0]) if rows else None


def _office(row: Row) -> Office:
    return Office(row["role"], row["scope"], row["label"])


async def appoint(
    tx: Transaction,
    person_id: int,
    address_id: int,
    role: str,
    source: str,
    now: int,
    *,
    scope: str = "",
    label: str = "",
) -> bool:
    """Gives a person a role in place of the one they have, by way of a chat; whether that changed anything."""
    changed = await tx.run(
        Statement(
            "INSERT INTO staff (person_id, address_id, role, scope, label, source, given_at)"
            " VALUES (:person, :address, :role, :scope, :label, :source, :now)"
            " ON CONFLICT (person_id) DO UPDATE SET address_id = excluded.address_id, role = excluded.role, scope = excluded.scope, label = excluded.label,"
            " source = excluded.source, given_at = excluded.given_at WHERE staff.role <> excluded.role"
            " OR staff.scope <> excluded.scope OR staff.source <> excluded.source RETURNING person_id",
            {
                "person": person_id,
                "address": address_id,
                "role": role,
                "scope": scope,
                "label": label,
                "source": source,
                "now": now,
            },
        )
    )
    return bool(changed)


_MEMBERS = (
    "SELECT s.person_id, s.role, s.scope, s.label, s.source, s.given_at, (SELECT a.channel FROM addresses a"
    " WHERE a.person_id = s.person_id ORDER BY a.last_written_at DESC, a.id DESC LIMIT 1) AS channel FROM staff s "
)


def _member(row: Row) -> Member:
    return Member(row["person_id"], _office(row), row["source"], row["channel"] or "", moment(row["given_at"]))


async def members(reader: Reader, offset: int, most: int) -> list[Member]:
    """A page of everyone who has a role, in the order of roles and scopes."""
    rows = await reader.rows(
        f"{_MEMBERS} ORDER BY s.role, s.scope, s.given_at, s.person_id LIMIT :most OFFSET :offset",
        {"most": most, "offset": offset},
    )
    return [_member(row) for row in rows]


async def count(reader: Reader) -> int:
    """How many have a role."""
    [row] = await reader.rows("SELECT count(*) AS n FROM staff")
    return int(row["n"])


async def member(reader: Reader, person_id: int) -> Member | None:
    """The role of a person."""
    row = await one(reader, f"{_MEMBERS} WHERE s.person_id = :id", {"id": person_id})
    return _member(row) if row else None


async def dismiss(tx: Transaction, person_id: int) -> list[int]:
    """Takes somebody's role away; gives their chats."""
    await tx.run(Statement("DELETE FROM staff WHERE person_id = :id", {"id": person_id}, changes=1))
    rows = await tx.rows("SELECT id FROM addresses WHERE person_id = :id ORDER BY id", {"id": person_id})
    return [int(row["id"]) for row in rows]


async def dismiss_others(tx: Transaction, source: str, kept: list[int]) -> list[int]:
    """Takes the roles of a source away from everyone but those kept; gives the chats of those who lost theirs."""
    rows = await tx.rows(
        "SELECT s.person_id, a.id FROM staff s LEFT JOIN addresses a ON a.person_id = s.person_id"
        " WHERE s.source = :source",
        {"source": source},
    )
    gone = [row for row in rows if row["person_id"] not in kept]
    for row in gone:
        await tx.run(Statement("DELETE FROM staff WHERE person_id = :id", {"id": row["person_id"]}))
    return [row["id"] for row in gone if row["id"] is not None]
