"""Which day is meant by what was said about it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from bot.insight.dates.answers import Reason
from bot.insight.dates.signs import Ahead, Date, Hint, Month, Sign, Week, Weekday, Year

FIRST_YEAR, LAST_YEAR = 1970, 2199
WEEK = 7


class LeftOut(Enum):
    """What was left out, so that the next one may be meant where this one is past."""

    DAY = auto()
    WEEK = auto()
    MONTH = auto()
    YEAR = auto()


@dataclass(frozen=True, slots=True)
class Days:
    """The days that may be meant; without a reason to ask there is exactly one."""

    dates: tuple[date, ...] = ()
    reason: Reason | None = None
    left_out: LeftOut | None = None


def days(signs: Sequence[Sign], today: date) -> Days:
    """The day that the signs speak of, in the days around today; NO_DAY if they speak of none."""
    named = [sign for sign in signs if isinstance(sign, Date | Ahead)]
    found = [_named(sign, today) for sign in _completed(named, signs)]
    if wrong := next((one for one in found if one.reason), None):
        return wrong
    exact = tuple(dict.fromkeys(day for one in found for day in one.dates))
    if len(exact) > 1:
        return Days(exact, Reason.SEVERAL)
    if exact:
        return _checked(Days(exact, None, found[0].left_out), signs, today)
    return _of_a_week(signs, today)


def following(left_out: LeftOut, today: date) -> date:
    """From when on the next one is looked for."""
    match left_out:
        case LeftOut.DAY:
            return today + timedelta(1)
        case LeftOut.WEEK:
            return today + timedelta(WEEK)
        case LeftOut.MONTH:
            return date(today.year + today.month // 12, today.month % 12 + 1, 1)
        case LeftOut.YEAR:
            return date(today.year + 1, 1, 1)


# -- days that have a number


def _completed(named: Sequence[Date | Ahead], signs: Sequence[Sign]) -> list[Date | Ahead]:
    """The days with the month and the year that stand elsewhere in the text."""
    months = [sign for sign in signs if isinstance(sign, Month)]
    years = [sign for sign in signs if isinstance(sign, Year)]
    years += [Year(month.year) for month in months if month.year]
    return [_complete(sign, months, years) if isinstance(sign, Date) else sign for sign in named]


def _complete(sign: Date, months: Sequence[Month], years: Sequence[Year]) -> Date:
    month, ahead, year, later = sign.month, sign.months, sign.year, sign.years
    if months and not sign.has_month:
        month, ahead = months[0].number, months[0].ahead
    if years and not sign.has_year:
        year, later = years[0].number, years[0].ahead
    return Date(sign.day, month, year, ahead, later)


def _named(sign: Date | Ahead, today: date) -> Days:
    if isinstance(sign, Date):
        return _dated(sign, today)
    year, month = _month_ahead(today, sign.months)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Days((), Reason.NO_SUCH_DAY)
    day = date(year, month, min(today.day, monthrange(year, month)[1])) + timedelta(sign.days)
    return Days((day,), None, None if sign.days or sign.months else LeftOut.DAY)


def _dated(sign: Date, today: date) -> Days:
    year, month = today.year, today.month
    if sign.months is not None:
        year, month = _month_ahead(today, sign.months)
    year = sign.year if sign.year is not None else year + (sign.years or 0)
    month = sign.month if sign.month is not None else month
    left_out = None if sign.has_year else LeftOut.YEAR if sign.has_month else LeftOut.MONTH
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= sign.day <= 31):
        return Days((), Reason.NO_SUCH_DAY)
    last = monthrange(year, month)[1]
    if sign.day > last:
        return Days((date(year, month, last), date(year, month, last) + timedelta(1)), Reason.NO_SUCH_DAY, left_out)
    return Days((date(year, month, sign.day),), None, left_out)


def _month_ahead(today: date, months: int) -> tuple[int, int]:
    count = today.year * 12 + today.month - 1 + months
    return count // 12, count % 12 + 1


def _checked(found: Days, signs: Sequence[Sign], today: date) -> Days:
    """The day, unless a weekday or a week was named that is not its own."""
    [day] = found.dates
    if not all(_agrees(sign, day) for sign in signs):
        return Days((day,), Reason.SEVERAL, found.left_out)
    weekdays = {sign.number for sign in signs if isinstance(sign, Weekday)}
    weeks = {sign.ahead for sign in signs if isinstance(sign, Week)}
    ahead = (day - _in_week(today, 0, 0)).days // WEEK
    if weekdays <= {day.weekday()} and weeks <= {ahead}:
        return found
    there = [_in_week(today, week, number) for week in sorted(weeks) for number in sorted(weekdays)]
    nearest = [day + timedelta((number - day.weekday() + 3) % WEEK - 3) for number in sorted(weekdays)]
    options = dict.fromkeys((day, *(there or nearest), *_next_year(day, weekdays, found)))
    return Days(tuple(options), Reason.WEEKDAY_CONFLICT, found.left_out)


def _agrees(sign: Sign, day: date) -> bool:
    """Whether a month or a year that was named is that of the day."""
    match sign:
        case Month(number=int(number)) if number != day.month:
            return False
        case Month(year=int(number)) | Year(number=int(number)):
            return number == day.year
        case _:
            return True


def _next_year(day: date, weekdays: set[int], found: Days) -> Sequence[date]:
    """The same day of the next year, if no year was named and that one fits."""
    if found.left_out is not LeftOut.YEAR or (day.month, day.day) == (2, 29):
        return ()
    later = day.replace(year=day.year + 1)
    return (later,) if weekdays == {later.weekday()} else ()


# -- days of a week


def _of_a_week(signs: Sequence[Sign], today: date) -> Days:
    weekdays = {sign.number: sign for sign in signs if isinstance(sign, Weekday)}
    weeks = [sign for sign in signs if isinstance(sign, Week)]
    if any(isinstance(sign, Month | Year) for sign in signs):
        return Days((), Reason.NO_DAY)
    if weekdays and weeks:
        left_out = LeftOut.WEEK if weeks[0].ahead == 0 else None
        return _one(tuple(_in_week(today, weeks[0].ahead, number) for number in weekdays), left_out)
    if len(weekdays) == 1:
        return _coming(next(iter(weekdays.values())), today)
    if weekdays:
        return Days(tuple(_coming(sign, today).dates[0] for sign in weekdays.values()), Reason.SEVERAL)
    if weeks and weeks[0].weekend:
        return Days(tuple(_in_week(today, weeks[0].ahead, number) for number in (5, 6)), Reason.WHICH_DAY)
    if weeks:
        return Days(tuple(_in_week(today, weeks[0].ahead, number) for number in range(WEEK)), Reason.NO_DAY)
    return Days((), Reason.NO_DAY)


def _one(dates: tuple[date, ...], left_out: LeftOut | None) -> Days:
    return Days(dates, Reason.SEVERAL if len(dates) > 1 else None, left_out)


def _in_week(today: date, ahead: int, weekday: int) -> date:
    return today + timedelta(ahead * WEEK + weekday - today.weekday())


def _coming(sign: Weekday, today: date) -> Days:
    """The next day of that name. Today may be meant or the one in a week, and what "next" means people disagree on."""
    coming = today + timedelta((sign.number - today.weekday()) % WEEK)
    other = _in_week(today, 1, sign.number) if sign.hint is Hint.NEXT else coming
    other = today + timedelta(WEEK) if coming == today else other
    dates = tuple(dict.fromkeys((coming, other)))
    return Days(dates, Reason.WHICH_DAY if len(dates) > 1 else None)
