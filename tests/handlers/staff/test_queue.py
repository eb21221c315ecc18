"""The queue: what narrows it, by words and by buttons."""

from __future__ import annotations

import pytest

from handlers.acts.rights import Role
from handlers.staff.filters import Wish, read, span
from storage.database import Statement
from tests.handlers.staff.test_staff import DIFFERENT, make_staff
from tests.handlers.youth.test_propose import come_in
from tests.player import Player, Town

ROAD = "Đường vào thôn em lầy lội quá, xe chở na không ra được"
TEXTS = ("em muốn vay vốn mở quán cà phê thì hỏi ở đâu ạ", "Rác ở chợ không ai dọn, ô nhiễm lắm", ROAD)


def code(number: int) -> str:
    return f"LS-2026-{number:05d}"


async def change(place: Town, number: int, what: str) -> None:
    await place.bot.database.write([Statement(f"UPDATE proposals SET {what} WHERE number = {number}")])


async def three(place: Town) -> Player:
    """Three proposals about a loan, the environment and a road, and somebody of the province."""
    lan = place.person("lan")
    await come_in(lan, TEXTS[0])
    await lan.press("Gửi")
    for text in TEXTS[1:]:
        await lan.send(text)
        await lan.press("Gửi")
    for number, topic in enumerate(("von", "moi_truong", "dat_dai"), 1):
        tags = f"UPDATE proposal_topics SET topic = '{topic}' WHERE rank = 0 AND proposal_id = {number}"
        await place.bot.database.write([Statement("DELETE FROM proposal_topics WHERE rank > 0"), Statement(tags)])
    await change(place, 2, "state = 'taken_up'")
    return await make_staff(place, Role.PROVINCE)


def listed(shown: str) -> list[int]:
    return [number for number in range(3, 0, -1) if f"{code(number)} ·" in shown]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", [3, 2, 1]),
        ("von", [1]),
        ("Môi trường", [2]),
        ("da_nhan", [3, 1]),
        ("đang xử lý", [2]),
        ("taken_up", [2]),
        ("received von", [1]),
        ("von da_nhan 7", [1]),
        ("7 da_nhan von", [1]),
        ("moi_truong da_nhan", []),
        ("hôm nay", [3, 2, 1]),
        ("7 ngày", [3, 2, 1]),
        ("02/03", [3, 2, 1]),
        ("01/03", []),
        ("Na Sầm", [3, 2, 1]),
        ("xã Na Sầm", [3, 2, 1]),
        ("Kỳ Lừa", []),
        ("von phường Kỳ_Lừa", []),
        ("tất cả", [3, 2, 1]),
    ],
)
async def test_words_in_any_order_narrow_the_list(place: Town, words: str, expected: list[int]) -> None:
    boss = await three(place)
    shown = await boss.send(f"/hangdoi {words}")
    assert listed(shown) == expected
    assert ("Không có đề xuất nào hợp" in shown) == (not expected)


async def test_english_words_narrow_it_too(place: Town) -> None:
    boss = await three(place)
    assert listed(await boss.send("/queue being worked on")) == [2]
    assert listed(await boss.send("/queue environment today")) == [2]


async def test_a_unit_code_narrows_to_that_place(place: Town) -> None:
    boss = await three(place)
    [kept] = {unit.code for unit in place.bot.house.pack.units(place.bot.house.era) if unit.name == "Xã Na Sầm"}
    await change(place, 2, "place = ''")
    shown = await boss.send(f"/hangdoi {kept}")
    assert listed(shown) == [3, 1]
    assert "🔎 Xã Na Sầm" in shown


async def test_what_no_filter_knows_is_said(place: Town) -> None:
    boss = await three(place)
    await boss.send("/hangdoi von xyzzyq")
    assert "không hiểu “xyzzyq”" in boss.shown()
    assert listed(boss.last) == [1]


async def test_a_name_of_several_places_is_asked_about(place: Town) -> None:
    boss = await three(place)
    assert "Có mấy nơi" in await boss.send("/hangdoi von Hoàng_Văn_Thụ")
    shown = await boss.press("Phường Kỳ Lừa")
    assert "🔎 Vốn vay" in shown
    assert "🔎 Phường Kỳ Lừa" in shown


async def test_a_place_that_was_mistyped_is_asked_about(place: Town) -> None:
    boss = await three(place)
    assert "Có mấy nơi" in await boss.send("/hangdoi Na Sầmm")
    assert listed(await boss.press("Xã Na Sầm")) == [3, 2, 1]


async def test_yesterdays_are_not_todays(place: Town) -> None:
    boss = await three(place)
    place.clock.forward(hours=14)  # one in the morning in the pack's zone
    assert listed(await boss.send("/hangdoi hôm nay")) == []
    assert listed(await boss.send("/hangdoi 2 ngày")) == [3, 2, 1]
    assert listed(await boss.send("/hangdoi 2/3")) == [3, 2, 1]


async def test_withdrawn_ones_are_listed_only_where_asked_for(place: Town) -> None:
    boss = await three(place)
    await change(place, 3, "state = 'withdrawn'")
    shown = await boss.send("/hangdoi")
    assert listed(shown) == [2, 1]
    assert "2 đề xuất" in shown
    assert listed(await boss.send("/hangdoi da_rut_lai")) == [3]


async def test_a_viewer_neither_sees_nor_counts_what_only_the_province_reads(place: Town) -> None:
    await three(place)
    await change(place, 3, "only_province = 1")
    guest = await make_staff(place, Role.VIEWER)
    for words in ("", "received", "dat_dai", "Na Sầm", "7"):
        shown = await guest.send(f"/hangdoi {words}")
        assert 3 not in listed(shown)
        assert ROAD not in guest.shown()
    assert "2 đề xuất" in await guest.send("/hangdoi")


# -- buttons


@pytest.mark.parametrize("channel", ["buttons", "lists"])
async def test_each_one_is_opened_by_a_button(place: Town, channel: str) -> None:
    await three(place)
    boss = await make_staff(place, Role.OWNER, channel)
    await boss.send("/hangdoi")
    await boss.press(code(2))
    assert TEXTS[1] in boss.last
    assert f"{code(2)} · Đang xử lý" in boss.last


async def test_choices_narrow_it_one_after_the_other_and_all_takes_them_away(place: Town) -> None:
    boss = await three(place)
    await boss.send("/hangdoi")
    await boss.press("Trạng thái")
    assert listed(await boss.press("Đã nhận")) == [3, 1]
    await boss.press("Chủ đề")
    assert listed(await boss.press("Vốn vay")) == [1]
    await boss.press("Ngày")
    shown = await boss.press("7 ngày qua")
    assert [what in shown for what in ("🔎 Đã nhận", "🔎 Vốn vay", "🔎 7 ngày qua")] == [True] * 3
    await boss.press("Chủ đề")
    assert listed(await boss.press("Tất cả")) == [3, 1]
    assert listed(await boss.press("Bỏ lọc")) == [3, 2, 1]
    assert len([m for m in boss.screen.messages.values() if "Đề xuất mới nhất" in m.text]) == 1


async def test_filters_stay_while_pages_are_turned(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    await lan.press("Gửi")
    for text in DIFFERENT:
        place.clock.forward(minutes=15)  # nobody who is flooded with them
        await lan.send(text)
        await lan.press("Gửi")
    for number in (1, 5):
        await change(place, number, "state = 'taken_up'")
    boss = await make_staff(place, Role.PROVINCE)
    first = await boss.send("/hangdoi da_nhan 7")
    assert "7 đề xuất · trang 1/2" in first
    second = await boss.press("Cũ hơn")
    assert "7 đề xuất · trang 2/2" in second
    assert "🔎 Đã nhận" in second
    assert [number for number in range(9, 0, -1) if f"{code(number)} ·" in second] == [3, 2]
    assert "trang 1/2" in await boss.press("Mới hơn")


async def test_the_data_of_every_button_fits_and_means_the_same_again(place: Town) -> None:
    house = place.bot.house
    topic = max((topic.slug for topic in house.pack.topics), key=len)
    unit = house.pack.units(house.era)[0].code
    for when in ("", "999d", "29/02"):
        for menu in ("", "topic"):
            page, dialogue = 1 if menu else 999_999, "ABCDEFGH-2026"
            wish = Wish(page, "forwarded", topic, unit, when, dialogue, menu)
            assert wish.data.isascii()
            assert len(wish.data) <= 64
            assert len(wish.data.split()) == 2, "a command takes few words"
            assert read(wish.data.removeprefix("/queue "), house) == wish


async def test_the_29th_of_february_is_the_last_one_there_was(place: Town) -> None:
    now = place.clock().astimezone(place.bot.house.zone)
    begin, end = span("29/02", now)
    assert end - begin == 86_400_000_000
    assert begin < end < span("1d", now)[0]


@pytest.mark.parametrize("words", ["0", "99999999", "p0", "0d", "45/13", "?", "?other", "+", "++", "; DROP TABLE", "²"])
async def test_nonsense_is_answered_with_a_list(place: Town, words: str) -> None:
    boss = await three(place)
    assert listed(await boss.tap(f"/queue {words}")) == [3, 2, 1]
