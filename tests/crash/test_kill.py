"""Killed at any moment and started again: nothing is lost, nothing is there twice, every conversation goes on."""

from __future__ import annotations

import asyncio
import re
import signal
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.crash.books import Books, drained
from tests.crash.killing import chance, kill_and_start, kills
from tests.crash.process import BotProcess
from tests.crash.visitor import Visitor

PEOPLE = 10
CODE = re.compile(r"\b[A-Z]+-2026-\d{5}\b")

pytestmark = pytest.mark.crash


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[BotProcess]:
    process = BotProcess(tmp_path)
    yield process
    await process.end(signal.SIGKILL)


async def whole_conversation(url: str, number: str) -> Visitor:
    """Somebody new sends a first proposal and reads its code, and a second one."""
    visitor = Visitor(url)
    await visitor.open()
    await visitor.say(f"em muốn vay vốn mở quán số {number} thì hỏi ở đâu ạ")
    await visitor.press("Đồng ý")
    await visitor.press("18–22")
    await visitor.press("Bỏ qua")
    await visitor.press("Gửi")
    await visitor.until(lambda: len(codes(visitor)) == 1)
    await visitor.say(f"đường vào thôn {number} hỏng, xin sửa giúp")
    await visitor.until(lambda: "đường vào" in visitor.said("bot")[-1])
    await visitor.press("Gửi")
    await visitor.until(lambda: len(codes(visitor)) == 2)
    await visitor.close()
    return visitor


def codes(visitor: Visitor) -> list[str]:
    return [found[0] for said in visitor.said("bot") if (found := CODE.findall(said))]


async def people_come_and_go(url: str, n: int, stop: asyncio.Event) -> list[Visitor]:
    """One conversation after the other, each by somebody new, the last one to its end."""
    visitors: list[Visitor] = []
    while not stop.is_set():
        visitors.append(await whole_conversation(url, f"{n}.{len(visitors)}"))
    return visitors


async def test_nothing_is_lost_or_doubled_however_often_the_bot_is_killed(bot: BotProcess) -> None:
    dice, stop = chance(), asyncio.Event()
    await bot.start()
    people = [asyncio.create_task(people_come_and_go(bot.url, n, stop)) for n in range(PEOPLE)]
    try:
        await kill_and_start(bot, kills("page"), dice, bot.answers)
        stop.set()
        visitors = [visitor for found in await asyncio.gather(*people) for visitor in found]
    finally:
        for person in people:
            person.cancel()
        await asyncio.gather(*people, return_exceptions=True)
    await drained(Books(bot.database, bot.files))
    assert await bot.end(signal.SIGTERM) == 0
    check(visitors, bot.database)
    assert not {line.get("event") for line in bot.logged()} & {"a turn failed", "a channel failed"}
    print(len(visitors), "conversations")


def check(visitors: list[Visitor], database: Path) -> None:
    """What people saw and what the office has are the same, each once, and nothing is left undone."""
    for visitor in visitors:
        assert steps(visitor) == ["hello", "age", "place", "card", "code", "card", "code"], visitor.shown()
    sent = sorted(code for visitor in visitors for code in codes(visitor))
    with sqlite3.connect(database) as reading:
        proposals = reading.execute("SELECT code, text FROM proposals ORDER BY code").fetchall()
        undone = reading.execute(
            "SELECT 'inbox', status, count(*) FROM inbox WHERE status <> 'done' GROUP BY 2"
            " UNION ALL SELECT 'outbox', status, count(*) FROM outbox WHERE status NOT IN ('sent', 'replaced') GROUP BY 2"
        ).fetchall()
        [sound] = reading.execute("PRAGMA integrity_check").fetchone()
    reading.close()
    assert [code for code, _ in proposals] == sent
    assert [int(code[-5:]) for code in sent] == list(range(1, len(sent) + 1))
    assert len({text for _, text in proposals}) == len(proposals)
    assert undone == []
    assert sound == "ok"


def steps(visitor: Visitor) -> list[str]:
    """What the bot said, each by its step: where a step stands twice, a conversation did not stay where it was."""
    signs = {
        "code": CODE.pattern,
        "card": "Xem lại",
        "hello": "Bạn đồng ý chứ",
        "age": "bao nhiêu tuổi",
        "place": "ở xã",
    }
    return [next((step for step, sign in signs.items() if re.search(sign, said)), said) for said in visitor.said("bot")]
