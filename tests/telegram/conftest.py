"""A stand-in on a free port, a client that calls it, and a person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession

from tests.telegram.phone import Phone
from tests.telegram.server import StandIn


class Bot:
    """Calls methods over HTTP, as a bot does."""

    def __init__(self, standin: StandIn, session: ClientSession) -> None:
        self.standin = standin
        self.session = session

    def url(self, method: str) -> str:
        return f"{self.standin.url}/bot{self.standin.token}/{method}"

    async def answer(self, method: str, **given: Any) -> dict[str, Any]:
        """The whole answer."""
        async with self.session.post(self.url(method), json=given) as response:
            return await whole(response)

    async def call(self, method: str, **given: Any) -> Any:
        """The result of a call that must succeed."""
        answer = await self.answer(method, **given)
        assert answer["ok"], answer
        return answer["result"]

    async def refusal(self, method: str, **given: Any) -> str:
        """Why a call is refused, without "Bad Request: "."""
        answer = await self.answer(method, **given)
        assert not answer["ok"], answer
        return str(answer["description"]).removeprefix("Bad Request: ")

    async def say(self, text: str, *labels: str, chat_id: int = 5, **more: Any) -> dict[str, Any]:
        """A message with a row of buttons, each with its label as data."""
        if labels:
            row = [{"text": label, "callback_data": label} for label in labels]
            more["reply_markup"] = {"inline_keyboard": [row]}
        message: dict[str, Any] = await self.call("sendMessage", chat_id=chat_id, text=text, **more)
        return message


async def whole(response: ClientResponse) -> dict[str, Any]:
    answer: dict[str, Any] = await response.json()
    assert answer["ok"] or answer["error_code"] == response.status
    return answer


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
    """Somebody who has started the bot; that update is already forgotten."""
    phone = Phone(standin.world, 5)
    phone.start()
    standin.world.updates.drop()
    return phone
