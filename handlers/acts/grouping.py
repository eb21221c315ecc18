"""Putting groups of proposals together: only staff do, never a machine."""

from __future__ import annotations

from handlers.acts.rights import Right, allows
from storage import dialogues, groups, record
from storage.database import Transaction


async def merge(tx: Transaction, role: str, address_id: int, number: int, into: int, now: int) -> bool:
    """Puts all of a group of the current dialogue into another one; False where that cannot be."""
    dialogue = await dialogues.current(tx) if allows(role, Right.TRIAGE) else None
    if dialogue is None or number == into or not await groups.are_there(tx, dialogue.id, (number, into)):
        return False
    tx.add(*groups.merge(dialogue.id, number, into))
    tx.add(record.note("merge groups", address_id, now, f"{dialogue.code} {number} {into}"))
    return True
