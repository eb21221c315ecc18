"""Staff plan an event, publish it, change it and call it off."""

from __future__ import annotations

import json

import pytest

from handlers.acts.rights import Role
from storage.database import Statement, moment
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import come_in, stored
from tests.occasions import hold
from tests.player import Player, Town

TITLE = "Đối thoại với lãnh đạo tỉnh"


async def staff(here: Town) -> Player:
    return await make_staff(here, Role.PROVINCE)


async def planned(boss: Player, when: str = "20/3 8h30") -> str:
    """Up to the card."""
    await boss.send("/taosukien")
    await boss.send(TITLE)
    await boss.send(when)
    await boss.press("Đúng")
    return await boss.send("Hội trường tầng 4 https://hop.example.org/a")


async def known(here: Town, name: str = "lan") -> Player:
    someone = here.person(name)
    await come_in(someone)
    await someone.press("Gửi")
    return someone


@pytest.mark.parametrize(
    ("typed", "read_back"),
    [
        ("20/3 8h30", "8 giờ 30 sáng thứ Sáu, ngày 20 tháng 3 năm 2026"),
        ("thứ 7 tuần sau 14h", "2 giờ chiều thứ Bảy, ngày 14 tháng 3 năm 2026"),
        ("2026-12-01 08:30", "8 giờ 30 sáng thứ Ba, ngày 1 tháng 12 năm 2026"),
        ("20/3 8h30 - 11h", "từ 8 giờ 30 sáng đến 11 giờ trưa thứ Sáu, ngày 20 tháng 3 năm 2026"),
    ],
)
async def test_a_time_is_read_back_in_full_words_before_anything_is_saved(
    place: Town, typed: str, read_back: str
) -> None:
    boss = await staff(place)
    await boss.send("/taosukien")
    await boss.send(TITLE)
    assert f"Mình hiểu là {read_back}. Đúng không?" in await boss.send(typed)
    assert "Khi nào?" in await boss.press("Nhập lại")
    await boss.send(typed)
    await boss.press("Đúng")
    assert read_back in await boss.send("Hội trường A")
    assert await stored(place, "SELECT * FROM events") == []


async def test_what_is_open_is_asked_back_with_what_may_be_meant(place: Town) -> None:
    boss = await staff(place)
    await boss.send("/taosukien")
    await boss.send(TITLE)
    assert "Mấy giờ vậy bạn?" in await boss.send("20/3")
    assert "8 giờ 30 sáng thứ Sáu, ngày 20 tháng 3" in await boss.send("8h30")
    await boss.press("Nhập lại")
    assert "chưa hiểu rõ là khi nào" in await boss.send("khi nào cũng được")
    assert "đã qua rồi" in await boss.send("20/3/2025 8h")
    asked = await boss.send("thứ 6 ngày 21/3 8h")
    assert "Thứ và ngày chưa khớp" in asked
    assert "thứ Sáu, ngày 20 tháng 3 năm 2026" in str(boss.options)
    assert "Mình hiểu là" in await boss.press("thứ Sáu, ngày 20 tháng 3")


async def test_a_preview_shows_what_people_will_see_and_nothing_goes_out_before(place: Town) -> None:
    lan, boss = await known(place), await staff(place)
    card = await planned(boss)
    for line in (
        TITLE,
        "8 giờ 30 sáng thứ Sáu",
        "Hội trường tầng 4",
        "https://hop.example.org/a",
        "7 ngày, 1 ngày, 2 giờ",
    ):
        assert line in card
    assert "Buổi đối thoại hằng năm" in await boss.send("Buổi đối thoại hằng năm")
    assert "Mời bạn" not in lan.shown()
    await boss.press("Công bố và mời")
    assert "Lời mời đang gửi tới 1 người" in boss.shown()
    assert "Buổi đối thoại hằng năm" in lan.last
    assert TITLE in await lan.send("/sukien")


@pytest.mark.parametrize(
    "typed", ["Hội trường A, https://hop.example.org/a", "https://hop.example.org/a; Hội trường A."]
)
async def test_a_hall_and_a_link_are_told_apart_whatever_stands_between(place: Town, typed: str) -> None:
    boss = await staff(place)
    await planned(boss)
    await boss.press("Nơi")
    lines = (await boss.send(typed)).splitlines()
    assert "📍 Hội trường A" in lines
    assert "🔗 https://hop.example.org/a" in lines


async def test_a_draft_is_kept_for_later_and_seen_by_nobody_else(place: Town) -> None:
    lan, boss = await known(place), await staff(place)
    await planned(boss)
    assert "Đã lưu nháp" in await boss.press("Lưu nháp")
    assert "chưa có sự kiện nào" in await lan.send("/sukien")
    assert "bản nháp" in await boss.send("/sukienql")
    await boss.press(TITLE)
    await boss.press("Sửa, dời")
    await boss.press("Công bố")
    assert "Mời bạn!" in lan.shown()


async def test_a_draft_can_be_dropped(place: Town) -> None:
    boss = await staff(place)
    await planned(boss)
    await boss.press("Lưu nháp")
    await boss.send("/suasukien 1")
    assert "Đã bỏ" in await boss.press("Bỏ")
    assert await stored(place, "SELECT * FROM events") == []


async def test_who_is_invited_is_chosen_by_places_groups_and_topics(place: Town) -> None:
    boss = await staff(place)
    await planned(boss)
    await boss.press("Mời ai")
    await boss.press("Theo xã, phường")
    await boss.send("Na Sầm, Atlantis")
    assert "không tìm thấy nơi nào tên “Atlantis”" in boss.shown()
    assert "👥 Mời: Xã Na Sầm, Xã Thất Khê" in await boss.send("xã Na Sầm, xã Thất Khê")
    await boss.press("Mời ai")
    await boss.press("Theo nhóm")
    await boss.press("Nông dân")
    assert "Nông dân" in await boss.press("Xong")
    await boss.press("Mời ai")
    await boss.press("góp ý về một chủ đề")
    await boss.press("Vốn vay")
    card = await boss.press("Xong")
    assert "Mời: Xã Na Sầm, Xã Thất Khê, Nông dân, người đã gửi ý kiến về Vốn vay, tín dụng, quỹ khởi nghiệp" in card
    await boss.press("Công bố")
    [row] = await stored(place, "SELECT audience FROM events")
    assert set(json.loads(str(row["audience"]))) == {"places", "groups", "topics"}


async def test_reminders_are_chosen_for_each_event(place: Town) -> None:
    boss = await staff(place)
    await planned(boss)
    await boss.press("Nhắc trước")
    await boss.press("7 ngày")
    await boss.press("30 phút")
    assert "Nhắc trước: 1 ngày, 2 giờ, 30 phút" in await boss.press("Xong")
    await boss.press("Nhắc trước")
    for span in ("1 ngày", "2 giờ", "30 phút"):
        await boss.press(f"✅ {span}")
    assert "không nhắc" in await boss.press("Xong")


async def test_only_what_matters_to_them_disturbs_those_who_signed_up(place: Town) -> None:
    lan, boss = await known(place), await staff(place)
    await hold(place)
    await lan.send("/thamdu 1 yes")
    heard = lan.screen.heard
    await boss.send("/suasukien 1")
    await boss.send("Có trà và bánh khảo")
    assert "không ai bị làm phiền" in await boss.press("Lưu và báo")
    assert lan.screen.heard == heard
    assert "bánh khảo" in await lan.send("/sukien 1")
    await boss.send("/suasukien 1")
    await boss.press("Nơi")
    await boss.send("Hội trường B")
    assert "1 người đã đăng ký được báo" in await boss.press("Lưu và báo")
    assert "có thay đổi" in lan.last
    assert "Hội trường B" in lan.last


async def test_two_who_change_it_at_once_do_not_undo_each_other(place: Town) -> None:
    boss, chief = await staff(place), await make_staff(place, Role.OWNER)
    await hold(place)
    for one, hall in ((boss, "Hội trường B"), (chief, "Hội trường C")):
        await one.send("/suasukien 1")
        await one.press("Nơi")
        await one.send(hall)
    await boss.press("Lưu và báo")
    assert "Người khác vừa sửa" in await chief.press("Lưu và báo")
    assert await stored(place, "SELECT hall, revision FROM events") == [{"hall": "Hội trường B", "revision": 1}]


async def test_it_is_called_off_after_being_asked_once_more(place: Town) -> None:
    lan, boss = await known(place), await staff(place)
    await hold(place)
    await lan.send("/thamdu 1 yes")
    await boss.send("/huysukien 1")
    assert "vẫn như cũ" in await boss.press("Không")
    await boss.send("/huysukien 1")
    assert "1 người đã đăng ký được báo" in await boss.press("Huỷ sự kiện")
    assert "đã huỷ" in lan.last
    assert await stored(place, "SELECT DISTINCT state FROM reminders") == [{"state": "void"}]
    assert "không nhận" in await lan.send("/thamdu 1 yes") or "đã huỷ" in lan.last
    assert [row["state"] for row in await stored(place, "SELECT state FROM sign_ups")] == ["going"]


async def test_an_invitation_still_on_its_way_says_what_is_so_now(place: Town) -> None:
    boss = await staff(place)
    event = await hold(place)
    await boss.send("/suasukien 1")
    await boss.press("Nơi")
    await boss.send("Hội trường B")
    await boss.press("Lưu và báo")
    [row] = await stored(place, f"SELECT bodies FROM broadcasts WHERE id = {event.broadcast_id or 1}")
    assert "Hội trường B" in str(row["bodies"])
    await boss.send("/huysukien 1")
    await boss.press("Huỷ sự kiện")
    late = await known(place, "late")
    assert "Mời bạn" not in late.shown()


async def test_nobody_is_invited_to_what_has_begun(place: Town) -> None:
    await hold(place)
    [event] = await stored(place, "SELECT start_at FROM events")
    await place.bot.database.write([Statement("UPDATE broadcasts SET status = 'running', is_gone_through = 1")])
    place.clock.now = moment(int(str(event["start_at"])))
    late = await known(place, "late")
    assert "Mời bạn" not in late.shown()
    assert await stored(place, "SELECT status FROM broadcasts") == [{"status": "cancelled"}]
