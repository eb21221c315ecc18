"""What the calendar tells staff by itself, with a clock that moves and a process that is down for days."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlers.acts import calendar
from handlers.acts.calendar import Rules, Wish
from handlers.acts.rights import Role, Standing
from storage.dialogues import Dates
from tests.handlers.staff.test_dialogue import NA_SAM, local, redate
from tests.handlers.staff.test_pass_on import DONG_KINH, commune
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import come_in, stored
from tests.player import Player, Town, town


def morning(day: int, month: int = 3, hour: int = 8) -> datetime:
    """An hour of a day of 2026 in the pack's zone."""
    return datetime(2026, month, day, hour - 7, tzinfo=UTC)


async def at(place: Town, moment: datetime) -> None:
    """Lets the clock come to a time."""
    place.clock.now = moment
    await place.settle()


def reminded(boss: Player, about: str = "công bố kế hoạch") -> list[str]:
    """The reminders of a duty that somebody got."""
    return [one.text for one in boss.screen.messages.values() if "⏰" in one.text and about in one.text]


async def statuses(place: Town, duty: str = "publish") -> list[tuple[object, object]]:
    sql = f"SELECT distance, status FROM staff_reminders WHERE duty = '{duty}' ORDER BY due_at"
    return [(row["distance"], row["status"]) for row in await stored(place, sql)]


async def test_staff_are_reminded_a_week_and_a_day_before_on_the_day_and_after(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await redate(boss, "published", "12/3/2026")
    told = []
    for n in range(3, 20):
        before = len(reminded(boss))
        await at(place, morning(n))
        told += [n] if len(reminded(boss)) > before else []
    assert told == [5, 11, 12, 13]
    week, eve, day, after = reminded(boss)
    assert "Hạn: thứ Năm, ngày 12 tháng 3 năm 2026 (còn 7 ngày)" in week
    assert "còn 1 ngày" in eve
    assert "hôm nay" in day
    assert "đã quá 1 ngày" in after
    assert await statuses(place) == [(-7, "sent"), (-1, "sent"), (0, "sent"), (1, "sent")]


async def test_nobody_is_reminded_before_the_morning(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await redate(boss, "published", "12/3/2026")
    await at(place, datetime(2026, 3, 5, 0, 59, tzinfo=UTC))
    assert reminded(boss) == []


async def test_done_ends_the_reminders_and_not_done_brings_them_back(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await redate(boss, "published", "12/3/2026")
    await at(place, morning(5))
    await boss.press("Xong: công bố")
    await at(place, morning(11))
    assert len(reminded(boss)) == 1
    await boss.send("/chuongtrinh")
    await boss.press("Chưa xong: công bố")
    await at(place, morning(12))
    assert len(reminded(boss)) == 2
    assert await statuses(place) == [(-7, "sent"), (0, "sent"), (1, "planned")]


async def test_a_day_that_moves_moves_what_is_to_come_and_repeats_nothing(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await redate(boss, "published", "12/3/2026")
    await at(place, morning(5))
    await redate(boss, "published", "20/3/2026")
    await at(place, morning(12))
    assert len(reminded(boss)) == 1, "nothing is due by the old day"
    await redate(boss, "published", "12/3/2026")
    await redate(boss, "published", "20/3/2026")
    await at(place, morning(13))
    assert ["20 tháng 3" in text for text in reminded(boss)] == [False, True]
    await redate(boss, "published", "20/3/2026")
    await at(place, morning(14))
    assert len(reminded(boss)) == 2, "what was told is not told again"


async def test_after_days_in_which_nothing_ran_the_last_is_late_and_those_before_are_missed(tmp_path: Path) -> None:
    async with town(tmp_path) as place:
        boss = await make_staff(place, Role.PROVINCE)
        await redate(boss, "published", "12/3/2026")
        clock, messengers = place.clock, place.messengers
    clock.now = morning(12, hour=15)
    async with town(tmp_path, clock=clock, messengers=messengers) as place:
        await place.settle()
        again = place.person(boss.chat)
        [late] = reminded(again)
        assert "hôm nay" in late
        assert "lẽ ra đến lúc 12/03/2026 08:00" in late
        assert "có 2 lời nhắc bị lỡ" in late
        assert await statuses(place) == [(-7, "missed"), (-1, "missed"), (0, "late"), (1, "planned")]
        again._ids = iter(range(100, 120))  # type: ignore[assignment]
        assert "có 3 lời nhắc bị lỡ hoặc đến muộn" in await again.send("/chuongtrinh")


async def test_what_nobody_was_there_to_hear_is_missed_and_said(place: Town) -> None:
    boss = await make_staff(place, Role.VIEWER)
    wish = Wish("LS", "", 2025, Dates(published=datetime(2026, 3, 11, 17, tzinfo=UTC)))
    async with place.bot.database.transaction() as tx:
        rules = Rules(place.bot.house.pack)
        assert await calendar.change(tx, Standing("owner"), 1, "LS-2026", wish, rules, place.clock()) is None
    await at(place, morning(5))
    assert reminded(boss) == []
    assert (await statuses(place))[0] == (-7, "missed")
    owner = await make_staff(place, Role.OWNER)
    assert "có 1 lời nhắc bị lỡ" in await owner.send("/chuongtrinh")


async def test_a_communes_own_staff_are_reminded_and_else_the_province(place: Town) -> None:
    for code, scope in (("NS-2026", NA_SAM), ("DK-2026", DONG_KINH)):
        await commune(place, code, scope)
    boss, na_sam = await make_staff(place, Role.PROVINCE), await local(place, NA_SAM)
    for code in ("NS-2026", "DK-2026"):
        await redate(boss, "published", "12/3/2026", code)
    await at(place, morning(5))
    [told] = reminded(na_sam)
    assert "NS-2026 · Xã Na Sầm" in told
    [told] = reminded(boss)
    assert "DK-2026 · Phường Đông Kinh" in told


async def test_whoever_lost_their_rights_is_told_nothing(place: Town) -> None:
    boss, other = await make_staff(place, Role.PROVINCE), await make_staff(place, Role.OWNER)
    await redate(boss, "published", "12/3/2026")
    await other.send("/nhansu")
    await other.press("Thôi quyền số 2")
    await other.press("Có, thôi quyền")
    assert "Đã thôi quyền" in await other.press("Chắc chắn")
    await at(place, morning(5))
    assert reminded(boss) == []
    assert len(reminded(other)) == 1


async def test_the_list_is_handed_over_some_days_after_closing_and_the_conclusion_is_due(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await redate(boss, "closes", "10/3/2026")
    await redate(boss, "held", "20/3/2026")
    await redate(boss, "concludes", "30/3/2026")
    await at(place, morning(10))
    assert "hôm nay" in reminded(boss, "ngừng nhận ý kiến")[-1]
    await at(place, morning(15))
    assert "hôm nay" in reminded(boss, "bàn giao danh sách")[-1]
    await at(place, morning(30))
    assert "hôm nay" in reminded(boss, "ra thông báo kết luận")[-1]


# -- figures


def figures(someone: Player) -> list[str]:
    return [one.text for one in someone.screen.messages.values() if "📊" in one.text]


async def test_every_week_the_province_hears_how_many_came_and_from_where_none_did(place: Town) -> None:
    boss, na_sam, other = (
        await make_staff(place, Role.PROVINCE),
        await local(place, NA_SAM),
        await local(place, DONG_KINH, "dong kinh"),
    )
    viewer = await make_staff(place, Role.VIEWER)
    lan = place.person("lan")
    await come_in(lan)
    await lan.press("Gửi")
    await at(place, morning(9))
    [line] = figures(boss)
    assert "LS-2026: 1 ý kiến, tuần qua thêm 1" in line
    assert "Chưa có ý kiến nào (64 nơi)" in line
    assert "Đông Kinh" in line
    assert "Na Sầm" not in line
    [line] = figures(na_sam)
    assert "1 ý kiến, tuần qua thêm 1" in line
    assert "Xã Na Sầm: 1" in line
    [line] = figures(other)
    assert "0 ý kiến" in line
    assert figures(viewer) == figures(lan) == []
    await at(place, morning(10))
    await at(place, morning(16))
    assert len(figures(boss)) == 2
    assert "tuần qua thêm 0" in figures(boss)[-1]


async def test_a_locality_is_not_told_of_what_only_the_province_reads(place: Town) -> None:
    na_sam, lan = await local(place, NA_SAM), place.person("lan")
    await come_in(lan)
    await lan.press("Đổi thông tin")
    await lan.press("Ai đọc")
    await lan.press("Chỉ cấp tỉnh đọc")
    await lan.press("Gửi")
    await at(place, morning(9))
    assert "0 ý kiến" in figures(na_sam)[0]


async def test_weeks_in_which_nothing_ran_are_missed_and_the_last_is_told_late(tmp_path: Path) -> None:
    async with town(tmp_path) as place:
        boss = await make_staff(place, Role.PROVINCE)
        clock, messengers = place.clock, place.messengers
    clock.now = morning(25)
    async with town(tmp_path, clock=clock, messengers=messengers) as place:
        await place.settle()
        [line] = figures(place.person(boss.chat))
        assert "lẽ ra đến lúc 23/03/2026 08:00" in line
        assert "có 2 lời nhắc bị lỡ" in line


@pytest.mark.parametrize(("closes", "heard"), [(morning(1), 0), (morning(4), 1)])
async def test_once_closed_figures_come_once_more_and_then_no_more(place: Town, closes: datetime, heard: int) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await redate(boss, "closes", closes.strftime("%d/%m/%Y"))
    for day in (9, 16, 23):
        await at(place, morning(day))
    assert len(figures(boss)) == heard
