"""Linking chats as one person's: codes, consent on both sides, what goes along, and undoing it."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.errors import StaleError
from bot.model import Json
from handlers.acts.attendance import seat_next
from handlers.acts.timing import Timing
from storage import (
    addresses,
    conversations,
    events,
    files,
    jobs,
    linking,
    lookups,
    people,
    record,
    sign_ups,
    waiting,
)
from storage.conversations import Open
from storage.database import Transaction, micros
from storage.linking import Chat, Request
from storage.lookups import COUNTED

VALID = timedelta(minutes=10)  # how long a code counts,
ANSWERED = timedelta(hours=1)  # and a question to either side
TRIES = 5  # wrong codes of one chat, in the time that a try counts
LINKING = "linking"  # what whoever links or parts is alone with
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that looks like something else
_DIGITS = "23456789"
_HALF = 4
_SHOWN = re.compile(rf"(?=.*\d)[{_ALPHABET}]{{{_HALF}}}-[{_ALPHABET}]{{{_HALF}}}")


class Refusal(StrEnum):
    """Why a code links nothing."""

    WRONG = "wrong"
    LATER = "later"  # too many wrong ones
    OWN = "own"  # entered where it is shown
    ALREADY = "already"  # the two are one person's
    NOBODY = "nobody"  # neither chat has anything that could go along


@dataclass(frozen=True, slots=True)
class Linked:
    """Two chats: the one that shows the code, whose settings count, and the one that entered it."""

    request: Request
    shower: Chat
    entrant: Chat
    seated: Mapping[int, tuple[int, ...]] = field(default_factory=dict)  # who got a seat by it, by event

    @property
    def role(self) -> str:
        """The role that both will have."""
        return self.shower.role or self.entrant.role

    def other(self, address_id: int) -> Chat:
        """The one of the two that is not this."""
        return self.entrant if address_id == self.shower.address_id else self.shower


# -- codes


def new_code() -> str:
    """A code that nobody guesses in its ten minutes. It has a digit, so that no word is taken for one."""
    signs = [secrets.choice(_DIGITS), *(secrets.choice(_ALPHABET) for _ in range(2 * _HALF - 1))]
    secrets.SystemRandom().shuffle(signs)
    return "".join(signs[:_HALF]) + "-" + "".join(signs[_HALF:])


def is_code(text: str) -> bool:
    """Whether a text is a code as it is shown, and nothing else."""
    return bool(_SHOWN.fullmatch(unicodedata.normalize("NFKC", text).upper().strip()))


def digest(code: str) -> str:
    """What is stored of a code, however it was typed."""
    plain = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", code).upper())
    return hashlib.sha256(f"link:{plain}".encode()).hexdigest()


def _tries(address_id: int) -> str:
    """A chat as its wrong codes count."""
    return "link:" + hashlib.sha256(f"chat:{address_id}".encode()).hexdigest()


async def offer(tx: Transaction, address_id: int, now: datetime) -> str:
    """Makes a code that another chat may enter; an earlier one of this chat ends."""
    code = new_code()
    tx.add(
        *linking.offer(digest(code), address_id, micros(now + VALID)),
        record.note("link code", address_id, micros(now)),
    )
    return code


async def enter(tx: Transaction, address_id: int, code: str, now: datetime) -> Linked | Refusal:
    """Uses a code up; what it leads to still needs consent on both sides."""
    await tx.alone(LINKING)
    moment, hashed = micros(now), digest(code)
    if await lookups.tried_before(tx, _tries(address_id), TRIES, micros(now - COUNTED)):
        return Refusal.LATER
    shown_by = await linking.shower(tx, hashed, moment)
    if shown_by is None:
        tx.add(lookups.note(_tries(address_id), moment))
        return Refusal.WRONG
    if shown_by == address_id:
        return Refusal.OWN
    shower, entrant = await linking.chat(tx, shown_by), await linking.chat(tx, address_id)
    if shower is None or entrant is None:
        return Refusal.WRONG
    if refusal := _hinders(shower, entrant):
        return refusal
    await tx.run(linking.use_up(hashed))
    request_id = await linking.ask(tx, shown_by, address_id, micros(now + ANSWERED))
    return Linked(Request(request_id, shown_by, address_id, is_agreed=False), shower, entrant)


def _hinders(shower: Chat, entrant: Chat) -> Refusal | None:
    """What makes linking impossible or needless."""
    if shower.person_id is None and entrant.person_id is None:
        return Refusal.NOBODY
    return Refusal.ALREADY if shower.person_id == entrant.person_id else None


# -- both sides


async def agree(tx: Transaction, address_id: int, request_id: int, timing: Timing) -> Linked | None:
    """One side agrees: first the one that entered the code, then the one that shows it, and with that they are linked.

    None where there is no such request, or it is not this chat's turn to answer.
    """
    await tx.alone(LINKING)
    now = timing.now
    linked = await _linked(tx, address_id, request_id, now)
    if linked is None or linked.request.is_agreed != (address_id == linked.shower.address_id):
        return None
    if linked.request.is_agreed:
        tx.add(linking.settle(request_id))
        return await _join(tx, linked, timing)
    tx.add(linking.agree(request_id, micros(now + ANSWERED)))
    return linked


async def refuse(tx: Transaction, address_id: int, request_id: int, now: datetime) -> Linked | None:
    """One side does not want it; None where there is no such request."""
    await tx.alone(LINKING)
    linked = await _linked(tx, address_id, request_id, now)
    if linked is None:
        return None
    tx.add(linking.settle(request_id))
    return linked


async def _linked(tx: Transaction, address_id: int, request_id: int, now: datetime) -> Linked | None:
    request = await linking.request(tx, request_id, address_id, micros(now))
    if request is None:
        return None
    shower, entrant = await linking.chat(tx, request.shown_by), await linking.chat(tx, request.entered_by)
    return Linked(request, shower, entrant) if shower and entrant else None


async def _join(tx: Transaction, linked: Linked, timing: Timing) -> Linked | None:
    """Makes both chats one person's; None where that cannot be any more."""
    if _hinders(linked.shower, linked.entrant):
        return None
    staying, coming = _who_stays(linked.shower, linked.entrant)
    chats = [coming] if coming.person_id is None else await linking.chats(tx, coming.person_id)
    for address_id in sorted({staying.address_id, *(chat.address_id for chat in chats)}):
        await tx.run(people.hold(address_id))  # nobody becomes anybody there meanwhile
    if staying.person_id is None or await _have_changed(tx, linked):
        raise StaleError
    if linked.shower.role and linked.entrant.role and linked.entrant.person_id is not None:
        tx.add(linking.end_role(linked.entrant.person_id))
    both = await _signed_up_by_both(tx, staying, coming)
    await linking.join(tx, staying.person_id, chats)
    about = f"{linked.shower.address_id} {linked.entrant.address_id}"
    tx.add(record.note("link", linked.shower.address_id, timing.at, about))
    await _show_menus(tx, staying.person_id, timing.now)
    return replace(linked, seated={event_id: await seat_next(tx, event_id, timing) for event_id in both})


async def _signed_up_by_both(tx: Transaction, staying: Chat, coming: Chat) -> list[int]:
    """The events to which both have answered, each held: two seats become one, and who waits gets the other."""
    if staying.person_id is None or coming.person_id is None:
        return []
    found = await sign_ups.of_both(tx, staying.person_id, coming.person_id)
    for event_id in found:
        await tx.alone(events.alone(event_id))
    return found


async def _have_changed(tx: Transaction, linked: Linked) -> bool:
    """Whether somebody else stands behind one of the chats since that was read."""
    now = [await linking.chat(tx, chat.address_id) for chat in (linked.shower, linked.entrant)]
    return [chat and chat.person_id for chat in now] != [linked.shower.person_id, linked.entrant.person_id]


def _who_stays(shower: Chat, entrant: Chat) -> tuple[Chat, Chat]:
    """Whose person both become, and who comes along: the settings of the one that shows the code count, if there are any."""
    first = shower.person_id is not None and (shower.is_known or not entrant.is_known)
    return (shower, entrant) if first or entrant.person_id is None else (entrant, shower)


async def _show_menus(tx: Transaction, person_id: int, now: datetime) -> None:
    """Has the commands shown anew: a chat may have got a role or lost it."""
    for chat in await linking.chats(tx, person_id):
        tx.add(jobs.offer_menu(chat.address_id, micros(now)))


async def part(tx: Transaction, person_id: int, address_id: int, parted: int, now: datetime) -> Chat | None:
    """Separates a chat from the others of this person, with what was sent from it; None where it is none of theirs."""
    await tx.alone(LINKING)
    chats = await linking.chats(tx, person_id)
    going = next((chat for chat in chats if chat.address_id == parted), None)
    if going is None or len(chats) < 2:
        return None
    for chat in sorted(chats, key=lambda chat: chat.address_id):
        await tx.run(people.hold(chat.address_id))
    other = await linking.part(tx, going, micros(now))
    tx.add(record.note("part", address_id, micros(now), str(parted)))
    await _show_menus(tx, person_id, now)
    await _show_menus(tx, other, now)
    return going


async def leave(tx: Transaction, person_id: int, address_id: int, now: datetime) -> None:
    """Takes a chat out whose owner turns out not to be taken in, although it was linked with one who was."""
    await tx.alone(LINKING)
    if len(await linking.chats(tx, person_id)) > 1:
        tx.add(*linking.leave(address_id, person_id), record.note("part", address_id, micros(now), str(address_id)))
        tx.add(jobs.offer_menu(address_id, micros(now)))


# -- drafts


class NotYet(StrEnum):
    """Why a draft cannot be gone on with elsewhere."""

    GONE = "gone"
    FILES = "files"  # one of its files is still with the messenger that it came by


async def fetch_draft(tx: Transaction, address_id: int, begun: tuple[int, int], now: int) -> int | NotYet:
    """Takes a draft over from another chat of the same person, given by its address and number; gives its number here."""
    other, serial = begun
    await tx.run(files.arriving(other))
    draft = await conversations.of_same_person(tx, address_id, other, serial)
    if draft is None:
        return NotYet.GONE
    known = await files.fetched_of(tx, other)
    state, digests = with_digests(draft.state, known)
    if None in digests:
        return NotYet.FILES
    count = await addresses.count_of(tx, address_id)
    tx.add(
        conversations.end(other, draft),
        addresses.count_conversation(address_id, count + 1),
        conversations.begin(address_id, Open(count + 1, draft.name, state, 0), now, "parked"),
        waiting.follow(other, serial, address_id, count + 1),
        *(files.hold(digest, address_id, now) for digest in sorted(filter(None, digests))),
        record.note("fetch draft", address_id, now, str(other)),
    )
    return count + 1


def with_digests(state: Json, known: dict[str, str]) -> tuple[Json, set[str | None]]:
    """A draft's state whose files are all in the store, and their digests: None for one that has not come yet."""
    digests: set[str | None] = set()

    def whole(value: dict[str, Json]) -> dict[str, Json]:
        if "digest" not in value or "reference" not in value:
            return value
        digest = value["digest"] or known.get(value["reference"])
        digests.add(digest)
        return {**value, "digest": digest or ""}

    return json.loads(json.dumps(state), object_hook=whole), digests
