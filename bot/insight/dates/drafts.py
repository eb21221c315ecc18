"""All readings that the signs of a text allow, before those are left out that lie behind us."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from bot.insight.dates.answers import Read, Reason
from bot.insight.dates.days import Days, LeftOut, days
from bot.insight.dates.hours import Time, either_half, times
from bot.insight.dates.moments import at_offset, first_moment, moments
from bot.insight.dates.segments import Segment
from bot.insight.dates.signs import OF_A_DAY
from bot.insight.dates.spans import span_of_days, span_of_times

DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Asked:
    """When and where it was asked; `day` is the day if it is known already, `offset` the minutes that a text names."""

    now: datetime
    zone: tzinfo
    day: date | None
    offset: int | None = None

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def is_past(self, read: Read) -> bool:
        return read.start < (self.now if read.has_time else first_moment(self.today, self.zone))

    def moments(self, day: date, at: Time) -> tuple[tuple[datetime, ...], Reason | None]:
        if self.offset is not None:
            return (at_offset(day, at, self.offset),), None
        return moments(day, at, self.zone)


@dataclass(frozen=True, slots=True)
class Draft:
    """What may be meant. Without a reason to ask there is exactly one option."""

    options: tuple[Read, ...]
    reason: Reason | None = None
    left_out: LeftOut | None = None


# -- one point


def draft_of_point(segment: Segment, today: date, asked: Asked) -> Draft:
    """A day, or a day and a time."""
    found = _days(segment, today, asked)
    if not segment.clocks:
        options = tuple(Read(first_moment(day, asked.zone), None, has_time=False) for day in found.dates)
        return Draft(options, found.reason, found.left_out)
    all_times = [times(clock, part) for clock in segment.clocks for part in segment.parts or (None,)]
    shown = [(day, time) for day in found.dates for one in all_times for time in one.times]
    options, reason = _at(shown, asked)
    reasons = [found.reason, Reason.SEVERAL if len(all_times) > 1 else None, *(one.reason for one in all_times), reason]
    return Draft(options, _first(reasons), found.left_out)


def today_in_either_half(segment: Segment, asked: Asked) -> list[Read]:
    """What is still to come today where a clock may show either half of the day."""
    shown = [(asked.today, time) for clock in segment.clocks if not segment.part for time in either_half(clock)]
    return [option for option in _at(shown, asked)[0] if not asked.is_past(option)]


def _days(segment: Segment, today: date, asked: Asked) -> Days:
    """The days that are meant; a time alone may be meant for today or tomorrow."""
    found = days(segment.signs, today)
    if found.reason is not Reason.NO_DAY or segment.kinds != {"clock"}:
        return found
    return Days((asked.day,)) if asked.day else Days((today, today + DAY), Reason.NO_DAY)


def _at(shown: Sequence[tuple[date, Time]], asked: Asked) -> tuple[tuple[Read, ...], Reason | None]:
    options, reasons = list[Read](), list[Reason | None]()
    for day, time in shown:
        found, reason = asked.moments(day, time)
        options += [Read(moment) for moment in found]
        reasons.append(reason)
    return tuple(dict.fromkeys(options)), _first(reasons)


def _first(reasons: Iterable[Reason | None]) -> Reason | None:
    """The reason to ask that comes first; what cannot be comes before what is open."""
    found = [reason for reason in reasons if reason]
    return next(
        (reason for reason in (Reason.NO_SUCH_DAY, Reason.NO_SUCH_TIME) if reason in found), next(iter(found), None)
    )


# -- from and to


def draft_of_span(left: Segment, right: Segment, today: date, asked: Asked) -> Draft:
    """From a day to a day, from a time to a time, or from a day and a time to others."""
    clocks = (len(left.clocks), len(right.clocks))
    if max(clocks) > 1 or max(len(left.parts), len(right.parts)) > 1:
        return _several((left, right), today, asked)
    if not (left.has_day and right.has_day):
        return _on_one_day(left, right, today, asked)
    if clocks == (0, 0):
        return _of_whole_days(left, right, today, asked)
    if clocks == (1, 1):
        return _of_moments(left, right, today, asked)
    return _several((left, right), today, asked)


def _several(segments: Sequence[Segment], today: date, asked: Asked) -> Draft:
    """Each for itself; where only one of them names the day, it is the other's too."""
    shared = [sign for segment in segments for sign in segment.signs if isinstance(sign, OF_A_DAY)]
    whole = [segment if segment.has_day else Segment((*segment.signs, *shared)) for segment in segments]
    options = [option for segment in whole for option in draft_of_point(segment, today, asked).options]
    return Draft(tuple(options), Reason.SEVERAL)


def _on_one_day(left: Segment, right: Segment, today: date, asked: Asked) -> Draft:
    found = _days(Segment((*left.signs, *right.signs)), today, asked)
    pairs, reason = span_of_times(left, right)
    options, other = _spans([(day, start, day, end) for day in found.dates for start, end in pairs], asked)
    return Draft(options, _first((found.reason, reason, other)), found.left_out)


def _of_whole_days(left: Segment, right: Segment, today: date, asked: Asked) -> Draft:
    pairs, first = span_of_days(left, right, today)
    options = [
        Read(first_moment(start, asked.zone), first_moment(end + DAY, asked.zone), has_time=False)
        for start, end in pairs
    ]
    return Draft(tuple(options), first.reason, first.left_out)


def _of_moments(left: Segment, right: Segment, today: date, asked: Asked) -> Draft:
    pairs, first = span_of_days(left, right, today)
    starts, ends = times(left.clocks[0], left.part), times(right.clocks[0], right.part)
    shown = [(begin, start, last, end) for begin, last in pairs for start in starts.times for end in ends.times]
    options, reason = _spans(shown, asked)
    if shown and not options:
        return Draft((), Reason.ENDS_FIRST)
    return Draft(options, _first((first.reason, starts.reason, ends.reason, reason)), first.left_out)


def _spans(shown: Iterable[tuple[date, Time, date, Time]], asked: Asked) -> tuple[tuple[Read, ...], Reason | None]:
    options, reasons = list[Read](), list[Reason | None]()
    for begin, start, last, end in shown:
        (starts, one), (ends, other) = asked.moments(begin, start), asked.moments(last, end)
        options += [Read(a, b) for a in starts for b in ends if a < b]
        reasons += [one, other]
    return tuple(dict.fromkeys(options)), _first(reasons)
