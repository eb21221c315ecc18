"""A bad line: cut again and again, or with no WebSocket at all, every message is shown, in order and once."""

from __future__ import annotations

import asyncio
import random

from playwright.async_api import Browser, BrowserContext, Page, WebSocketRoute, expect

from bot.model import Reply
from tests.bot.channels.page.person import PHONE, SAID, answered, bubbles, say
from tests.bot.channels.site import Site

CUTS = 20
PATIENCE = 60_000  # milliseconds


async def settled(page: Page, last: str) -> list[str]:
    """What stands on the page once the last message is there and nothing is on its way."""
    await expect(page.locator(".bot", has_text=last)).to_have_count(1, timeout=PATIENCE)
    await expect(page.locator(".pending")).to_have_count(0, timeout=PATIENCE)
    return await bubbles(page)


async def test_twenty_cuts_at_random_lose_and_double_nothing(site: Site, context: BrowserContext, page: Page) -> None:
    dice = random.Random(20)
    chat = site.received[0].chat
    for n in range(CUTS):
        await say(page, f"câu {n}")
        await asyncio.sleep(dice.uniform(0, 0.15))
        await context.set_offline(True)
        await site.channel.send(chat, Reply(f"tin {n}"), key=f"tin-{n}")
        await asyncio.sleep(dice.uniform(0, 0.2))
        await context.set_offline(False)
        await asyncio.sleep(dice.uniform(0, 0.3))
    await say(page, "câu cuối")
    shown = await settled(page, "Bạn nói: câu cuối")
    assert [one for one in shown if one.startswith("câu ")] == [*(f"câu {n}" for n in range(CUTS)), "câu cuối"]
    assert [one for one in shown if one.startswith("tin ")] == [f"tin {n}" for n in range(CUTS)]
    answers = [f"Bạn nói: câu {n}" for n in range(CUTS)]
    assert [one.strip() for one in shown if one.startswith("Bạn nói: câu ")] == [*answers, "Bạn nói: câu cuối"]
    assert [message.text for message in site.received[1:]] == [*(f"câu {n}" for n in range(CUTS)), "câu cuối"]


async def test_sockets_that_break_in_the_middle_lose_nothing(site: Site, browser: Browser) -> None:
    sockets: list[WebSocketRoute] = []
    context = await browser.new_context(base_url=site.url, viewport=PHONE, locale="vi-VN")
    page = await context.new_page()

    def through(route: WebSocketRoute) -> None:
        route.connect_to_server()
        sockets.append(route)

    await page.route_web_socket("**/chat?*", through)
    await page.goto("/")
    await expect(page.get_by_text("Chào bạn! /start")).to_be_visible()
    chat = site.received[0].chat
    for n in range(8):
        await site.channel.send(chat, Reply(f"tin {n}"), key=f"tin-{n}")
        await sockets[-1].close(code=1011)
        await asyncio.sleep(0.1)
    shown = await settled(page, "tin 7")
    assert [one for one in shown if one.startswith("tin ")] == [f"tin {n}" for n in range(8)]
    await context.close()


async def test_where_websockets_are_blocked_everything_works_all_the_same(site: Site, browser: Browser) -> None:
    context = await browser.new_context(base_url=site.url, viewport=PHONE, locale="vi-VN")
    page = await context.new_page()
    await page.route_web_socket("**/chat?*", lambda route: route.close(code=1006, reason="blocked"))
    await page.goto("/")
    await expect(page.get_by_text("Chào bạn! /start")).to_be_visible(timeout=PATIENCE)
    await say(page, "không có WebSocket")
    await answered(page, "không có WebSocket")
    await site.channel.send(site.received[0].chat, Reply("vẫn đến"), key="k")
    await expect(page.get_by_text("vẫn đến")).to_be_visible()
    await context.set_offline(True)
    await expect(page.get_by_role("status").first).to_have_text(SAID["web.offline"])
    await site.channel.send(site.received[0].chat, Reply("lúc mất mạng"), key="k2")
    await context.set_offline(False)
    await settled(page, "lúc mất mạng")
    await page.reload()
    await say(page, "lần sau cũng vậy")
    await answered(page, "lần sau cũng vậy")
    assert len(site.received) == 3
    await context.close()
