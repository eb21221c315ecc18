"""How long a broadcast takes, and when it ends: nothing goes out at night."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.channel import Abilities, Policy
from bot.model import Phrase
from bot.pack.shapes import Quiet
from handlers.staff import duration

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT = Quiet(time(21), time(7))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


def test_messengers_are_sent_to_side_by_side_and_the_slowest_counts() -> None:
    rates = {"telegram": 28.0, "zalo": 10.0, "web": 0.0}
    assert duration.work({"telegram": 2800, "zalo": 100}, rates) == timedelta(seconds=100)
    assert duration.work({"zalo": 3000}, rates) == timedelta(seconds=300)
    assert duration.work({"web": 1000, "gone": 500}, rates) == timedelta(seconds=2)
    assert duration.work({}, rates) == timedelta()


@pytest.mark.parametrize(
    ("begin", "hours", "end"),
    [
        (at(2, 10), 1, at(2, 11)),
        (at(2, 20), 2, at(3, 8)),
        (at(2, 22), 1, at(3, 8)),
        (at(3, 3), 1, at(3, 8)),
        (at(2, 20), 14 + 2, at(4, 8)),
        (at(2, 20), 1, at(2, 21)),
    ],
)
def test_the_night_is_added_where_it_lies_in_between(begin: datetime, hours: int, end: datetime) -> None:
    assert duration.end(begin, timedelta(hours=hours), NIGHT, ZONE) == end


def test_without_quiet_hours_it_goes_on() -> None:
    never = Quiet(time(0), time(0))
    assert duration.end(at(2, 20), timedelta(hours=30), never, ZONE) == at(4, 2)


@pytest.mark.parametrize(
    ("span", "key", "count"),
    [
        (timedelta(), "minute", None),
        (timedelta(seconds=61), "minutes", 2),
        (timedelta(hours=2), "minutes", 120),
        (timedelta(hours=2, seconds=1), "hours", 3),
    ],
)
def test_a_span_is_said_rounded_up(span: timedelta, key: str, count: int | None) -> None:
    assert duration.spoken(span) == Phrase(f"duration.{key}", {} if count is None else {"count": count})


def test_a_messenger_that_lets_out_so_many_a_day_takes_days() -> None:
    limited = Abilities(buttons=False, edits=False, files_out=False, text_limit=2000, proactive=Policy(per_day=100))
    free = Abilities(buttons=True, edits=True, files_out=True, text_limit=4096)
    channels = {"zalo": limited, "telegram": free}
    assert duration.limited({"zalo": 250, "telegram": 9000}, channels) == 3
    assert duration.limited({"zalo": 100, "telegram": 9000}, channels) == 0
