"""What a person does with the page and sees there, and a bot in small that answers."""

from __future__ import annotations

from playwright.async_api import FilePayload, Page, ViewportSize, expect

from bot.channels.web import WebChannel
from bot.model import Button, Message, Reply, escape
from tests.bot.channels.site import page_texts

PHONE: ViewportSize = {"width": 390, "height": 844}
SAID = page_texts().catalogues["vi"]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000020000000208020000 00fdd49a73"
    "0000001349444154789c63fccfc0c0c0c0c4c0c0c0c0000009060201 52f6f4e60000000049454e44ae426082".replace(" ", "")
)


async def echo(channel: WebChannel, message: Message) -> None:
    """A bot in small: welcomes, offers buttons, repeats what was said."""
    if message.press == "edit":
        await channel.edit(message.chat, "1", Reply("Đã đổi"))
        return
    if message.text.startswith("/start"):
        reply = Reply(
            f"Chào bạn! {escape(message.text)}",
            ((Button("Có", "yes"), Button("Không", "no")), (Button("Đổi", "edit"),)),
        )
    else:
        files = ", ".join(f"{file.name} {file.size}" for file in message.attachments)
        reply = Reply(f"Bạn nói: <b>{escape(message.text or message.press)}</b> {escape(files)}")
    await channel.send(message.chat, reply, key=message.id)


async def say(page: Page, text: str) -> None:
    await page.get_by_placeholder(SAID["web.placeholder"]).fill(text)
    await page.get_by_role("button", name=SAID["web.send"], exact=True).click()


async def attach(page: Page, *files: tuple[str, str, bytes]) -> None:
    payloads = [FilePayload(name=name, mimeType=media_type, buffer=content) for name, media_type, content in files]
    await page.locator("#files").set_input_files(payloads)


async def answered(page: Page, text: str) -> None:
    await expect(page.locator(".bot", has_text=f"Bạn nói: {text}")).to_have_count(1)


async def bubbles(page: Page) -> list[str]:
    return await page.locator(".bubble .words").all_inner_texts()


async def nothing_overflows(page: Page) -> None:
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    low = await page.evaluate(
        "[...document.querySelectorAll('button')].filter(b => b.offsetParent && b.getBoundingClientRect().height < 44)"
        ".map(b => b.textContent + b.ariaLabel)"
    )
    assert low == []
    wide = await page.evaluate(
        "[...document.querySelectorAll('.log *')].filter(e => e.getBoundingClientRect().right > innerWidth).length"
    )
    assert wide == 0
