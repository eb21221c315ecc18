"""Every reading can be said back in full words, and what is said back is read as the same moment."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.insight.dates import Read, read, spoken, spoken_day, spoken_reading
from bot.insight.dates.moments import first_moment
from bot.insight.folding import fold
from bot.model import Phrase
from bot.texts import HERE as TEXTS
from bot.texts import load
from tests.bot.insight.dates.told import HERE, NOW

ZONES = [
    ZoneInfo(name)
    for name in (
        "Asia/Ho_Chi_Minh",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/Santiago",
        "Asia/Kathmandu",
        "UTC",
    )
]
WORDS = load(TEXTS)
MINUTES = st.integers(0, 210 * 365 * 24 * 60)
MOMENTS = MINUTES.map(lambda minutes: datetime(1986, 7, 1, tzinfo=UTC) + timedelta(minutes=minutes))
LANGUAGES = st.sampled_from(["vi", "en"])


def said(phrase: Phrase, language: str) -> str:
    return WORDS.render(language, phrase)


@pytest.mark.parametrize(
    ("clock", "vietnamese", "english"),
    [
        ((0, 0), "0 giờ 00 sáng", "00:00, just after midnight"),
        ((0, 30), "0 giờ 30 sáng", "00:30, just after midnight"),
        ((1, 5), "1 giờ 05 sáng", "1:05 in the morning"),
        ((8, 30), "8 giờ 30 sáng", "8:30 in the morning"),
        ((11, 0), "11 giờ trưa", "11:00 in the morning"),
        ((12, 0), "12 giờ trưa", "12:00 noon"),
        ((12, 15), "12 giờ 15 trưa", "12:15 in the afternoon"),
        ((13, 0), "1 giờ chiều", "1:00 in the afternoon"),
        ((17, 59), "5 giờ 59 chiều", "5:59 in the afternoon"),
        ((18, 0), "6 giờ tối", "6:00 in the evening"),
        ((22, 0), "10 giờ đêm", "10:00 at night"),
        ((23, 59), "11 giờ 59 đêm", "11:59 at night"),
    ],
)
def test_a_moment_is_said_in_full_words(clock: tuple[int, int], vietnamese: str, english: str) -> None:
    moment = datetime(2026, 3, 20, *clock, tzinfo=HERE).astimezone(UTC)
    assert said(spoken(moment, HERE), "vi") == f"{vietnamese} thứ Sáu, ngày 20 tháng 3 năm 2026"
    assert said(spoken(moment, HERE), "en") == f"Friday 20 March 2026, {english}"


@pytest.mark.parametrize(
    ("typed", "vietnamese", "english"),
    [
        ("22/3", "Chủ nhật, ngày 22 tháng 3 năm 2026", "Sunday 22 March 2026"),
        (
            "8h-11h30 22/3",
            "từ 8 giờ sáng đến 11 giờ 30 trưa Chủ nhật, ngày 22 tháng 3 năm 2026",
            "Sunday 22 March 2026, from 8:00 in the morning to 11:30 in the morning",
        ),
        (
            "20/3 - 22/3",
            "từ thứ Sáu, ngày 20 tháng 3 năm 2026 đến Chủ nhật, ngày 22 tháng 3 năm 2026",
            "from Friday 20 March 2026 to Sunday 22 March 2026",
        ),
        (
            "20/3 8h - 22/3 17h",
            "từ 8 giờ sáng thứ Sáu, ngày 20 tháng 3 năm 2026 đến 5 giờ chiều Chủ nhật, ngày 22 tháng 3 năm 2026",
            "from Friday 20 March 2026, 8:00 in the morning to Sunday 22 March 2026, 5:00 in the afternoon",
        ),
    ],
)
def test_days_and_ends_are_said_too(typed: str, vietnamese: str, english: str) -> None:
    answer = read(typed, NOW, HERE)
    assert isinstance(answer, Read)
    assert said(spoken_reading(answer, HERE), "vi") == vietnamese
    assert said(spoken_reading(answer, HERE), "en") == english


def test_the_hour_that_comes_twice_is_said_with_its_distance_from_utc() -> None:
    new_york = ZoneInfo("America/New_York")
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    night = "Sunday 1 November 2026, 1:30 in the morning"
    assert said(spoken(first, new_york), "en") == f"{night} (UTC-04:00)"
    assert said(spoken(first + timedelta(hours=1), new_york), "en") == f"{night} (UTC-05:00)"
    assert said(spoken(first + timedelta(hours=2), new_york), "en") == "Sunday 1 November 2026, 2:30 in the morning"


@settings(deadline=None)
@given(MOMENTS, MOMENTS, st.sampled_from(ZONES), LANGUAGES, st.booleans())
def test_what_is_said_is_read_as_the_same_moment(
    moment: datetime, now: datetime, zone: ZoneInfo, language: str, unmarked: bool
) -> None:
    text = said(spoken(moment, zone), language)
    assert read(fold(text) if unmarked else text, now, zone) == Read(moment)


@settings(deadline=None)
@given(MOMENTS, MOMENTS, st.sampled_from(ZONES), LANGUAGES)
def test_a_day_that_is_said_is_read_as_the_same_day(
    moment: datetime, now: datetime, zone: ZoneInfo, language: str
) -> None:
    day = Read(first_moment(moment.astimezone(zone).date(), zone), None, has_time=False)
    assert read(said(spoken_day(moment, zone), language), now, zone) == day


@settings(deadline=None)
@given(MOMENTS, st.integers(1, 80 * 24 * 60), MOMENTS, st.sampled_from(ZONES), LANGUAGES, st.booleans())
def test_a_span_that_is_said_is_read_as_the_same_span(
    start: datetime, minutes: int, now: datetime, zone: ZoneInfo, language: str, has_time: bool
) -> None:
    end = start + timedelta(minutes=minutes)
    if not has_time:
        start, end = (first_moment(moment.astimezone(zone).date(), zone) for moment in (start, end + timedelta(1)))
    span = Read(start, end, has_time)
    assert read(said(spoken_reading(span, zone), language), now, zone) == span


def test_a_moment_travels_as_a_phrase() -> None:
    phrase = spoken(NOW, HERE)
    assert Phrase.from_json(phrase.to_json()) == phrase
