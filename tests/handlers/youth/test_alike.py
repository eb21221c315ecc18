"""Others who ask for the same: shown on the card once staff cleared them, joined by a press, told when it is answered."""

from __future__ import annotations

import pytest

from handlers.acts import proposals, support
from handlers.acts.rights import Role
from storage import showings
from storage.database import Statement, micros
from storage.proposals import Content, Tag
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import come_in, stored
from tests.player import Player, Town

LOAN = "em muốn vay vốn mở quán cà phê thì hỏi ở đâu ạ"
SAME = "Cho em hỏi muốn vay vốn để mở quán cà phê thì hỏi ở đâu ạ?"
OTHER = "Sóng điện thoại trong bản rất yếu, gọi không được"
WORDING = "Vay vốn mở quán cà phê thì hỏi ở đâu?"
CODE = "LS-2026-00001"


async def sent(person: Player, text: str = LOAN) -> None:
    await come_in(person, text)
    await person.press("Gửi")


async def somebody_sends(place: Town, text: str) -> None:
    """A proposal of somebody who is on no messenger here."""
    tags = (Tag("von", 1000, "author"),)
    said = Content(text, "", "question", tags, "", "", "18-22", "", only_province=False, files=())
    async with place.bot.database.transaction() as tx:
        await proposals.send(tx, said, "", None, None, micros(place.clock()))
    await place.settle()


async def cleared(place: Town) -> tuple[Player, Player]:
    """Somebody's proposal, cleared in the words of staff; gives its author and whoever cleared it."""
    mai = place.person("mai")
    await sent(mai)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/xem {CODE}")
    await boss.press("Cho bạn khác xem")
    await boss.press("Lời của cán bộ")
    assert "bạn trẻ khác xem được" in await boss.send(WORDING)
    return mai, boss


async def test_what_others_ask_is_counted_shown_once_cleared_and_joined(lan: Player) -> None:
    await somebody_sends(lan.town, LOAN)
    await come_in(lan, SAME)
    assert "1 bạn cũng hỏi về: Vốn vay" in lan.last
    assert LOAN not in lan.shown()
    await lan.press("Bỏ")
    await lan.town.bot.database.write([showings.put(1, showings.SHOWN, WORDING, None, 0)])
    await lan.send(SAME)
    assert f"{CODE}: “{WORDING}”" in lan.last
    assert LOAN not in lan.shown()
    await lan.press(f"Tham gia {CODE}")
    assert f"đã tham gia {CODE}" in lan.shown()
    assert len(await stored(lan.town, "SELECT * FROM supporters")) == 1
    await lan.press("✅ Gửi")
    assert "LS-2026-00002" in lan.shown()


async def test_until_staff_clear_it_nobodys_words_are_shown(place: Town) -> None:
    await sent(place.person("mai"))
    lan = place.person("lan")
    await come_in(lan, SAME)
    assert "1 bạn cũng hỏi về: Vốn vay" in lan.last
    assert LOAN not in lan.shown()
    assert CODE not in lan.shown()


async def test_what_is_not_close_changes_nothing_on_the_card(place: Town) -> None:
    await sent(place.person("mai"))
    lan = place.person("lan")
    await come_in(lan, OTHER)
    assert "bạn cũng hỏi" not in lan.shown()
    assert "Tham gia" not in lan.shown()


async def test_what_only_the_province_reads_is_neither_counted_nor_cleared(place: Town) -> None:
    mai = place.person("mai")
    await come_in(mai, LOAN)
    await mai.press("Đổi thông tin")
    await mai.press("Ai đọc")
    await mai.press("Chỉ cấp tỉnh")
    await mai.press("Gửi")
    boss = await make_staff(place, Role.PROVINCE)
    assert "Cho bạn khác xem" not in await boss.send(f"/xem {CODE}")
    assert "không cho người khác xem được" in await boss.tap(f"/clear {CODE}")
    lan = place.person("lan")
    await come_in(lan, SAME)
    assert "cũng hỏi" not in lan.shown()


async def test_the_words_of_an_author_are_shown_only_if_the_author_agrees(place: Town) -> None:
    mai = place.person("mai")
    await sent(mai, f"{LOAN}, số của em là 0912345678")
    boss = await make_staff(place, Role.PROVINCE)
    await boss.tap(f"/clear {CODE}")
    await boss.press("Lời người gửi")
    assert "không kèm tên" in mai.last
    assert "0912345678" not in mai.last
    lan = place.person("lan")
    await come_in(lan, SAME)
    assert "mở quán cà phê thì hỏi ở đâu ạ, số" not in lan.shown()
    await mai.press("Đồng ý cho xem")
    assert "đồng ý cho bạn khác xem" in boss.last
    await lan.send("em cảm ơn nhiều")
    await lan.send("em ở xã Na Sầm")
    assert f"{LOAN}, số của em là …" in lan.last
    assert "0912345678" not in lan.shown()
    await mai.press("Không cho xem")
    minh = place.person("minh")
    await come_in(minh, SAME)
    assert "số của em là" not in minh.shown()


async def test_what_its_author_changed_is_cleared_no_more(place: Town) -> None:
    mai, _ = await cleared(place)
    await mai.tap(f"/change {CODE}")
    await mai.send("thêm một ý nữa về lãi suất")
    await mai.press("Lưu thay đổi")
    assert await stored(place, "SELECT * FROM showings") == []


async def test_joining_counts_once_is_undone_and_never_ones_own(place: Town) -> None:
    mai, boss = await cleared(place)
    lan = place.person("lan")
    await come_in(lan, OTHER)
    await lan.tap(f"/join {CODE}")
    await lan.tap(f"/join {CODE}")
    assert "đã tham gia LS-2026-00001 rồi" in lan.last
    assert "🤝 1 bạn" in await boss.send(f"/xem {CODE}")
    await lan.tap(f"/leave {CODE}")
    assert "không còn tham gia" in lan.last
    assert "🤝" not in await boss.send(f"/xem {CODE}")
    assert "của chính bạn" in await mai.tap(f"/join {CODE}")
    assert await stored(place, "SELECT * FROM supporters") == []


@pytest.mark.parametrize("code", ["LS-2026-00002", "LS-2026-00099", "xyz", "'; DROP TABLE supporters", ""])
async def test_what_is_not_cleared_is_as_if_it_were_not_there(place: Town, code: str) -> None:
    await cleared(place)
    await sent(place.person("minh"), OTHER)
    lan = place.person("lan")
    await come_in(lan, SAME)
    assert f"không thấy {code.upper()} trong" in await lan.tap(f"/join {code}")
    assert await stored(place, "SELECT * FROM supporters") == []
    assert OTHER not in lan.shown()


async def test_a_stranger_cannot_join(place: Town) -> None:
    await cleared(place)
    assert "bắt đầu trò chuyện" in await place.person("nobody").tap(f"/join {CODE}")
    assert await stored(place, "SELECT * FROM supporters") == []


async def test_whoever_joined_is_told_once_when_it_is_answered(place: Town) -> None:
    await cleared(place)
    lan, minh = place.person("lan"), place.person("minh")
    for person in (lan, minh):
        await come_in(person, OTHER)
        await person.tap(f"/join {CODE}")
    await minh.tap(f"/leave {CODE}")
    heard = len(minh.screen.messages)
    for _ in range(2):
        async with place.bot.database.transaction() as tx:
            support.tell_answered(tx, 1, CODE, 1, "Bạn hỏi Ngân hàng Chính sách xã hội nhé.", micros(place.clock()))
        await place.settle()
    told = [message.text for message in lan.screen.messages.values() if "đã có trả lời" in message.text]
    assert len(told) == 1
    assert "Ngân hàng Chính sách" in told[0]
    assert len(minh.screen.messages) == heard


@pytest.mark.parametrize("change", ["only_province = 1", "state = 'withdrawn'"])
async def test_whoever_joined_hears_no_more_of_what_was_kept_from_them_since(place: Town, change: str) -> None:
    await cleared(place)
    lan = place.person("lan")
    await come_in(lan, OTHER)
    await lan.tap(f"/join {CODE}")
    await place.bot.database.write([Statement(f"UPDATE proposals SET {change}")])
    async with place.bot.database.transaction() as tx:
        support.tell_answered(tx, 1, CODE, 1, "Bạn hỏi Ngân hàng Chính sách xã hội nhé.", micros(place.clock()))
    await place.settle()
    assert "Ngân hàng Chính sách" not in lan.shown()


async def test_a_card_that_changed_meanwhile_does_not_show_what_was_found_before(place: Town) -> None:
    await cleared(place)
    lan = place.person("lan")
    await come_in(lan, SAME)
    assert WORDING in lan.last
    old = lan.button("✅ Gửi")
    await lan.send(OTHER, settle=False)
    await place.bot.engine.idle()
    await lan.tap(old)
    assert "đã thay đổi" in lan.shown()
    assert await stored(place, "SELECT * FROM proposals WHERE id > 1") == []


async def test_a_draft_taken_up_again_shows_only_what_may_be_seen_by_then(place: Town) -> None:
    mai, _ = await cleared(place)
    lan = place.person("lan")
    await come_in(lan, SAME)
    assert WORDING in lan.last
    await lan.press("Để nháp")
    await mai.tap(f"/withdraw {CODE}")
    await mai.press("Có, rút lại")
    await mai.press("Rút, không nói lý do")
    await lan.press("Viết tiếp")
    assert SAME in lan.last
    assert WORDING not in lan.last


async def test_what_was_found_changes_nothing_of_what_is_sent(place: Town) -> None:
    await cleared(place)
    lan = place.person("lan")
    await come_in(lan, SAME)
    assert WORDING in lan.last
    assert "LS-2026-00002" in await lan.press("✅ Gửi")
    [row] = await stored(place, "SELECT text FROM proposals WHERE id = 2")
    assert row["text"] == SAME
