"""A proposal from the first question to the code, sent on the page with the keyboard alone."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

from storage.database import Statement
from tests.chromium import chromium
from tests.messengers.web import Site, web
from tests.player import town

MOST = 30  # times that one presses Tab before one gives up


async def reach(page: Page, label: str) -> None:
    """Goes to a button by Shift+Tab from the field, as somebody does who cannot use a mouse."""
    for _ in range(MOST):
        focused = await page.evaluate("document.activeElement.textContent")
        if label in focused and await page.evaluate("document.activeElement.matches('button:focus-visible')"):
            return
        await page.keyboard.press("Shift+Tab")
    raise AssertionError(f"the keyboard does not reach {label!r}")


async def press(page: Page, label: str) -> None:
    await expect(page.locator(".current button", has_text=label)).to_be_visible()
    await page.locator("#text").focus()
    await reach(page, label)
    await page.keyboard.press("Enter")


async def write(page: Page, text: str) -> None:
    await page.locator("#text").focus()
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")


async def test_a_proposal_is_sent_with_the_keyboard_alone(tmp_path: Path) -> None:
    async with town(tmp_path, join=web) as here, chromium() as browser:
        [site] = here.messengers.values()
        assert isinstance(site, Site)
        context = await browser.new_context(base_url=site.url, locale="vi-VN", viewport={"width": 390, "height": 844})
        page = await context.new_page()
        await page.goto("/")
        await press(page, "Đồng ý")
        await press(page, "18–22")
        await expect(page.locator("#log")).to_contain_text("xã, phường nào")
        await write(page, "xã Tân Thành, Cao Lộc")
        await expect(page.locator("#log")).to_contain_text("Xong rồi!")
        await write(page, "Em muốn vay vốn nuôi ong, hỏi ai ạ?")
        await expect(page.locator("#log")).to_contain_text("Xem lại")
        await press(page, "Gửi")
        await expect(page.locator("#log")).to_contain_text("Mã của bạn")
        await expect(page.locator("#log")).to_contain_text("Đóng trang này lại")
        await context.close()
        [[row]] = await here.bot.database.read(Statement("SELECT text, state FROM proposals"))
        assert (row["text"], row["state"]) == ("Em muốn vay vốn nuôi ong, hỏi ai ạ?", "received")
