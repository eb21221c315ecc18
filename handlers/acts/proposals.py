"""Sending a proposal."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from dataclasses import dataclass

from bot.errors import NoDialogueError
from handlers.acts.calendar import Intake, intake, next_of
from handlers.acts.spoken import is_spoken
from storage import dialogues, hearings, proposals, record, waiting
from storage.database import Transaction, moment
from storage.dialogues import Dialogue
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


@dataclass(frozen=True, slots=True)
class Sent:
    """A proposal that was taken. `is_for_next` says that the current dialogue takes no more."""

    code: str
    is_for_next: bool


async def send(
    tx: Transaction, content: Content, key_hash: str, person_id: int | None, address_id: int | None, now: int
) -> Sent | Dialogue:
    """Stores a proposal under the next code of the dialogue that takes it; gives one that has not opened yet instead."""
    taken = await dialogues.take_number(tx, now) or await _otherwise(tx, now)
    if isinstance(taken, Dialogue):
        return taken
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
    return Sent(code, not dialogue.is_current)


async def _otherwise(tx: Transaction, now: int) -> tuple[Dialogue, int] | Dialogue:
    """What takes a proposal where no dialogue does at once: the next one, made for it, or none before the current opens."""
    current = await dialogues.current(tx)
    if current is None:
        raise NoDialogueError
    if intake(current.dates, moment(now)) is Intake.NOT_YET:
        return current
    coming = await next_of(tx, current, now)
    return coming, await dialogues.next_number(tx, coming.id)


async def wait(tx: Transaction, address_id: int, serial: int, dialogue: Dialogue) -> None:
    """Has a draft offered once its dialogue opens."""
    tx.add(waiting.wait(address_id, serial, dialogue.id))
