"""The chat in a frame of another site, in a browser that lets frames have neither cookies nor storage of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Browser, expect

from bot.server import Server
from tests.bot.channels.page.person import SAID, echo
from tests.bot.channels.site import Site, running
from tests.processes import free_port

PAGE = """<!doctype html><html lang="vi"><title>Tỉnh Đoàn</title><h1>Trang của Tỉnh Đoàn</h1>
<script src="{url}/gop-y/widget.js" async></script></html>"""


@pytest.fixture
def flags() -> tuple[str, ...]:
    return ("--test-third-party-cookie-phaseout", "--site-per-process")


@asynccontextmanager
async def host(port: int, url: str) -> AsyncIterator[str]:
    """Another site; its name is not ours, so that a browser holds the two apart."""

    async def page(request: web.Request) -> web.Response:
        policy = {"Content-Security-Policy": ""}
        return web.Response(text=PAGE.format(url=url), content_type="text/html", headers=policy)

    server = Server([web.get("/", page)])
    await server.start(f"127.0.0.1:{port}")
    try:
        yield f"http://localhost:{port}"
    finally:
        await server.stop()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
async def site(tmp_path: Path, port: int) -> AsyncIterator[Site]:
    async with running(tmp_path, base_path="/gop-y", embed_origins=(f"http://localhost:{port}",)) as site:
        site.answer = echo
        yield site


async def test_the_chat_works_in_a_frame_where_browsers_allow_the_least(
    site: Site, browser: Browser, port: int
) -> None:
    context = await browser.new_context(locale="vi-VN")
    async with host(port, site.url) as address:
        page = await context.new_page()
        await page.goto(address)
        await page.get_by_role("button", name=SAID["web.title"]).click()
        frame = page.frame_locator("iframe")
        await expect(frame.get_by_text("Chào bạn! /start")).to_be_visible()
        await frame.get_by_placeholder(SAID["web.placeholder"]).fill("từ trang khác")
        await frame.get_by_role("button", name=SAID["web.send"], exact=True).click()
        await expect(frame.locator(".bot", has_text="Bạn nói: từ trang khác")).to_have_count(1)
        await frame.get_by_role("button", name=SAID["web.close"]).click()
        await expect(page.locator("iframe")).to_be_hidden()
        await expect(page.get_by_role("button", name=SAID["web.title"])).to_be_focused()
        assert [one.get("name") for one in await context.cookies() if one.get("domain") == "127.0.0.1"] == ["frame"]
        await page.reload()
        await page.get_by_role("button", name=SAID["web.title"]).click()
        await expect(frame.locator(".bot", has_text="Bạn nói: từ trang khác")).to_have_count(1)
        assert [message.text for message in site.received] == ["/start", "từ trang khác"]
    await context.close()


async def test_a_site_that_is_not_listed_gets_no_frame(site: Site, browser: Browser) -> None:
    context = await browser.new_context(locale="vi-VN")
    async with host(free_port(), site.url) as address:
        page = await context.new_page()
        refused: list[str] = []
        page.on("console", lambda line: refused.append(line.text) if "frame-ancestors" in line.text else None)
        await page.goto(address)
        await page.get_by_role("button", name=SAID["web.title"]).click()
        await expect(page.locator("iframe")).to_be_visible()
        await page.wait_for_timeout(1000)
        assert refused
        assert site.received == []
    await context.close()


async def test_everything_works_below_a_path(site: Site, browser: Browser) -> None:
    context = await browser.new_context(locale="vi-VN")
    page = await context.new_page()
    lost: list[str] = []
    page.on("response", lambda one: lost.append(one.url) if one.status >= 400 else None)
    await page.goto(f"{site.url}/gop-y?start=p_06187")
    await expect(page.get_by_text("Chào bạn! /start p_06187")).to_be_visible()
    assert page.url == f"{site.url}/gop-y/"
    [cookie] = await context.cookies()
    assert cookie.get("path") == "/gop-y/"
    await page.locator("#more-button").click()
    await page.get_by_role("button", name="English").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url == f"{site.url}/gop-y/"
    assert lost == []
    await context.close()
