"""A voice message alone, from the first word to the words that its author says are right, on each messenger."""

from __future__ import annotations

import re

import pytest

from handlers.acts.rights import Role
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import stored
from tests.player import Player

ROAD = "Đường vào thôn em lầy lội quá, xe chở na không ra được"
CODE = "LS-2026-00001"


@pytest.mark.everywhere
async def test_a_voice_message_alone_is_heard_typed_and_put_right(lan: Player) -> None:
    await lan.send(files=[await lan.voice()])
    await lan.press("Đồng ý")
    await lan.press("18–22")
    card = await lan.send("xã Bắc Hùng, Văn Lãng")
    assert "🎧 1 tin thoại" in card
    assert ("0:03" in card) == (lan.messenger.name != "zalo")
    assert CODE in await lan.press("Gửi")
    boss = await make_staff(lan.town, Role.PROVINCE)
    await boss.send("/nghe")
    assert len([file for one in boss.screen.messages.values() for file in one.files]) == 1
    await boss.send("Đường vào thôn em lội quá")
    await boss.press("Lưu")
    assert "Đúng ý bạn chưa?" in lan.last
    if lan.messenger.abilities.buttons:
        await lan.press("Sửa lại")
    else:
        found = re.search(r"Sửa lại: gửi (\w\d)", lan.last)
        assert found
        await lan.send(found[1])
    assert "Đã sửa" in await lan.send(ROAD)
    assert ROAD in await lan.send(f"/cuatoi {CODE}")
    assert await stored(lan.town, "SELECT state FROM hearings") == [{"state": "corrected"}]
    assert await stored(lan.town, "SELECT count(digest) AS n FROM proposal_files") == [{"n": 1}]
