"""Faults on demand: what the bot sees of them, and what happened in truth."""

from __future__ import annotations

import time

import pytest
from aiohttp import ClientConnectionError

from tests.telegram.conftest import Bot
from tests.telegram.faults import Faults, Kind
from tests.telegram.phone import Phone
from tests.telegram.server import StandIn


async def test_a_500_and_a_502_have_no_effect(bot: Bot, standin: StandIn, lan: Phone) -> None:
    standin.faults.next("500", "sendMessage")
    assert await bot.refusal("sendMessage", chat_id=5, text="a") == "Internal Server Error"
    standin.faults.next("502", "sendMessage")
    async with bot.session.post(bot.url("sendMessage"), json={"chat_id": 5, "text": "a"}) as response:
        assert (response.status, response.content_type) == (502, "text/html")
    assert lan.messages == []
    await bot.say("a")
    assert standin.faults.struck == {("sendmessage", Kind.ERROR): 1, ("sendmessage", Kind.GATEWAY): 1}


async def test_a_429_asks_to_wait_some_seconds_and_has_no_effect(bot: Bot, standin: StandIn, lan: Phone) -> None:
    standin.faults.next("429", "sendMessage", times=20, seconds=5)
    answers = [await bot.answer("sendMessage", chat_id=5, text="a") for _ in range(20)]
    assert {answer["error_code"] for answer in answers} == {429}
    assert {answer["parameters"]["retry_after"] for answer in answers} == {1, 2, 3, 4, 5}
    assert lan.messages == []


@pytest.mark.parametrize(("kind", "arrived"), [("reset-before", 0), ("reset-after", 1)])
async def test_a_connection_breaks_before_or_after(
    bot: Bot, standin: StandIn, lan: Phone, kind: str, arrived: int
) -> None:
    standin.faults.next(kind)
    with pytest.raises((ClientConnectionError, ConnectionError)):
        await bot.say("a")
    assert len(lan.messages) == arrived
    await bot.say("b")
    assert lan.last.text == "b"


@pytest.mark.parametrize("kind", ["delay", "late"])
async def test_an_answer_takes_its_time(bot: Bot, standin: StandIn, lan: Phone, kind: str) -> None:
    standin.faults.next(kind, "sendmessage", seconds=1)
    begun = time.monotonic()
    await bot.call("getMe")
    assert time.monotonic() - begun < 1
    await bot.say("a")
    assert time.monotonic() - begun >= 1


async def test_a_confirmation_is_forgotten_once(bot: Bot, standin: StandIn, lan: Phone) -> None:
    lan.send("một")
    [update] = await bot.call("getUpdates")
    standin.faults.next(Kind.REDELIVERY)
    assert await bot.call("getUpdates", offset=update["update_id"] + 1) == [update]
    assert await bot.call("getUpdates", offset=update["update_id"] + 1) == []


def test_chance_is_the_same_for_the_same_seed() -> None:
    def plan(seed: int) -> list[bool]:
        faults = Faults()
        faults.sometimes("500", 0.3, "getMe", seed)
        return [faults.strike("getme") is not None for _ in range(200)]

    assert plan(1) == plan(1) != plan(2)
    assert 30 < sum(plan(1)) < 90


async def test_a_download_can_fail(bot: Bot, standin: StandIn, lan: Phone) -> None:
    lan.document("a.txt", b"abc", "text/plain")
    path = next(iter(standin.world.paths))
    standin.faults.next("reset-before", "file", times=2)  # the client itself tries a GET twice
    with pytest.raises((ClientConnectionError, ConnectionError)):
        async with bot.session.get(f"{standin.url}/file/bot{standin.token}/{path}"):
            pass
    async with bot.session.get(f"{standin.url}/file/bot{standin.token}/{path}") as response:
        assert await response.read() == b"abc"
