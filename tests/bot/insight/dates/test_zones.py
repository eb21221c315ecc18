"""Where clocks are set forward and back, an hour that is skipped or comes twice is asked back."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.insight.dates import Read, Unclear, read
from bot.insight.dates.moments import first_moment
from tests.bot.insight.dates.told import told

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 1, 10, 10, 0, tzinfo=NEW_YORK)


def test_an_hour_that_is_skipped_is_asked_back_with_those_around_it() -> None:
    assert told(read("2:30 am 8 March 2026", NOW, NEW_YORK), NEW_YORK) == (
        "no_such_time: 2026-03-08 01:30 | 2026-03-08 03:30"
    )


def test_an_hour_that_comes_twice_is_asked_back_with_both() -> None:
    answer = read("1:30 am 1 November 2026", NOW, NEW_YORK)
    assert isinstance(answer, Unclear)
    assert told(answer, NEW_YORK) == "twice: 2026-11-01 01:30 | 2026-11-01 01:30"
    assert answer.options[1].start - answer.options[0].start == timedelta(hours=1)


def test_the_distance_from_utc_tells_which_of_the_two() -> None:
    answer = read("1:30 am 1 November 2026 (UTC-5)", NOW, NEW_YORK)
    assert answer == Read(datetime(2026, 11, 1, 6, 30, tzinfo=UTC))


def test_hours_around_the_change_are_read() -> None:
    assert told(read("3:30 am 8 March 2026", NOW, NEW_YORK), NEW_YORK) == "2026-03-08 03:30"
    assert told(read("8 March 2026 1am - 4am", NOW, NEW_YORK), NEW_YORK) == "2026-03-08 01:00 – 2026-03-08 04:00"


def test_an_end_in_the_hour_that_comes_twice_is_asked_back() -> None:
    assert told(read("1 November 2026 0:30 - 1:30 am", NOW, NEW_YORK), NEW_YORK) == (
        "twice: 2026-11-01 00:30 – 2026-11-01 01:30 | 2026-11-01 00:30 – 2026-11-01 01:30"
    )


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("America/Santiago", date(2026, 9, 6), datetime(2026, 9, 6, 4, 0, tzinfo=UTC)),  # 0:00 is skipped
        ("America/Havana", date(2026, 11, 1), datetime(2026, 11, 1, 4, 0, tzinfo=UTC)),  # 0:00 comes twice
        ("Asia/Ho_Chi_Minh", date(2026, 3, 20), datetime(2026, 3, 19, 17, 0, tzinfo=UTC)),
    ],
)
def test_a_day_begins_with_its_first_moment(zone: str, day: date, expected: datetime) -> None:
    assert first_moment(day, ZoneInfo(zone)) == expected
