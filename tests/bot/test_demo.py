"""The demonstration has something to show of everything: proposals, an event to sign up for, articles to read."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from bot.app import now
from bot.commands import staged
from bot.pack import DEFAULT, invented
from handlers.acts.rights import Role
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import come_in, stored
from tests.player import Moving, Town, frozen_pack, town


async def put_up(place: Town) -> None:
    pack, _ = frozen_pack(place.settings)
    async with place.bot.database.transaction() as tx:
        await staged.put_up(tx, pack, place.settings.dialogue.era, "demo.example.org", now())


async def test_there_are_events_to_come_to_and_articles_to_read_and_staff_keep_them(tmp_path: Path) -> None:
    async with town(tmp_path, Moving(now())) as place:
        await put_up(place)
        lan = place.person("lan")
        await come_in(lan, "em muốn vay vốn khởi nghiệp thì bắt đầu từ đâu ạ")
        assert "💡 Có bài này có thể đã trả lời bạn" in lan.last
        await lan.press("Muốn vay vốn khởi nghiệp thì bắt đầu từ đâu?")
        assert "chỉ để minh hoạ" in lan.shown()
        await lan.press("Bỏ")
        await lan.send("/thongtin viec lam")
        assert "Tìm việc mà không sợ bị lừa" in lan.options
        await lan.send("/sukien")
        await lan.press("Gặp gỡ thanh niên khởi nghiệp")
        assert "✅ Bạn sẽ đến" in await lan.press("Mình sẽ đến")
        assert await stored(place, "SELECT count(*) AS n FROM reminders WHERE state = 'waiting'") == [{"n": 3}]
        await lan.send("/sukien")
        await lan.press("Đối thoại giữa lãnh đạo tỉnh")
        assert "🏠 Điểm cầu của bạn: Xã Na Sầm" in lan.last
        assert "📨 Đăng ký bằng một dòng" in lan.options
        boss = await make_staff(place, Role.OWNER)
        assert "chưa điền 65" in await boss.send("/diemcau")
        await boss.send("/huysukien 1")
        assert "1 người đã đăng ký được báo" in await boss.press("Huỷ sự kiện")


def test_what_is_made_up_says_so_and_is_composed_unicode() -> None:
    shown = invented(DEFAULT).content
    assert shown
    texts = [event.about for event in shown.events] + [text for one in shown.articles for text in one.texts.values()]
    assert all("minh hoạ" in text or "is an example" in text for text in texts)
    assert all(text == unicodedata.normalize("NFC", text) for text in texts)
    assert all(len(text.splitlines()) > 1 for one in shown.articles for text in one.texts.values())


def test_a_pack_can_do_without_them(tmp_path: Path) -> None:
    assert invented(tmp_path).content is None
    assert invented(tmp_path).faults == ()


@pytest.mark.parametrize("text", ["[[events]]", "[[[", '[[articles]]\nsection = "jobs"'])
def test_what_cannot_be_read_is_a_fault(tmp_path: Path, text: str) -> None:
    (tmp_path / "demo.toml").write_text(text, "utf-8")
    assert invented(tmp_path).faults
