"""How much one person and one address may ask."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest
from aiohttp import WSServerHandshakeError

from bot.channels.web.limits import Meter, Places
from bot.errors import TooFastError
from tests.bot.channels.browser import PNG, Browser, told
from tests.bot.channels.site import Site


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    meter = Meter(a_minute=60, at_once=2, now=clock)
    meter.take("lan")
    meter.take("lan")
    meter.take("minh")
    with pytest.raises(TooFastError) as refused:
        meter.take("lan")
    assert refused.value.seconds == 1
    clock.now = 1.0
    meter.take("lan")


def test_what_was_given_back_can_be_taken_again() -> None:
    meter = Meter(a_minute=1, at_once=1, now=Clock())
    meter.take("lan")
    meter.give_back("lan")
    meter.take("lan")


def test_more_than_a_bucket_holds_takes_all_of_it() -> None:
    meter = Meter(a_minute=60, at_once=10, now=Clock())
    meter.take("lan", 1000)
    with pytest.raises(TooFastError):
        meter.take("lan", 1)


def test_as_many_places_as_there_are_and_no_more() -> None:
    places = Places(1)
    with places.one("lan"), places.one("minh"), pytest.raises(TooFastError), places.one("lan"):
        pass
    with places.one("lan"):
        pass


async def test_whoever_writes_too_fast_is_told_when_to_go_on(site: Site, browser: Browser) -> None:
    site.channel.limits.messages = Meter(6, 2)
    await browser.post(id="message-1", text="một")
    await browser.post(id="message-2", text="hai")
    assert await browser.post(status=429, id="message-3", text="ba") == {"error": "web.too_fast"}
    assert [message.text for message in site.received] == ["một", "hai"]


async def test_many_people_behind_one_address_have_a_limit_together(
    site: Site, browser: Browser, stranger: Browser
) -> None:
    site.channel.limits.messages_of_address = Meter(6, 2)
    await browser.post(id="message-1", text="một")
    await stranger.post(id="message-2", text="hai")
    await stranger.post(status=429, id="message-3", text="ba")


async def test_bytes_have_a_limit_too(site: Site, browser: Browser) -> None:
    site.channel.limits.bytes = Meter(60, 100_000)
    files = (("a.png", PNG.ljust(90_000, b"x"), "image/png"),)
    await browser.post(id="message-1", files=files)
    await browser.post(status=429, id="message-2", files=files)


async def test_a_chat_has_so_many_open_pages_and_no_more(site: Site, browser: Browser) -> None:
    site.channel.limits.connections = Places(1)
    async with browser.listening() as socket:
        await told(socket)
        with pytest.raises(WSServerHandshakeError) as refused:
            async with browser.listening():
                pass
        assert refused.value.status == 429
        async with browser.session.post("/chat/poll?now=1", headers=browser.headers) as response:
            assert response.status == 429
            assert int(response.headers["Retry-After"]) > 0
    await asyncio.sleep(0.1)
    async with browser.listening() as socket:
        await told(socket)


async def test_codes_cannot_be_tried_out(site: Site, browser: Browser) -> None:
    site.channel.limits.codes_of_address = Meter(1, 3)
    statuses = []
    for n in range(4):
        answer = await browser.session.post("/chat/device", json={"code": f"AAAA-AAA{n + 2}"}, headers=browser.headers)
        statuses.append(answer.status)
    assert statuses == [404, 404, 404, 429]
