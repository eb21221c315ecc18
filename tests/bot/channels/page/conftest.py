"""A page in a browser, the size of a phone, and a bot in small behind it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.bot.channels.page.person import PHONE, echo
from tests.bot.channels.site import Site, running
from tests.chromium import chromium


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with running(tmp_path) as site:
        site.answer = echo
        yield site


@pytest.fixture
def flags() -> tuple[str, ...]:
    """What the browser is started with."""
    return ()


@pytest.fixture
async def browser(flags: tuple[str, ...]) -> AsyncIterator[Browser]:
    async with chromium(*flags) as browser:
        yield browser


@pytest.fixture
async def context(site: Site, browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(
        base_url=site.url, viewport=PHONE, locale="vi-VN", reduced_motion="reduce", has_touch=True
    )
    context.set_default_timeout(20_000)
    yield context
    await context.close()


@pytest.fixture
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """An open page that has been welcomed; it may neither fail nor reach beyond its own server."""
    page = await context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda line: troubles.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("request", lambda request: None if "127.0.0.1" in request.url else troubles.append(request.url))
    await page.goto("/")
    await expect(page.get_by_text("Chào bạn! /start")).to_be_visible()
    yield page
    assert [trouble for trouble in troubles if not trouble.startswith("blob:")] == []
