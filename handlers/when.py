"""Asking when: typed as people write it, asked back where it is open, and read back in full words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from bot.errors import InvalidError
from bot.insight.dates import Read, Reason, Unclear, read, spoken_reading
from bot.model import Json
from bot.state import Answer
from bot.talk import Talk
from storage.database import micros, moment


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, in microseconds; `end` is None where nobody said."""

    start: int
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """A question for a time: its text, the readings to choose from, and the day if only the hour is missing."""

    text: str
    offered: tuple[Read, ...] = ()
    day: date | None = None


async def ask_when(talk: Talk, key: str, text: str) -> Span:
    """Asks until a time to come is read, and has that confirmed in full words."""
    asking = Asking(text)
    for n in count():
        said = await _ask(talk, f"{key}{n}", asking)
        asking = _next(talk, said, asking)
        if asking.text:
            continue
        found = _read(said["readings"][0])
        sure = {"yes": "reading.yes", "again": "reading.again"}
        shown = spoken_reading(found, talk.house.zone)
        if await talk.choose(f"{key}{n}/sure", "reading.sure", sure, when=shown) == "yes":
            return Span(micros(found.start), micros(found.end) if found.end else None)
        asking = Asking(text)
    raise AssertionError("count() has no end")


async def _ask(talk: Talk, key: str, asking: Asking) -> Json:
    """What was said: a reason for asking back with readings, or no reason and the one reading."""
    zone = talk.house.zone
    options = {f"r{n}": spoken_reading(one, zone) for n, one in enumerate(asking.offered)}

    def parse(answer: Answer) -> Json:
        if answer.option:
            return _plain("", [asking.offered[int(answer.option[1:])]])
        found = read(answer.text, talk.now, zone, day=asking.day, needs_time=True)
        if isinstance(found, Unclear):
            if not found.options:
                raise InvalidError(found.reason)
            return _plain(found.reason, found.options)
        if found.start <= talk.now:
            raise InvalidError(Reason.PAST)
        return _plain("", [found])

    return await talk.ask(key, asking.text, parse, options)


def _next(talk: Talk, said: Json, before: Asking) -> Asking:
    """What is still to be asked; its text is empty where all is said."""
    readings = tuple(map(_read, said["readings"]))
    if said["reason"] and not (said["reason"] == Reason.NO_TIME and len(readings) == 1):
        return Asking(said["reason"], readings)
    [found] = readings
    if found.has_time:
        return Asking("")
    return Asking(Reason.NO_TIME, day=found.start.astimezone(talk.house.zone).date())


def _plain(reason: str, readings: Sequence[Read]) -> Json:
    ones = [[micros(one.start), micros(one.end) if one.end else None, one.has_time] for one in readings]
    return {"reason": str(reason), "readings": ones}


def _read(value: Json) -> Read:
    start, end, has_time = value
    return Read(moment(start), moment(end) if end is not None else None, has_time)
