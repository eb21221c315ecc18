"""Listening to what was only spoken: staff type it, its author says whether that is right. Nothing is typed by a machine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from handlers.acts.cases import State, alone_with, own, seen
from handlers.acts.rights import ONLY_PROVINCE, Right, Standing, allows
from storage import cases, hearings, record
from storage.cases import Case
from storage.database import Reader, Transaction, micros
from storage.proposals import Tag

HELD = timedelta(minutes=30)  # how long one that somebody listens to is not given to others


class Hearing(StrEnum):
    """Where a spoken proposal stands."""

    WAITING = "waiting"
    UNCLEAR = "unclear"  # nobody could understand it; its author was told
    TYPED = "typed"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"


class Refusal(StrEnum):
    """Why there is nothing to listen to."""

    EMPTY = "empty"  # nothing waits
    UNKNOWN = "unknown"
    NONE = "none"  # it is in words
    DONE = "done"
    HELD = "held"  # somebody else listens to it
    COMING = "coming"  # the messenger still has it


@dataclass(frozen=True, slots=True)
class Heard:
    """What staff make of it: the words, and the topics and kind that they speak of where nobody has chosen any."""

    text: str
    topics: tuple[Tag, ...]
    kind: str


def _opens(case: Case) -> bool:
    return case.state != State.WITHDRAWN and case.hearing in (Hearing.WAITING, Hearing.UNCLEAR)


async def waiting(reader: Reader, by: Standing) -> int:
    """How many wait that this role may type."""
    return (
        await hearings.count_waiting(reader, reads_all=by.role in ONLY_PROVINCE) if allows(by.role, Right.TRIAGE) else 0
    )


async def take(tx: Transaction, by: Standing, address_id: int, code: str, now: datetime) -> str | Refusal:
    """Takes the one of a code, or the one that has waited longest; gives its code."""
    moment = micros(now)
    await tx.alone("hearings")
    if not allows(by.role, Right.TRIAGE):
        return Refusal.UNKNOWN
    if not code:
        code = await hearings.next_waiting(tx, address_id, moment, reads_all=by.role in ONLY_PROVINCE)
        if not code:
            return Refusal.EMPTY
    case = await seen(tx, by, code)
    if case is None:
        return Refusal.UNKNOWN
    if not _opens(case):
        return Refusal.DONE if case.hearing else Refusal.NONE
    if await hearings.is_held(tx, case.id, address_id, moment):
        return Refusal.HELD
    if not any(file.digest for file in case.content.files):
        return Refusal.COMING
    tx.add(hearings.hold(case.id, address_id, micros(now + HELD)))
    return case.code


async def let_go(tx: Transaction, by: Standing, address_id: int, code: str) -> bool:
    """Leaves it to others."""
    case = await seen(tx, by, code)
    if case is not None:
        tx.add(hearings.let_go(case.id, address_id))
    return True


async def type_up(
    tx: Transaction, by: Standing, address_id: int, code: str, heard: Heard, now: datetime
) -> Case | None:
    """Puts into words what was only spoken; the voice stays. None where somebody was faster, or it was taken back."""
    case = await _to_be_heard(tx, by, code)
    if case is None:
        return None
    content = replace(case.content, text="\n".join(filter(None, (case.content.text, heard.text))), kind=heard.kind)
    if all(tag.chosen_by == "machine" for tag in content.tags):
        content = replace(content, tags=heard.topics)
    moment = micros(now)
    tx.add(
        *cases.replace(case, content, moment),
        hearings.settle(case.id, Hearing.TYPED, address_id, moment, heard.text),
        record.note("type", address_id, moment, f"{code} {case.revision}"),
    )
    return case


async def give_up(tx: Transaction, by: Standing, address_id: int, code: str, now: datetime) -> Case | None:
    """Notes that nobody can understand it."""
    case = await _to_be_heard(tx, by, code)
    if case is None:
        return None
    moment = micros(now)
    tx.add(
        hearings.settle(case.id, Hearing.UNCLEAR, address_id, moment),
        record.note("unclear", address_id, moment, code),
    )
    return case


async def _to_be_heard(tx: Transaction, by: Standing, code: str) -> Case | None:
    await alone_with(tx, code)
    case = await seen(tx, by, code) if allows(by.role, Right.TRIAGE) else None
    return case if case is not None and _opens(case) else None


# -- by its author


async def confirm(tx: Transaction, person_id: int, address_id: int, code: str, now: int) -> bool:
    """Notes that what was typed is right; False where there is nothing of this person's to be confirmed."""
    case = await _typed(tx, person_id, code)
    if case is None:
        return False
    tx.add(hearings.answer(case.id, Hearing.CONFIRMED, now), record.note("confirm", address_id, now, code))
    return True


async def reword(tx: Transaction, person_id: int, address_id: int, code: str, text: str, now: int) -> bool:
    """Puts the author's own words in place of what was typed; that is kept as what it said before."""
    case = await _typed(tx, person_id, code)
    if case is None:
        return False
    tx.add(
        *cases.replace(case, replace(case.content, text=text), now),
        hearings.answer(case.id, Hearing.CORRECTED, now),
        record.note("reword", address_id, now, f"{code} {case.revision}"),
    )
    return True


async def _typed(tx: Transaction, person_id: int, code: str) -> Case | None:
    await alone_with(tx, code)
    case = await own(tx, person_id, code)
    return case if can_be_reworded(case) else None


def can_be_reworded(case: Case | None) -> bool:
    """Whether what was typed of it still waits for a word of its author."""
    if case is None or case.state == State.WITHDRAWN:
        return False
    return case.hearing in (Hearing.TYPED, Hearing.CONFIRMED)
