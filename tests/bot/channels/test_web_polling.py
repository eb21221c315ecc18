"""Listening without a WebSocket: the same messages by the same numbers."""

from __future__ import annotations

import asyncio

from bot.model import Json, Reply
from tests.bot.channels.browser import Browser, text
from tests.bot.channels.site import Site


async def poll(browser: Browser, after: int = 0, *, now: bool = False) -> Json:
    path = f"/chat/poll?after={after}{'&now=1' if now else ''}"
    async with browser.session.post(path, headers=browser.headers) as response:
        assert response.status == 200
        return await response.json()


async def test_what_is_new_comes_at_once(site: Site, browser: Browser) -> None:
    await browser.post(text="chào")
    frame = await poll(browser)
    assert [text(message) for message in frame["messages"]] == ["chào"]
    assert frame["standing"] == [1]


async def test_who_knows_everything_waits_until_there_is_more(site: Site, browser: Browser) -> None:
    await browser.post(text="chào")
    after = (await poll(browser))["messages"][-1]["change"]
    waiting = asyncio.create_task(poll(browser, after))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    await site.channel.send(browser.chat, Reply("đây"), key="k1")
    assert [text(message) for message in (await waiting)["messages"]] == ["đây"]


async def test_a_page_that_has_just_come_is_told_at_once_that_there_is_nothing(browser: Browser) -> None:
    assert await poll(browser, now=True) == {"messages": [], "standing": []}


async def test_both_ways_tell_the_same(site: Site, browser: Browser) -> None:
    await browser.post(text="chào")
    for n in range(5):
        await site.channel.send(browser.chat, Reply(str(n)), key=f"k{n}")
    assert (await poll(browser))["messages"] == await browser.shown()


async def test_asking_counts_as_an_open_page(site: Site, browser: Browser) -> None:
    await browser.post(text="chào")
    after = (await poll(browser))["messages"][-1]["change"]
    waiting = asyncio.create_task(poll(browser, after))
    await asyncio.sleep(0.2)
    assert site.channel._listeners.hears(browser.chat)
    await site.channel.send(browser.chat, Reply("đây"), key="k1")
    await waiting
    assert not site.channel._listeners.hears(browser.chat)


async def test_a_browser_without_a_chat_or_from_elsewhere_hears_nothing(site: Site, browser: Browser) -> None:
    stranger = Browser(site)
    async with stranger.session.post("/chat/poll", headers=stranger.headers) as response:
        assert (response.status, await response.json()) == (401, {"error": "web.cookies"})
    await stranger.session.close()
    async with browser.session.post("/chat/poll", headers={"Origin": "https://evil.example"}) as response:
        assert response.status == 403
    async with browser.session.post("/chat/poll?after=x", headers=browser.headers) as response:
        assert response.status == 400
