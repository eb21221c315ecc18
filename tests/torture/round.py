"""One storm over people who talk in a world of their own, from the first start to the judgement."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass

from tests.telegram.server import StandIn
from tests.torture import judgement
from tests.torture.ground import Ground
from tests.torture.line import repeat_updates
from tests.torture.news import News
from tests.torture.person import Habits, Person
from tests.torture.report import Figures, figures
from tests.torture.storm import Storm

MOST = 170  # kills in one world: it grows with each
SETTLED = 180.0  # seconds: a file that could not be fetched is tried again after up to a minute
TRAIL = 20  # kills that are told where something is wrong


@dataclass(frozen=True)
class Crowd:
    """How many talk, how many only listen, how many seconds those who talk think, and whether their files may fail."""

    people: int
    listeners: int
    thinks: float
    files_fail: bool


MANY = Crowd(200, 800, 8.0, files_fail=True)
FEW = Crowd(10, 60, 0.8, files_fail=False)  # one that failed three times would be waited for a minute


@dataclass(frozen=True)
class Round:
    """What is to be done."""

    database: str
    mode: str
    kills: int
    crowd: Crowd

    def __str__(self) -> str:
        return f"{self.database} {self.mode} {self.kills}"


def rounds(kills: int, crowd: Crowd) -> list[Round]:
    """Two thirds of the kills on SQLite, one third on PostgreSQL, by polling and by webhook in turn."""
    shares = {"SQLite": kills - kills // 3, "PostgreSQL": kills // 3}
    made = []
    for first, (database, share) in enumerate(shares.items()):
        count = -(-share // MOST)
        for n in range(count):
            mode = ("polling", "webhook")[(first + n) % 2]
            made.append(Round(database, mode, share // count + (n < share % count), crowd))
    return made


async def weathered(one: Round, ground: Ground, standin: StandIn, dice: random.Random) -> tuple[Figures, list[str]]:
    """What happened, and everything that is not as it must be. Raises ExceptionGroup where somebody got no answer."""
    began, stop = time.monotonic(), asyncio.Event()
    news = News(ground.settings, ground.books)
    storm = Storm(ground, news, random.Random(dice.random()))
    people = [person(one, n, standin, random.Random(dice.random()), stop) for n in range(one.crowd.people)]
    repeating = asyncio.create_task(repeat_updates(standin, random.Random(dice.random())))
    try:
        async with asyncio.TaskGroup() as crowd:
            for somebody in people:
                crowd.create_task(somebody.live())
            await storm.begin(max(3, one.kills // 8))
            await news.gather(standin.world, one.crowd.listeners)
            await storm.rage(one.kills)
            stop.set()
        repeating.cancel()
        await settled(ground, news)
        ends = await ground.stop()
    finally:
        repeating.cancel()
        print("\n".join(["the last kills:", *map(str, storm.trail[-TRAIL:])]))
    told = figures(str(one), storm, people, news, ground, standin, time.monotonic() - began)
    wrong = [f"a process ended with {code}" for code in ends if code]
    return told, [*wrong, *judgement.found(people, news, ground, standin)]


def person(one: Round, number: int, standin: StandIn, dice: random.Random, stop: asyncio.Event) -> Person:
    """Every fifth presses twice now and then, every seventh what is over."""
    habits = Habits(one.crowd.thinks, 0.0 if number % 5 else 0.3, 0.0 if number % 7 else 0.3)
    return Person(standin.world, number, dice, stop, habits)


async def settled(ground: Ground, news: News) -> None:
    """Returns when nothing is left to be done, or nothing comes of waiting."""
    end = time.monotonic() + SETTLED
    while (ground.books.undone() or news.under_way()) and time.monotonic() < end:  # noqa: ASYNC110 another process works
        await asyncio.sleep(0.2)
