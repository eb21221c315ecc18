"""What became of one's own: the list, changing, withdrawing, adding, drafts, settings."""

from __future__ import annotations

import pytest

from handlers.acts import staff
from handlers.acts.rights import Role
from storage.database import Row, Statement
from tests.handlers.youth.test_propose import LOAN, come_in
from tests.player import Player, Town

CODE = "LS-2026-00001"


async def sent(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")


async def rows(town: Town, sql: str) -> list[Row]:
    [found] = await town.bot.database.read(Statement(sql))
    return found


async def taken_up(town: Town) -> None:
    """Staff work on it from now on."""
    await town.bot.database.write([Statement("UPDATE proposals SET state = 'taken_up'")])


async def test_one_who_sent_nothing_is_invited_to(lan: Player) -> None:
    assert "chưa gửi ý kiến nào" in await lan.send("/cuatoi")
    assert "Gửi ý kiến" in lan.shown()


async def test_the_list_has_state_and_day_five_a_page(lan: Player) -> None:
    await sent(lan)
    for n in range(5):
        await lan.send(f"Ý kiến thứ {n + 2} về đường vào thôn")
        await lan.press("Gửi")
    newest = await lan.send("/cuatoi")
    assert "6 ý kiến · trang 1/2" in newest
    assert "LS-2026-00006 · 02/03/2026 · Đã nhận" in newest
    assert CODE not in newest.split("\n\n1. ")[0].replace("LS-2026-000012", "")
    oldest = await lan.press("Cũ hơn")
    assert f"{CODE} · 02/03/2026 · Đã nhận" in oldest
    assert LOAN in oldest


async def test_one_is_opened_with_its_text_its_files_and_its_path(lan: Player) -> None:
    await come_in(lan)
    photo = await lan.photo("don.jpg")
    await lan.send(files=[photo])
    await lan.press("Gửi")
    await lan.send("/cuatoi")
    case = await lan.press(CODE)
    for line in (LOAN, f"1 tệp: {photo.name}", "02/03/2026 10:0", "Đã nhận", "trước là xã Bắc Hùng"):
        assert line in case


@pytest.mark.everywhere
async def test_a_change_keeps_the_code_and_what_it_said_before(lan: Player) -> None:
    await sent(lan)
    await lan.send(f"/sua {CODE}")
    assert LOAN in lan.last
    await lan.press("Viết lại")
    await lan.send("Em muốn vay vốn mở trại nấm")
    assert f"thay đổi của {CODE}" in await lan.press("Lưu thay đổi")
    assert await rows(lan.town, "SELECT code, text, revision FROM proposals") == [
        {"code": CODE, "text": "Em muốn vay vốn mở trại nấm", "revision": 2}
    ]
    [before] = await rows(lan.town, "SELECT revision, content FROM revisions")
    assert before["revision"] == 1
    assert LOAN in before["content"]


async def test_a_change_that_changes_nothing_leaves_no_trace(lan: Player) -> None:
    await sent(lan)
    await lan.send(f"/sua {CODE}")
    assert "giữ như cũ" in await lan.press("Lưu thay đổi")
    assert await rows(lan.town, "SELECT * FROM revisions") == []


async def test_what_staff_have_taken_up_is_changed_no_more_but_may_grow(lan: Player) -> None:
    await sent(lan)
    await lan.send(f"/sua {CODE}")
    await lan.press("Viết lại")
    await lan.send("Em muốn vay vốn mở trại nấm")
    await taken_up(lan.town)
    assert "không sửa hay rút lại được nữa" in await lan.press("Lưu thay đổi")
    assert "không sửa hay rút lại được nữa" in await lan.send(f"/sua {CODE}")
    assert "không sửa hay rút lại được nữa" in await lan.send(f"/rutlai {CODE}")
    await lan.send(f"/cuatoi {CODE}")
    assert "Sửa" not in str(lan.options)
    await lan.press("Thêm ý")
    await lan.send("Xã em chưa có ai hướng dẫn")
    assert f"Đã thêm vào {CODE}" in await lan.press("Gửi thêm")
    assert "bạn thêm: Xã em chưa có ai hướng dẫn" in await lan.send(f"/cuatoi {CODE}")


@pytest.mark.everywhere
async def test_withdrawing_is_asked_twice_and_a_reason_is_a_press(lan: Player) -> None:
    await sent(lan)
    await lan.send(f"/rutlai {CODE}")
    await lan.press("Có, rút lại")
    assert await rows(lan.town, "SELECT state FROM proposals") == [{"state": "received"}]
    assert f"Đã rút lại {CODE}" in await lan.press("việc đã xong")
    assert await rows(lan.town, "SELECT state FROM proposals") == [{"state": "withdrawn"}]
    assert (await rows(lan.town, "SELECT state, reason FROM steps ORDER BY id"))[-1] == {
        "state": "withdrawn",
        "reason": "solved",
    }
    assert "Đã rút lại" in await lan.send(f"/cuatoi {CODE}")
    assert "không thêm được nữa" in await lan.send(f"/them {CODE}")


@pytest.mark.parametrize("presses", [("Không, giữ lại",), ("Có, rút lại", "Không, giữ lại")])
async def test_who_thinks_better_of_it_keeps_it(lan: Player, presses: tuple[str, ...]) -> None:
    await sent(lan)
    await lan.send(f"/rutlai {CODE}")
    for label in presses:
        await lan.press(label)
    assert f"{CODE} vẫn được giữ" in lan.last
    assert await rows(lan.town, "SELECT state FROM proposals") == [{"state": "received"}]


async def test_an_addition_may_be_files_and_is_sent_by_a_press(lan: Player) -> None:
    await sent(lan)
    await lan.send(f"/them {CODE}")
    photo = await lan.photo("duong.jpg")
    await lan.send("ảnh đường", files=[photo])
    assert f"1 tệp: {photo.name}" in lan.last
    await lan.press("Gửi thêm")
    assert [row["name"] for row in await rows(lan.town, "SELECT name FROM proposal_files")] == [photo.name]
    assert f"1 tệp: {photo.name}" in await lan.send(f"/cuatoi {CODE}")


async def test_nothing_is_added_without_the_press(lan: Player) -> None:
    await sent(lan)
    await lan.send(f"/them {CODE}")
    await lan.send("nghĩ lại")
    await lan.press("Thôi")
    assert await rows(lan.town, "SELECT * FROM parts") == []


async def test_a_question_of_staff_is_answered_and_the_answer_reaches_them(place: Town) -> None:
    lan, boss = place.person("lan"), place.person("boss")
    await sent(lan)
    await boss.send(f"/nhanma {await staff.invite(place.bot.database, Role.PROVINCE, place.clock())}")
    [address] = await rows(place, "SELECT id FROM addresses WHERE chat = 'boss'")
    ask = "INSERT INTO parts (proposal_id, kind, text, address_id, at) SELECT id, 'asked', 'Ở thôn nào?', :boss, 1 FROM proposals"
    await place.bot.database.write([Statement(ask, {"boss": address["id"]})])
    assert "cán bộ hỏi: Ở thôn nào?" in await lan.send(f"/cuatoi {CODE}")
    await lan.send(f"/them {CODE}")
    await lan.send("Thôn Nà Pàn ạ")
    await lan.press("Gửi thêm")
    assert "người gửi đã trả lời" in boss.last
    assert "Thôn Nà Pàn ạ" in boss.last
    assert "bạn trả lời: Thôn Nà Pàn ạ" in await lan.send(f"/cuatoi {CODE}")


async def test_anothers_proposal_is_as_if_it_were_not_there(place: Town) -> None:
    lan, hoa = place.person("lan"), place.person("hoa")
    await sent(lan)
    await come_in(hoa)
    await hoa.press("Để nháp")
    for said in (f"/cuatoi {CODE}", f"/sua {CODE}", f"/rutlai {CODE}", f"/them {CODE}", f"/cuatoi {CODE} files"):
        answer = await hoa.send(said)
        assert LOAN not in answer
        assert CODE in answer
        unknown = await hoa.send(said.replace(CODE, "LS-2026-00099"))
        assert answer == unknown.replace("LS-2026-00099", CODE)


# -- drafts


@pytest.mark.everywhere
async def test_a_draft_is_gone_on_with_or_discarded_from_the_list(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Để nháp")
    assert "còn bản nháp" in await lan.send("/cuatoi")
    assert "Xem lại" in await lan.press("Viết tiếp: em muốn")
    await lan.press("Để nháp")
    await lan.send("/cuatoi")
    assert "Đã bỏ bản nháp" in await lan.press("Bỏ nháp: em muốn")
    assert await rows(lan.town, "SELECT * FROM conversations") == []
    assert "không có bản nháp" in await lan.send("/cuatoi")


async def test_a_draft_of_another_chat_cannot_be_discarded(place: Town) -> None:
    lan, hoa = place.person("lan"), place.person("hoa")
    await come_in(lan)
    await lan.press("Để nháp")
    await come_in(hoa)
    assert "không còn nữa" in await hoa.tap("/discard 7")
    assert len(await rows(place, "SELECT * FROM conversations WHERE status = 'parked'")) == 1


# -- settings


@pytest.mark.everywhere
async def test_each_setting_is_changed_by_itself(lan: Player) -> None:
    await sent(lan)
    page = await lan.send("/caidat")
    assert "Bạn là: không nói" in page
    await lan.press("Bạn là ai")
    assert "Bạn là: Nông dân" in await lan.press("Nông dân")
    assert "Tin mới: không" in await lan.press("Tắt tin mới")
    assert "Tin mới: có" in await lan.press("Bật tin mới")
    await lan.press("Nơi ở")
    assert "nơi ở của bạn là Phường Kỳ Lừa" in await lan.send("phường Kỳ Lừa")
    page = await lan.press("Cài đặt")
    assert "Nơi ở: Phường Kỳ Lừa" in page
    assert "Bạn là: Nông dân" in page
    assert "Nơi: Phường Kỳ Lừa" in await lan.send("Đường vào thôn em lầy lội quá")


async def test_a_stranger_has_nothing_to_set(lan: Player) -> None:
    assert "chưa có gì để cài đặt" in await lan.send("/caidat")


async def test_a_change_that_was_put_aside_is_gone_on_with_from_the_list(lan: Player) -> None:
    await sent(lan)
    await lan.send(f"/sua {CODE}")
    await lan.press("Viết lại")
    await lan.send("Em muốn vay vốn mở trại nấm")
    assert "cất lại" in await lan.send(f"/rutlai {CODE}") or "cất lại" in lan.shown()
    await lan.press("Không, giữ lại")
    await lan.send("/cuatoi")
    await lan.press("Viết tiếp: Em muốn vay vốn mở trại nấm")
    assert f"thay đổi của {CODE}" in await lan.press("Lưu thay đổi")
