"""Staff: people with a role, and the one-time codes that give one."""

from __future__ import annotations

from storage.database import Statement, Transaction


def invite(code_hash: str, role: str, expires_at: int) -> Statement:
    """Writes an invitation down; the code itself is never stored."""
    return Statement(
        "INSERT INTO invites (code_hash, role, expires_at) VALUES (:hash, :role, :expires_at)",
        {"hash": code_hash, "role": role, "expires_at": expires_at},
    )


async def redeem(tx: Transaction, code_hash: str, now: int) -> str:
    """Uses an invitation up; gives its role, or "" where there is no such code, or it is used or too old."""
    rows = await tx.run(
        Statement(
            "UPDATE invites SET used_at = :now WHERE code_hash = :hash AND used_at IS NULL AND expires_at > :now"
            " RETURNING role",
            {"hash": code_hash, "now": now},
        )
    )
    return str(rows[0]["role"]) if rows else ""


async def appoint(tx: Transaction, person_id: int, address_id: int, role: str, source: str, now: int) -> bool:
    """Gives a person a role in place of the one they have, by way of a chat; whether that changed anything."""
    changed = await tx.run(
        Statement(
            "INSERT INTO staff (person_id, address_id, role, source, given_at)"
            " VALUES (:person, :address, :role, :source, :now)"
            " ON CONFLICT (person_id) DO UPDATE SET address_id = excluded.address_id, role = excluded.role,"
            " source = excluded.source, given_at = excluded.given_at WHERE staff.role <> excluded.role OR staff.source <> excluded.source"
            " RETURNING person_id",
            {"person": person_id, "address": address_id, "role": role, "source": source, "now": now},
        )
    )
    return bool(changed)


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
