"""From the clock on the wall to moments: once a year it shows an hour twice in some zones, and once it skips one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from bot.insight.dates.answers import Reason
from bot.insight.dates.hours import MIDNIGHT, Time


def moments(day: date, at: Time, zone: tzinfo) -> tuple[tuple[datetime, ...], Reason | None]:
    """The moments in UTC at which the clock shows this time; for one that it skips, those an hour before and after."""
    wall = _wall(day, at)
    both = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    if both[0] == both[1]:
        return (both[0],), None
    return tuple(sorted(both)), Reason.TWICE if shows(both[0], wall, zone) else Reason.NO_SUCH_TIME


def at_offset(day: date, at: Time, minutes: int) -> datetime:
    """The moment at which a clock that is so far ahead of UTC shows this time."""
    return _wall(day, at).replace(tzinfo=timezone(timedelta(minutes=minutes))).astimezone(UTC)


def first_moment(day: date, zone: tzinfo) -> datetime:
    """When a day begins: in some zones midnight happens twice, or not at all."""
    found, reason = moments(day, Time(0, 0), zone)
    return found[-1] if reason is Reason.NO_SUCH_TIME and not _is_on(found[0], day, zone) else found[0]


def shows(moment: datetime, wall: datetime, zone: tzinfo) -> bool:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0) == wall


def _is_on(moment: datetime, day: date, zone: tzinfo) -> bool:
    return moment.astimezone(zone).date() == day


def _wall(day: date, at: Time) -> datetime:
    """What the clock shows; hour 24 is 0 on the next day."""
    return datetime.combine(day + timedelta(at.hour // MIDNIGHT), time(at.hour % MIDNIGHT, at.minute))
