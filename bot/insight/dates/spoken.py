"""Moments in full words, so that whoever typed "2h" sees which two o'clock was understood."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from bot.insight.dates.answers import Read
from bot.insight.dates.hours import HALF
from bot.model import Phrase

_WEEKDAYS = (
    "when.weekday.monday",
    "when.weekday.tuesday",
    "when.weekday.wednesday",
    "when.weekday.thursday",
    "when.weekday.friday",
    "when.weekday.saturday",
    "when.weekday.sunday",
)
_MONTHS = (
    "when.month.january",
    "when.month.february",
    "when.month.march",
    "when.month.april",
    "when.month.may",
    "when.month.june",
    "when.month.july",
    "when.month.august",
    "when.month.september",
    "when.month.october",
    "when.month.november",
    "when.month.december",
)
# From which hour on a time is said to be what; languages draw the lines at different hours, so there is one for each.
_TIMES = (
    (22, "when.time.night"),
    (18, "when.time.evening"),
    (13, "when.time.afternoon"),
    (12, "when.time.midday"),
    (11, "when.time.late_morning"),
    (1, "when.time.morning"),
)


def spoken(moment: datetime, zone: tzinfo) -> Phrase:
    """A moment in full words, to the minute; the distance from UTC is added where the clock shows this time twice."""
    here = moment.astimezone(zone)
    said = Phrase("when.moment", {"time": _time(here), "day": _day(here)})
    if here.replace(fold=0).utcoffset() == here.replace(fold=1).utcoffset():
        return said
    return Phrase("when.with_offset", {"moment": said, "offset": here.isoformat()[-6:]})


def spoken_day(moment: datetime, zone: tzinfo) -> Phrase:
    """The day of a moment in full words."""
    return _day(moment.astimezone(zone))


def spoken_reading(read: Read, zone: tzinfo) -> Phrase:
    """All that was read: a day, a moment, or from when to when."""
    if read.end is None:
        return spoken(read.start, zone) if read.has_time else spoken_day(read.start, zone)
    if not read.has_time:
        last = read.end - timedelta(microseconds=1)
        return Phrase("when.span", {"start": spoken_day(read.start, zone), "end": spoken_day(last, zone)})
    start, end = spoken(read.start, zone), spoken(read.end, zone)
    here, there = read.start.astimezone(zone), read.end.astimezone(zone)
    if here.date() != there.date() or {start.key, end.key} != {"when.moment"}:
        return Phrase("when.span", {"start": start, "end": end})
    return Phrase("when.hours", {"start": _time(here), "end": _time(there), "day": _day(here)})


def _time(here: datetime) -> Phrase:
    if (here.hour, here.minute) == (HALF, 0):
        return Phrase("when.time.noon")
    if here.hour == 0:
        return Phrase("when.time.after_midnight", {"minute": f"{here.minute:02}"})
    key = next(key for hour, key in _TIMES if here.hour >= hour)
    hour = (here.hour - 1) % HALF + 1
    clock = Phrase("when.clock", {"hour": hour, "minute": f"{here.minute:02}"})
    return Phrase(key, {"clock": clock if here.minute else Phrase("when.full_hour", {"hour": hour})})


def _day(here: datetime) -> Phrase:
    return Phrase(
        "when.day",
        {
            "weekday": Phrase(_WEEKDAYS[here.weekday()]),
            "day": here.day,
            "month": Phrase(_MONTHS[here.month - 1]),
            "year": here.year,
        },
    )
