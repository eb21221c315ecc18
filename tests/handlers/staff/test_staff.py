"""What staff see, and that nobody else does."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from handlers.acts import staff
from handlers.acts.rights import Right, Role, allows
from tests.handlers.youth.test_propose import LOAN, come_in, stored
from tests.player import Player, Town, town

NAUGHTY = "=1+1; +84912345678 @x -2 <b>đậm</b> & %s {0} '; DROP TABLE proposals;-- 👨‍👩‍👧‍👦 \u202eđảo"


async def make_staff(place: Town, role: Role, channel: str = "buttons", scope: str = "") -> Player:
    someone = place.person(f"staff {role}", channel)
    code = await staff.invite(place.bot.database, role, place.clock(), scope)
    await someone.send(f"/nhanma {code}")
    return someone


@pytest.mark.parametrize("channel", ["buttons", "lists"])
async def test_a_code_makes_somebody_staff_once(place: Town, channel: str) -> None:
    code = await staff.invite(place.bot.database, Role.OWNER, place.clock())
    boss, thief = place.person("boss", channel), place.person("thief", channel)
    assert "chủ quản" in await boss.send(f"/start i_{code}")
    assert "không đúng, đã dùng" in await thief.send(f"/nhanma {code}")
    assert await stored(place, "SELECT role FROM staff") == [{"role": "owner"}]


async def test_a_code_is_good_for_a_week(place: Town) -> None:
    code = await staff.invite(place.bot.database, Role.PROVINCE, place.clock())
    place.clock.forward(days=8)
    assert "hết hạn" in await place.person("late").send(f"/nhanma {code}")


async def test_owners_of_the_settings_are_owners_and_stop_being_so(tmp_path: Path) -> None:
    async with town(tmp_path, BOT_STAFF__OWNERS='["buttons:1001"]') as place:
        assert "Chưa có đề xuất" in await place.person("1001").send("/hangdoi")
    async with town(tmp_path) as place:
        again = place.person("1001")
        again._ids = iter(range(50, 99))  # type: ignore[assignment]
        assert "chưa hiểu" in await again.send("/hangdoi")


@pytest.mark.parametrize("command", ["/hangdoi", "/xuat", "/queue", "/export", "/hangdoi 2", "/xuat csv"])
@pytest.mark.parametrize("role", ["", *Role])
async def test_a_command_one_may_not_use_is_answered_as_if_it_did_not_exist(
    place: Town, command: str, role: str
) -> None:
    lan = place.person("lan")
    await come_in(lan)
    await lan.press("Gửi")
    right = Right.READ_QUEUE if "hangdoi" in command or "queue" in command else Right.EXPORT
    someone = await make_staff(place, Role(role)) if role else lan
    answer = await someone.send(command)
    assert ("chưa hiểu" in answer) == (not allows(role, right))
    assert (LOAN in someone.shown() or bool(someone.screen.last.files)) or not allows(role, right) or someone is lan
    if not allows(role, right) and someone is not lan:
        assert LOAN not in someone.shown()
        assert not someone.screen.last.files


@pytest.mark.parametrize("data", ["/queue 1", "/export csv", "/queue"])
async def test_a_forged_button_gives_nobody_a_staff_command(place: Town, data: str) -> None:
    lan, other = place.person("lan"), place.person("other")
    await come_in(lan)
    await lan.press("Gửi")
    await come_in(other, "một ý kiến khác của em về môi trường")
    await other.press("Gửi")
    await other.tap(data)
    assert LOAN not in other.shown()
    assert "chưa hiểu" in other.last


async def test_the_queue_shows_the_newest_five_a_page(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    await lan.press("Gửi")
    for n in range(6):
        await lan.send(f"Ý kiến số {n} về đường sá ở thôn em")
        await lan.press("Gửi")
    boss = await make_staff(place, Role.PROVINCE)
    first = await boss.send("/hangdoi")
    assert first.index("LS-2026-00007") < first.index("LS-2026-00003")
    assert "LS-2026-00002" not in first
    second = await boss.press("Cũ hơn")
    assert "LS-2026-00001" in second
    assert "Xã Na Sầm (trước là xã Bắc Hùng, huyện Văn Lãng)" in second
    assert "Vốn vay" in second
    assert len(boss.screen.messages) == 2, "the page is turned in place"


async def test_the_workbook_comes_as_a_file_with_the_proposal_under_its_topic_and_place(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    await lan.send(NAUGHTY)
    await lan.press("Gửi")
    boss = await make_staff(place, Role.OWNER)
    assert "LS-2026" in await boss.send("/xuat")
    [file] = boss.screen.last.files
    assert file.name == "LS-2026.xlsx"
    rows = list(openpyxl.load_workbook(file.path).worksheets[1].values)
    cells = [str(cell) for row in rows for cell in row if cell is not None]
    topic = next(n for n, cell in enumerate(cells) if cell.startswith("Vốn vay, tín dụng, quỹ khởi nghiệp ("))
    place_heading = next(n for n, cell in enumerate(cells) if cell.startswith("Xã Na Sầm (") and "lượt" in cell)
    text = next(n for n, cell in enumerate(cells) if NAUGHTY in cell)
    assert topic < place_heading < text


async def test_the_workbook_can_be_opened_whichever_messenger_it_came_by(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    code = await staff.invite(lan.town.bot.database, Role.OWNER, lan.town.clock())
    assert "chủ quản" in await lan.send(f"/nhanma {code}")
    await lan.send("/xuat")
    [file] = lan.screen.last.files
    assert file.path.suffix == ".xlsx"
    cells = [str(cell) for row in openpyxl.load_workbook(file.path).worksheets[1].values for cell in row]
    assert any(LOAN in cell for cell in cells)


@pytest.mark.parametrize("form", ["csv", "json"])
async def test_other_formats_come_on_request(place: Town, form: str) -> None:
    lan = place.person("lan")
    await come_in(lan, NAUGHTY)
    await lan.press("Gửi")
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/xuat {form}")
    [file] = boss.screen.last.files
    raw = file.path.read_bytes()
    if form == "csv":
        assert raw.startswith(b"\xef\xbb\xbf")
        texts = [row[2] for row in csv.reader(raw.decode("utf-8-sig").splitlines())]
        assert "'" + NAUGHTY in texts
    else:
        assert NAUGHTY in json.dumps(json.loads(raw), ensure_ascii=False)


async def test_a_name_under_eighteen_never_reaches_an_export(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    await lan.press("Đổi thông tin")
    await lan.press("Tên người gửi")
    await lan.press("Ghi tên")
    await lan.send("Hoàng Thị Lan")
    await lan.press("Đổi thông tin")
    await lan.press("Tuổi")
    assert "ẩn danh" in await lan.press("16–17")
    await lan.press("Gửi")
    boss = await make_staff(place, Role.OWNER)
    await boss.send("/xuat json")
    assert "Hoàng Thị Lan" not in boss.screen.last.files[0].path.read_text("utf-8")
