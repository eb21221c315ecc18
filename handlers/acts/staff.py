"""Giving roles: by the settings, and by one-time codes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.acts.rights import Right, Role, Standing, allows, having
from storage import addresses, jobs, linking, people, reach, record, staff
from storage.database import Database, Reader, Transaction, micros
from storage.staff import Member, Office

VALID = timedelta(days=7)
SETTINGS = "settings"  # what gives the owners that they name their role anew at each start
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that looks like something else
_LENGTH = 20  # 100 bits


def new_code() -> str:
    """A code that nobody guesses."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def digest(code: str) -> str:
    """What is stored of a code."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


async def invite(database: Database, role: Role, now: datetime, scope: str = "") -> str:
    """Makes a one-time code for a role; it is good for a week."""
    code = new_code()
    await database.write([staff.invite(digest(code), role, micros(now + VALID), scope=scope)])
    return code


async def issue(tx: Transaction, by: Standing, address_id: int, office: Office, now: datetime) -> str:
    """Makes a one-time code for a role within a scope; "" where whoever asks may not."""
    if not allows(by.role, Right.APPOINT):
        return ""
    code, moment = new_code(), micros(now)
    tx.add(
        staff.invite(digest(code), office.role, micros(now + VALID), scope=office.scope, label=office.label),
        record.note("invite", address_id, moment, office.role),
    )
    return code


async def redeem(tx: Transaction, address_id: int, code: str, now: datetime) -> str:
    """Gives the person of a chat the role of a code; gives the role, or "" where the code is good for nothing."""
    moment = micros(now)
    office = await staff.redeem(tx, digest(code), moment)
    if office is None:
        return ""
    person_id = await people.of_address(tx, address_id, moment)
    await staff.appoint(
        tx, person_id, address_id, office.role, "invite", moment, scope=office.scope, label=office.label
    )
    await tx.run_all([record.note("join staff", address_id, moment, office.role), jobs.offer_menu(address_id, moment)])
    return office.role


async def dismissible(reader: Reader, by: Standing, own_id: int | None, person_id: int) -> Member | None:
    """The member of staff of an id, if their rights can be ended: not one's own, nor what the settings give anew."""
    if not allows(by.role, Right.APPOINT) or person_id == own_id:
        return None
    found = await staff.member(reader, person_id)
    return found if found and found.source != SETTINGS else None


async def dismiss(
    tx: Transaction, by: Standing, own_id: int | None, address_id: int, person_id: int, now: datetime
) -> list[int] | None:
    """Ends somebody's rights; gives their chats, or None where that cannot be."""
    if await dismissible(tx, by, own_id, person_id) is None:
        return None
    moment = micros(now)
    chats = await staff.dismiss(tx, person_id)
    tx.add(record.note("dismiss", address_id, moment, str(person_id)))
    tx.add(*(jobs.offer_menu(chat, moment) for chat in chats))
    return chats


async def answered(reader: Reader, asked_by: int, right: Right) -> list[int]:
    """The chats that are told what somebody answers to staff: the one that asked, or where the right is gone, all that have it."""
    chat, roles = await linking.chat(reader, asked_by), having(right)
    return [asked_by] if chat and chat.role in roles else await reach.staff(reader, roles)


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
        if await staff.appoint(tx, person_id, address_id, Role.OWNER, SETTINGS, moment):
            await tx.run(jobs.offer_menu(address_id, moment))
        kept.append(person_id)
    for address_id in await staff.dismiss_others(tx, SETTINGS, kept):
        tx.add(jobs.offer_menu(address_id, moment))
