"""Owners invite staff with a scope, see who is staff, and end somebody's rights."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handlers.acts import staff
from handlers.acts.rights import Role
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import stored
from tests.player import Player, Town, town


def code_in(text: str) -> str:
    found = re.search(r"/nhanma ([A-Z0-9]{20})", text)
    assert found
    return found[1]


@pytest.mark.everywhere
async def test_an_owner_invites_somebody_for_two_communes(lan: Player) -> None:
    await lan.send(f"/nhanma {await staff.invite(lan.town.bot.database, Role.OWNER, lan.town.clock())}")
    await lan.send("/moi")
    await lan.press("Cán bộ địa phương")
    await lan.send("Na Sầm")
    await lan.press("Thêm nơi nữa")
    await lan.send("phường Đông Kinh")
    await lan.press("Đủ rồi")
    review = await lan.send("Bí thư Đoàn xã")
    assert "Mời Bí thư Đoàn xã làm Cán bộ địa phương · Xã Na Sầm, Phường Đông Kinh" in review
    code = code_in(await lan.press("Tạo mã"))
    assert "cán bộ địa phương" in await lan.send(f"/nhanma {code}"), "in place of the role they had"
    found = await stored(lan.town, "SELECT scope, label FROM staff")
    assert found == [{"scope": "06124 05977", "label": "Bí thư Đoàn xã"}]


async def test_an_agency_is_chosen_from_the_list(place: Town) -> None:
    boss = await make_staff(place, Role.OWNER)
    await boss.send("/moi")
    await boss.press("Cán bộ cơ quan trả lời")
    await boss.press("Sở Nội vụ")
    assert "(không ghi) làm Cán bộ cơ quan trả lời · Sở Nội vụ" in await boss.press("Không ghi")
    code = code_in(await boss.press("Tạo mã"))
    assert code not in str(await stored(place, "SELECT * FROM invites")), "the code itself is stored nowhere"
    await place.person("mai").send(f"/nhanma {code}")
    assert await stored(place, "SELECT scope FROM staff WHERE role = 'agency'") == [{"scope": "so_noi_vu"}]


async def test_the_list_names_role_scope_and_since_when(place: Town) -> None:
    boss = await make_staff(place, Role.OWNER)
    local = place.person("na sam")
    await local.send(f"/nhanma {await staff.invite(place.bot.database, Role.LOCALITY, place.clock(), '06124')}")
    page = await boss.send("/nhansu")
    assert "Cán bộ · 2 người" in page
    assert "Cán bộ địa phương · Xã Na Sầm" in page
    assert "Chủ quản · toàn tỉnh" in page
    assert "từ 02/03/2026" in page


async def test_rights_end_after_being_asked_twice_and_whoever_had_them_is_told(place: Town) -> None:
    boss, other = await make_staff(place, Role.OWNER), await make_staff(place, Role.PROVINCE)
    await other.send("/hoilai LS-2026-00001")
    await boss.send("/nhansu")
    await boss.press("Thôi quyền số 2")
    await boss.press("Có, thôi quyền")
    assert await stored(place, "SELECT count(*) AS n FROM staff") == [{"n": 2}]
    assert "Đã thôi quyền" in await boss.press("Chắc chắn")
    assert "Quyền cán bộ của bạn ở đây đã kết thúc" in other.last
    assert "chưa hiểu" in await other.send("/hangdoi")
    assert [row["role"] for row in await stored(place, "SELECT role FROM staff")] == ["owner"]
    acts = await stored(place, "SELECT act FROM record WHERE act = 'dismiss'")
    assert len(acts) == 1


@pytest.mark.parametrize("presses", [["Không, giữ nguyên"], ["Có, thôi quyền", "Không, giữ nguyên"]])
async def test_either_question_can_be_answered_with_no(place: Town, presses: list[str]) -> None:
    boss = await make_staff(place, Role.OWNER)
    await make_staff(place, Role.PROVINCE)
    await boss.send("/nhansu")
    await boss.press("Thôi quyền số 2")
    for press in presses:
        await boss.press(press)
    assert "giữ nguyên" in boss.last
    assert await stored(place, "SELECT count(*) AS n FROM staff") == [{"n": 2}]


async def test_nobody_ends_their_own_rights_nor_what_the_settings_give(tmp_path: Path) -> None:
    async with town(tmp_path, BOT_STAFF__OWNERS='["buttons:1001"]') as place:
        named, boss = place.person("1001"), await make_staff(place, Role.OWNER)
        await named.send("/nhansu")
        await boss.send("/nhansu")
        assert "ghi trong tệp cài đặt" in boss.last
        assert not [label for label in boss.options if "Thôi quyền" in label]
        for row in await stored(place, "SELECT person_id FROM staff"):
            assert "Không thôi được" in await boss.tap(f"/dismiss {row['person_id']}")
        assert await stored(place, "SELECT count(*) AS n FROM staff") == [{"n": 2}]


@pytest.mark.parametrize(
    ("role", "told", "not_told"),
    [
        (Role.OWNER, ("/nhansu", "/chuongtrinh", "/loi"), ()),
        (Role.PROVINCE, ("/chuongtrinh", "/chuyen"), ("/nhansu", "/loi")),
        (Role.LOCALITY, ("/hangdoi", "/chuongtrinh"), ("/xuat", "/nhansu", "/gan")),
        (Role.VIEWER, ("/hangdoi",), ("/chuongtrinh", "/chuyen")),
        (Role.AGENCY, (), ("/hangdoi", "/chuongtrinh", "Việc của cán bộ")),
    ],
)
async def test_help_names_what_a_role_can_do_and_nothing_else(
    place: Town, role: Role, told: tuple[str, ...], not_told: tuple[str, ...]
) -> None:
    someone = await make_staff(place, role)
    before = set(someone.screen.messages)
    await someone.send("/trogiup")
    said = "".join(one.text for key, one in someone.screen.messages.items() if key not in before)
    assert all(command in said for command in told)
    assert not [command for command in not_told if command in said]


async def test_a_long_list_is_paged(place: Town) -> None:
    boss = await make_staff(place, Role.OWNER)
    for n in range(9):
        code = await staff.invite(place.bot.database, Role.VIEWER, place.clock())
        await place.person(f"v{n}").send(f"/nhanma {code}")
    assert "trang 1/2" in await boss.send("/nhansu")
    assert "10." in await boss.press("Sau →")
