"""An event over six weeks, minute by minute: made, moved twice, called off, made again, while nights and an outage pass."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.model import Reply, plain
from handlers.acts.rights import Role
from storage.database import Statement, micros, moment
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import come_in
from tests.messengers.memory import Messenger
from tests.player import Moving, Player, Town, town

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
GRID = timedelta(hours=1)
TITLE = "Đối thoại tháng Ba"
SIGNS = {
    "Nhắc bạn": "reminder",
    "có thay đổi": "moved",
    "đã huỷ": "cancelled",
    "Mời bạn": "invitation",
}  # what stands in a message that came by itself -> what it is


@dataclass
class Diary(Messenger):
    """A messenger that notes when what came to whom by itself."""

    clock: Moving = field(default_factory=Moving)
    heard: list[tuple[str, str, str, str]] = field(default_factory=list)

    def __init__(self, clock: Moving) -> None:
        super().__init__("buttons", buttons=True)
        self.clock, self.heard = clock, []

    async def send(self, chat: str, reply: Reply, *, key: str) -> str:
        text = plain(reply.text)
        what = next((what for sign, what in SIGNS.items() if sign in text), "")
        if what:
            where = next((line[2:] for line in text.splitlines() if line.startswith("📍")), "")
            self.heard.append((self.clock.now.astimezone(HERE).strftime("%d/%m %H:%M"), chat, what, where))
        return await super().send(chat, reply, key=key)


def at(text: str) -> datetime:
    """A day and an hour in Vietnam."""
    return datetime.strptime(f"2026/{text}", "%Y/%d/%m %H:%M").replace(tzinfo=HERE)


async def tick(here: Town) -> None:
    """Lets happen what is due now, and nothing of what is due later."""
    for _ in range(2):
        await here.bot.clock.take_jobs()
        await here.bot.clock.fan_out()
        await here.bot.engine.idle()
        await here.bot.sender.claim()
        await here.bot.sender.idle()


async def until(here: Town, when: str) -> None:
    """Lets the time pass, each hour and each minute at which something is due."""
    end = at(when)
    while here.clock.now < end:
        [rows] = await here.bot.database.read(
            Statement("SELECT min(due_at) AS due FROM reminders WHERE state = 'waiting' AND due_at > :now",
                      {"now": micros(here.clock.now)})
        )  # fmt: skip
        grid = micros(GRID + moment(0))
        full_hour = moment((micros(here.clock.now) // grid + 1) * grid)
        here.clock.now = min([end, full_hour, *([moment(rows[0]["due"])] if rows[0]["due"] else [])])
        await tick(here)


async def say(person: Player, *acts: str) -> None:
    """Writes, or presses what begins with ">", also at night, when nothing that is due can be waited for."""
    for act in acts:
        if act.startswith(">"):
            await person.press(act[1:], settle=False)
        else:
            await person.send(act, settle=False)
        await tick(person.town)


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Ho_Chi_Minh"])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the server believes that it stands."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    os.environ.pop("TZ", None)
    time.tzset()


async def test_everyone_is_told_at_the_right_minutes_and_never_twice(tmp_path: Path, server: str) -> None:
    clock = Moving()
    diary = Diary(clock)
    messengers = {"buttons": diary}
    async with town(tmp_path, clock, messengers=messengers) as here:
        lan, hoa, boss = here.person("lan"), here.person("hoa"), await make_staff(here, Role.PROVINCE)
        for one in (lan, hoa):
            await come_in(one)
            await one.press("Gửi")
        await say(boss, "/taosukien", TITLE, "25/3 8h30", ">Đúng", "Hội trường A", ">Công bố")
        await say(lan, ">Mình sẽ đến")
        await say(hoa, ">Có thể")
        await until(here, "10/03 09:00")
        await say(boss, "/suasukien 1", ">Thời gian", "27/3 14h", ">Đúng", ">Lưu và báo")
        await until(here, "19/03 22:00")
        await say(boss, "/suasukien 1", ">Nơi", "Hội trường B", ">Lưu và báo")
        await until(here, "21/03 10:00")
        await say(boss, "/suasukien 1", ">Thời gian", "30/3 8h", ">Đúng", ">Lưu và báo")
        await until(here, "22/03 12:00")
    clock.now = at("25/03 12:00")
    async with town(tmp_path, clock, messengers=messengers) as here:
        lan, hoa, boss = (Player(here, diary, one.chat, "vi", _ids=count(1000)) for one in (lan, hoa, boss))
        await until(here, "29/03 21:30")
        await say(boss, "/huysukien 1", ">Huỷ sự kiện")
        await until(here, "30/03 09:00")
        await say(boss, ">Làm lại", "10/4 14h", ">Đúng", ">Công bố")
        await say(lan, ">Mình sẽ đến")
        await until(here, "11/04 09:00")
        reminded = await figures(boss, 1)
        again = await figures(boss, 2)
    assert for_one(diary, "lan") == [
        ("02/03 10:00", "invitation", "Hội trường A"),
        ("10/03 09:00", "moved", "Hội trường A"),
        ("20/03 07:00", "moved", "Hội trường B"),
        ("20/03 14:00", "reminder", "Hội trường B"),
        ("21/03 10:00", "moved", "Hội trường B"),
        ("29/03 08:00", "reminder", "Hội trường B"),
        ("29/03 20:30", "reminder", "Hội trường B"),
        ("30/03 07:00", "cancelled", ""),
        ("30/03 09:00", "invitation", "Hội trường B"),
        ("03/04 14:00", "reminder", "Hội trường B"),
        ("09/04 14:00", "reminder", "Hội trường B"),
        ("10/04 12:00", "reminder", "Hội trường B"),
    ]
    assert for_one(diary, "hoa") == for_one(diary, "lan")[:9]
    assert "Trước 7 ngày: đã gửi 2, bấm 0, chờ 0, lỡ 2" in reminded
    assert "lỡ vì quá giờ nhắc (máy chủ nghỉ hoặc gửi không kịp): 2" in reminded
    assert "Trước 1 ngày: đã gửi 2, bấm 0, chờ 0, lỡ 0" in reminded
    assert "Trước 2 giờ: đã gửi 2, bấm 0, chờ 0, lỡ 0" in reminded
    assert again.count("đã gửi 1, bấm 0, chờ 0, lỡ 0") == 3


def for_one(diary: Diary, chat: str) -> list[tuple[str, str, str]]:
    return [(when, what, where) for when, to, what, where in diary.heard if to == chat]


async def figures(boss: Player, event: int) -> str:
    await boss.send(f"/sukienql {event} reminders", settle=False)
    await tick(boss.town)
    return boss.last
