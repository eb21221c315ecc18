"""What tests share: a bot in a folder of its own, and a person on each messenger."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.messengers import telegram, zalo
from tests.messengers.client import Join
from tests.messengers.console import console
from tests.messengers.web import web
from tests.player import Player, Town, town

EVERYWHERE: dict[str, Join] = {
    "console": console,
    "web": web,
    "telegram polling": telegram.polling,
    "telegram webhook": telegram.by_webhook,
    "zalo polling": zalo.polling,
    "zalo webhook": zalo.by_webhook,
}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Town]:
    """A running bot."""
    async with town(tmp_path) as running:
        yield running


@pytest.fixture(params=EVERYWHERE)
async def lan(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Player]:
    """A young person, once on each messenger, through its real channel."""
    async with town(tmp_path, join=EVERYWHERE[request.param]) as here:
        [messenger] = here.messengers
        await here.settle()
        yield here.person("lan", messenger)
