"""When the bot is killed: while it starts, while it takes up what was left, while it works, as soon as it spoke."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable

from tests.crash.books import Books
from tests.crash.process import START, BotProcess

KILLS = int(os.environ.get("KILLS", "30"))
SHARES = {"page": 1 / 6, "zalo": 1 / 10, "events": 1 / 10}  # of them, but
MOST = 50

Wait = Callable[[], Awaitable[None]]


def kills(way: str) -> int:
    """How often the bot is killed while people talk to it that way: "page", "zalo" or "events"."""
    return min(MOST, round(KILLS * SHARES[way]))


def seed() -> int:
    """What all that happens by chance begins with; SEED in the environment makes the same choices, if not at the same instants."""
    found = int(os.environ.get("SEED") or random.randrange(2**32))
    print(f"SEED={found}")
    return found


def chance() -> random.Random:
    return random.Random(seed())


async def at_once() -> None:
    """Where it is not known when the bot speaks."""


async def kill_and_start(
    bot: BotProcess, times: int, chance: random.Random, ready: Wait, spoke: Wait = at_once
) -> None:
    """Kills the bot at any moment and starts it again. It never ends by itself.

    Only what was cut off several times already is let end: the bot would take it for what ends the process.
    """
    books = Books(bot.database, bot.files)
    for _ in range(times):
        await moment(chance, ready, spoke)
        await unsuspected(books)
        assert await bot.end(signal.SIGKILL) == -signal.SIGKILL
        await bot.start()
    await ready()


async def unsuspected(books: Books) -> None:
    async with asyncio.timeout(START):
        while books.suspects():  # noqa: ASYNC110 another process works
            await asyncio.sleep(0.02)


async def moment(chance: random.Random, ready: Wait, spoke: Wait) -> None:
    """Returns when the bot shall be killed."""
    if chance.random() < 0.2:
        return await asyncio.sleep(chance.uniform(0, 0.8))
    await ready()
    await asyncio.sleep(chance.expovariate(1 / 0.4))
    for _ in range(chance.choice((0, 0, 1, 5, 10))):
        await spoke()
    return None
