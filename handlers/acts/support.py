"""Joining what somebody else asked for: counted once, undone by a press, and told when it is answered."""

from __future__ import annotations

from enum import StrEnum

from bot.model import Phrase, PhraseValue
from storage import record, showings, supporters
from storage.database import Reader, Transaction
from storage.signals import telling

OUTBOX = "outbox"  # the signal that there is something to send


class Joined(StrEnum):
    """What became of joining. What one may not see is as if it were not there."""

    DONE = "done"
    ALREADY = "already"
    OWN = "own"
    UNKNOWN = "unknown"


async def join(tx: Transaction, person_id: int, address_id: int, code: str, now: int) -> Joined:
    """Counts a person for a proposal that others may see, and that is not their own."""
    seen = await showings.visible(tx, code)
    if seen is None:
        return Joined.UNKNOWN
    if seen.person_id == person_id:
        return Joined.OWN
    if not await tx.run(supporters.join(seen.id, person_id, address_id, now)):
        return Joined.ALREADY
    tx.add(record.note("join", address_id, now, code))
    return Joined.DONE


async def leave(tx: Transaction, person_id: int, address_id: int, code: str, now: int) -> bool:
    """Counts a person no more; False where they were not counted."""
    if not await tx.run(supporters.leave(code, person_id)):
        return False
    tx.add(record.note("leave", address_id, now, code))
    return True


async def counted(reader: Reader, proposal_id: int) -> int:
    """How many people joined a proposal."""
    return await supporters.count(reader, proposal_id)


def tell_answered(tx: Transaction, proposal_id: int, code: str, revision: int, text: PhraseValue, now: int) -> None:
    """Tells everybody who joined a proposal that it is answered, and how: once for each revision of the answer."""
    said = Phrase("alike.answered", {"code": code, "text": text})
    body = {"text": [said.to_json()], "buttons": [], "files": []}
    tx.add(supporters.tell(proposal_id, revision, body, now), telling(OUTBOX))
