"""The webhook: what is posted, in which order, and how often."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from tests.telegram.conftest import Bot
from tests.telegram.phone import Phone
from tests.telegram.server import StandIn


@dataclass
class Hook:
    """Where the bot listens: answers with a status after a while, and notes what came."""

    url: str = ""
    status: int = 200
    seconds: float = 0.0
    came: list[dict[str, Any]] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    at_once: int = 0
    most_at_once: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.BaseRequest) -> web.Response:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""))
        self.came.append(await request.json())
        self.news.set()
        await asyncio.sleep(self.seconds)
        self.at_once -= 1
        return web.Response(status=self.status)

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.came]

    async def until(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.came) < count:
                self.news.clear()
                await self.news.wait()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    runner = web.ServerRunner(web.Server(hook.take))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = "http://{}:{}/hook".format(*runner.addresses[0][:2])
    yield hook
    await runner.cleanup()


async def test_what_waits_is_posted_with_the_secret(bot: Bot, standin: StandIn, lan: Phone, hook: Hook) -> None:
    lan.send("trước")
    await bot.call("setWebhook", url=hook.url, secret_token="abc_1-2")
    await standin.world.updates.emptied()
    lan.send("sau")
    await standin.world.updates.emptied()
    assert hook.texts == ["trước", "sau"]
    assert hook.secrets == {"abc_1-2"}
    info = await bot.call("getWebhookInfo")
    assert (info["url"], info["pending_update_count"], info["max_connections"]) == (hook.url, 0, 40)
    assert "last_error_message" not in info


async def test_an_update_is_posted_until_it_is_taken(bot: Bot, standin: StandIn, lan: Phone, hook: Hook) -> None:
    hook.status = 500
    await bot.call("setWebhook", url=hook.url)
    lan.send("một")
    lan.send("hai")
    await hook.until(3)
    info = await bot.call("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert (info["pending_update_count"], info["last_error_date"] > 0) == (2, True)
    hook.status = 202
    await standin.world.updates.emptied()
    assert hook.texts[-1] == "hai"
    assert hook.texts.count("hai") == 1


async def test_one_chat_stays_in_order_and_many_go_side_by_side(bot: Bot, standin: StandIn, hook: Hook) -> None:
    hook.seconds = 0.01
    await bot.call("setWebhook", url=hook.url, max_connections=3)
    phones = [Phone(standin.world, 10 + n) for n in range(6)]
    for number in range(5):
        for phone in phones:
            phone.send(str(number))
    await standin.world.updates.emptied()
    for phone in phones:
        own = [update["message"]["text"] for update in hook.came if update["message"]["chat"]["id"] == phone.person.id]
        assert own == ["0", "1", "2", "3", "4"]
    assert hook.most_at_once == 3


async def test_what_was_not_taken_waits_for_the_next_webhook(
    bot: Bot, standin: StandIn, lan: Phone, hook: Hook
) -> None:
    await bot.call("setWebhook", url="http://127.0.0.1:9/nobody")
    lan.send("một")
    await asyncio.sleep(0.1)
    assert (await bot.call("getWebhookInfo"))["last_error_message"] == "Connection refused"
    await bot.call("deleteWebhook")
    assert len(await bot.call("getUpdates")) == 1
    await bot.call("setWebhook", url=hook.url)
    await standin.world.updates.emptied()
    assert hook.texts == ["một"]


async def test_a_public_address_leads_to_this_machine(bot: Bot, standin: StandIn, lan: Phone, hook: Hook) -> None:
    standin.ways["https://bot.example.org"] = hook.url.removesuffix("/hook")
    await bot.call("setWebhook", url="https://bot.example.org/hook")
    update = standin.world.updates.made[0]
    standin.world.repeat(update)
    await standin.world.updates.emptied()
    assert hook.came == [update]
    await bot.call("setWebhook", url="https://other.example.org/hook")
    lan.send("một")
    await asyncio.sleep(0.05)
    assert "last_error_message" in await bot.call("getWebhookInfo")
