"""When people are reminded: the table of offsets, nights and what is past."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.pack import Quiet
from handlers.acts.timing import Timing
from storage.database import micros, moment
from storage.outbox import Kind

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
QUIET = Quiet(time(21), time(7), time(20, 30))
USUAL = (10_080, 1440, 120)


def at(text: str) -> datetime:
    return datetime.strptime(f"2026 {text}", "%Y %d/%m %H:%M").replace(tzinfo=HERE)


def dues(now: str, start: str, offsets: tuple[int, ...] = USUAL) -> list[str]:
    """What is planned, as "minutes: day hour", and why not."""
    found = Timing(at(now), QUIET, HERE).dues(micros(at(start)), offsets)
    return [
        f"{one.minutes_before}: {moment(one.at).astimezone(HERE):%d/%m %H:%M}{' ' + one.why if one.why else ''}"
        for one in found
    ]


@pytest.mark.parametrize(
    ("now", "start", "expected"),
    [
        ("02/03 10:00", "20/03 14:00", ["10080: 13/03 14:00", "1440: 19/03 14:00", "120: 20/03 12:00"]),
        ("02/03 10:00", "20/03 08:30", ["10080: 13/03 08:30", "1440: 19/03 08:30", "120: 19/03 20:30"]),
        ("02/03 10:00", "20/03 06:00", ["10080: 12/03 20:30", "1440: 18/03 20:30", "120: 19/03 20:30"]),
        ("02/03 10:00", "20/03 22:00", ["10080: 13/03 20:30", "1440: 19/03 20:30", "120: 20/03 20:00"]),
        ("02/03 10:00", "20/03 23:30", ["10080: 13/03 20:30", "1440: 19/03 20:30", "120: 20/03 20:30"]),
        ("02/03 10:00", "20/03 09:00", ["10080: 13/03 09:00", "1440: 19/03 09:00", "120: 20/03 07:00"]),
        ("18/03 10:00", "20/03 14:00", ["1440: 19/03 14:00", "120: 20/03 12:00"]),
        ("20/03 12:00", "20/03 14:00", []),
        ("19/03 20:30", "20/03 08:30", ["120: 20/03 07:00"]),  # the evening is past
        ("19/03 23:00", "20/03 06:30", ["120: 20/03 04:30 quiet"]),  # and the morning too late
        ("20/03 02:00", "20/03 08:00", ["120: 20/03 07:00"]),
    ],
)
def test_each_is_at_its_minute_or_moved_out_of_the_night(now: str, start: str, expected: list[str]) -> None:
    assert dues(now, start) == expected


def test_those_that_would_come_together_are_one() -> None:
    assert dues("02/03 10:00", "20/03 08:00", (1440, 180, 120, 90)) == ["1440: 19/03 08:00", "90: 19/03 20:30"]


def test_without_an_evening_of_its_own_half_an_hour_before_the_night_counts() -> None:
    timing = Timing(at("02/03 10:00"), Quiet(time(20, 30), time(8)), HERE)
    [due] = timing.dues(micros(at("20/03 09:00")), (120,))
    assert moment(due.at) == at("19/03 20:00")


@pytest.mark.parametrize(
    ("now", "start", "kind"),
    [
        ("19/03 15:00", "20/03 08:00", Kind.ANSWER),
        ("19/03 23:00", "20/03 08:00", Kind.ANSWER),  # in the morning there is time enough
        ("19/03 23:00", "20/03 06:30", Kind.ALERT),
        ("19/03 23:00", "20/03 07:00", Kind.ALERT),
    ],
)
def test_a_change_waits_for_the_morning_if_that_is_soon_enough(now: str, start: str, kind: Kind) -> None:
    assert Timing(at(now), QUIET, HERE).notice(micros(at(start))) is kind
