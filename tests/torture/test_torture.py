"""Killed at any moment while many people talk and the line is bad: nothing is lost, nothing is there twice."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.telegram.faults import Kind
from tests.telegram.limits import Limits
from tests.telegram.methods import METHODS
from tests.telegram.server import StandIn
from tests.torture import judgement
from tests.torture.ground import Ground, on_postgres, on_sqlite
from tests.torture.news import News
from tests.torture.person import Habits, Person
from tests.torture.phases import Phase
from tests.torture.report import Figures, figures, total
from tests.torture.storm import Storm

KILLS = int(os.environ.get("KILLS", "30"))
LONG = KILLS >= 300
A_ROUND = 112  # kills at most: then the world begins anew
SETTLED = 180.0  # seconds: a file that could not be fetched is tried again after up to a minute
FETCHING = ("getfile", "file")  # a third as likely: a file that failed three times is tried again after a minute
FAULTS = {
    Kind.TOO_MANY: (0.004, 5.0),
    Kind.ERROR: (0.03, 0.0),
    Kind.GATEWAY: (0.02, 0.0),
    Kind.RESET_BEFORE: (0.03, 0.0),
    Kind.RESET_AFTER: (0.04, 0.0),
    Kind.DELAY: (0.03, 0.3),
    Kind.LATE: (0.03, 0.3),
    Kind.REDELIVERY: (0.1, 0.0),
}  # how likely, and for how many seconds

pytestmark = pytest.mark.crash


@dataclass(frozen=True)
class Round:
    """A storm over people who talk in a world that begins anew."""

    database: str
    mode: str
    kills: int
    people: int = 200 if LONG else 12
    listeners: int = 800 if LONG else 60
    thinks: float = 8.0 if LONG else 0.4

    def __str__(self) -> str:
        return f"{self.database} {self.mode} {self.kills}"


def rounds() -> list[Round]:
    """Two thirds of the kills on SQLite, one third on PostgreSQL, by polling and by webhook in turn."""
    shares = {"SQLite": KILLS - KILLS // 3, "PostgreSQL": KILLS // 3}
    made = []
    for first, (database, kills) in enumerate(shares.items()):
        count = -(-kills // A_ROUND)
        for n in range(count):
            mode = ("polling", "webhook")[(first + n) % 2]
            made.append(Round(database, mode, kills // count + (n < kills % count)))
    return made


@pytest.fixture(scope="module")
def done() -> Iterator[list[Figures]]:
    """The figures of all rounds; what came of them together is told at the end."""
    several: list[Figures] = []
    yield several
    if len(several) > 1:
        print(f"\n{total(several)}")


@pytest.mark.parametrize("one", rounds(), ids=str)
async def test_nothing_is_lost_or_doubled_whenever_the_bot_is_killed(
    one: Round, tmp_path: Path, request: pytest.FixtureRequest, done: list[Figures]
) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(request.getfixturevalue("postgres").new()) if one.database == "PostgreSQL" else ""
        seed = int(os.environ.get("SEED") or random.randrange(2**32))
        print(f"\n{one}: SEED={seed}")
        dice = random.Random(seed)
        async with bad_line(dice) as standin:
            ground = (
                on_postgres(tmp_path, standin, one.mode, url) if url else on_sqlite(tmp_path, standin, one.mode)
            )
            try:
                done.append(await weathered(one, ground, standin, dice, seed))
            finally:
                await ground.end()


async def weathered(one: Round, ground: Ground, standin: StandIn, dice: random.Random, seed: int) -> Figures:
    """One round from the first start to the judgement."""
    began, stop = time.monotonic(), asyncio.Event()
    news = News(ground.settings, ground.books)
    storm = Storm(ground, news, random.Random(dice.random()))
    people = [person(one, n, standin, random.Random(dice.random()), stop) for n in range(one.people)]
    repeating = asyncio.create_task(repeat_updates(standin, random.Random(dice.random())))
    try:
        async with asyncio.TaskGroup() as crowd:
            for somebody in people:
                crowd.create_task(somebody.live())
            await storm.begin(max(3, one.kills // 8))
            print(f"begun after {time.monotonic() - began:.0f} s")
            await news.gather(standin.world, one.listeners)
            await storm.rage(one.kills)
            stop.set()
            print(f"the last kill after {time.monotonic() - began:.0f} s")
        repeating.cancel()
        print(f"everybody has their answer after {time.monotonic() - began:.0f} s")
        await settled(ground, news)
        print(f"settled after {time.monotonic() - began:.0f} s")
        ends = await ground.stop()
    finally:
        repeating.cancel()
        print("\n".join(["the last kills:", *map(str, storm.trail[-12:])]))
    told = figures(str(one), storm, people, news, ground, standin, time.monotonic() - began)
    print(told)
    wrong = judgement.found(people, news, ground, standin)
    assert not wrong, "\n".join([f"SEED={seed}", *wrong])
    assert set(ends) == {0}
    assert [phase for phase in Phase if not storm.hits[phase]] == [], f"not hit; SEED={seed}"
    return told


def person(one: Round, number: int, standin: StandIn, dice: random.Random, stop: asyncio.Event) -> Person:
    """Every fifth presses twice now and then, every seventh what is over."""
    habits = Habits(one.thinks, 0.0 if number % 5 else 0.3, 0.0 if number % 7 else 0.3)
    return Person(standin.world, number, dice, stop, habits)


def bad_line(dice: random.Random) -> StandIn:
    standin = StandIn(limits=Limits(per_second=100, chat_burst=3, chat_per_second=2))
    for kind, (probability, seconds) in FAULTS.items():
        for method in (*METHODS, "file"):
            likely = probability / 3 if method in FETCHING else probability
            standin.faults.sometimes(kind, likely, method, seed=dice.randrange(2**32), seconds=seconds)
    return standin


async def repeat_updates(standin: StandIn, dice: random.Random) -> None:
    """Delivers something again now and then that was delivered before."""
    while True:
        await asyncio.sleep(dice.expovariate(1 / 0.3))
        updates = standin.world.updates
        if taken := [update for update in updates.made[-100:] if update not in updates.waiting]:
            standin.world.repeat(dice.choice(taken))


async def settled(ground: Ground, news: News) -> None:
    """Returns when nothing is left to be done, or nothing comes of waiting."""
    end = time.monotonic() + SETTLED
    while (ground.books.undone() or news.under_way()) and time.monotonic() < end:
        await asyncio.sleep(0.2)
