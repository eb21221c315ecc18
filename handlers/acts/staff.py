"""Giving roles: by the settings, and by one-time codes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.acts.rights import Role
from storage import addresses, jobs, people, record, staff
from storage.database import Database, Transaction, micros

VALID = timedelta(days=7)
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that looks like something else
_LENGTH = 20  # 100 bits


def new_code() -> str:
    """A code that nobody guesses."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def digest(code: str) -> str:
    """What is stored of a code."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


async def invite(database: Database, role: Role, now: datetime) -> str:
    """Makes a one-time code for a role; it is good for a week."""
    code = new_code()
    await database.write([staff.invite(digest(code), role, micros(now + VALID))])
    return code


async def redeem(tx: Transaction, address_id: int, code: str, now: datetime) -> str:
    """Gives the person of a chat the role of a code; gives the role, or "" where the code is good for nothing."""
    moment = micros(now)
    role = await staff.redeem(tx, digest(code), moment)
    if role:
        person_id = await people.of_address(tx, address_id, moment)
        await staff.appoint(tx, person_id, address_id, role, "invite", moment)
        await tx.run_all([record.note("join staff", address_id, moment, role), jobs.offer_menu(address_id, moment)])
    return role


async def show_menu(tx: Transaction, address_id: int, now: datetime) -> bool:
    """Has the commands of a role shown: somebody named in the settings may not have been there to be shown them."""
    tx.add(jobs.offer_menu(address_id, micros(now)))
    return True


async def _address(tx: Transaction, channel: str, chat: str, now: int) -> int:
    """The id of an address, made where there is none; one that is there is not written to: its person may be joining."""
    address_id = await addresses.find(tx, channel, chat)
    if address_id is None:
        await tx.run(addresses.seen(channel, chat, "", now, wrote=False))
        address_id = await addresses.find(tx, channel, chat)
    if address_id is None:
        raise LookupError("an address that was just written is not there")
    return address_id


async def appoint_owners(tx: Transaction, owners: Sequence[str], now: datetime) -> None:
    """Makes the chats of the settings owners, and those no longer named there nobody."""
    moment, kept = micros(now), []
    for owner in owners:
        channel, _, chat = owner.partition(":")
        address_id = await _address(tx, channel, chat, moment)
        person_id = await people.of_address(tx, address_id, moment)
        if await staff.appoint(tx, person_id, address_id, Role.OWNER, "settings", moment):
            await tx.run(jobs.offer_menu(address_id, moment))
        kept.append(person_id)
    for address_id in await staff.dismiss_others(tx, "settings", kept):
        tx.add(jobs.offer_menu(address_id, moment))
