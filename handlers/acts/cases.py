"""What is done about a proposal after it was sent, by its author and by staff: the right, the change, the record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.model import Attachment
from handlers.acts.rights import Right, Standing, allows
from handlers.acts.spoken import is_spoken, voices
from storage import cases, conversations, hearings, readings, record, showings
from storage.cases import Case
from storage.database import Reader, Transaction
from storage.proposals import Content, Tag


class State(StrEnum):
    """Where a proposal stands on its path."""

    RECEIVED = "received"
    TAKEN_UP = "taken_up"
    FORWARDED = "forwarded"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Said(StrEnum):
    """What may be said about a proposal after it was sent."""

    ADDED = "added"
    REPLIED = "replied"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Correction:
    """What staff choose for a proposal; what is empty stays as it is. `topics` has the main one first.

    `version` is that of the topics' model whose tags they saw.
    """

    kind: str = ""
    topics: tuple[str, ...] = ()
    place: str = ""
    former_place: str = ""
    typed_place: str = ""
    version: str = ""


CODE = re.compile(r"[A-Z]{1,8}-\d{4}-\d{5,9}", re.ASCII)
CHANGEABLE = frozenset({State.RECEIVED})
GROWING = frozenset({State.RECEIVED, State.TAKEN_UP, State.FORWARDED})


async def alone_with(tx: Transaction, code: str) -> None:
    """What everyone does first who does something about a proposal: whether it may be done is read after it."""
    await tx.alone(f"proposal {code}")


# -- by its author


async def own(reader: Reader, person_id: int | None, code: str) -> Case | None:
    """The proposal of a code if it is this person's; what is somebody else's is as if it were not there."""
    case = await cases.of_code(reader, code)
    return case if case and person_id is not None and case.person_id == person_id else None


async def change(tx: Transaction, person_id: int, address_id: int, code: str, content: Content, now: int) -> bool:
    """Puts other content in place of what was sent; False where staff have taken it up, or it is not theirs."""
    await alone_with(tx, code)
    case = await own(tx, person_id, code)
    if case is None or case.state not in CHANGEABLE:
        return False
    tx.add(*cases.replace(case, content, now), record.note("change", address_id, now, f"{code} {case.revision}"))
    tx.add(showings.hide(case.id))  # others were to see what it said before
    if is_spoken(content):
        tx.add(hearings.wait(code, now))
    elif content.text != case.content.text:
        tx.add(*hearings.worded(code))
    return True


async def withdraw(tx: Transaction, person_id: int, address_id: int, code: str, reason: str, now: int) -> bool:
    """Takes a proposal back; False where staff have taken it up, or it is not theirs."""
    await alone_with(tx, code)
    case = await own(tx, person_id, code)
    if case is None or case.state not in CHANGEABLE:
        return False
    moved = cases.move(case, State.WITHDRAWN, address_id, now, reason)
    tx.add(*moved, record.note("withdraw", address_id, now, code))
    return True


async def add(
    tx: Transaction, person_id: int, address_id: int, code: str, text: str, files: Sequence[Attachment], now: int
) -> Case | None:
    """Adds to a proposal until it is answered, as a reply where staff asked last; None where that cannot be."""
    await alone_with(tx, code)
    case = await own(tx, person_id, code)
    if case is None or case.state not in GROWING:
        return None
    asked = bool(case.parts) and case.parts[-1].kind == Said.ASKED
    kind = Said.REPLIED if asked else Said.ADDED
    tx.add(*cases.say(case, kind, text, address_id, now, files), record.note(kind, address_id, now, code))
    tx.add(readings.unread_again(case.id))
    if case.hearing == "unclear" and voices(files):
        tx.add(hearings.wait(code, now))
    return case


async def discard(tx: Transaction, address_id: int, serial: int) -> bool:
    """Throws a draft of this chat away; False where there is none of that number."""
    return bool(await tx.run(conversations.discard(address_id, serial)))


# -- by staff


async def seen(reader: Reader, by: Standing, code: str) -> Case | None:
    """The proposal of a code if they may read it; else it is as if it were not there."""
    case = await cases.of_code(reader, code)
    return case if case and may_read(by, case) else None


def may_read(by: Standing, case: Case) -> bool:
    """Whether a proposal is within somebody's scope, and not kept from them by its author."""
    content = case.content
    return by.reads(place=content.place, dialogue=case.scope, only_province=content.only_province)


async def take_up(tx: Transaction, by: Standing, address_id: int, code: str, now: int) -> Case | None:
    """Notes that staff work on it from now on; None where that cannot be."""
    await alone_with(tx, code)
    case = await seen(tx, by, code) if allows(by.role, Right.TRIAGE) else None
    if case is None or case.state != State.RECEIVED:
        return None
    tx.add(*cases.move(case, State.TAKEN_UP, address_id, now), record.note("take up", address_id, now, code))
    return case


async def correct(tx: Transaction, by: Standing, address_id: int, code: str, wanted: Correction, now: int) -> bool:
    """Corrects kind, topics or place, which are staff's from then on; everything else stays its author's."""
    await alone_with(tx, code)
    case = await seen(tx, by, code) if allows(by.role, Right.TRIAGE) else None
    if case is None or case.state == State.WITHDRAWN:
        return False
    content = corrected(case.content, wanted)
    tx.add(*cases.replace(case, content, now), record.note("correct", address_id, now, f"{code} {case.revision}"))
    return True


def corrected(content: Content, wanted: Correction) -> Content:
    """The content under what staff chose for it."""
    if wanted.kind:
        content = replace(content, kind=wanted.kind)
    if wanted.topics:
        content = replace(content, tags=tuple(Tag(topic, 1000, "staff", wanted.version) for topic in wanted.topics))
    if wanted.place:
        named = wanted.typed_place or content.typed_place
        content = replace(content, place=wanted.place, former_place=wanted.former_place, typed_place=named)
    return content


async def ask(tx: Transaction, by: Standing, address_id: int, code: str, text: str, now: int) -> Case | None:
    """Asks the author something; None where that cannot be, or nobody is there to be asked."""
    await alone_with(tx, code)
    case = await seen(tx, by, code) if allows(by.role, Right.TRIAGE) else None
    if case is None or case.state not in GROWING or case.address_id is None:
        return None
    tx.add(*cases.say(case, Said.ASKED, text, address_id, now), record.note("ask", address_id, now, code))
    return case
