"""What young people do about events, and staff about who applied: answer, apply, pick, check in, ask."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model import Json
from handlers.acts.events import By, fill_seats
from handlers.acts.rights import Right, allows
from handlers.acts.timing import Timing
from storage import events, happenings, lookups, record, reminders, sign_ups
from storage.database import Reader, Transaction, micros, moment
from storage.events import Event, State
from storage.lookups import COUNTED
from storage.sign_ups import REMINDED, UNDECIDED, Notice, SignUp

LONGEST_LINE = 300  # characters
LONGEST_QUESTION = 1000
TRIES = 5  # wrong codes, in the time that a try counts
EARLY = timedelta(hours=3)  # before the start: the door is open
HEARD = timedelta(minutes=10)  # in which so many questions of one person are taken
MOST_HEARD = 5
ASKING = timedelta(minutes=15)  # before the start: questions go to staff at once


class Answer(StrEnum):
    """What somebody can answer to an invitation."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Answered:
    """How somebody stands now, None where the event takes no answer; and whoever got a seat by it."""

    state: SignUp | None
    seated: tuple[int, ...] = ()


async def visible(reader: Reader, person_id: int, event_id: int) -> Event | None:
    """The event of an id if it is for this person, or they have to do with it already."""
    event = await events.get(reader, event_id)
    if event is None or event.state is State.DRAFT:
        return None
    if await sign_ups.of_person(reader, event_id, person_id):
        return event
    guest = await events.guest(reader, person_id)
    return event if event.state is State.PUBLISHED and events.is_for(event.plan.audience, guest) else None


async def answer(tx: Transaction, person_id: int, event_id: int, said: Answer, timing: Timing) -> Answered:
    """Notes an answer: a seat where there is one, else a place in line; a seat given back goes to the next."""
    await tx.alone(events.alone(event_id))
    event = await visible(tx, person_id, event_id)
    if event is None or event.state is not State.PUBLISHED or event.plan.start_at <= timing.at:
        return Answered(None)
    before = await sign_ups.of_person(tx, event_id, person_id)
    state = await _state(tx, event, before.state if before else None, said)
    if state is None:
        return Answered(None)
    if before is None or before.state is not state:
        line, queued = (before.line, before.queued_at) if before and _keeps(before.state, state) else ("", timing.at)
        await tx.run(sign_ups.put(event_id, person_id, state, line, queued, timing.at))
    seated = await _after(tx, event, person_id, state, timing)
    return Answered(state, seated)


def _keeps(before: SignUp, after: SignUp) -> bool:
    """Whether somebody keeps their turn and what they said."""
    return before is SignUp.CHOSEN and after is SignUp.GOING


async def _state(tx: Transaction, event: Event, before: SignUp | None, said: Answer) -> SignUp | None:
    """How somebody stands after an answer; None where that is not theirs to say."""
    if said is Answer.NO:
        return SignUp.NO
    if event.plan.is_selective:
        confirms = said is Answer.YES and before in (SignUp.CHOSEN, SignUp.GOING)
        return SignUp.GOING if confirms else None
    if said is Answer.MAYBE:
        return SignUp.MAYBE
    if before in (SignUp.GOING, SignUp.WAITING):
        return before
    taken = await sign_ups.seated(tx, event.id)
    waits = bool(event.plan.seats) and (taken >= event.plan.seats)
    return SignUp.WAITING if waits else SignUp.GOING


async def _after(tx: Transaction, event: Event, person_id: int, state: SignUp, timing: Timing) -> tuple[int, ...]:
    """Reminders and seats as they are after an answer; gives who got a seat."""
    if state in REMINDED:
        dues = timing.dues(event.plan.start_at, event.plan.offsets)
        tx.add(*reminders.plan(event.id, event.plan.start_at, dues, person_id))
    else:
        tx.add(reminders.void(event.id, person_id))
    return await _seat(tx, event, timing)


async def _seat(tx: Transaction, event: Event, timing: Timing) -> tuple[int, ...]:
    """Gives free seats to those who wait, with their reminders; gives who got one."""
    dues = timing.dues(event.plan.start_at, event.plan.offsets)
    seated = [one.person_id for one in await fill_seats(tx, event)]
    for each in seated:
        tx.add(*reminders.plan(event.id, event.plan.start_at, dues, each))
    return tuple(seated)


async def seat_next(tx: Transaction, event_id: int, timing: Timing) -> tuple[int, ...]:
    """Gives seats that have become free to those who wait, unless the event has begun; gives who got one."""
    event = await events.get(tx, event_id)
    if event is None or event.state is not State.PUBLISHED or event.plan.start_at <= timing.at:
        return ()
    return await _seat(tx, event, timing)


async def apply(tx: Transaction, person_id: int, event_id: int, line: str, timing: Timing) -> bool:
    """Applies for an event whose guests staff choose; who was chosen already stays so."""
    await tx.alone(events.alone(event_id))
    event = await visible(tx, person_id, event_id)
    if event is None or event.state is not State.PUBLISHED or event.plan.start_at <= timing.at:
        return False
    before = await sign_ups.of_person(tx, event_id, person_id)
    if not event.plan.is_selective or (before and before.state in (SignUp.CHOSEN, SignUp.GOING)):
        return False
    picked = before is not None and before.state is SignUp.PICKED
    queued = before.queued_at if before and before.state in (SignUp.APPLIED, SignUp.PICKED) else timing.at
    state = SignUp.PICKED if picked else SignUp.APPLIED
    tx.add(sign_ups.put(event_id, person_id, state, line, queued, timing.at))
    return True


# -- staff choose


async def pick(tx: Transaction, by: By, event_id: int, sign_up_id: int, now: int) -> SignUp | None:
    """Picks somebody who applied, or lets go of them again; nobody is told yet. None where that cannot be."""
    await tx.alone(events.alone(event_id))
    event, standing = await events.get(tx, event_id), await sign_ups.get(tx, event_id, sign_up_id)
    if not allows(by.role, Right.EVENTS) or event is None or event.state is not State.PUBLISHED:
        return None
    if standing is None or standing.state not in UNDECIDED:
        return None
    after = SignUp.APPLIED if standing.state is SignUp.PICKED else SignUp.PICKED
    tx.add(sign_ups.move(sign_up_id, after), record.note("event pick", by.address_id, now, f"{event_id} {sign_up_id}"))
    return after


async def announce(
    tx: Transaction, by: By, event_id: int, chosen: Json, declined: Json, timing: Timing
) -> tuple[int, int] | None:
    """Tells those who were picked, and kindly the others; gives how many of each, or None where that cannot be.

    `chosen` and `declined` are the JSON of what they are told.
    """
    await tx.alone(events.alone(event_id))
    event = await events.get(tx, event_id)
    if not allows(by.role, Right.EVENTS) or event is None or event.state is not State.PUBLISHED:
        return None
    if event.plan.start_at <= timing.at or not event.plan.is_selective:
        return None
    counts = await sign_ups.counts(tx, event_id)
    for state, body, after in ((SignUp.PICKED, chosen, SignUp.CHOSEN), (SignUp.APPLIED, declined, SignUp.DECLINED)):
        notice = Notice(event_id, f"{after}:{timing.at}", timing.notice(event.plan.start_at), body, (state,))
        tx.add(sign_ups.tell(notice, timing.at), sign_ups.move_all(event_id, state, after))
    tx.add(*reminders.plan(event_id, event.plan.start_at, timing.dues(event.plan.start_at, event.plan.offsets)))
    tx.add(record.note("event announce", by.address_id, timing.at, str(event_id)))
    return counts.get(SignUp.PICKED, 0), counts.get(SignUp.APPLIED, 0)


# -- on the day


def is_open(event: Event, now: datetime) -> bool:
    """Whether somebody can check in now."""
    begins = moment(event.plan.start_at) - EARLY
    return event.state is State.PUBLISHED and begins <= now < moment(event.plan.is_over_at)


def is_live(event: Event, now: datetime) -> bool:
    """Whether questions go to staff at once."""
    begins = moment(event.plan.start_at) - ASKING
    return event.state is State.PUBLISHED and begins <= now < moment(event.plan.is_over_at)


class Door(StrEnum):
    """What came of checking in."""

    IN = "in"
    ALREADY = "already"
    WRONG = "wrong"
    CLOSED = "closed"
    LATER = "later"  # too many wrong codes


class Heard(StrEnum):
    """What came of a question during an event."""

    YES = "done"
    OVER = "over"
    ENOUGH = "enough"


async def check_in(tx: Transaction, person_id: int, event_id: int, code: str, now: datetime) -> Door:
    """Checks somebody in by the code that is shown in the hall. Wrong ones are counted, and soon no more are taken."""
    subject = f"door:{event_id}:{person_id}"
    await tx.alone(f"tries {subject}")
    event = await events.get(tx, event_id)
    if event is None or not is_open(event, now):
        return Door.CLOSED
    if await lookups.tried_before(tx, subject, TRIES, micros(now - COUNTED)):
        return Door.LATER
    if not hmac.compare_digest(code.encode(), event.code.encode()):
        tx.add(lookups.note(subject, micros(now)))
        return Door.WRONG
    return await _enter(tx, event, person_id, "code", now)


async def enter_by_link(tx: Transaction, person_id: int, token: str, now: datetime) -> tuple[Door, Event | None]:
    """Checks somebody in by the link that the code in the hall leads to."""
    event = await events.by_token(tx, token)
    if event is None or not is_open(event, now):
        return Door.CLOSED, event
    return await _enter(tx, event, person_id, "link", now), event


async def _enter(tx: Transaction, event: Event, person_id: int, how: str, now: datetime) -> Door:
    noted = await tx.run(happenings.check_in(event.id, person_id, how, micros(now)))
    return Door.IN if noted else Door.ALREADY


async def ask(tx: Transaction, person_id: int, address_id: int, event_id: int, text: str, now: datetime) -> Heard:
    """Takes a question during an event, and not so many of one person that nobody else is heard."""
    await tx.alone(f"live questions {event_id} {person_id}")
    event = await visible(tx, person_id, event_id)
    if event is None or not is_live(event, now):
        return Heard.OVER
    if await happenings.count_asked_by(tx, event_id, person_id, micros(now - HEARD)) >= MOST_HEARD:
        return Heard.ENOUGH
    tx.add(
        happenings.ask(event_id, person_id, text, micros(now)),
        record.note("live question", address_id, micros(now), str(event_id)),
    )
    return Heard.YES
