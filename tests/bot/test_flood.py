"""Somebody who writes too much at once: read at a pace, nothing lost, nobody else the slower for it."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.model import Message
from bot.turn import Turn
from storage.database import Statement
from tests.bot.test_engine import command
from tests.messengers.client import PATIENCE
from tests.player import Moving, Town, town

SLOWLY = "đọc lần lượt"
FLOOD = 1000


class Wall(Moving):
    """The real time."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


def flood(chat: str, count: int) -> list[Message]:
    return [Message("buttons", chat, f"{chat}:{n}", f"em muốn hỏi điều thứ {n} về vay vốn") for n in range(count)]


async def come_to(place: Town, **wanted: int) -> dict[str, int]:
    """The counts once they are as wanted, or whatever they are after a while; then they stay that way."""
    async with asyncio.timeout(PATIENCE):
        while await counts(place) != wanted:  # noqa: ASYNC110 the database says it
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.3)
    return await counts(place)


async def counts(place: Town) -> dict[str, int]:
    [rows] = await place.bot.database.read(Statement("SELECT status, count(*) AS n FROM inbox GROUP BY status"))
    return {row["status"]: row["n"] for row in rows}


async def test_a_person_over_the_pace_gets_one_friendly_line_and_loses_nothing(tmp_path: Path) -> None:
    clock = Moving()
    async with town(tmp_path, clock, BOT_INBOX__MESSAGES_PER_MINUTE="20") as place:
        lan = place.person("lan")
        await place.bot.engine.receive(flood("lan", 30))
        assert await come_to(place, done=20, new=10) == {"done": 20, "new": 10}
        await place.bot.sender.idle()
        assert lan.shown().count(SLOWLY) == 1
        clock.forward(seconds=15)  # five more are due
        assert await come_to(place, done=25, new=5) == {"done": 25, "new": 5}
        clock.forward(seconds=60)
        await place.settle()
        assert await counts(place) == {"done": 30}
        assert lan.shown().count(SLOWLY) == 1


async def test_a_restart_does_not_make_anybody_read_faster(tmp_path: Path) -> None:
    clock = Moving()
    async with town(tmp_path, clock, BOT_INBOX__MESSAGES_PER_MINUTE="20") as place:
        await place.bot.engine.receive(flood("lan", 25))
        await come_to(place, done=20, new=5)
    async with town(tmp_path, clock, messengers=place.messengers, BOT_INBOX__MESSAGES_PER_MINUTE="20") as place:
        await asyncio.sleep(0.3)
        assert await counts(place) == {"done": 20, "new": 5}
        clock.forward(minutes=2)
        await place.settle()
        assert await counts(place) == {"done": 25}


async def test_who_writes_as_people_do_waits_for_nothing(tmp_path: Path) -> None:
    clock = Moving()
    async with town(tmp_path, clock, BOT_INBOX__MESSAGES_PER_MINUTE="20") as place:
        lan = place.person("lan")
        for n in range(40):
            clock.forward(seconds=3)
            await lan.send(f"em muốn hỏi điều thứ {n} về vay vốn")
        assert await counts(place) == {"done": 40}
        assert SLOWLY not in lan.shown()


async def test_a_repeat_counts_for_nothing(tmp_path: Path) -> None:
    async with town(tmp_path, BOT_INBOX__MESSAGES_PER_MINUTE="20") as place:
        for _ in range(10):
            await place.bot.engine.receive(flood("lan", 10))
        await place.settle()
        assert await counts(place) == {"done": 10}


async def answer_times(place: Town, people: int) -> list[float]:
    """Seconds until each of some people is answered, one after the other."""
    times = []
    for n in range(people):
        person = place.person(f"someone {n}")
        begun = time.perf_counter()
        await person.send("chào", settle=False)
        while not person.screen.messages:  # noqa: ASYNC110 nothing tells of a first message
            await asyncio.sleep(0.0005)
        times.append(time.perf_counter() - begun)
    return sorted(times)


async def test_others_are_answered_as_soon_while_somebody_sends_a_thousand_messages(tmp_path: Path) -> None:
    """What is compared is one run with another on the same machine: the flood may cost nobody half a second."""
    async with town(tmp_path, Wall(), BOT_INBOX__MESSAGES_PER_MINUTE="20") as place:
        idle = await answer_times(place, 20)
    async with town(tmp_path / "again", Wall(), BOT_INBOX__MESSAGES_PER_MINUTE="20") as place:
        flooding = asyncio.create_task(place.bot.engine.receive(flood("lan", FLOOD)))
        busy = await answer_times(place, 20)
        await flooding
        assert (await counts(place))["new"] == FLOOD - 20
    assert busy[len(busy) // 2] < idle[len(idle) // 2] + 0.5


async def test_a_slow_turn_holds_up_nobody_else(tmp_path: Path) -> None:
    free = asyncio.Event()

    async def show(turn: Turn) -> None:
        if turn.where.chat == "slow":
            await free.wait()
        turn.say("help.text")

    async with town(tmp_path, features=command(show)) as place:
        slow, quick = place.person("slow"), place.person("quick")
        await slow.send("một", settle=False)
        await quick.send("hai", settle=False)
        async with asyncio.timeout(20):
            while not quick.screen.messages:  # noqa: ASYNC110 nothing tells of a first message
                await asyncio.sleep(0.005)
        assert not slow.screen.messages
        free.set()
        await place.settle()
        assert slow.screen.messages
