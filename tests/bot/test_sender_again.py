"""A sender that ends, starts anew or stands still: what was left goes out once, and what it had to heed it heeds still."""

from __future__ import annotations

import asyncio
from pathlib import Path

from structlog.testing import capture_logs

from bot.channel import Budget
from bot.errors import TooFastError
from bot.sender import Sender
from storage import claims
from storage.database import Result, Statement
from storage.migrate import migrate
from storage.outbox import Kind
from storage.sqlite import SqliteDatabase
from tests.bot.post import TEXTS, Line, Post, post
from tests.player import Moving


async def test_what_a_stopped_sender_left_is_sent_by_the_next(tmp_path: Path) -> None:
    clock = Moving()
    slow = Line(pause=0.05)
    async with post(tmp_path, slow, clock) as desk:
        await desk.say(await desk.chat("c1"), *"abcdef", cause="turn:1")
        await asyncio.sleep(0.12)
        await desk.sender.stop(0.02)
        await desk.say(await desk.chat("c2"), "late")
        assert not desk.sender.busy
        before = list(slow.sent)
    assert 0 < len(before) < 6
    again = Line()
    async with post(tmp_path, again, clock, boot="next") as desk:
        await desk.database.write([claims.void_leases()])
        await desk.settle()
        assert set(await desk.states()) == {"sent"}
    assert [*before, *(text for text in again.sent if text != "late")] == list("abcdef")
    assert "late" in again.sent


async def test_what_an_earlier_process_left_goes_out_by_itself(tmp_path: Path) -> None:
    line = Line()
    async with post(tmp_path, line) as desk:
        await desk.say(await desk.chat(), "a", hand=False)
        await desk.database.write([claims.void_leases()])
        running = asyncio.create_task(desk.sender.run())
        async with asyncio.timeout(20):
            await line.told.wait()
            await desk.sender.idle()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert line.sent == ["a"]


async def test_a_block_outlives_a_restart(tmp_path: Path) -> None:
    clock, line = Moving(), Line(budget=Budget(per_second=1000), troubles=[TooFastError(300), TooFastError(50)])
    async with post(tmp_path, line, clock) as desk:
        await desk.say(await desk.chat("c1"), "a")
        await desk.sender.idle()
    async with post(tmp_path, line, clock, boot="next") as desk:
        await desk.sender.restore()
        await desk.say(await desk.chat("c2"), "b")
        await desk.sender.idle()
        assert line.sent == []  # five minutes for one is a minute too much for all
        assert await desk.states() == ["new", "new"]
        clock.forward(minutes=6)
    async with post(tmp_path, line, clock, boot="third") as desk:
        await desk.sender.restore()
        line.troubles.clear()
        await desk.settle()
        assert sorted(line.sent) == ["a", "b"]


async def test_a_chat_that_must_wait_still_does_after_a_restart(tmp_path: Path) -> None:
    clock, line = Moving(), Line(troubles=[TooFastError(30)])
    async with post(tmp_path, line, clock) as desk:
        await desk.say(await desk.chat("c1"), "a")
        await desk.sender.idle()
    async with post(tmp_path, line, clock, boot="next") as desk:
        await desk.say(await desk.chat("c1"), "b")
        await desk.sender.claim()
        await desk.sender.idle()
        assert line.sent == []
        clock.forward(seconds=31)
        await desk.settle()
        assert line.sent == ["a", "b"]


async def test_a_budget_that_was_spent_is_spent_after_a_restart(tmp_path: Path) -> None:
    clock, line = Moving(), Line(budget=Budget(per_second=0.01, capacity=2))
    async with post(tmp_path, line, clock) as desk:
        for n in range(2):
            await desk.say(await desk.chat(f"c{n}"), f"{n}")
        await desk.sender.idle()
    async with post(tmp_path, line, clock, boot="next") as desk:
        await desk.sender.restore()
        await desk.say(await desk.chat("c3"), "late")
        await desk.sender.idle()
    assert line.sent == ["0", "1"]


class Stuck(SqliteDatabase):
    """A database that once does not answer."""

    is_stuck = True

    async def read(self, *statements: Statement) -> list[Result]:
        if self.is_stuck and "outbox" in statements[0].sql:
            self.is_stuck = False
            await asyncio.Event().wait()
        return await super().read(*statements)


async def test_a_sender_that_stands_still_says_so_and_goes_on(tmp_path: Path) -> None:
    line, clock, beats = Line(), Moving(), list[float]()
    database = await Stuck.open(tmp_path / "bot.db")
    await migrate(database, now=0)
    sender = Sender(database, {"line": line}, TEXTS, "boot", clock, beat=lambda: beats.append(1), still=0.1)
    desk = Post(database, line, clock, sender)
    with capture_logs() as logs:
        await desk.say(await desk.chat(), "a", kind=Kind.ALERT, hand=False)
        await database.write([claims.void_leases()])
        running = asyncio.create_task(sender.run())
        async with asyncio.timeout(20):
            await line.told.wait()
            await sender.idle()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await database.close()
    assert "the sender stood still" in {entry["event"] for entry in logs}
    assert beats
    assert line.sent == ["a"]
