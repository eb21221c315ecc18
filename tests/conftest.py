"""What tests share: a bot in a folder of its own, and a person on each messenger."""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.messengers import telegram, zalo
from tests.messengers.client import Join
from tests.messengers.console import console
from tests.messengers.memory import Messenger
from tests.messengers.web import web
from tests.player import Player, Town, town
from tests.postgres import Databases, Reused, databases

EVERYWHERE: dict[str, Join] = {
    "console": console,
    "web": web,
    "telegram polling": telegram.polling,
    "telegram webhook": telegram.by_webhook,
    "zalo polling": zalo.polling,
    "zalo webhook": zalo.by_webhook,
}
ON_POSTGRES = "console on postgres"
HERE = "console"
ALL = bool(os.environ.get("EVERYWHERE"))  # every script on everything, not only the one of each feature


def pytest_collection_finish() -> None:
    """Takes what is loaded by now out of the rounds of the garbage collector, which would look at all of it each time."""
    gc.collect()
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "where" in metafunc.fixturenames:
        everywhere = ALL or metafunc.definition.get_closest_marker("everywhere")
        metafunc.parametrize("where", [*EVERYWHERE, ON_POSTGRES] if everywhere else [HERE], indirect=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    """Databases on a server of PostgreSQL."""
    with databases() as found:
        yield found


@pytest.fixture(scope="session")
def reused(postgres: Databases) -> Iterator[Reused]:
    """The database that all tests use in turn."""
    with postgres.new() as url:
        yield Reused(url)


@pytest.fixture
def postgres_url(reused: Reused) -> str:
    """The address of a database on PostgreSQL with the whole schema and no rows."""
    reused.empty()
    return reused.url


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Town]:
    """A running bot."""
    async with town(tmp_path) as running:
        yield running


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Join, str]:
    """A messenger and the address of a database: each on a file, and one on the other kind of database."""
    messenger, _, other = request.param.partition(" on ")
    url = request.getfixturevalue("postgres_url") if other else f"sqlite:///{tmp_path / 'bot.db'}"
    return EVERYWHERE[messenger], url


@pytest.fixture
async def lan(where: tuple[Join, str], tmp_path: Path) -> AsyncIterator[Player]:
    """A young person at a terminal, or once on each messenger, through its real channel. Others write beside it."""
    join, url = where
    beside = {"buttons": Messenger("buttons", buttons=True)}
    async with town(tmp_path, join=join, beside=beside, BOT_DATABASE__URL=url) as here:
        await here.settle()
        yield here.person("lan", next(iter(here.messengers)))
