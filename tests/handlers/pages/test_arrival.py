"""Where posters lead: the ways to talk that are set up, each with the place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from bot.app import page_routes, web_channel
from bot.secret import secret_of
from bot.server import Server, below
from tests.chromium import chromium
from tests.player import Town, town


async def serve(here: Town) -> Server:
    secret = await secret_of(here.settings.database.location, here.bot.database)
    chat = web_channel(here.settings, here.bot.database, here.bot.house.texts, here.clock, secret)
    routes = below(here.settings.web.base_path, [*chat.routes(), *page_routes(here.settings, here.bot, secret)])
    server = Server(routes)
    await server.start("127.0.0.1:0")
    return server


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    async with town(
        tmp_path,
        BOT_WEB__ZALO_URL="https://zalo.me/123",
        BOT_WEB__TELEGRAM_URL="https://t.me/langson_bot",
        BOT_WEB__BASE_PATH="/gop-y",
    ) as here:
        server = await serve(here)
        yield f"http://127.0.0.1:{server.port}/gop-y"
        await server.stop()


async def page(address: str, language: str = "vi") -> str:
    async with ClientSession(headers={"Accept-Language": language}) as session, session.get(address) as response:
        assert response.status == 200
        return await response.text()


async def test_every_way_that_is_set_up_is_offered_with_the_place(address: str) -> None:
    shown = await page(f"{address}/p/06187")
    assert 'href="../?start=p_06187"' in shown
    assert 'href="https://zalo.me/123"' in shown
    assert 'href="https://t.me/langson_bot?start=p_06187"' in shown
    assert "Chào bạn ở " in shown


@pytest.mark.parametrize("place", ["99999", "x%22%3E%3Cscript%3E", "06187%2F..", "%F0%9F%98%80", "a" * 300])
async def test_a_place_that_nobody_knows_is_left_out(address: str, place: str) -> None:
    shown = await page(f"{address}/p/{place}")
    assert 'href="../"' in shown
    assert "start=" not in shown
    assert "<script" not in shown
    assert "Chào bạn ở " not in shown


async def test_it_speaks_the_browsers_language(address: str) -> None:
    assert "Write right here on the web" in await page(f"{address}/p/06187", "en")
    assert "Nhắn ngay trên trang web" in await page(f"{address}/p/06187?lang=vi", "en")


async def test_what_is_not_set_up_is_not_offered(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        server = await serve(here)
        shown = await page(f"http://127.0.0.1:{server.port}/p/06187")
        await server.stop()
    assert "Zalo" not in shown
    assert "Telegram" not in shown


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_is_for_everybody_and_leads_into_the_chat(address: str, scheme: str) -> None:
    async with chromium() as browser:
        context = await browser.new_context(
            locale="vi-VN", viewport={"width": 320, "height": 568}, color_scheme="dark" if scheme == "dark" else "light"
        )
        page = await context.new_page()
        await page.goto(f"{address}/p/06187")
        assert (await Axe().run(page)).response["violations"] == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.get_by_role("link", name="Nhắn ngay trên trang web").click()
        await expect(page.locator("#composer")).to_be_visible()
        await context.close()
