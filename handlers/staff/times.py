"""When something shall happen: asked as people write it, what is open is asked back, and what was read is read back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.errors import InvalidError
from bot.insight.dates import Read, Unclear, read, spoken
from bot.model import Json, Phrase
from bot.state import Answer
from bot.talk import Talk
from bot.turn import House
from storage.database import micros, moment

FARTHEST = timedelta(days=366)


async def ask_moment(talk: Talk, key: str, text: str) -> int:
    """Asks for a moment that lies ahead until one is clear; gives its microseconds UTC."""
    house, offered, asked = talk.house, list[int](), text

    def parse(answer: Answer) -> Json:
        if answer.option:
            return {"at": int(answer.option[1:]), "why": "", "offered": []}
        return understood(answer.text, talk.now, house)

    for n in count():
        options = {f"t{at}": spoken(moment(at), house.zone) for at in offered}
        said = await talk.ask(f"{key}{n}", asked, parse, options)
        if said["at"] is not None:
            return int(said["at"])
        asked, offered = said["why"], said["offered"]
    raise AssertionError("count() has no end")


def keys(talk: Talk, key: str) -> list[str]:
    """The questions that `ask_moment` put under a key, to be put again."""
    return [met for met in talk.met if met.startswith(key) and met.removeprefix(key).isdecimal()]


def understood(text: str, now: datetime, house: House) -> Json:
    """What a text says about when: a moment, or what to ask back with the moments that may be meant.

    Raises InvalidError where it lies behind us or too far ahead.
    """
    match read(text, now, house.zone, needs_time=True):
        case Read(start=start):
            if start <= now:
                raise InvalidError("when.past")
            if start > now + FARTHEST:
                raise InvalidError("times.too_far")
            return {"at": micros(start.astimezone(UTC)), "why": "", "offered": []}
        case Unclear(reason=reason, options=options):
            return {"at": None, "why": str(reason), "offered": ahead(options, now)}


def ahead(options: Sequence[Read], now: datetime) -> list[int]:
    """The moments among some readings that lie ahead."""
    return [micros(one.start.astimezone(UTC)) for one in options if one.has_time and one.start > now]


def told(house: House, at: int) -> Phrase:
    """A moment in full words."""
    return spoken(moment(at), house.zone)
