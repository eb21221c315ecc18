"""What people type is read as they mean it, or asked back; never guessed."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.insight.dates import Read, Reason, Unclear, read
from bot.insight.folding import fold
from tests.bot.insight.dates.told import HERE, NOW, told
from tests.bot.insight.dates.typed import ASKED, READ, WITHOUT_MARKS

TYPED: dict[str, Callable[[str], str]] = {
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "in capitals": str.upper,
    "with spaces": lambda text: f"  {text.replace(' ', '   ')}\n",
}
# Without marks these say something else, or may.
ONLY_WITH_MARKS = {"ngày kìa 19h", "chiếu phim 20/3 19h"}


@pytest.mark.parametrize(("typed", "expected"), READ)
def test_a_date_is_read_as_it_is_meant(typed: str, expected: str) -> None:
    assert told(read(typed, NOW, HERE)) == expected


@pytest.mark.parametrize(("typed", "expected"), ASKED)
def test_what_is_open_or_wrong_is_asked_back(typed: str, expected: str) -> None:
    assert told(read(typed, NOW, HERE)) == expected


@pytest.mark.parametrize(("typed", "expected"), WITHOUT_MARKS)
def test_a_word_that_means_two_things_without_marks_is_read_both_ways(typed: str, expected: str) -> None:
    assert told(read(typed, NOW, HERE)) == expected


@pytest.mark.parametrize(("typed", "expected"), [row for row in READ if row[0] not in ONLY_WITH_MARKS])
def test_a_date_without_marks_is_the_same_or_asked_with_the_same_among_the_options(typed: str, expected: str) -> None:
    answer = read(fold(typed), NOW, HERE)
    assert expected in (told(answer), *map(told, answer.options if isinstance(answer, Unclear) else ()))


@pytest.mark.parametrize("change", TYPED.values(), ids=TYPED)
def test_how_letters_are_encoded_and_spaced_makes_no_difference(change: Callable[[str], str]) -> None:
    rows = [*READ, *ASKED]
    assert [told(read(change(typed), NOW, HERE)) for typed, _ in rows] == [expected for _, expected in rows]


A_DAY = {
    "20/3": "2026-03-20",
    "20-3-2026": "2026-03-20",
    "ngày 20 tháng 3": "2026-03-20",
    "thứ Sáu 20/3": "2026-03-20",
    "mai": "2026-03-11",
    "ngày kia": "2026-03-12",
    "thứ 7": "2026-03-14",
    "thứ bảy tuần sau": "2026-03-21",
    "CN tuần này": "2026-03-15",
    "3 ngày nữa": "2026-03-13",
    "20 March": "2026-03-20",
    "Friday next week": "2026-03-20",
    "tomorrow": "2026-03-11",
}
A_TIME = {
    "8h": "08:00",
    "8h30": "08:30",
    "08:30": "08:30",
    "14h": "14:00",
    "8 giờ 30 phút": "08:30",
    "7h tối": "19:00",
    "2 giờ chiều": "14:00",
    "8 giờ rưỡi sáng": "08:30",
    "9h kém 15": "08:45",
    "2 pm": "14:00",
    "8:30 in the morning": "08:30",
}
ORDERS = (
    "{day} {time}",
    "{time} {day}",
    "{day}, {time}",
    "{time}, {day}",
    "{day} lúc {time}",
    "{day} - {time}",
    "{time} ({day})",
)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("time", A_TIME)
@pytest.mark.parametrize("write", [str, fold], ids=["with marks", "without"])
def test_any_day_goes_with_any_time_in_any_order(time: str, order: str, write: Callable[[str], str]) -> None:
    typed = {write(order.format(day=day, time=time)): f"{date} {A_TIME[time]}" for day, date in A_DAY.items()}
    assert {text: told(read(text, NOW, HERE)) for text in typed} == typed


def test_the_table_is_long_enough_to_trust() -> None:
    assert len(READ) + len(ASKED) + len(WITHOUT_MARKS) > 200
    assert {Reason("when." + expected.partition(":")[0]) for _, expected in ASKED} == set(Reason) - {
        Reason.NO_TIME,
        Reason.TWICE,
    }


# -- what the one who asks already knows or needs


def test_a_time_that_is_needed_and_missing_is_asked_for() -> None:
    answer = read("thứ 7 tuần sau", NOW, HERE, needs_time=True)
    assert told(answer) == "no_time: 2026-03-21"


def test_a_time_that_is_needed_and_there_is_read() -> None:
    assert told(read("thứ 7 tuần sau 14h", NOW, HERE, needs_time=True)) == "2026-03-21 14:00"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("8h", "2026-03-20 08:00"),
        ("2h chiều", "2026-03-20 14:00"),
        ("2h", "which_half: 2026-03-20 02:00 | 2026-03-20 14:00"),
        ("8h-11h", "2026-03-20 08:00 – 2026-03-20 11:00"),
        ("8h 21/3", "2026-03-21 08:00"),
    ],
)
def test_a_time_alone_belongs_to_the_day_that_is_known(typed: str, expected: str) -> None:
    assert told(read(typed, NOW, HERE, day=date(2026, 3, 20))) == expected


def test_an_option_that_is_past_is_not_offered() -> None:
    saturday = datetime(2026, 3, 14, 10, 0, tzinfo=HERE)
    assert told(read("thứ 7 8h", saturday, HERE)) == "which_day: 2026-03-21 08:00"
    assert told(read("thứ 7 14h", saturday, HERE)) == "which_day: 2026-03-14 14:00 | 2026-03-21 14:00"


def test_a_date_with_its_year_may_be_past() -> None:
    assert told(read("2h 20/3/2025", NOW, HERE)) == "which_half: 2025-03-20 02:00 | 2025-03-20 14:00"


def test_next_friday_is_one_day_where_everybody_agrees() -> None:
    sunday = datetime(2026, 3, 15, 10, 0, tzinfo=HERE)
    assert told(read("next Friday 2pm", sunday, HERE)) == "2026-03-20 14:00"


def test_the_month_after_december_is_january() -> None:
    december = datetime(2026, 12, 30, 10, 0, tzinfo=HERE)
    assert told(read("ngày 5", december, HERE)) == "past: 2027-01-05"
    assert told(read("5 tháng sau 8h", december, HERE)) == "2027-01-05 08:00"


def test_months_from_now_end_with_the_month() -> None:
    assert told(read("1 tháng nữa", datetime(2026, 1, 31, 10, 0, tzinfo=HERE), HERE)) == "2026-02-28"


def test_today_is_the_day_where_the_event_is() -> None:
    late_in_london = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
    assert told(read("hôm nay 9h", late_in_london, HERE)) == "2026-03-11 09:00"


# -- anything

WORDS = sorted({word for typed, _ in (*READ, *ASKED, *WITHOUT_MARKS) for word in typed.split()})
PIECES = st.one_of(st.sampled_from(WORDS), st.sampled_from([fold(word) for word in WORDS]), st.integers().map(str))
SENTENCES = st.lists(PIECES, max_size=12).flatmap(
    lambda words: st.sampled_from([" ", "", "-", "/", ", "]).map(lambda between: between.join(words))
)
ZONES = st.sampled_from([HERE, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")])
MOMENTS = st.integers(0, 210 * 365 * 24).map(lambda hours: datetime(1976, 1, 1, tzinfo=UTC) + timedelta(hours=hours))


@settings(deadline=None)  # the first reading makes the rules
@given(st.one_of(st.text(), SENTENCES, st.text("0123456789/-.:h thứngàytới")), MOMENTS, ZONES, st.booleans())
def test_any_text_is_read_or_asked_back(text: str, now: datetime, zone: ZoneInfo, needs_time: bool) -> None:
    answer = read(text, now, zone, needs_time=needs_time)
    options = (answer,) if isinstance(answer, Read) else answer.options
    assert len(set(options)) == len(options) <= 8
    for option in options:
        assert option.start.utcoffset() == timedelta(0)
        assert option.end is None or option.start < option.end
    if isinstance(answer, Read):
        assert answer.has_time or not needs_time
    if isinstance(answer, Unclear) and answer.reason in (Reason.WHICH_DAY, Reason.WHICH_HALF, Reason.NO_TIME):
        assert answer.options


@pytest.mark.parametrize("text", ["toi " * 200, "8h toi " * 40, "1/" * 150, "a" * 5000, "\ud83d\x00\u200b", "२०/३ ८h"])
def test_odd_texts_do_no_harm(text: str) -> None:
    read(text, NOW, HERE)
