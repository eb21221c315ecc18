"""Sending a proposal."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from bot.errors import NoDialogueError
from storage import dialogues, proposals, record
from storage.database import Transaction
from storage.proposals import Content

RECEIVED = "received"
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_KEY = 6


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the author gets: the code, and the key for looking it up elsewhere."""

    code: str
    key: str


def key_digest(code: str, key: str) -> str:
    """What is stored of a key: salted with its code, stretched, since it is short."""
    return hashlib.scrypt(key.upper().encode(), salt=code.encode(), n=2**12, r=8, p=1, dklen=32).hex()


async def send(tx: Transaction, content: Content, person_id: int | None, address_id: int | None, now: int) -> Receipt:
    """Stores a proposal under the next code of the current dialogue."""
    dialogue = await dialogues.current(tx)
    if dialogue is None:
        raise NoDialogueError
    number = await dialogues.next_number(tx, dialogue.id)
    code = f"{dialogue.code}-{number:05d}"
    key = "".join(secrets.choice(_ALPHABET) for _ in range(_KEY))
    new = proposals.New(
        content=content,
        code=code,
        number=number,
        dialogue_id=dialogue.id,
        person_id=person_id,
        address_id=address_id,
        key_hash=key_digest(code, key),
        state=RECEIVED,
        created_at=now,
    )
    await proposals.add(tx, new)
    await tx.run(record.note("propose", address_id, now, code))
    return Receipt(code, key)
