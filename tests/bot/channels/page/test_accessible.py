"""WCAG 2.2 AA in every state of the page: axe-core finds nothing, targets are large, and the page reflows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize, expect

from bot.model import Button, Reply
from tests.bot.channels.page.person import PHONE, PNG, SAID, answered, attach, say
from tests.bot.channels.samples import document
from tests.bot.channels.site import Site

CARD = Reply(
    "<b>Xem lại</b>\n\nEm muốn vay vốn\n\nMã: <code>LS-1</code>, xem /cuatoi hoặc https://example.org/a",
    (
        (Button("✅ Gửi", "send"),),
        (Button("✏️ Viết lại", "edit2"), Button("📷 Thêm ảnh", "photo")),
        (Button("🗑 Bỏ", "drop"),),
    ),
)
MICROPHONE = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")

Reach = Callable[[Site, Page], Awaitable[None]]


async def first(site: Site, page: Page) -> None:
    await expect(page.locator(".current .row button")).to_have_count(3)


async def card(site: Site, page: Page) -> None:
    await say(page, "Em muốn vay vốn")
    await answered(page, "Em muốn vay vốn")
    await site.channel.send(site.received[-1].chat, CARD, key="card")
    await expect(page.get_by_role("button", name="Gửi", exact=False).first).to_be_visible()


async def files(site: Site, page: Page) -> None:
    await attach(page, ("đường.png", "image/png", PNG), ("đơn.docx", "application/msword", document()))
    await expect(page.locator(".chosen li")).to_have_count(2)


async def sent_files(site: Site, page: Page) -> None:
    await files(site, page)
    await page.locator("#send").click()
    await expect(page.locator("article:not(.pending) .paper")).to_be_visible()


async def waiting(site: Site, page: Page) -> None:
    await page.route("**/chat/messages", lambda route: route.abort())
    await say(page, "đang gửi")
    await expect(page.locator(".pending")).to_be_visible()


async def failed(site: Site, page: Page) -> None:
    await page.route("**/chat/messages", lambda route: route.fulfill(status=415, json={"error": "web.bad_kind"}))
    await say(page, "hỏng")
    await expect(page.locator(".failed")).to_be_visible()


async def lost(site: Site, page: Page) -> None:
    await page.context.set_offline(True)
    await expect(page.locator("#notice")).to_be_visible()


async def recording(site: Site, page: Page) -> None:
    await page.locator("#record").click()
    await expect(page.locator(".live")).to_be_visible()


async def recorded(site: Site, page: Page) -> None:
    await recording(site, page)
    await page.get_by_role("button", name=SAID["web.record_stop"]).click()
    await expect(page.locator("#recorder audio")).to_be_visible()


async def sent_voice(site: Site, page: Page) -> None:
    await recorded(site, page)
    await page.get_by_role("button", name=SAID["web.record_send"]).click()
    await expect(page.locator("article:not(.pending) .files audio")).to_be_visible()


async def more(site: Site, page: Page) -> None:
    await page.locator("#more-button").click()
    await page.get_by_role("button", name=SAID["web.devices_make"]).click()
    await expect(page.locator(".code svg")).to_be_visible()


STATES: tuple[Reach, ...] = (
    first, card, files, sent_files, waiting, failed, lost, recording, recorded, sent_voice, more,
)  # fmt: skip


@pytest.fixture
def flags() -> tuple[str, ...]:
    return MICROPHONE


SCREENS = ("light", "dark", "forced")


@asynccontextmanager
async def opened(
    site: Site, browser: Browser, screen: str = "light", size: ViewportSize = PHONE
) -> AsyncIterator[Page]:
    """The page on a phone of somebody new, with the colours that they have chosen."""
    context = await browser.new_context(
        base_url=site.url,
        viewport=size,
        locale="vi-VN",
        reduced_motion="reduce",
        color_scheme="dark" if screen == "dark" else "light",
        forced_colors="active" if screen == "forced" else "none",
        permissions=["microphone"],
    )
    page = await context.new_page()
    await page.goto("/")
    await expect(page.get_by_text("Chào bạn! /start")).to_be_visible()
    yield page
    await context.close()


STILL = """
() => Promise.all(document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
  .map((one) => one.finished))
"""


async def findings(page: Page) -> list[str]:
    """What axe-core finds at any level, in short, once nothing fades or moves any more."""
    await page.evaluate(STILL)
    found = (await Axe().run(page)).response["violations"]
    return [f"{one['id']} ({one['impact']}): {[node['target'] for node in one['nodes']]}" for one in found]


@pytest.mark.parametrize("screen", SCREENS)
async def test_axe_finds_nothing_in_any_state(site: Site, browser: Browser, screen: str) -> None:
    found = {}
    for reach in STATES:
        async with opened(site, browser, screen) as page:
            await reach(site, page)
            found[reach.__name__] = await findings(page)
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


async def test_axe_finds_nothing_in_english(site: Site, browser: Browser) -> None:
    context = await browser.new_context(base_url=site.url, viewport=PHONE, locale="en-US")
    page = await context.new_page()
    await page.goto("/")
    await expect(page.get_by_text("Chào bạn! /start")).to_be_visible()
    assert await page.evaluate("document.documentElement.lang") == "en"
    await site.channel.send(site.received[0].chat, CARD, key="card")
    await expect(page.locator(".current .row button")).to_have_count(4)
    assert await findings(page) == []
    await context.close()


SMALL = """
() => [...document.querySelectorAll('button, input, textarea, a, summary')].filter((one) => one.checkVisibility()
  && !one.closest('.words')).map((one) => [one.getBoundingClientRect(), one.textContent || one.id])
  .filter(([box]) => box.height < 43.5 || box.width < 43.5).map(([box, name]) => `${name}: ${box.width}x${box.height}`)
"""


async def test_everything_that_is_pressed_is_large(site: Site, browser: Browser) -> None:
    small = {}
    for reach in (card, sent_files, failed, recorded, more):
        async with opened(site, browser) as page:
            await reach(site, page)
            small[reach.__name__] = await page.evaluate(SMALL)
    assert {state: wrong for state, wrong in small.items() if wrong} == {}


CUT = """
() => [...document.querySelectorAll('body *')].filter((one) => one.checkVisibility() && !one.classList.contains('who')
  && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 80))
"""


@pytest.mark.parametrize("size", [(320, 568), (320, 256), (195, 422)], ids=["320 px", "400 %", "200 %"])
async def test_the_page_reflows(site: Site, browser: Browser, size: tuple[int, int]) -> None:
    for reach in (card, files, failed, recorded, more):
        async with opened(site, browser, size={"width": size[0], "height": size[1]}) as page:
            await reach(site, page)
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), reach.__name__
            assert await page.evaluate(CUT) == [], reach.__name__
            assert await page.locator("#log").evaluate("log => log.clientHeight") >= 40, reach.__name__


async def test_nothing_moves_for_who_does_not_want_it(page: Page) -> None:
    await say(page, "đứng yên")
    moving = await page.evaluate("document.getAnimations().length")
    assert moving == 0


async def test_the_focus_goes_into_the_dialog_and_back(page: Page) -> None:
    await page.locator("#more-button").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#more-title")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator("#more-button")).to_be_focused()


async def test_the_page_says_what_to_do_without_a_script(site: Site, browser: Browser) -> None:
    context = await browser.new_context(base_url=site.url, java_script_enabled=False, locale="vi-VN")
    page = await context.new_page()
    await page.goto("/")
    assert SAID["web.unsupported"] in await page.locator(".log").inner_text()
    await context.close()
