"""A stand-in on a free port, a client that calls it, and a person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.zalo.phone import Phone
from tests.zalo.server import StandIn


class Bot:
    """Calls methods over HTTP, as a bot does."""

    def __init__(self, standin: StandIn, session: ClientSession) -> None:
        self.standin = standin
        self.session = session

    def url(self, method: str) -> str:
        return f"{self.standin.url}/bot{self.standin.token}/{method}"

    async def answer(self, method: str, **given: Any) -> dict[str, Any]:
        """The whole answer, whose status is always 200."""
        async with self.session.post(self.url(method), json=given) as response:
            assert response.status == 200
            answer: dict[str, Any] = await response.json()
            return answer

    async def call(self, method: str, **given: Any) -> Any:
        """The result of a call that must succeed."""
        answer = await self.answer(method, **given)
        assert answer["ok"], answer
        return answer.get("result")

    async def code(self, method: str, **given: Any) -> int:
        """The code of a call that is refused."""
        answer = await self.answer(method, **given)
        assert not answer["ok"], answer
        return int(answer["error_code"])


@pytest.fixture
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn() as standin:
        yield standin


@pytest.fixture
async def bot(standin: StandIn) -> AsyncIterator[Bot]:
    async with ClientSession() as session:
        yield Bot(standin, session)


@pytest.fixture
def lan(standin: StandIn) -> Phone:
    """Somebody who has written to the bot; that event is already forgotten."""
    phone = Phone(standin.world, "lan", standin.url)
    phone.send("xin chào")
    standin.world.events.waiting.clear()
    return phone
