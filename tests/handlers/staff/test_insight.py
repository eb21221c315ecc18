"""What staff see of what was read: flags, folds, groups, why a topic was said, names of places; and what they decide."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from bot.reading import RESTS, Reading
from handlers.acts.rights import Role
from handlers.staff.groups import together
from storage import groups
from storage.database import Statement
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_alike import SAME
from tests.handlers.youth.test_hints import DANGER
from tests.handlers.youth.test_propose import LOAN, come_in, stored
from tests.player import Player, Town

ADVERT = "Vay nhanh giải ngân trong ngày, không cần thế chấp, liên hệ zalo 0912345678, ưu đãi sốc"
ROAD = "Đường vào thôn em lầy lội quá, xe chở na không ra được"
READ = (
    "SELECT proposal_id, profile, is_folded, group_id, made_by FROM readings ORDER BY proposal_id",
    "SELECT * FROM terms ORDER BY proposal_id, term",
    "SELECT * FROM proposal_flags ORDER BY proposal_id, flag",
)


async def send(place: Town, name: str, text: str) -> Player:
    person = place.person(name)
    await come_in(person, text)
    await person.press("✅ Gửi")
    return person


# -- flags


async def test_whoever_may_be_in_danger_stands_first_until_it_is_taken_up(place: Town) -> None:
    await send(place, "an", DANGER)
    await send(place, "binh", ROAD)
    boss = await make_staff(place, Role.PROVINCE)
    shown = await boss.send("/hangdoi")
    assert shown.index("LS-2026-00001 ·") < shown.index("LS-2026-00002 ·")
    assert "⚠️ có người gặp nguy hiểm" in shown
    assert (await boss.send("/xem LS-2026-00001")).count("⚠️ có người gặp nguy hiểm") == 1
    await boss.press("Nhận xử lý")
    shown = await boss.send("/hangdoi")
    assert shown.index("LS-2026-00002 ·") < shown.index("LS-2026-00001 ·")


@pytest.mark.parametrize("channel", ["buttons", "lists"])
async def test_adverts_are_folded_counted_and_shown_where_they_are_asked_for(place: Town, channel: str) -> None:
    await send(place, "an", ADVERT)
    await send(place, "binh", ROAD)
    boss = await make_staff(place, Role.PROVINCE, channel)
    shown = await boss.send("/hangdoi")
    assert "LS-2026-00001 ·" not in shown
    assert "🗂 Đã gấp lại: 1 · quảng cáo" in shown
    assert "LS-2026-00001 ·" in await boss.press("Xem: quảng cáo")
    for words in ("quang_cao", "quảng cáo", "đã gấp lại", "spam", "advert"):
        shown = await boss.send(f"/hangdoi {words}")
        assert "LS-2026-00001 ·" in shown
        assert "LS-2026-00002 ·" not in shown


async def test_a_flag_is_lifted_by_staff_and_stays_so(place: Town) -> None:
    lan = await send(place, "an", ADVERT)
    boss = await make_staff(place, Role.PROVINCE)
    assert "Chưa có đề xuất nào khác" in await boss.send("/hangdoi")
    await boss.send("/xem LS-2026-00001")
    assert "Đã bỏ cảnh báo" in await boss.press("bỏ cảnh báo")
    await lan.tap("/add LS-2026-00001")
    await lan.send("em nói thêm một ý nữa")
    await lan.press("Gửi thêm")
    assert "LS-2026-00001 ·" in await boss.send("/hangdoi")


async def test_a_flood_and_the_same_words_of_a_school_are_folded_and_nothing_is_dropped(place: Town) -> None:
    for n in range(4):
        await send(place, f"hs{n}", "Chúng em kiến nghị nhà trường sửa lại sân bóng rổ đã hỏng")
    boss = await make_staff(place, Role.PROVINCE)
    shown = await boss.send("/hangdoi")
    assert "🗂 Đã gấp lại: 2 · trùng lời" in shown
    assert "2 đề xuất" in shown
    assert len(await stored(place, "SELECT * FROM proposals WHERE state = 'received'")) == 4


async def test_danger_in_what_is_added_later_is_seen_as_well(place: Town) -> None:
    lan = await send(place, "an", ROAD)
    await lan.tap("/add LS-2026-00001")
    await lan.send(DANGER)
    assert "111" in lan.shown()
    await lan.press("Gửi thêm")
    boss = await make_staff(place, Role.PROVINCE)
    assert "có người gặp nguy hiểm" in await boss.send("/hangdoi")


# -- groups


async def test_what_an_older_version_read_is_compared_again_and_keeps_its_flags_and_group(place: Town) -> None:
    await send(place, "an", LOAN)
    await send(place, "binh", ADVERT)
    await send(place, "chi", SAME)
    await place.bot.reading.read_new()
    before = [await stored(place, sql) for sql in READ]
    assert all(before)
    old = [Statement("UPDATE readings SET profile = '', made_by = 'older'"), Statement("DELETE FROM terms")]
    await place.bot.database.write(old)
    again = Reading(place.bot.database, place.bot.house.knowledge)
    await again.renew()
    assert [await stored(place, sql) for sql in READ] == before


async def test_after_all_is_renewed_there_is_a_rest_and_then_another_look(place: Town) -> None:
    await send(place, "an", LOAN)
    await place.bot.reading.read_new()
    again = Reading(place.bot.database, place.bot.house.knowledge)
    await again.renew()
    await place.bot.database.write([Statement("UPDATE readings SET made_by = 'older'")])
    for _ in range(RESTS):
        await again.renew()
    assert await stored(place, "SELECT made_by FROM readings") == [{"made_by": "older"}]
    await again.renew()
    assert await stored(place, "SELECT made_by FROM readings") != [{"made_by": "older"}]


async def test_what_asks_for_the_same_is_a_group_on_the_list_and_in_the_workbook(place: Town) -> None:
    await send(place, "an", LOAN)
    await send(place, "binh", ROAD)
    await send(place, "chi", SAME)
    boss = await make_staff(place, Role.PROVINCE)
    assert "· nhóm 1" in await boss.send("/hangdoi")
    page = await boss.send("/nhom")
    assert "Nhóm 1 · 2 ý kiến" in page
    shown = await boss.press("Nhóm 1")
    assert ["LS-2026-00001 ·" in shown, "LS-2026-00002 ·" in shown, "LS-2026-00003 ·" in shown] == [True, False, True]
    assert "còn 1 ý kiến giống vậy" in await boss.send("/xem LS-2026-00003")
    assert "LS-2026-00001 ·" in await boss.press("Xem cả nhóm")
    await boss.send("/xuat")
    sheet = openpyxl.load_workbook(Path(boss.screen.last.files[0].path)).worksheets[1]
    head = [cell.value for cell in sheet[1]]
    at, code = head.index("Nhóm ý kiến giống nhau"), head.index("Mã")
    found = {row[code].value: row[at].value for row in sheet.iter_rows(min_row=2) if row[code].value}
    assert found["LS-2026-00001"] == found["LS-2026-00003"] == "Nhóm 1"
    assert found["LS-2026-00002"] == "Nhóm 2"


async def test_grouping_anew_moves_nothing_and_staff_put_groups_together(place: Town) -> None:
    await send(place, "an", LOAN)
    await send(place, "binh", SAME)
    new = "INSERT INTO alike_groups (dialogue_id, number) VALUES (1, 2)"
    apart = "UPDATE readings SET group_id = (SELECT id FROM alike_groups WHERE number = 2) WHERE proposal_id = 2"
    await place.bot.database.write([Statement(new), Statement(apart)])
    boss = await make_staff(place, Role.PROVINCE)
    await boss.tap("/regroup")
    assert "Gom lại từ đầu được 1 nhóm" in boss.last
    reader = await place.bot.database.snapshot()
    assert await groups.numbers(reader, 1) == {"1": 1, "2": 2}
    await reader.close()
    await boss.press("Nhập nhóm 2 vào nhóm 1")
    assert "Đã nhập nhóm 2 vào nhóm 1" in boss.last
    assert "Không nhập được" in await boss.tap("/merge 2 1")
    assert "Không nhập được" in await boss.tap("/merge 1 1")


def test_groups_most_of_which_meet_anew_may_be_one() -> None:
    numbers = {"a": 1, "b": 1, "c": 1, "d": 2, "e": 3, "f": 3, "g": 4}
    assert together([["a", "b", "d", "e"], ["c"], ["f"], ["g"]], numbers) == [(1, 2)]
    assert together([["a", "b", "c"], ["d", "e", "f"], ["g"]], numbers) == [(3, 2)]
    assert together([["a"], ["b"], ["c"]], numbers) == []


# -- topics


async def test_staff_see_which_words_spoke_for_a_topic(place: Town) -> None:
    await send(place, "an", LOAN)
    boss = await make_staff(place, Role.PROVINCE)
    shown = await boss.send("/xem LS-2026-00001")
    assert "máy gợi ý" in shown
    assert "vay" in shown.partition("vì: ")[2].partition(")")[0]
    await place.bot.database.write([Statement("UPDATE proposal_topics SET version = 'older'")])
    shown = await boss.send("/xem LS-2026-00001")
    assert "máy gợi ý bằng bản trước" in shown
    assert "vì: " not in shown


# -- places


async def test_a_name_that_staff_add_is_known_from_then_on(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    assert "mình hiểu “phố chợ” là Phường Kỳ Lừa" in await boss.send("/datten phố chợ = phường Kỳ Lừa")
    lan = place.person("lan")
    await lan.send(LOAN)
    await lan.press("Đồng ý")
    await lan.press("18–22")
    assert "Phường Kỳ Lừa" in await lan.send("pho cho")
    await boss.send("/diadanh")
    assert "Đã bỏ tên “phố chợ”" in await boss.press("Bỏ “phố chợ”")
    minh = place.person("minh")
    await minh.send(LOAN)
    await minh.press("Đồng ý")
    await minh.press("18–22")
    assert "chưa tìm ra" in await minh.send("pho cho")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Na Sầm = phường Kỳ Lừa", "đã là tên của một nơi"),
        ("huyện Văn Lãng = phường Kỳ Lừa", "đã là tên"),
        ("x = phường Kỳ Lừa", "Tên gọi cần từ"),
        ("phố chợ", "dấu bằng"),
        ("phố chợ = xyzzyq", "chưa tìm ra nơi này"),
        ("phố chợ = Hoàng Văn Thụ", "là nơi nào?"),
    ],
)
async def test_no_name_converts_a_place_that_is_there_and_what_is_unclear_is_asked(
    place: Town, said: str, answer: str
) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/datten {said}")
    assert answer in boss.shown()
    assert await stored(place, "SELECT * FROM place_aliases") == []


async def test_lists_are_given_by_old_district_too(place: Town) -> None:
    await send(place, "an", LOAN)  # of an old commune of the district
    minh = place.person("minh")
    await minh.send(ROAD)
    await minh.press("Đồng ý")
    await minh.press("18–22")
    await minh.send("phường Kỳ Lừa")
    await minh.press("✅ Gửi")
    boss = await make_staff(place, Role.PROVINCE)
    shown = await boss.send("/hangdoi huyện Văn Lãng")
    assert "🔎 Huyện Văn Lãng (cũ)" in shown
    assert "LS-2026-00001 ·" in shown
    assert "LS-2026-00002 ·" not in shown
