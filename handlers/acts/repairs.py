"""What is done about what went wrong: tried again, or let go."""

from __future__ import annotations

from handlers.acts.rights import Right, allows
from storage import inbox, record
from storage.database import Transaction


async def retry(tx: Transaction, role: str, address_id: int, inbox_id: int, now: int) -> bool:
    """Has a message or job tried again; False where that cannot be."""
    if not allows(role, Right.REPAIR) or not await inbox.retry(tx, inbox_id):
        return False
    tx.add(record.note("retry", address_id, now, str(inbox_id)))
    return True


async def drop(tx: Transaction, role: str, address_id: int, inbox_id: int, now: int) -> bool:
    """Lets a message or job go, with what it said; False where that cannot be."""
    if not allows(role, Right.REPAIR) or not await inbox.drop(tx, inbox_id):
        return False
    tx.add(record.note("drop", address_id, now, str(inbox_id)))
    return True
