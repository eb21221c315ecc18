"""Bridge points: each locality fills its own in, and who has not is seen."""

from __future__ import annotations

import pytest

from handlers.acts.rights import Role
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import stored
from tests.occasions import hold
from tests.player import Town

NA_SAM, THAT_KHE = "06124", "06040"
FILLED = ("Phòng họp tầng 2", "7h30", "Anh Nam 0912 345 678")


@pytest.mark.parametrize("role", [Role.LOCALITY, Role.PROVINCE])
async def test_a_point_is_filled_in_line_by_line(place: Town, role: Role) -> None:
    someone = await make_staff(place, role, scope=THAT_KHE)
    await hold(place, has_points=True)
    assert "Sẵn sàng 0/65, chưa điền 65" in await someone.send("/diemcau")
    await someone.send("/diendiemcau")
    assert "không tìm thấy nơi nào" in await someone.send("Atlantis")
    assert "Xã Thất Khê" in await someone.send("xã Thất Khê")
    for line in FILLED:
        await someone.send(line)
    assert "Đã ghi điểm cầu Xã Thất Khê" in await someone.press("Sẵn sàng")
    assert "Sẵn sàng 1/65, chưa điền 64" in await someone.press("Tất cả điểm cầu")
    [row] = await stored(
        place, "SELECT room, opens, technician, is_ready FROM bridge_points WHERE filled_at IS NOT NULL"
    )
    assert row == {"room": FILLED[0], "opens": FILLED[1], "technician": FILLED[2], "is_ready": 1}


@pytest.mark.parametrize("scope", ["", "05977"])
async def test_a_locality_fills_in_no_point_but_its_own(place: Town, scope: str) -> None:
    someone = await make_staff(place, Role.LOCALITY, scope=scope)
    await hold(place, has_points=True)
    await someone.send("/diemcau")
    offered = [button.data for button in someone.screen.last.buttons if button.data.startswith("/point ")]
    assert offered == ([f"/point 1-{scope}"] if scope else [])
    shown = await someone.tap(f"/point 1-{THAT_KHE}")
    assert "phòng nào" not in shown.lower()
    for line in FILLED:
        await someone.send(line)
    assert await stored(place, "SELECT place FROM bridge_points WHERE filled_at IS NOT NULL") == []


async def test_a_locality_sees_its_own_points_first_whatever_they_are_called(place: Town) -> None:
    someone = await make_staff(place, Role.LOCALITY, scope=f"{NA_SAM} {THAT_KHE}")
    await hold(place, has_points=True)
    shown = (await someone.send("/diemcau")).splitlines()
    assert shown[3:5] == ["❗ Xã Na Sầm: chưa điền", "❗ Xã Thất Khê: chưa điền"]
    await someone.press("✏️ Xã Na Sầm")
    for line in FILLED:
        await someone.send(line)
    await someone.press("Sẵn sàng")
    shown = (await someone.send("/diemcau")).splitlines()
    assert [line[2:].split(":")[0] for line in shown[3:5]] == ["Xã Thất Khê", "Xã Na Sầm"]


async def test_the_silent_ones_are_listed_and_can_be_filled_in_by_a_press(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await hold(place, has_points=True)
    await boss.send("/diemcau")
    await boss.press("✏️ Phường Kỳ Lừa")
    for line in FILLED:
        await boss.send(line)
    await boss.press("Chưa")
    listed = await boss.send("/diemcau 1")
    assert "🟡 Phường Kỳ Lừa: Phòng họp tầng 2" not in listed.splitlines()[3], "the silent ones stand first"
    silent = await boss.press("Nơi chưa điền")
    assert "Kỳ Lừa" not in silent
    assert "chưa điền 64" in silent
    assert "Điểm cầu sẵn sàng: 0/65, chưa điền: 64" in await boss.send("/sukienql 1")


@pytest.mark.parametrize("role", [Role.AGENCY, Role.VIEWER])
async def test_nobody_else_knows_of_them(place: Town, role: Role) -> None:
    someone = await make_staff(place, role)
    await hold(place, has_points=True)
    assert "chưa hiểu" in await someone.send("/diemcau")
    assert "chưa hiểu" in await someone.send("/diendiemcau 1-05977")


async def test_without_bridge_points_there_is_nothing_to_fill_in(place: Town) -> None:
    someone = await make_staff(place, Role.LOCALITY)
    await hold(place)
    assert "không có sự kiện nào có điểm cầu" in await someone.send("/diemcau")
    assert "không có sự kiện nào có điểm cầu" in await someone.send("/diendiemcau")
