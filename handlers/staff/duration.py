"""How long a broadcast will take: by what each messenger takes a second, and by the hours in which nothing goes out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.channel import Abilities
from bot.model import Phrase
from bot.pack.shapes import Quiet

MADE_A_SECOND = 500  # rows; where a messenger sets no pace, this does
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def work(counts: Mapping[str, int], rates: Mapping[str, float]) -> timedelta:
    """How long the sending itself takes; messengers are sent to side by side."""
    seconds = (n / min(rates.get(channel) or MADE_A_SECOND, MADE_A_SECOND) for channel, n in counts.items())
    return timedelta(seconds=max(seconds, default=0))


def limited(counts: Mapping[str, int], channels: Mapping[str, Abilities]) -> int:
    """How many days a messenger needs that lets out only so much a day by itself; 0 where none does."""
    days = [
        -(-n // able.proactive.per_day)
        for channel, n in counts.items()
        if (able := channels.get(channel)) and able.proactive.per_day
    ]
    return max((day for day in days if day > 1), default=0)


def end(begin: datetime, needed: timedelta, quiet: Quiet, zone: ZoneInfo) -> datetime:
    """When it is done: work stands still in the quiet hours."""
    at = quiet.ends(begin, zone) or begin
    while (night := next_night(at, quiet, zone)) < at + needed:
        needed -= night - at
        at = quiet.ends(night, zone) or night + needed
    return at + needed


def next_night(at: datetime, quiet: Quiet, zone: ZoneInfo) -> datetime:
    """When the quiet hours begin next, after a moment outside of them; far away where there are none."""
    if quiet.start == quiet.end:
        return at + 1000 * DAY
    here = at.astimezone(zone)
    today = datetime.combine(here.date(), quiet.start, zone)
    return today if today >= here else datetime.combine(here.date() + DAY, quiet.start, zone)


def spoken(span: timedelta) -> Phrase:
    """A span as people say it, rounded up."""
    if span <= MINUTE:
        return Phrase("duration.minute")
    if span <= 2 * HOUR:
        return Phrase("duration.minutes", {"count": -(-span // MINUTE)})
    return Phrase("duration.hours", {"count": -(-span // HOUR)})
