"""Which time of the day is meant by what was said about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.insight.dates.answers import Reason
from bot.insight.dates.signs import Clock, Part

HALF, MIDNIGHT = 12, 24
_EARLY = range(1, 7)  # "2h" may be either half of the day, "8h" is in the morning
# Which hours of the clock a part of the day makes earlier ones of the day, and which later ones; others are doubtful.
_BEFORE_NOON: Mapping[Part, Sequence[int]] = {
    Part.AM: range(12),
    Part.MORNING: range(12),
    Part.NOON: range(10, 12),
    Part.AFTERNOON: (),
    Part.EVENING: (),
    Part.NIGHT: range(6),
    Part.PM: (),
}
_AFTER_NOON: Mapping[Part, Sequence[int]] = {
    Part.AM: (),
    Part.MORNING: (),
    Part.NOON: (0, 1, 2, 3),
    Part.AFTERNOON: range(8),
    Part.EVENING: range(5, 12),
    Part.NIGHT: range(7, 12),
    Part.PM: range(12),
}


@dataclass(frozen=True, slots=True, order=True)
class Time:
    """A time of a day; hour 24 is the midnight that ends it."""

    hour: int
    minute: int


@dataclass(frozen=True, slots=True)
class Times:
    """The times that may be meant; without a reason to ask there is exactly one."""

    times: tuple[Time, ...] = ()
    reason: Reason | None = None


def times(clock: Clock, part: Part | None = None) -> Times:
    """The time of a clock; the part of the day counts where it has none of its own."""
    hour, minute = clock.hour, clock.minute
    if not (0 <= hour <= MIDNIGHT and 0 <= minute < 60) or (hour == MIDNIGHT and minute):
        return Times((), Reason.NO_SUCH_TIME)
    hours = _hours(clock, clock.part or part)
    return Times(tuple(Time(one, minute) for one in hours), Reason.WHICH_HALF if len(hours) > 1 else None)


def either_half(clock: Clock) -> Sequence[Time]:
    """Both times that a clock shows, where nothing says which; after noon twelve hours on."""
    found = times(clock).times
    open_ = clock.part is None and not clock.exact and 0 < clock.hour <= HALF
    return [*found, *(Time(time.hour % HALF + HALF, time.minute) for time in found)] if open_ else list(found)


def fits(clock: Clock, part: Part | None) -> bool:
    """Whether a part of the day tells the half of this clock."""
    return part is not None and len(times(replace(clock, part=part)).times) == 1


def _hours(clock: Clock, part: Part | None) -> tuple[int, ...]:
    hour = clock.hour
    if part is None:
        return (hour, hour + HALF) if hour in _EARLY and not clock.exact else (hour,)
    if part in (Part.EVENING, Part.NIGHT) and hour in (HALF, MIDNIGHT):
        return _midnight(hour)
    early = hour % HALF
    if hour == 0 or hour == MIDNIGHT:
        return (hour,)
    if hour > HALF:  # it tells the half itself, unless the part tells another
        return (hour,) if early in _AFTER_NOON[part] or early not in _BEFORE_NOON[part] else (early, hour)
    return _by_part(early, part)


def _midnight(hour: int) -> tuple[int, ...]:
    """Midnight ends one day and begins another: which is meant is not said, unless by 24."""
    return (hour,) if hour == MIDNIGHT else (0, MIDNIGHT)


def _by_part(early: int, part: Part) -> tuple[int, ...]:
    """The hour of the day where the clock shows up to twelve, which is `early` 0."""
    if early == 0 and part is Part.MORNING:
        return (0, HALF)
    if early in _BEFORE_NOON[part]:
        return (early,)
    return (early + HALF,) if early in _AFTER_NOON[part] else (early, early + HALF)
