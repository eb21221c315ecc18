"""Photos made smaller and stripped before they are sent; a voice message recorded, heard and sent."""

from __future__ import annotations

import asyncio
import io
import re
import struct

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.model import AttachmentKind, Message
from tests.bot.channels.page.person import PHONE, SAID, answered, attach, say
from tests.bot.channels.site import Site
from tests.messengers.client import PATIENCE

MICROPHONE = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
LARGE = """
() => new Promise((done) => {
  const canvas = document.createElement('canvas');
  canvas.width = 3000; canvas.height = 2000;
  const context = canvas.getContext('2d');
  context.fillStyle = '#c00'; context.fillRect(0, 0, 1500, 2000);
  context.fillStyle = '#00c'; context.fillRect(1500, 0, 1500, 2000);
  canvas.toBlob((blob) => blob.arrayBuffer().then((found) => done([...new Uint8Array(found)])), 'image/jpeg', 0.9);
})
"""


@pytest.fixture
def flags() -> tuple[str, ...]:
    return MICROPHONE


def with_exif(picture: bytes, orientation: int) -> bytes:
    """The JPEG as a phone writes it: how it was held, and where it was."""
    entries = [(0x0112, 3, 1, orientation), (0x8825, 4, 1, 38)]
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *one) for one in entries)
    place = struct.pack("<H", 1) + struct.pack("<HHI4s", 1, 2, 2, b"N\0\0\0") + struct.pack("<I", 0)
    body = b"Exif\0\0II*\0\x08\0\0\0" + directory + struct.pack("<I", 0) + place + b"GPS 21.85 106.76"
    return picture[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + picture[2:]


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Width and height as the file itself says."""
    stream = io.BytesIO(jpeg[2:])
    while True:
        marker, length = struct.unpack(">HH", stream.read(4))
        if marker in (0xFFC0, 0xFFC1, 0xFFC2):
            _, height, width = struct.unpack(">BHH", stream.read(5))
            return width, height
        stream.seek(length - 2, io.SEEK_CUR)


async def sent(site: Site, page: Page, count: int = 2) -> Message:
    await expect(page.locator(".bot")).to_have_count(count)
    assert len(site.received) == count
    return site.received[-1]


@pytest.mark.parametrize(("orientation", "size"), [(1, (1600, 1067)), (6, (1067, 1600))], ids=["level", "upright"])
async def test_a_photo_is_made_smaller_stands_right_and_says_no_place(
    site: Site, page: Page, orientation: int, size: tuple[int, int]
) -> None:
    whole = with_exif(bytes(await page.evaluate(LARGE)), orientation)
    await attach(page, ("DSC1.JPG", "image/jpeg", whole))
    await expect(page.locator(".chosen li")).to_have_count(1)
    await say(page, "ảnh đường")
    [file] = (await sent(site, page)).attachments
    stored = site.store.path(file.digest).read_bytes()
    assert size_of(stored) == size
    assert b"Exif" not in stored
    assert b"GPS" not in stored
    assert len(stored) < len(whole)
    assert (file.kind, file.name) == (AttachmentKind.PHOTO, "DSC1.JPG")


async def test_what_is_refused_says_why_and_can_be_sent_again(site: Site, page: Page) -> None:
    await attach(page, ("cài đặt.pdf", "application/pdf", b"MZ\x90\0 program"))
    await say(page, "kèm tệp")
    failed = page.locator(".failed")
    await expect(failed).to_contain_text(SAID["web.bad_kind"])
    await failed.get_by_role("button", name=SAID["web.retry"]).click()
    await expect(page.locator(".failed")).to_have_count(1)
    assert len(site.received) == 1


async def becomes(shown: Locator, so: str) -> None:
    """Returns when something is so. The page's own policy forbids Playwright to wait for a text of code in it."""
    async with asyncio.timeout(PATIENCE):
        while not await shown.evaluate(so):  # noqa: ASYNC110 it plays by itself
            await asyncio.sleep(0.05)


async def test_a_voice_message_is_recorded_heard_and_sent(site: Site, page: Page) -> None:
    await page.context.grant_permissions(["microphone"])
    await page.get_by_role("button", name=SAID["web.record"], exact=True).click()
    await expect(page.locator(".time")).to_have_text("0:01 / 3:00")
    await page.get_by_role("button", name=SAID["web.record_stop"]).click()
    await expect(page.locator("#recorder audio")).to_have_js_property("paused", True)
    await becomes(page.locator("#recorder audio"), "one => one.readyState > 0")
    await page.get_by_role("button", name=SAID["web.record_send"]).click()
    [file] = (await sent(site, page)).attachments
    assert (file.kind, file.media_type, file.name) == (AttachmentKind.VOICE, "audio/webm", "ghi-am.webm")
    await expect(page.locator("#record")).to_be_focused()
    heard = page.locator(".person .files audio")
    await expect(heard).to_have_attribute("aria-label", file.name)
    await expect(heard).not_to_have_attribute("src", re.compile("^blob:"))  # as the server keeps it
    assert await heard.evaluate("one => one.networkState") == 1, "nothing is loaded before it is played"
    await heard.evaluate("one => one.play()")
    await becomes(heard, "one => one.currentTime > 0")


async def test_a_recording_hides_nothing_of_the_last_message(site: Site, page: Page) -> None:
    await page.context.grant_permissions(["microphone"])
    for text in "abcdef":
        await say(page, text)
        await answered(page, text)
    last = page.locator(".bot .bubble").last
    await expect(last).to_be_in_viewport(ratio=1)
    await page.get_by_role("button", name=SAID["web.record"], exact=True).click()
    await page.get_by_role("button", name=SAID["web.record_stop"]).click()
    await expect(page.locator("#recorder audio")).to_be_visible()
    assert await last.evaluate(
        "one => one.getBoundingClientRect().bottom <= document.querySelector('#recorder').getBoundingClientRect().top"
    )
    await page.get_by_role("button", name=SAID["web.record_cancel"]).click()


async def test_a_recording_can_be_dropped_at_any_time(site: Site, page: Page) -> None:
    await page.context.grant_permissions(["microphone"])
    for steps in ([], [SAID["web.record_stop"]]):
        await page.get_by_role("button", name=SAID["web.record"], exact=True).click()
        await expect(page.locator(".live")).to_be_visible()
        for step in steps:
            await page.get_by_role("button", name=step).click()
        await page.get_by_role("button", name=SAID["web.record_cancel"]).click()
        await expect(page.get_by_placeholder(SAID["web.placeholder"])).to_be_visible()
    assert len(site.received) == 1


async def test_a_recording_ends_after_three_minutes(site: Site, browser: Browser) -> None:
    context = await browser.new_context(base_url=site.url, viewport=PHONE, locale="vi-VN", permissions=["microphone"])
    page = await context.new_page()
    await page.clock.install()
    await page.goto("/")
    await page.locator("#record").click()
    await expect(page.locator(".live")).to_be_visible()
    await page.clock.fast_forward(181_000)
    await expect(page.locator("#recorder audio")).to_be_visible()
    await context.close()


async def test_who_refuses_the_microphone_is_told_what_to_do(site: Site, page: Page) -> None:
    await page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = async () => { throw new Error('NotAllowedError'); }; }"
    )
    await page.get_by_role("button", name=SAID["web.record"], exact=True).click()
    await expect(page.locator("#notice")).to_have_text(SAID["web.record_refused"])
    await expect(page.get_by_placeholder(SAID["web.placeholder"])).to_be_visible()
