"""What staff do about events: plan, publish, move, cancel. Who signed up is told, and reminders follow."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.model import Json
from handlers.acts.rights import Right, allows
from handlers.acts.timing import Timing
from storage import bridges, broadcasts, events, record, reminders, sign_ups
from storage.audiences import Audience
from storage.broadcasts import New
from storage.database import Statement, Transaction
from storage.events import Event, Marks, Plan, State
from storage.outbox import Kind
from storage.sign_ups import SIGNED, Notice, SignUp, Standing

Bodies = Mapping[str, Json]
Tell = Callable[[Event], Json]
"""The JSON of what people are told of an event as it is now."""


@dataclass(frozen=True, slots=True)
class By:
    """Who does it."""

    role: str
    address_id: int
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """An event that was published or changed, and who has a seat now that they waited for."""

    event: Event
    seated: tuple[int, ...] = ()


def new_marks(host: str) -> Marks:
    """What a new event is known by. `host` makes it the only one of its name in all calendars."""
    return Marks(f"{secrets.token_hex(8)}@{host}", f"{secrets.randbelow(10_000):04}", secrets.token_urlsafe(9))


async def draft(tx: Transaction, by: By, plan: Plan, marks: Marks, now: int) -> int | None:
    """Keeps an event that nobody else sees yet; gives its id."""
    if not allows(by.role, Right.EVENTS):
        return None
    event_id = await events.add(tx, plan, marks, by.address_id, now)
    tx.add(record.note("event draft", by.address_id, now, str(event_id)))
    return event_id


async def redraft(tx: Transaction, by: By, event_id: int, plan: Plan, now: int) -> bool:
    """Changes a draft; False where it is none any more."""
    await tx.alone(events.alone(event_id))
    event = await events.get(tx, event_id)
    if not allows(by.role, Right.EVENTS) or event is None or event.state is not State.DRAFT:
        return False
    tx.add(events.change(event_id, plan, State.DRAFT, event.revision, now))
    return True


async def drop(tx: Transaction, by: By, event_id: int, now: int) -> bool:
    """Throws a draft away."""
    if not allows(by.role, Right.EVENTS) or not await tx.run(events.drop(event_id)):
        return False
    tx.add(record.note("event drop", by.address_id, now, str(event_id)))
    return True


async def publish(
    tx: Transaction, by: By, event_id: int, points: Sequence[tuple[str, str]], invitation: Callable[[Event], Bodies],
    timing: Timing,
) -> Published | None:  # fmt: skip
    """Shows a draft to whom it is for, and invites them; None where that cannot be."""
    await tx.alone(events.alone(event_id))
    event = await events.get(tx, event_id)
    if not allows(by.role, Right.EVENTS) or event is None or event.state is not State.DRAFT:
        return None
    if event.plan.start_at <= timing.at:
        return None
    tx.add(events.change(event_id, event.plan, State.PUBLISHED, event.revision, timing.at))
    if event.plan.has_points:
        tx.add(*bridges.open_all(event_id, points))
    await _invite(tx, event, invitation(event), event.plan.audience, by, timing.at)
    tx.add(record.note("event publish", by.address_id, timing.at, str(event_id)))
    return Published(event)


async def _invite(tx: Transaction, event: Event, bodies: Bodies, audience: Audience, by: By, now: int) -> None:
    new = New(Kind.NEWS, bodies, audience, now, by.address_id)
    tx.add(events.invited_by(event.id, await broadcasts.add(tx, new, now)))


# -- what changes


async def change(
    tx: Transaction, by: By, event_id: int, base: int, plan: Plan, points: Sequence[tuple[str, str]],
    invitation: Callable[[Event], Bodies], tell: Tell, timing: Timing,
) -> Published | None:  # fmt: skip
    """Changes what is published and still stands as in the revision `base`; None where that cannot be.

    Who signed up is told where it matters to them; reminders are made anew.
    """
    await tx.alone(events.alone(event_id))
    event = await events.get(tx, event_id)
    if not allows(by.role, Right.EVENTS) or event is None or event.state is not State.PUBLISHED:
        return None
    begins_anew = plan.start_at != event.plan.start_at
    if event.revision != base or event.plan.is_over_at <= timing.at or (begins_anew and plan.start_at <= timing.at):
        return None
    now_is = events.next_of(event, plan, timing.at)
    tx.add(events.change(event_id, plan, State.PUBLISHED, now_is.revision, timing.at))
    if plan.has_points:
        tx.add(*bridges.open_all(event_id, points))
    if matters(event.plan, plan):
        tx.add(*tell_all(now_is, tell(now_is), timing))
    if event.broadcast_id is not None:
        tx.add(broadcasts.reword(event.broadcast_id, invitation(now_is)))
    seated = await fill_seats(tx, now_is)
    if (event.plan.start_at, event.plan.offsets) != (plan.start_at, plan.offsets):
        tx.add(reminders.void(event_id))
    tx.add(*reminders.plan(event_id, plan.start_at, timing.dues(plan.start_at, plan.offsets)))
    tx.add(record.note("event change", by.address_id, timing.at, f"{event_id} {now_is.revision}"))
    return Published(now_is, tuple(one.person_id for one in seated))


def matters(before: Plan, after: Plan) -> bool:
    """Whether those who come have to know."""
    return _where_and_when(before) != _where_and_when(after)


def _where_and_when(plan: Plan) -> tuple[object, ...]:
    return plan.title, plan.start_at, plan.end_at, plan.hall, plan.link


async def cancel(tx: Transaction, by: By, event_id: int, tell: Tell, timing: Timing) -> Published | None:
    """Calls an event off: whoever signed up is told, and nobody is reminded of it any more."""
    await tx.alone(events.alone(event_id))
    event = await events.get(tx, event_id)
    if not allows(by.role, Right.EVENTS) or event is None or event.state is not State.PUBLISHED:
        return None
    now_is = events.next_of(event, event.plan, timing.at)
    tx.add(events.change(event_id, event.plan, State.CANCELLED, now_is.revision, timing.at), reminders.void(event_id))
    if event.plan.is_over_at > timing.at:
        tx.add(*tell_all(now_is, tell(now_is), timing))
    if event.broadcast_id is not None:
        await broadcasts.cancel(tx, event.broadcast_id, timing.at)
    tx.add(record.note("event cancel", by.address_id, timing.at, str(event_id)))
    return Published(now_is)


def tell_all(event: Event, body: Json, timing: Timing) -> list[Statement]:
    """Tells everyone who signed up of a change; what was to be told before and has not gone out is left unsaid."""
    notice = Notice(event.id, f"change:{event.revision}", timing.notice(event.plan.start_at), body, SIGNED)
    return [sign_ups.supersede(event.id), sign_ups.tell(notice, timing.at)]


async def fill_seats(tx: Transaction, event: Event) -> list[Standing]:
    """Gives free seats to those who wait, in the order in which they asked; gives who got one."""
    if event.plan.is_selective:
        return []
    free = event.plan.seats - await sign_ups.seated(tx, event.id) if event.plan.seats else 1_000_000
    found = await sign_ups.waiting(tx, event.id, free) if free > 0 else []
    tx.add(*(sign_ups.move(one.id, SignUp.GOING) for one in found))
    return found
