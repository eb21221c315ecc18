"""Sending a proposal."""

from __future__ import annotations

import asyncio
import hashlib
import secrets

from bot.errors import NoDialogueError
from handlers.acts.spoken import is_spoken
from storage import dialogues, hearings, proposals, record
from storage.database import Transaction
from storage.proposals import Content

RECEIVED = "received"
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_KEY = 6
_COST = 2**10  # of scrypt: 1 MB and about 2 ms. A key shows no more than the state; who has its hash has the texts too


async def new_key() -> list[str]:
    """A key for looking a proposal up elsewhere, and what is stored of it. Stretching takes a while: not in the loop."""
    key = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in secrets.token_bytes(_KEY))  # 32 divides 256: all alike
    return [key, await asyncio.to_thread(key_digest, key, secrets.token_hex(8))]


def key_digest(key: str, salt: str) -> str:
    """What is stored of a key: salted, and stretched since it is short."""
    return f"{salt}:{hashlib.scrypt(key.upper().encode(), salt=salt.encode(), n=_COST, r=8, p=1, dklen=32).hex()}"


async def send(
    tx: Transaction, content: Content, key_hash: str, person_id: int | None, address_id: int | None, now: int
) -> str:
    """Stores a proposal under the next code of the current dialogue; gives the code."""
    taken = await dialogues.take_number(tx)
    if taken is None:
        raise NoDialogueError
    dialogue, number = taken
    code = f"{dialogue.code}-{number:05d}"
    new = proposals.New(
        content=content,
        code=code,
        number=number,
        dialogue_id=dialogue.id,
        person_id=person_id,
        address_id=address_id,
        key_hash=key_hash,
        state=RECEIVED,
        created_at=now,
    )
    await proposals.add(tx, new)
    if is_spoken(content):
        tx.add(hearings.wait(code, now))
    tx.add(record.note("propose", address_id, now, code))
    return code
