"""An event opens in calendars as it was meant, and a changed one replaces the older."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.exports.calendar import Event, calendar_file
from bot.model import readable
from tests.bot.exports.samples import is_loaded_by

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
EVENT = Event(
    id="17",
    domain="dialogue.example.org",
    changes=0,
    changed_at=datetime(2026, 3, 1, 2, 0, tzinfo=UTC),
    start=datetime(2026, 3, 20, 1, 30, tzinfo=UTC),
    end=datetime(2026, 3, 20, 4, 30, tzinfo=UTC),
    title="Đối thoại với thanh niên",
    place="Hội trường A, số 1 đường Hùng Vương",
    link="https://dialogue.example.org/?start=e_17",
    description="Mang theo câu hỏi của bạn.",
    organizer="mailto:office@example.org",
    remind_before=timedelta(hours=1),
)
LONG = "Đối thoại giữa lãnh đạo tỉnh với thanh niên, “khởi nghiệp; lập nghiệp” 🌱\nphần hai \\ kết " * 4


def opened(event: Event, zone: ZoneInfo = HERE) -> tuple[Any, Any]:
    """The file and its one event, as the library reads them."""
    file = icalendar.Calendar.from_ical(calendar_file(event, zone))
    [entry] = file.walk("VEVENT")
    return file, entry


def test_an_event_is_read_back_with_all_it_says() -> None:
    file, entry = opened(EVENT)
    assert (file["VERSION"], file["METHOD"], entry["STATUS"]) == ("2.0", "PUBLISH", "CONFIRMED")
    assert entry["UID"] == "17@dialogue.example.org"
    assert entry.start == datetime(2026, 3, 20, 8, 30, tzinfo=HERE)
    assert entry.end == datetime(2026, 3, 20, 11, 30, tzinfo=HERE)
    assert (entry["SUMMARY"], entry["LOCATION"]) == (EVENT.title, EVENT.place)
    assert (entry["DESCRIPTION"], entry["URL"], entry["ORGANIZER"]) == (EVENT.description, EVENT.link, EVENT.organizer)
    assert entry["DTSTAMP"].dt == entry["LAST-MODIFIED"].dt == EVENT.changed_at


def test_times_stand_in_the_zone_that_comes_along() -> None:
    file, entry = opened(EVENT)
    [zone] = file.timezones
    assert zone.tz_name == "Asia/Ho_Chi_Minh" == entry["DTSTART"].params["TZID"] == entry["DTEND"].params["TZID"]
    assert [part["TZOFFSETTO"].td for part in zone.standard] == [timedelta(hours=7)]
    assert b"DTSTART;TZID=Asia/Ho_Chi_Minh:20260320T083000\r\n" in calendar_file(EVENT, HERE)


def test_a_zone_with_summer_time_brings_its_changes_along() -> None:
    file, entry = opened(replace(EVENT, end=EVENT.start + timedelta(days=90)), ZoneInfo("America/New_York"))
    [zone] = file.timezones
    assert zone.daylight
    assert entry.start == EVENT.start
    assert entry.end == EVENT.start + timedelta(days=90)


def test_another_library_opens_it_too() -> None:
    entry = vobject.readOne(calendar_file(replace(EVENT, title=LONG), HERE).decode()).vevent
    assert entry.dtstart.value == EVENT.start
    assert entry.summary.value == LONG
    assert entry.uid.value == EVENT.uid
    assert entry.valarm.trigger.value == timedelta(hours=-1)


def test_lines_end_and_fold_as_the_standard_says() -> None:
    content = calendar_file(replace(EVENT, title=LONG, description=LONG), HERE)
    assert content.count(b"\n") == content.count(b"\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None for line in lines)  # no character is cut in two
    assert sum(line.startswith(b" ") for line in lines) > 10


def test_a_moved_event_is_the_same_with_a_higher_sequence() -> None:
    moved = replace(EVENT, start=EVENT.start + timedelta(days=1), end=None, changes=1)
    (_, before), (_, after) = opened(EVENT), opened(moved)
    assert before["UID"] == after["UID"]
    assert before["SEQUENCE"] < after["SEQUENCE"]
    assert after.start == datetime(2026, 3, 21, 8, 30, tzinfo=HERE)
    assert "DTEND" not in after


def test_a_cancelled_event_is_taken_out_of_calendars() -> None:
    file, entry = opened(replace(EVENT, is_cancelled=True, changes=2))
    assert (file["METHOD"], entry["STATUS"], entry["SEQUENCE"]) == ("CANCEL", "CANCELLED", 2)
    assert entry["UID"] == EVENT.uid
    assert not entry.subcomponents


def test_a_reminder_rings_before() -> None:
    [alarm] = opened(EVENT)[1].subcomponents
    assert (alarm["ACTION"], alarm["TRIGGER"].dt, alarm["DESCRIPTION"]) == ("DISPLAY", timedelta(hours=-1), EVENT.title)
    assert not opened(replace(EVENT, remind_before=None))[1].subcomponents


def test_an_event_without_a_time_lasts_whole_days() -> None:
    days = replace(
        EVENT,
        start=datetime(2026, 3, 20, tzinfo=HERE).astimezone(UTC),
        end=datetime(2026, 3, 23, tzinfo=HERE).astimezone(UTC),
        has_time=False,
    )
    file, entry = opened(days)
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (date(2026, 3, 20), date(2026, 3, 23))
    assert not file.timezones


def test_what_is_not_known_is_not_said() -> None:
    bare = Event("1", "example.org", 0, EVENT.changed_at, EVENT.start, None, "Họp")
    assert not {"DTEND", "LOCATION", "URL", "DESCRIPTION", "ORGANIZER"} & set(opened(bare)[1])


def test_the_same_event_gives_the_same_bytes() -> None:
    assert calendar_file(EVENT, HERE) == calendar_file(replace(EVENT), HERE)


@pytest.mark.parametrize("link", ["https://example.org/a b", "https://example.org\r\nSUMMARY:x", "https://x\x00"])
def test_a_link_of_several_words_is_refused(link: str) -> None:
    with pytest.raises(ValueError, match="not one word"):
        calendar_file(replace(EVENT, link=link), HERE)


@pytest.mark.parametrize(
    "name", [LONG, "a,b;c\\d", "\\n\\,", "một\r\nhai\rba", "👩🏽‍🌾🏳️‍🌈", 'BEGIN:VEVENT\nX:"y"', "  hai đầu  "]
)
def test_names_survive(name: str) -> None:
    _, entry = opened(replace(EVENT, title=name, place=name, description=name))
    assert [str(entry[key]) for key in ("SUMMARY", "LOCATION", "DESCRIPTION")] == [readable(name)] * 3


@settings(deadline=None)
@given(st.text(min_size=1).filter(lambda name: r"\N" not in name))
def test_any_name_survives(name: str) -> None:
    _, entry = opened(replace(EVENT, title=name))
    assert str(entry["SUMMARY"]) == readable(name)
    assert len(entry.subcomponents) == 1


def test_the_library_is_loaded_only_when_a_file_is_made() -> None:
    assert not is_loaded_by("bot.exports.calendar", "icalendar")
