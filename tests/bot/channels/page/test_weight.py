"""What the page weighs, everything that it loads together, and that it loads nothing from elsewhere."""

from __future__ import annotations

from playwright.async_api import Browser, Request, expect

from tests.bot.channels.page.person import PHONE, say
from tests.bot.channels.site import Site

MOST = 60_000  # bytes over the line


async def test_the_page_weighs_little_over_the_line_and_asks_nobody_else(site: Site, browser: Browser) -> None:
    context = await browser.new_context(base_url=site.url, viewport=PHONE, locale="vi-VN")
    page = await context.new_page()
    finished: list[Request] = []
    page.on("requestfinished", lambda one: finished.append(one))
    await page.goto("/")
    await expect(page.get_by_text("Chào bạn! /start")).to_be_visible()
    await page.locator("#more-button").click()
    await expect(page.locator("#more h2")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.locator("#files").set_input_files([])
    await say(page, "đủ chưa")
    await page.wait_for_load_state("networkidle")
    sizes = {one.url.removeprefix(site.url): (await one.sizes())["responseBodySize"] for one in finished}
    parts = {path: size for path, size in sizes.items() if not path.startswith("/chat/")}
    assert "/" in parts
    parts["/sw.js"] = len(site.channel._page._worker.packed)  # what a worker fetches is no request of the page
    assert sum(path.endswith(".js") for path in parts) >= 8
    assert all(url.startswith(("/", "blob:")) for url in sizes)
    assert sum(parts.values()) < MOST, parts
    await context.close()


async def test_even_with_all_that_may_ever_be_loaded(site: Site) -> None:
    statics = site.channel._page.statics.files.values()
    assert sum(min(len(one.packed), len(one.body)) for one in statics) < MOST


async def test_the_second_time_nothing_but_the_page_is_fetched(site: Site, browser: Browser) -> None:
    context = await browser.new_context(base_url=site.url, viewport=PHONE, locale="vi-VN", service_workers="block")
    page = await context.new_page()
    await page.goto("/")
    await expect(page.get_by_text("Chào bạn! /start")).to_be_visible()
    again: list[str] = []
    page.on("response", lambda one: again.append(one.url) if "/static/" in one.url and one.status == 200 else None)
    fetched = await page.evaluate(
        "performance.getEntriesByType('resource').filter(e => e.name.includes('/static/')).length"
    )
    assert fetched >= 6
    await page.reload()
    await expect(page.get_by_text("Chào bạn! /start")).to_be_visible()
    over_the_line = await page.evaluate(
        "performance.getEntriesByType('resource').filter(e => e.name.includes('/static/') && e.transferSize > 0).length"
    )
    assert over_the_line == 0, again
    await context.close()
