"""What was said to somebody, and whether it came."""

from __future__ import annotations

from storage import outbox
from storage.database import Transaction


async def note_shown(tx: Transaction, address_id: int, now: int) -> bool:
    """Notes that what may not have reached a chat was shown to it."""
    tx.add(outbox.shown(address_id, now))
    return True
