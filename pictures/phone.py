"""The phone: a conversation in Vietnamese on the web page, up to the code."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect
from playwright.async_api import Error as BrowserError

from pictures.stage import MOMENT
from pictures.tools import ToolError
from tests.chromium import QUIET

TOOLS = ("chromium", "pngquant")
NAMES = FIRST, CARD, SENT = "first-message.png", "card.png", "code.png"
SIZE: ViewportSize = {"width": 390, "height": 844}  # points; a picture has twice as many pixels each way
PROPOSAL = "Em muốn vay vốn nuôi ong lấy mật, hỏi ai và cần giấy tờ gì ạ?"
KEY = "K7M4PX"  # stands for the key of the proposal, which is drawn anew each time

HIDE_WHAT_IS_CUT = """() => {
  const top = document.querySelector("#log").getBoundingClientRect().top;
  for (const one of document.querySelectorAll("#log .row, #log time, #log .words"))
    if (one.getBoundingClientRect().top < top && one.getBoundingClientRect().bottom < top + 60) one.style.visibility = "hidden";
}"""


async def take(address: str, folder: Path) -> list[Path]:
    """Pictures of the first message, of the card and of the code. Raises ToolError."""
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
            try:
                return await talk(await phone(browser), address, folder)
            finally:
                await browser.close()
    except (BrowserError, AssertionError) as error:
        raise ToolError(
            f"the conversation on the page did not go as it should: {str(error).partition(chr(10))[0]}"
        ) from error


async def phone(browser: Browser) -> Page:
    """A phone in Vietnam at the hour of the bot."""
    context = await browser.new_context(
        locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport=SIZE, device_scale_factor=2, has_touch=True,
        reduced_motion="reduce", color_scheme="light",
    )  # fmt: skip
    await context.clock.set_fixed_time(MOMENT)
    return await context.new_page()


async def talk(page: Page, address: str, folder: Path) -> list[Path]:
    await page.goto(address)
    await shows(page, "Bạn đồng ý chứ?")
    first = await picture(page, folder / FIRST)
    await press(page, "Đồng ý, bắt đầu")
    await press(page, "18–22")
    await shows(page, "xã, phường nào")
    await say(page, "xã Tân Thành, Cao Lộc")
    await shows(page, "Xong rồi!")
    await say(page, PROPOSAL)
    await shows(page, "Xem lại")
    card = await picture(page, folder / CARD)
    await press(page, "Gửi")
    await shows(page, "Mã của bạn")
    await page.evaluate(
        "key => document.querySelectorAll('#log code').forEach("
        "one => { if (/^[2-9A-Z]{6}$/.test(one.textContent)) one.textContent = key; })",
        KEY,
    )
    return [first, card, await picture(page, folder / SENT)]


async def say(page: Page, text: str) -> None:
    await page.locator("#text").fill(text)
    await page.locator("#text").press("Enter")


async def press(page: Page, label: str) -> None:
    await page.locator("#log").get_by_role("button", name=label).last.click()


async def shows(page: Page, text: str) -> None:
    await expect(page.locator("#log")).to_contain_text(text, timeout=15_000)


async def picture(page: Page, out: Path) -> Path:
    """What is on the screen, once it holds still."""
    await expect(page.locator("#log .pending")).to_have_count(0)
    await page.evaluate("document.activeElement?.blur()")
    await page.mouse.move(0, 0)  # so that no button looks touched
    await page.evaluate(HIDE_WHAT_IS_CUT)
    await page.screenshot(path=out, animations="disabled")
    return out
