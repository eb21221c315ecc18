"""A voice message alone: stored, heard by staff who type it, and put right by its author."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.model import Attachment, AttachmentKind
from handlers.acts.rights import Role
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import come_in, stored
from tests.player import Player, Town

ROAD = "Đường vào thôn em lầy lội quá, xe chở na không ra được"
CODE = "LS-2026-00001"


async def voice(place: Town, seconds: int | None = 42, content: bytes = b"sound") -> Attachment:
    """A voice message whose bytes lie in the file store."""
    kept = await place.keep("ghi-am.ogg", content)
    return replace(kept, kind=AttachmentKind.VOICE, media_type="audio/ogg", seconds=seconds)


async def spoken(place: Town, person: Player, content: bytes = b"sound") -> None:
    """Somebody new whose first proposal is a voice message."""
    await person.send(files=[await voice(place, content=content)])
    await person.press("Đồng ý")
    await person.press("18–22")
    await person.send("xã Bắc Hùng, Văn Lãng")
    await person.press("Gửi")


def cells_of(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return [cell for row in csv.reader(opened) for cell in row]


async def type_up(boss: Player, text: str = ROAD) -> None:
    await boss.send("/nghe")
    await boss.send(text)
    await boss.press("Lưu")


async def test_a_voice_message_alone_is_a_proposal(place: Town) -> None:
    lan = place.person("lan")
    await lan.send(files=[await voice(place)])
    await lan.press("Đồng ý")
    await lan.press("18–22")
    card = await lan.send("xã Bắc Hùng, Văn Lãng")
    assert "🎧 1 tin thoại, 0:42" in card
    assert "Chủ đề: sẽ có khi cán bộ nghe xong" in card
    assert CODE in await lan.press("Gửi")
    assert await stored(place, "SELECT state FROM hearings") == [{"state": "waiting"}]
    assert await stored(place, "SELECT kind, seconds FROM proposal_files") == [{"kind": "voice", "seconds": 42}]
    assert "Chờ cán bộ nghe" in await lan.send(f"/cuatoi {CODE}")


async def test_what_nobody_has_heard_is_not_folded_away_as_empty(place: Town) -> None:
    lan = place.person("lan")
    await spoken(place, lan)
    await lan.send(files=[await voice(place, content=b"another")])
    await lan.press("Gửi")
    await place.bot.reading.read_new()
    listed = await (await make_staff(place, Role.PROVINCE)).send("/hangdoi")
    assert CODE in listed
    assert "LS-2026-00002" in listed
    assert "Đã gấp lại" not in listed


async def test_staff_listen_and_type_and_the_author_is_asked(place: Town) -> None:
    lan = place.person("lan")
    await spoken(place, lan)
    boss = await make_staff(place, Role.PROVINCE)
    assert "Chờ cán bộ nghe" in await boss.send("/hangdoi")
    await boss.press("Tin thoại chờ nghe: 1")
    assert [file.name for one in boss.screen.messages.values() for file in one.files] == ["ghi-am.ogg"]
    assert ROAD in await boss.send(ROAD)
    assert "Đã lưu chữ" in await boss.press("Lưu")
    assert "Đúng ý bạn chưa?" in lan.last
    assert ROAD in lan.last
    assert "người gửi chưa xem lại" in await boss.send(f"/xem {CODE}")
    [row] = await stored(place, "SELECT topic, chosen_by FROM proposal_topics WHERE rank = 0")
    assert row != {"topic": "other", "chosen_by": "machine"}
    assert row["chosen_by"] == "machine"
    assert "Cảm ơn bạn" in await lan.press("Đúng rồi")
    assert "người gửi đã xem và thấy đúng" in await boss.send(f"/xem {CODE}")
    assert await stored(place, "SELECT kind FROM proposal_files") == [{"kind": "voice"}]


async def test_the_author_puts_it_right_and_all_that_was_typed_is_kept(place: Town) -> None:
    lan = place.person("lan")
    await spoken(place, lan)
    boss = await make_staff(place, Role.PROVINCE)
    await type_up(boss, "Đường vào thôn em lội quá")
    await boss.send(f"/xem {CODE}")
    await boss.press("Nhận xử lý")
    await lan.press("Sửa lại")
    assert "Đã sửa" in await lan.send(ROAD)
    assert await stored(place, "SELECT text FROM proposals") == [{"text": ROAD}]
    assert await stored(place, "SELECT state, text FROM hearings") == [
        {"state": "corrected", "text": "Đường vào thôn em lội quá"}
    ]
    revisions = await stored(place, "SELECT content FROM revisions ORDER BY revision")
    assert [json.loads(str(row["content"]))["text"] for row in revisions] == ["", "Đường vào thôn em lội quá"]
    assert "người gửi đã sửa" in await boss.send(f"/xem {CODE}")


async def test_words_that_came_after_it_was_cleared_are_shown_to_nobody_else(place: Town) -> None:
    mai, lan = place.person("mai"), place.person("lan")
    await spoken(place, mai)
    boss = await make_staff(place, Role.PROVINCE)
    await clear(boss, mai)
    await type_up(boss, "Đường vào thôn em lội quá")
    await come_in(lan)
    assert "không thấy" in await lan.tap(f"/join {CODE}"), "what was typed was cleared by nobody"
    await clear(boss, mai)
    await mai.tap(f"/reword {CODE}")
    await mai.send(ROAD)
    assert "không thấy" in await lan.tap(f"/join {CODE}"), "nor was what its author made of it"


async def clear(boss: Player, author: Player) -> None:
    """Staff clear it in its author's words, and the author agrees."""
    await boss.tap(f"/clear {CODE}")
    await boss.press("Lời người gửi")
    await author.tap(f"/agree {CODE}")


async def test_what_cannot_be_understood_is_asked_for_again(place: Town) -> None:
    lan = place.person("lan")
    await spoken(place, lan)
    boss = await make_staff(place, Role.PROVINCE)
    await boss.send("/nghe")
    await boss.press("Không nghe rõ")
    assert "chưa nghe rõ" in lan.last
    assert "Không có tin thoại nào" in await boss.send("/nghe")
    await lan.press("Thêm ý")
    await lan.send(files=[await voice(place, content=b"clearer")])
    await lan.press("Gửi")
    assert "gõ lại đúng lời" in await boss.send("/nghe")


async def test_two_of_staff_do_not_type_the_same_one(place: Town) -> None:
    lan, hoa = place.person("lan"), place.person("hoa")
    await spoken(place, lan)
    await spoken(place, hoa, b"other")
    boss, other = await make_staff(place, Role.PROVINCE), await make_staff(place, Role.OWNER)
    await boss.send("/nghe")
    await other.send("/nghe")
    assert (CODE in boss.shown(), "LS-2026-00002" in other.shown()) == (True, True)
    assert CODE not in other.shown()
    assert "Có người đang nghe" in await other.send(f"/nghe {CODE}")
    place.clock.forward(minutes=31)
    await other.send("/huy")
    assert "gõ lại đúng lời" in await other.send(f"/nghe {CODE}")
    await other.send(ROAD)
    await other.press("Lưu")
    await boss.send("Chữ của người thứ hai, đến muộn rồi")
    assert "đã được gõ lại" in await boss.press("Lưu")
    assert await stored(place, "SELECT text FROM proposals WHERE number = 1") == [{"text": ROAD}]


async def test_who_writes_it_after_all_needs_nobody_to_listen(place: Town) -> None:
    lan = place.person("lan")
    await spoken(place, lan)
    await lan.send(f"/sua {CODE}")
    await lan.send(ROAD)
    await lan.press("Lưu thay đổi")
    assert await stored(place, "SELECT state FROM hearings") == []
    boss = await make_staff(place, Role.PROVINCE)
    assert "Không có tin thoại nào" in await boss.send("/nghe")
    assert "đã có chữ" in await boss.send(f"/nghe {CODE}")


async def test_what_is_written_beside_a_voice_message_is_the_proposal(place: Town) -> None:
    lan = place.person("lan")
    await come_in(lan)
    await lan.send(files=[await voice(place)])
    await lan.press("Gửi")
    assert await stored(place, "SELECT state FROM hearings") == []


@pytest.mark.parametrize(("seconds", "reason"), [(0, "ngắn quá"), (301, "dài quá 5 phút")])
async def test_what_is_too_short_or_too_long_is_refused_with_its_reason(place: Town, seconds: int, reason: str) -> None:
    lan = place.person("lan")
    await come_in(lan)
    await lan.send(files=[await voice(place, seconds)])
    assert reason in lan.shown()
    await lan.press("Gửi")
    assert await stored(place, "SELECT kind FROM proposal_files") == []


@pytest.mark.parametrize(
    ("seconds", "shown"), [(None, "1 tin thoại"), (1, "1 tin thoại, 0:01"), (300, "1 tin thoại, 5:00")]
)
async def test_its_length_is_shown_where_it_is_known(place: Town, seconds: int | None, shown: str) -> None:
    lan = place.person("lan")
    await lan.send("/start")
    await lan.press("Đồng ý")
    await lan.press("18–22")
    await lan.send("xã Bắc Hùng, Văn Lãng")
    card = await lan.send(files=[await voice(place, seconds)])
    assert f"🎧 {shown}" in card.splitlines()


async def test_whoever_may_not_type_hears_nothing(place: Town) -> None:
    lan = place.person("lan")
    await spoken(place, lan)
    for role in (Role.VIEWER, Role.LOCALITY, Role.AGENCY):
        someone = await make_staff(place, role)
        assert "chưa hiểu" in await someone.send("/nghe")
        await someone.tap(f"/hear {CODE}")
        assert not any(one.files for one in someone.screen.messages.values())


async def test_nobody_confirms_or_rewords_for_another(place: Town) -> None:
    lan, thief = place.person("lan"), place.person("thief")
    await spoken(place, lan)
    await come_in(thief, "một ý kiến khác của em về môi trường")
    await thief.press("Gửi")
    await type_up(await make_staff(place, Role.PROVINCE))
    for command in ("heard", "reword"):
        await thief.tap(f"/{command} {CODE}")
        assert "không thấy tin thoại nào" in thief.last
        await thief.send("Chữ của người khác, không phải của bạn ấy")
    assert ROAD not in thief.shown()
    assert await stored(place, "SELECT state FROM hearings") == [{"state": "typed"}]
    assert await stored(place, "SELECT text FROM proposals WHERE number = 1") == [{"text": ROAD}]


async def test_the_workbook_says_what_waits_and_who_typed_what(place: Town) -> None:
    lan, hoa = place.person("lan"), place.person("hoa")
    await spoken(place, lan)
    await spoken(place, hoa, b"other")
    boss = await make_staff(place, Role.OWNER)
    await type_up(boss, "=1+1 đường vào thôn em lội quá")
    await boss.send("/xuat csv")
    [file] = [file for one in boss.screen.messages.values() for file in one.files if file.name.endswith("csv")]
    cells = cells_of(file.path)
    assert any("gõ lại từ tin thoại, người gửi chưa xem lại" in cell for cell in cells)
    assert any("Chờ cán bộ nghe" in cell for cell in cells)
    assert not any(cell.startswith("=") for cell in cells)
