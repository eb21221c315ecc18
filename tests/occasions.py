"""Events for tests: planned and published as staff do it, without the conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handlers.acts import events as acts
from handlers.acts.events import By
from handlers.acts.rights import Role
from handlers.acts.timing import Timing
from handlers.occasion import host, invitation
from storage import addresses, events
from storage.database import micros
from storage.events import Event, Plan
from tests.player import Town

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
OFFSETS = (10_080, 1440, 120)
OFFICE = ("console", "office")  # a chat in which nobody writes


def timing(here: Town) -> Timing:
    return Timing(here.clock(), here.bot.house.pack.facts.quiet, here.bot.house.pack.zone)


def at(here: Town, **ahead: float) -> datetime:
    """So far ahead, to the full hour."""
    return (here.clock.now + timedelta(**ahead)).replace(minute=0, second=0, microsecond=0)


async def hold(here: Town, start: datetime | None = None, **more: Any) -> Event:
    """A published event, in twenty days where nothing is said."""
    plan = Plan("Gặp mặt thanh niên", micros(start or at(here, days=20)), hall="Hội trường A", offsets=OFFSETS)
    house = here.bot.house
    by = await office(here)
    async with here.bot.database.transaction() as tx:
        marks = replace(acts.new_marks(host(house)), code="0427")
        event_id = await acts.draft(tx, by, replace(plan, **more), marks, micros(here.clock()))
        assert event_id
        points = house.pack.bridge_points(house.era)
        assert await acts.publish(tx, by, event_id, points, lambda event: invitation(house, event), timing(here))
        event = await events.get(tx, event_id)
    assert event
    await here.settle()  # who is invited is told
    return event


async def office(here: Town) -> By:
    """Whoever may do everything, in a chat of their own."""
    channel, chat = OFFICE
    await here.bot.database.write([addresses.seen(channel, chat, "vi", micros(here.clock()), wrote=True)])
    reader = await here.bot.database.snapshot()
    address_id = await addresses.find(reader, channel, chat)
    await reader.close()
    assert address_id
    return By(Role.OWNER, address_id)
