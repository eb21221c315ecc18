"""A kind word about a draft that nobody goes on with: once the next day, and once before no more is taken in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.model import Json, Phrase
from bot.outgoing import Bundle, body
from bot.turn import Choice, House, Said
from handlers.youth.propose import excerpt
from storage import nudges
from storage.conversations import Open
from storage.database import Database, micros
from storage.nudges import Idle, Occasion

PROPOSE = "propose"
NEXT_DAY = timedelta(days=1)
TOO_OLD = timedelta(days=4)  # a draft that was left so long ago is left in peace
BEFORE_CLOSING = timedelta(days=2)

Closing = Callable[[], Awaitable[datetime | None]]
"""When no more proposals are taken in, None where nobody said."""


async def not_said() -> datetime | None:
    """No dialogue says when its intake closes."""
    return None


async def nudge(database: Database, house: House, closing: Closing = not_said) -> int:
    """Speaks of the drafts that it is time for, outside of quiet hours; gives of how many."""
    now = house.clock()
    if house.pack.facts.quiet.ends(now, house.pack.zone):
        return 0
    left = nudges.Span(micros(now - TOO_OLD), micros(now - NEXT_DAY))
    spoken = await nudges.step(database, PROPOSE, Occasion.NEXT_DAY, left, said, micros(now))
    closes = await closing()
    if closes and closes - BEFORE_CLOSING <= now < closes:
        before = nudges.Span(0, micros(closes - BEFORE_CLOSING))
        spoken += await nudges.step(database, PROPOSE, Occasion.CLOSING, before, said, micros(now))
    return spoken


def said(idle: Idle, occasion: Occasion) -> Json | None:
    """What is said of a draft, with the button to go on; nothing of an empty one."""
    text = excerpt(Open(idle.serial, PROPOSE, idle.state, 0))
    if not text:
        return None
    go_on = [[Choice(Phrase("draft.go_on"), f"{idle.serial}.0.show")]]
    return body(Bundle([Said(Phrase(f"draft.{occasion}", {"text": text}), go_on)]))
