"""A draft is spoken of once the next day, and once two days before no more is taken in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from handlers.nudging import nudge
from tests.handlers.youth.test_propose import come_in
from tests.player import Player, Town

TEXT = "Đường vào thôn em hỏng đã ba năm"
NEXT_DAY = "Hôm qua bạn viết dở"
CLOSING = "Sắp hết hạn"


async def left(here: Town, way: str) -> Player:
    """Somebody who began to write and left it."""
    lan = here.person("lan")
    await come_in(lan)
    await lan.press("Gửi")
    await lan.send(TEXT)
    if way == "kept":
        await lan.press("Để nháp")
    return lan


async def pass_time(here: Town, closes: datetime | None = None, **span: float) -> None:
    async def closing() -> datetime | None:
        return closes

    here.clock.forward(**span)
    await nudge(here.bot.database, here.bot.house, closing)
    await here.settle()


@pytest.mark.parametrize("way", ["open", "kept"])
async def test_it_is_spoken_of_once_the_next_day_and_goes_on_by_a_press(place: Town, way: str) -> None:
    lan = await left(place, way)
    await pass_time(place, hours=23)
    assert NEXT_DAY not in lan.shown()
    for _ in range(3):
        await pass_time(place, hours=1)
    assert lan.shown().count(NEXT_DAY) == 1
    assert TEXT in lan.last
    assert TEXT in await lan.press("Viết tiếp")
    await lan.press("Gửi")
    assert "LS-2026-00002" in lan.shown()


async def test_at_night_it_waits_for_the_morning(place: Town) -> None:
    place.clock.now = place.clock.now.replace(hour=15)  # ten in the evening
    lan = await left(place, "kept")
    await pass_time(place, hours=25)
    assert NEXT_DAY not in lan.shown()
    await pass_time(place, hours=9)
    assert NEXT_DAY in lan.last


async def test_two_days_before_the_end_it_is_spoken_of_once_more(place: Town) -> None:
    lan = await left(place, "kept")
    closes = place.clock.now + timedelta(days=10)
    for _ in range(11):
        await pass_time(place, closes, days=1)
    assert lan.shown().count(NEXT_DAY) == 1
    assert lan.shown().count(CLOSING) == 1


async def test_what_was_sent_is_not_spoken_of(place: Town) -> None:
    lan = await left(place, "open")
    await lan.press("Gửi")
    await pass_time(place, days=1, hours=1)
    assert NEXT_DAY not in lan.shown()


async def test_who_wants_no_reminders_is_left_in_peace(place: Town) -> None:
    lan = await left(place, "kept")
    await lan.send("/caidat reminders")
    await pass_time(place, days=1, hours=1)
    assert NEXT_DAY not in lan.shown()


async def test_a_draft_of_long_ago_is_left_in_peace(place: Town) -> None:
    lan = await left(place, "kept")
    await pass_time(place, days=5)
    assert NEXT_DAY not in lan.shown()
