"""Staff write to many people: the card, whom it reaches, now or at a time, and what can be done on the way."""

from __future__ import annotations

import csv

import pytest

from handlers.acts import staff
from handlers.acts.rights import Role
from tests.handlers.staff.test_staff import NAUGHTY, make_staff
from tests.handlers.youth.test_propose import come_in, stored
from tests.player import Player, Town

NEWS = "Thứ bảy này có buổi nói chuyện về vay vốn, mời các bạn tới dự nhé."
STATUS = "SELECT status FROM broadcasts ORDER BY id"


async def youth(place: Town, *names: str, channel: str = "buttons") -> list[Player]:
    """People who take part."""
    people = [place.person(name, channel) for name in names]
    for one in people:
        await come_in(one)
        await one.press("Bỏ")
    return people


async def write(boss: Player, text: str = NEWS) -> None:
    """Writes a broadcast to everybody, up to the question whether to send it."""
    await boss.send("/thongbao")
    await boss.press("Viết thông báo mới")
    await boss.send(text)
    await boss.press("Người nhận")
    await boss.press("Tất cả mọi người")
    await boss.press("Tiếp tục để gửi")


async def test_a_broadcast_from_the_first_word_to_the_report(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    code = await staff.invite(lan.town.bot.database, Role.PROVINCE, lan.town.clock())
    await lan.send(f"/nhanma {code}")
    await write(lan)
    assert "Số người nhận lúc này: 1" in lan.last
    assert "chưa đến một phút" in lan.last
    before = len(lan.screen.messages)
    await lan.press("Gửi ngay")
    got = [message.text for message in list(lan.screen.messages.values())[before:]]
    assert [text.startswith(NEWS) for text in got].count(True) == 1
    assert "Đã gửi: 1" in lan.shown()
    assert "1/1" in lan.shown()
    assert await stored(lan.town, STATUS) == [{"status": "done"}]
    await lan.send("/lammoi")
    await lan.press("Báo cáo CSV")
    [file] = lan.screen.last.files
    rows = list(csv.reader(file.path.read_text("utf-8-sig").splitlines()))
    assert rows[0][3:6] == ["Địa bàn", "Kênh", "Đã gửi"]
    assert rows[-1][3:6] == ["Tổng cộng", "", "1"]


async def test_it_goes_to_each_once_and_shows_its_progress_in_one_message(place: Town) -> None:
    people = await youth(place, "lan", "hoa")
    boss = await make_staff(place, Role.PROVINCE)
    await write(boss)
    shown = len(boss.screen.messages)
    await boss.press("Gửi ngay")
    for one in people:
        assert [message.text.startswith(NEWS) for message in one.screen.messages.values()].count(True) == 1
        assert "/caidat" in one.last
    assert "Đã gửi: 2" in boss.last
    assert "đã gửi xong" in boss.last
    assert len(boss.screen.messages) == shown + 2, "that it begins, and one message that changes"
