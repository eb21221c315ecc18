"""Sending a proposal."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from bot.errors import NoDialogueError
from storage import dialogues, proposals, record
from storage.database import Transaction
from storage.proposals import Content

RECEIVED = "received"
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_KEY = 6
_NICE = 10  # a tenth of the processor where others want it too


def yield_to_others() -> None:
    """Lets this thread work where nobody else has to: a chat that is answered meanwhile must not feel it."""
    if sys.platform == "linux":  # elsewhere it would be the whole process
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


_STRETCHING = ThreadPoolExecutor(os.cpu_count(), "stretching", yield_to_others)


async def new_key() -> list[str]:
    """A key for looking a proposal up elsewhere, and what is stored of it. Stretching takes a while: not in the loop."""
    key = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in secrets.token_bytes(_KEY))  # 32 divides 256: all alike
    stretched = asyncio.get_running_loop().run_in_executor(_STRETCHING, key_digest, key, secrets.token_hex(8))
    return [key, await stretched]


def key_digest(key: str, salt: str) -> str:
    """What is stored of a key: salted, and stretched since it is short."""
    return f"{salt}:{hashlib.scrypt(key.upper().encode(), salt=salt.encode(), n=2**12, r=8, p=1, dklen=32).hex()}"


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
    tx.add(record.note("propose", address_id, now, code))
    return code
