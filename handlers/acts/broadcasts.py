"""What is done with a broadcast: made, released by a second person, paused, resumed, called off; each in the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.model import Json
from handlers.acts.rights import Right, allows
from storage import audiences, broadcasts, jobs, record, reports
from storage.audiences import Audience
from storage.broadcasts import Broadcast, New, Status
from storage.database import Transaction
from storage.outbox import Kind


class Act(StrEnum):
    """Something that is done with a broadcast."""

    MADE = "made"
    RELEASED = "released"
    RELEASED_ALONE = "released_alone"
    PAUSED = "paused"
    RESUMED = "resumed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: a person on one of their chats, in their role."""

    role: str
    person_id: int
    address_id: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall be sent: messages by language, to whom, from when on, and the digests of what goes along."""

    bodies: Mapping[str, Json]
    audience: Audience
    due_at: int
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """A broadcast that was made, for how many people now, and whether somebody else must release it."""

    id: int
    count: int
    is_held: bool


async def make(tx: Transaction, by: Actor, wanted: Wanted, release_above: int, now: int) -> Made | None:
    """Makes a broadcast; None where that may not be or nobody would get it."""
    count = await audiences.size(tx, wanted.audience)
    if not count or not allows(by.role, Right.BROADCAST):
        return None
    held = bool(release_above) and count > release_above
    new = New(
        kind=Kind.NOTICE if wanted.audience.is_staff else Kind.BROADCAST,
        bodies=wanted.bodies,
        audience=wanted.audience,
        due_at=wanted.due_at,
        address_id=by.address_id,
        author_id=by.person_id,
        status=Status.UNRELEASED if held else Status.READY,
        files=wanted.files,
    )
    broadcast_id = await broadcasts.add(tx, new, now)
    note(tx, by, broadcast_id, Act.MADE, now)
    return Made(broadcast_id, count, held)


def may_release(by: Actor, broadcast: Broadcast, reason: str = "") -> bool:
    """Whether somebody may let a broadcast out: anybody's but their own, and that only as an owner with a reason."""
    if not allows(by.role, Right.BROADCAST) or broadcast.status is not Status.UNRELEASED:
        return False
    return broadcast.author_id != by.person_id or (bool(reason) and allows(by.role, Right.RELEASE_ALONE))


async def release(tx: Transaction, by: Actor, broadcast_id: int, now: int, reason: str = "") -> Broadcast | None:
    """Lets a broadcast out; None where that may not be."""
    broadcast = await broadcasts.get(tx, broadcast_id)
    if (
        broadcast is None
        or not may_release(by, broadcast, reason)
        or not await broadcasts.release(tx, broadcast_id, now)
    ):
        return None
    alone = broadcast.author_id == by.person_id
    note(tx, by, broadcast_id, Act.RELEASED_ALONE if alone else Act.RELEASED, now, reason if alone else "")
    return broadcast


async def steer(tx: Transaction, by: Actor, broadcast_id: int, act: Act, now: int) -> bool:
    """Pauses, resumes or calls off; False where that may not be, or there is nothing to do it to."""
    broadcast = await broadcasts.get(tx, broadcast_id)
    if broadcast is None or not allows(by.role, Right.BROADCAST) or not await _steered(tx, broadcast_id, act, now):
        return False
    tx.add(jobs.end_watch(broadcast_id))
    if act is Act.CANCELLED or (act is Act.RESUMED and broadcast.started_at is not None):
        tx.add(*broadcasts.watched(broadcast, now))
    note(tx, by, broadcast_id, act, now)
    return True


async def _steered(tx: Transaction, broadcast_id: int, act: Act, now: int) -> bool:
    match act:
        case Act.PAUSED:
            return await broadcasts.pause(tx, broadcast_id)
        case Act.RESUMED:
            return await broadcasts.resume(tx, broadcast_id)
        case Act.CANCELLED:
            return await broadcasts.cancel(tx, broadcast_id, now)
        case _:
            return False


def note(tx: Transaction, by: Actor, broadcast_id: int, act: Act, now: int, reason: str = "") -> None:
    """Writes it down with the broadcast, and in the record, which names the broadcast."""
    tx.add(
        reports.step(broadcast_id, act, by.person_id, now, reason),
        record.note(f"broadcast {act}", by.address_id, now, str(broadcast_id)),
    )


async def report(tx: Transaction, broadcast_id: int, now: int) -> bool:
    """Notes that its author is told how it ended: once."""
    return await reports.end(tx, broadcast_id, now)


async def watch_on(tx: Transaction, address_id: int, broadcast_id: int, due_at: int, now: int) -> bool:
    """Has its author told again how far it is."""
    tx.add(jobs.watch_on(address_id, broadcast_id, due_at, now))
    return True
