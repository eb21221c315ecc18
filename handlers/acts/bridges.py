"""Filling in the bridge points of an event."""

from __future__ import annotations

from handlers.acts.events import By
from handlers.acts.rights import Right, Standing, allows
from storage import bridges, events, record
from storage.bridges import Filling
from storage.database import Transaction
from storage.events import State


def may_fill(by: By, place: str) -> bool:
    """Whether somebody may fill in the point of a place: the province any, a locality those of its communes."""
    places = Standing(by.role, by.scope).places
    return allows(by.role, Right.BRIDGE) and (places is None or place in places)


async def fill(tx: Transaction, by: By, event_id: int, place: str, filling: Filling, now: int) -> bool:
    """Writes down what a locality says of its point; False where that cannot be."""
    event = await events.get(tx, event_id)
    if event is None or event.state is not State.PUBLISHED or not may_fill(by, place):
        return False
    if not await tx.run(bridges.fill(event_id, place, filling, by.address_id, now)):
        return False
    tx.add(record.note("bridge point", by.address_id, now, f"{event_id} {place}"))
    return True
