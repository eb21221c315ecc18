"""An event as a file that calendars open (iCalendar: RFC 5545, and RFC 5546 for changes and cancellations)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.model import readable

if TYPE_CHECKING:
    import icalendar

MEDIA_TYPE = "text/calendar; charset=utf-8"
_MAKER = "-//youth-dialogue-bot//events//EN"
_YEAR = timedelta(366)


@dataclass(frozen=True, slots=True)
class Event:
    """What a calendar is told. Times are aware; `end` is when it is over, None where nobody said.

    `id` and `domain` stay the same as long as the event lives: by them a calendar knows it again. `changes` counts
    every change of time, place or anything else, a cancellation too: a calendar takes the higher one. Without a time
    the event lasts whole days. `organizer` is an address such as "mailto:office@example.org".
    """

    id: str
    domain: str
    changes: int
    changed_at: datetime
    start: datetime
    end: datetime | None
    title: str
    has_time: bool = True
    place: str = ""
    link: str = ""
    description: str = ""
    organizer: str = ""
    is_cancelled: bool = False
    remind_before: timedelta | None = None

    @property
    def uid(self) -> str:
        return f"{self.id}@{self.domain}"


def calendar_file(event: Event, zone: ZoneInfo) -> bytes:
    """The file, in UTF-8 with CRLF and folded lines; its times stand in the zone, which comes along.

    The same event gives the same bytes. A backslash before an N becomes a line break: so the library has it. Raises
    ValueError for a link or an address that is not one word.
    """
    from icalendar import Calendar, Timezone  # 30 ms and 3 MB, and seldom needed

    file = Calendar()
    file.add("prodid", _MAKER)
    file.add("version", "2.0")
    file.add("method", "CANCEL" if event.is_cancelled else "PUBLISH")
    if event.has_time:
        first, last = event.start - _YEAR, (event.end or event.start) + 2 * _YEAR
        file.add_component(Timezone.from_tzid(zone.key, first_date=first.date(), last_date=last.date()))
    file.add_component(_entry(event, zone))
    content: bytes = file.to_ical()
    return content


def _entry(event: Event, zone: ZoneInfo) -> icalendar.Event:
    from icalendar import Event as Entry

    entry = Entry()
    entry.add("uid", event.uid)
    entry.add("sequence", event.changes)
    for name in ("dtstamp", "last-modified"):
        entry.add(name, event.changed_at.astimezone(UTC))
    entry.add("dtstart", _point(event.start, event, zone))
    if event.end:
        entry.add("dtend", _point(event.end, event, zone))
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    for name, text in (("summary", event.title), ("location", event.place), ("description", event.description)):
        if text:
            entry.add(name, readable(text))
    for name, address in (("url", event.link), ("organizer", event.organizer)):
        if address:
            entry.add(name, _one_word(address))
    if event.remind_before and not event.is_cancelled:
        entry.add_component(_alarm(event.title, event.remind_before))
    return entry


def _point(moment: datetime, event: Event, zone: ZoneInfo) -> datetime | date:
    """The moment in the zone, or its day; the day on which it ends is the first that is free again."""
    here = moment.astimezone(zone)
    return here if event.has_time else here.date()


def _alarm(title: str, before: timedelta) -> icalendar.Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", readable(title))
    alarm.add("trigger", -before)
    return alarm


def _one_word(address: str) -> str:
    if address != readable(address) or len(address.split()) != 1:
        raise ValueError("an address of an event is not one word")
    return address.strip()
