"""A beginning and an end: what is left out at one is taken from the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from bot.insight.dates.answers import Reason
from bot.insight.dates.days import Days, days, following
from bot.insight.dates.hours import HALF, MIDNIGHT, Time, Times, fits, times
from bot.insight.dates.segments import Segment
from bot.insight.dates.signs import Ahead, Clock, Date, Month, Sign, Week, Year

LONGEST = 92  # days; what would be longer has its dates in the wrong order


# -- days


def span_of_days(left: Segment, right: Segment, today: date) -> tuple[list[tuple[date, date]], Days]:
    """The first and last days that may be meant, and what was said of the first, with the reason if one is to be asked."""
    first = days((*left.signs, *_borrowed(left, right)), today)
    seconds = [(start, _last_day(right, start, today)) for start in first.dates]
    pairs = [(start, end) for start, second in seconds for end in second.dates]
    reasons = [one.reason for one in (first, *(second for _, second in seconds)) if one.reason]
    reason = Reason.NO_SUCH_DAY if Reason.NO_SUCH_DAY in reasons else next(iter(reasons), None)
    fitting = [(start, end) for start, end in pairs if 0 <= (end - start).days <= LONGEST]
    if fitting or not pairs or reason is Reason.NO_SUCH_DAY:
        return fitting, replace(first, reason=reason)
    return _in_order(pairs), replace(first, reason=Reason.ENDS_FIRST)


def _in_order(pairs: Sequence[tuple[date, date]]) -> list[tuple[date, date]]:
    return [(min(pair), max(pair)) for pair in pairs if abs((pair[1] - pair[0]).days) <= LONGEST]


def _last_day(right: Segment, start: date, today: date) -> Days:
    """The last day, the next one of its kind after the first."""
    counts_from_now = any(isinstance(sign, Ahead | Week) for sign in right.signs)
    found = days(right.signs, today if counts_from_now else start)
    if found.left_out and not found.reason and found.dates[0] < start:
        later = days(right.signs, following(found.left_out, found.dates[0]))
        return later if (later.dates[0] - start).days <= LONGEST else found
    return found


def _borrowed(left: Segment, right: Segment) -> Iterator[Sign]:
    """What the end says for the beginning too: "20 - 22/3", "28/12 - 2/1/27", Thursday to Saturday next week."""
    begin = next((sign for sign in left.signs if isinstance(sign, Date)), None)
    end = next((sign for sign in right.signs if isinstance(sign, Date)), None)
    weeks = [sign for sign in right.signs if isinstance(sign, Week)]
    if weeks and not any(isinstance(sign, Week | Date | Ahead) for sign in left.signs):
        yield weeks[0]
    if not (begin and end):
        return
    if not begin.has_month:
        yield Month(end.month, end.months)
    year = end.year or next((sign.number for sign in right.signs if isinstance(sign, Year)), None)
    if year and not begin.has_year:
        earlier = bool(begin.month and end.month and (begin.month, begin.day) > (end.month, end.day))
        yield Year(year - earlier)


# -- times


def span_of_times(left: Segment, right: Segment) -> tuple[list[tuple[Time, Time]], Reason | None]:
    """The times from and to which something may last on one day, the end next after the beginning.

    ENDS_FIRST where no end is later: then the ends are those of the next day.
    """
    [begin], [end] = left.clocks, right.clocks
    starts, ends = _starts(begin, left, right), times(end, right.part)
    wrong = next((found.reason for found in (starts, ends) if not found.times), None)
    if wrong:
        return [], wrong
    last = _ends(end, right, ends)
    pairs = [(start, min(later)) for start in starts.times if (later := [one for one in last if one > start])]
    if pairs:
        return pairs, Reason.WHICH_HALF if len(pairs) > 1 else None
    return [(start, _next_day(min(ends.times))) for start in starts.times], Reason.ENDS_FIRST


def _starts(begin: Clock, left: Segment, right: Segment) -> Times:
    """The beginning; the part of the day said at the end counts for it too, where it fits: 8–10 in the evening."""
    part = left.part or right.clocks[0].part or right.part
    own = begin.part or left.part
    if own or not fits(begin, part):
        return times(begin, own)
    shared = times(begin, part)
    ends = times(right.clocks[0], right.part).times
    return shared if ends and shared.times[0] < max(ends) else times(begin)


def _ends(end: Clock, right: Segment, found: Times) -> Sequence[Time]:
    """The ends that may be meant; without a word for the half of the day, both."""
    told = end.part or right.part or end.exact or not 0 < end.hour <= HALF
    if told:
        return found.times
    return [Time(end.hour % HALF + half, end.minute) for half in (0, HALF, MIDNIGHT if end.hour == HALF else HALF)]


def _next_day(time: Time) -> Time:
    return Time(time.hour + MIDNIGHT, time.minute)
