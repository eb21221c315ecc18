"""What people call places: staff add names, and all processes know them from then on."""

from __future__ import annotations

from bot.insight.folding import words
from bot.knowledge import KNOWLEDGE
from handlers.acts.rights import Right, allows
from storage import place_aliases, record
from storage.database import Transaction
from storage.signals import telling


def folded(name: str) -> str:
    """A name as it is compared."""
    return " ".join(words(name))


async def add(tx: Transaction, role: str, address_id: int, era: int, name: str, unit: str, now: int) -> bool:
    """Adds a name for a unit; False where one may not."""
    if not allows(role, Right.NAME):
        return False
    added = place_aliases.add(era, name, folded(name), unit, address_id, now)
    tx.add(added, record.note("name place", address_id, now, unit), telling(KNOWLEDGE))
    return True


async def remove(tx: Transaction, role: str, address_id: int, alias_id: int, now: int) -> str:
    """Removes a name; gives it, or "" where there is none or one may not."""
    gone = await tx.run(place_aliases.remove(alias_id)) if allows(role, Right.NAME) else []
    if not gone:
        return ""
    tx.add(record.note("unname place", address_id, now, str(alias_id)), telling(KNOWLEDGE))
    return str(gone[0]["name"])
