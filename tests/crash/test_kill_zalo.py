"""Killed at any moment while people talk on Zalo by webhook: nothing is lost, nothing is there twice.

By polling Zalo gives each event once and forgets it, so one that was given to a process which is killed the same moment is
lost whatever we do. That is why a webhook is what is recommended.
"""

from __future__ import annotations

import asyncio
import random
import re
import signal
from pathlib import Path

import pytest

from tests.crash.books import DRAINED, Books, drained
from tests.crash.killing import chance, kill_and_start, kills
from tests.crash.process import START, BotProcess
from tests.processes import free_port
from tests.zalo.faults import Kind
from tests.zalo.phone import Phone
from tests.zalo.server import StandIn

PEOPLE = 10
PATIENCE = 60.0
PUBLIC = "https://bot.example.org"
CODE = re.compile(r"\bLS-2026-\d{5}\b")
ANSWERS = {
    "Bạn đồng ý chứ": "1",
    "bao nhiêu tuổi": "2",
    "ở xã, phường nào": "bỏ qua",
    "gửi lại nội dung mới": "0",
    "Bạn muốn đổi gì": "0",
}  # what a message asks -> what is answered
FAULTS = {Kind.INTERNAL: 0.03, Kind.FIREWALL: 0.02, Kind.GATEWAY: 0.02, Kind.RESET_BEFORE: 0.03, Kind.RESET_AFTER: 0.04}

pytestmark = pytest.mark.crash


class Talker:
    """Somebody who answers whatever the newest message asks, and writes something new when nothing is open."""

    def __init__(self, standin: StandIn, number: int, dice: random.Random, stop: asyncio.Event) -> None:
        self.phone = Phone(standin.world, f"person {number}", standin.url)
        self.written: list[str] = []
        self._dice = dice
        self._stop = stop
        self._read = 0

    @property
    def codes(self) -> list[str]:
        return list(dict.fromkeys(code for one in self.phone.messages for code in CODE.findall(one.text)))

    async def live(self) -> None:
        self.write()
        while True:
            newest = await self.newest()
            await asyncio.sleep(self._dice.expovariate(1 / 0.05))
            if "✅ Gửi" in newest and "chưa có nội dung" not in newest:
                self.phone.send("1")
            elif "Đã gửi" in newest or "chưa có nội dung" in newest:
                if self._stop.is_set():
                    return
                self.write()
            elif answer := next((said for asked, said in ANSWERS.items() if asked in newest), ""):
                self.phone.send(answer)
            elif self._dice.random() < 0.5:
                self.phone.send("góp ý")

    def write(self) -> None:
        self.written.append(f"em muốn hỏi việc số {len(self.written)} của {self.phone.name}")
        self.phone.send(self.written[-1])

    async def newest(self) -> str:
        """The newest message, once there is one that was not read."""
        await self.phone.until(lambda phone: len(phone.messages) > self._read, PATIENCE)
        self._read = len(self.phone.messages)
        return self.phone.last.text


async def test_nothing_is_lost_or_doubled_on_zalo(tmp_path: Path) -> None:
    dice, port, stop = chance(), free_port(), asyncio.Event()
    async with StandIn(ways={PUBLIC: f"http://127.0.0.1:{port}"}) as standin:
        for kind, likely in FAULTS.items():
            standin.faults.sometimes(kind, likely, "sendMessage", seed=dice.randrange(2**32))
        bot = BotProcess(tmp_path, settings(standin, port))
        books = Books(bot.database, bot.files)
        talkers = [Talker(standin, n, random.Random(dice.random()), stop) for n in range(PEOPLE)]
        try:
            await bot.start()
            async with asyncio.TaskGroup() as people:
                for talker in talkers:
                    people.create_task(talker.live())
                await kill_and_start(bot, kills("zalo"), dice, lambda: taken_up(standin), standin.world.changed)
                stop.set()
            await standin.world.events.emptied(DRAINED)
            await drained(books)
            assert await bot.end(signal.SIGTERM) == 0
        finally:
            await bot.end(signal.SIGKILL)
    check(talkers, books)
    logged = bot.log.read_text("utf-8", "replace")
    assert not [private for private in ("việc số", "person ", standin.token) if private in logged]
    print(sum(len(talker.codes) for talker in talkers), "proposals")


def settings(standin: StandIn, port: int) -> dict[str, str]:
    return {
        "BOT_WEB__ENABLED": "false",
        "BOT_ZALO__TOKEN": standin.token,
        "BOT_ZALO__API_BASE": standin.url,
        "BOT_ZALO__MODE": "webhook",
        "BOT_ZALO__MESSAGES_PER_SECOND": "0",
        "BOT_ZALO__PER_CHAT_SECONDS": "0",
        "BOT_ZALO__WEBHOOK_URL": f"{PUBLIC}/zalo",
        "BOT_ZALO__WEBHOOK_LISTEN": f"127.0.0.1:{port}",
        "BOT_ZALO__WEBHOOK_SECRET": "a-secret-of-the-webhook",
    }


async def taken_up(standin: StandIn) -> None:
    """Returns when a bot that has just been started takes events in."""
    before = standin.world.calls["setWebhook"]
    async with asyncio.timeout(START):
        while standin.world.calls["setWebhook"] == before:  # noqa: ASYNC110 another process calls
            await asyncio.sleep(0.01)


def check(talkers: list[Talker], books: Books) -> None:
    """What people wrote is in one proposal or draft, once, and each code that the office has was told."""
    assert books.undone() == []
    assert books.sound()
    proposals, drafts = books.proposals(), books.drafts()
    assert list(proposals) == [f"LS-2026-{n:05d}" for n in range(1, len(proposals) + 1)]
    for talker in talkers:
        mine = {code: stored.text for code, stored in proposals.items() if stored.chat == talker.phone.chat}
        assert list(mine) == talker.codes
        kept = [*(text for text in mine.values()), *drafts.get(talker.phone.chat, [])]
        lines = [line for text in kept for line in text.splitlines() if "việc số" in line]
        assert sorted(lines) == sorted(talker.written)
        assert not any("Mã lỗi" in message.text for message in talker.phone.messages)
