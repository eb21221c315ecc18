"""Killed at any moment while a broadcast goes out on Telegram and the line is bad: nobody is missed, nobody gets it twice."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.model import Phrase
from bot.outgoing import Bundle, body
from bot.preparation import open_database, prepare
from bot.turn import Said
from storage import broadcasts
from storage.audiences import Audience
from storage.broadcasts import New
from storage.database import Statement
from storage.outbox import Kind
from tests.crash.killing import chance, kills
from tests.crash.process import START as PATIENCE
from tests.crash.process import BotProcess
from tests.crash.test_kill_events import awake_pack
from tests.player import START, settings_in
from tests.telegram.server import StandIn
from tests.torture.line import bad_line

FIRST = 7_410_550_001
RATE = 90  # messages a second
DONE = 120.0  # seconds
NEWS = "Thứ bảy này có buổi nói chuyện về vay vốn, mời các bạn tới dự nhé."

pytestmark = pytest.mark.crash


@dataclass(frozen=True)
class Row:
    """What the bot knows of one person's copy."""

    chat: int
    status: str


async def test_of_a_broadcast_nobody_is_missed_and_nobody_gets_it_twice(tmp_path: Path) -> None:
    dice, times = chance(), kills("broadcast")
    people = [FIRST + n for n in range(100 + RATE * times // 2)]
    await begun(tmp_path, people)
    async with bad_line(dice, files_fail=False) as standin:
        for one in people:
            standin.world.person(one).started = True
        bot = BotProcess(tmp_path, settings(standin, awake_pack(tmp_path)))
        try:
            await bot.start()
            for _ in range(times):
                await taken_up(standin)
                await asyncio.sleep(dice.uniform(0, 1.2))
                assert await bot.end(signal.SIGKILL) == -signal.SIGKILL
                await bot.start()
            await taken_up(standin)
            await done(bot.database)
            assert await bot.end(signal.SIGTERM) == 0
        finally:
            await bot.end(signal.SIGKILL)
        heard = {one: received(standin, one) for one in people}
    rows = copies(bot.database)
    print(times, "kills,", len(people), "people,", dict(Counter(row.status for row in rows)))
    assert sorted(row.chat for row in rows) == people, "each has one copy, and nobody is left out"
    assert {row.status for row in rows} <= {"sent", "unsure"}
    assert max(heard.values()) == 1, "nobody twice"
    assert [row.chat for row in rows if row.status == "sent" and not heard[row.chat]] == []


async def begun(folder: Path, people: list[int]) -> None:
    """The database of a bot that all of these people know, with a broadcast to them that is due."""
    made = settings_in(folder)
    database = await open_database(made)
    try:
        await prepare(database, made, START)
        await database.write(
            [
                statement
                for one in people
                for statement in (
                    Statement(
                        "INSERT INTO people (id, created_at, age_band, age_told_at) VALUES (:id, 0, '18-22', 0)",
                        {"id": one},
                    ),
                    Statement(
                        "INSERT INTO addresses (channel, chat, person_id, language, last_written_at, created_at)"
                        " VALUES ('telegram', :chat, :id, 'vi', 0, 0)",
                        {"id": one, "chat": str(one)},
                    ),
                )
            ]
        )
        bodies = {"vi": body(Bundle([Said(Phrase("card.text", {"text": NEWS}))]))}
        async with database.transaction() as tx:
            await broadcasts.add(tx, New(Kind.BROADCAST, bodies, Audience(), 0, None), 0)
    finally:
        await database.close()


def settings(standin: StandIn, pack: Path) -> dict[str, str]:
    """A bot on Telegram alone that is never quiet: the clock of the process is the real one."""
    return {
        "BOT_WEB__ENABLED": "false",
        "BOT_TELEGRAM__TOKEN": standin.token,
        "BOT_TELEGRAM__API_BASE": standin.url,
        "BOT_TELEGRAM__MESSAGES_PER_SECOND": str(RATE),
        "BOT_PACK__PATH": str(pack),
    }


async def taken_up(standin: StandIn) -> None:
    """Returns when a bot that has just been started takes updates in."""
    before = standin.world.calls["getme"]
    async with asyncio.timeout(PATIENCE):
        while standin.world.calls["getme"] == before:  # noqa: ASYNC110 another process calls
            await asyncio.sleep(0.01)


def received(standin: StandIn, person: int) -> int:
    """How often the text arrived at somebody."""
    chat = standin.world.chats.get(person)
    return sum(message.by_bot and message.html == NEWS for message in chat.messages.values()) if chat else 0


async def done(database: Path) -> None:
    """Returns when the broadcast is over."""
    end = time.monotonic() + DONE
    while asked(database, "SELECT status FROM broadcasts") != [("done",)]:
        assert time.monotonic() < end, "it does not come to its end"
        await asyncio.sleep(0.2)


def copies(database: Path) -> list[Row]:
    found = asked(database, "SELECT a.chat, o.status FROM outbox o JOIN addresses a ON a.id = o.address_id")
    return [Row(int(str(chat)), str(status)) for chat, status in found]


def asked(database: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as reading:
        return reading.execute(sql).fetchall()
