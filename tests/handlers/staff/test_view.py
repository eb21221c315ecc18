"""One proposal as staff see it, and taking it up."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.model import Attachment, AttachmentKind
from handlers.acts.rights import Role
from storage.database import Statement
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import LOAN, come_in, stored
from tests.player import Player, Town

CODE = "LS-2026-00001"
RECORD = "SELECT r.object, a.chat FROM record r JOIN addresses a ON a.id = r.address_id WHERE r.act = '{act}'"


async def sent(place: Town, name: str = "lan", text: str = LOAN) -> Player:
    """Somebody who has sent a proposal."""
    someone = place.person(name)
    await come_in(someone, text)
    await someone.press("Gửi")
    return someone


async def test_everything_about_a_proposal_is_shown(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    await lan.send(files=[await lan.photo("don.jpg")])
    await lan.press("Gửi")
    await lan.send(f"/them {CODE}")
    await lan.send("Em ở thôn Nà Pàn")
    await lan.press("Gửi thêm")
    boss = await make_staff(place, Role.PROVINCE)
    shown = await boss.send(f"/xem {CODE.lower()}")
    for line in (
        f"{CODE} · Đã nhận · 02/03/2026 10:0",
        LOAN,
        "Loại: Câu hỏi",
        "Chủ đề: Vốn vay, tín dụng, quỹ khởi nghiệp",
        "Nơi: Xã Na Sầm (trước là xã Bắc Hùng, huyện Văn Lãng)",
        "Tuổi: 18–22 tuổi",
        "Người gửi: ẩn danh",
        "Ai đọc: Tỉnh Đoàn",
        "1 tệp: don.jpg",
        ": Đã nhận",
        "người gửi thêm: Em ở thôn Nà Pàn",
    ):
        assert line in shown
    assert "Đã thay đổi" not in shown


async def test_a_long_text_is_shown_whole_with_its_lead_first(place: Town) -> None:
    story = "\n".join(f"Đoạn {n}: đường vào thôn em lầy lội quá, xe chở na không ra được." for n in range(100))
    lan = place.person("lan")
    await come_in(lan, story)
    await lan.press("Gửi")
    await lan.send("Xin làm đường bê tông vào thôn")
    await lan.press("Gửi")
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/xem {CODE}")
    shown = boss.shown()
    assert shown.index("Xin làm đường bê tông vào thôn") < shown.index("Đoạn 0:") < shown.index("Đoạn 99:")


async def test_how_often_it_was_changed_is_told(place: Town) -> None:
    lan = await sent(place)
    await lan.send(f"/sua {CODE}")
    await lan.press("Viết lại")
    await lan.send("Em muốn vay vốn mở trại nấm")
    await lan.press("Lưu thay đổi")
    boss = await make_staff(place, Role.VIEWER)
    shown = await boss.send(f"/view {CODE}")
    assert "Em muốn vay vốn mở trại nấm" in shown
    assert "Đã thay đổi 1 lần" in shown


async def test_a_command_without_a_code_says_how_it_is_used(place: Town) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    for command in ("/xem", "/gan", "/hoilai", "/takeup"):
        assert "rồi đến mã của đề xuất" in await boss.send(command)


async def test_staff_who_speak_english_are_shown_it_in_english(place: Town) -> None:
    await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send("/ngonngu en")
    shown = await boss.send(f"/view {CODE}")
    assert f"{CODE} · Received" in shown
    assert boss.options == [
        "▶️ Take it up",
        "🏷 Correct topics, place, kind",
        "👁 Let others see it",
        "❓ Ask the author",
        "↪️ Pass on",
    ]
    assert "at “Being worked on” already" in await boss.tap(f"/takeup {CODE}") + await boss.tap(f"/takeup {CODE}") + (
        boss.shown()
    )
    assert "and then the code of the proposal" in await boss.send("/correct")


async def test_one_opened_again_is_shown_below_and_not_far_above(place: Town) -> None:
    await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.tap(f"/view {CODE}")
    await boss.tap("/queue")
    before = len(boss.screen.messages)
    assert LOAN in await boss.tap(f"/view {CODE}")
    assert len(boss.screen.messages) == before + 1


# -- files


async def test_the_files_come_as_files(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    await lan.send(
        files=[await lan.photo("don.jpg", b"\xff\xd8\xff one"), await lan.photo("xe.jpg", b"\xff\xd8\xff two")]
    )
    await lan.press("Gửi")
    boss = await make_staff(place, Role.VIEWER)
    await boss.send(f"/xem {CODE}")
    await boss.press("Gửi tệp")
    files = boss.screen.last.files
    assert [file.name for file in files] == ["don.jpg", "xe.jpg"]
    assert [Path(file.path).read_bytes()[-3:] for file in files] == [b"one", b"two"]


async def test_a_file_that_is_still_with_the_messenger_is_named_as_on_its_way(place: Town) -> None:
    await sent(place)
    waits = "INSERT INTO proposal_files (proposal_id, n, digest, reference, kind, name) VALUES (1, 0, NULL, 'r1', :kind, 'a.jpg')"
    photo = Attachment(AttachmentKind.PHOTO, "a.jpg", "image/jpeg", 9, "", "r1")
    await place.bot.database.write([Statement(waits, {"kind": photo.kind})])
    boss = await make_staff(place, Role.PROVINCE)
    assert "1 tệp đang về: a.jpg" in await boss.send(f"/xem {CODE}")
    assert "1 tệp đang về: a.jpg" in await boss.press("Gửi tệp")
    assert not boss.screen.last.files


async def test_one_without_files_says_so_to_a_button_pressed_by_hand(place: Town) -> None:
    await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    assert "không có tệp" in await boss.tap(f"/view {CODE} files")


# -- taking up


async def test_taking_up_moves_it_tells_its_author_and_is_seen_in_place(place: Town) -> None:
    lan = await sent(place)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send(f"/xem {CODE}")
    before = len(boss.screen.messages)
    shown = await boss.press("Nhận xử lý")
    assert f"{CODE} · Đang xử lý" in shown
    assert len(boss.screen.messages) == before, "it is redrawn in place"
    assert "Nhận xử lý" not in str(boss.options)
    assert f"đã bắt đầu xem ý kiến {CODE} của bạn" in lan.last
    assert "Đang xử lý" in await lan.press(CODE)
    assert await stored(place, "SELECT state FROM proposals") == [{"state": "taken_up"}]
    [note] = await stored(place, RECORD.format(act="take up"))
    assert note == {"object": CODE, "chat": "staff province"}


async def test_pressing_twice_says_it_is_so_already_and_tells_nobody_again(place: Town) -> None:
    lan = await sent(place)
    boss = await make_staff(place, Role.OWNER)
    await boss.tap(f"/takeup {CODE}")
    told = len(lan.screen.messages)
    await boss.tap(f"/takeup {CODE}")
    assert f"{CODE} đã ở trạng thái “Đang xử lý” rồi" in boss.shown()
    assert len(lan.screen.messages) == told
    assert len(await stored(place, "SELECT * FROM steps")) == 2


async def test_the_notice_is_in_the_authors_language(place: Town) -> None:
    amy = place.person("amy", language="en-GB")
    await amy.send("where can I get a loan to open a coffee shop?")
    await amy.press("I agree")
    await amy.press("18–22")
    await amy.send("xã Bắc Hùng, Văn Lãng")
    await amy.press("Send")
    boss = await make_staff(place, Role.PROVINCE)
    await boss.tap(f"/takeup {CODE}")
    assert f"Staff have begun to look at {CODE}" in amy.last


async def test_one_whose_author_is_gone_is_taken_up_all_the_same(place: Town) -> None:
    await sent(place)
    await place.bot.database.write([Statement("UPDATE proposals SET person_id = NULL, address_id = NULL")])
    boss = await make_staff(place, Role.PROVINCE)
    assert "Đang xử lý" in await boss.tap(f"/takeup {CODE}")
    assert "Hỏi lại" not in str(boss.options)


@pytest.mark.parametrize("channel", ["buttons", "lists"])
async def test_a_viewer_is_offered_nothing_but_the_files(place: Town, channel: str) -> None:
    await sent(place)
    guest = await make_staff(place, Role.VIEWER, channel)
    assert LOAN in await guest.send(f"/xem {CODE}")
    assert guest.options == []
