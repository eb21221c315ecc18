"""The parts of a date as they stand in a text, before anybody knows which day they mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Part(Enum):
    """A part of the day that somebody named."""

    AM = auto()
    PM = auto()
    MORNING = auto()
    NOON = auto()
    AFTERNOON = auto()
    EVENING = auto()
    NIGHT = auto()


@dataclass(frozen=True, slots=True)
class Clock:
    """A time as it was written: "2h" may be either half of the day, "02:00" is `exact`."""

    hour: int
    minute: int = 0
    exact: bool = False
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Date:
    """A day of a month. What was left out is None; `months` and `years` count from now, where "next month" was said."""

    day: int
    month: int | None = None
    year: int | None = None
    months: int | None = None
    years: int | None = None

    @property
    def has_month(self) -> bool:
        return self.month is not None or self.months is not None

    @property
    def has_year(self) -> bool:
        return self.year is not None or self.years is not None or self.months is not None


@dataclass(frozen=True, slots=True)
class Ahead:
    """Something that is so far from today."""

    days: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True)
class Soon:
    """So many minutes from now."""

    minutes: int


class Hint(Enum):
    """What was said about the week of a weekday."""

    NONE = auto()
    COMING = auto()
    NEXT = auto()  # the coming one to some, the one of next week to others


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week, Monday is 0."""

    number: int
    hint: Hint = Hint.NONE


@dataclass(frozen=True, slots=True)
class Week:
    """A week, counted from this one, which begins on Monday."""

    ahead: int
    weekend: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """A month without a day: its number, or how many ahead of this one."""

    number: int | None = None
    ahead: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """A year: its number, or how many ahead of this one."""

    number: int | None = None
    ahead: int | None = None


@dataclass(frozen=True, slots=True)
class Until:
    """What stands between a beginning and an end. A dash may also stand between a day and its time."""

    dash: bool = False


@dataclass(frozen=True, slots=True)
class Offset:
    """How far a clock is ahead of UTC, in minutes."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Lunar:
    """A word of the lunar calendar."""


@dataclass(frozen=True, slots=True)
class Strange:
    """What may turn the meaning: "before", "every", a number that belongs to nothing."""


Sign = Clock | Part | Date | Ahead | Soon | Weekday | Week | Month | Year | Until | Offset | Lunar | Strange
OF_A_DAY = (Date, Ahead, Weekday, Week, Month, Year)


@dataclass(frozen=True, slots=True)
class Spot:
    """A sign and where it stands. A `weak` one counts only beside another: "sat" and "mon" are words as well."""

    start: int
    end: int
    sign: Sign
    weak: bool = False
