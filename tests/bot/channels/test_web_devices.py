"""The same chat on another device: by a code that works once, and an end to it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.web import doors
from bot.model import Json, Reply
from storage import devices
from storage.database import micros
from tests.bot.channels.browser import Browser, text, told
from tests.bot.channels.site import Site


@pytest.fixture
async def phone(site: Site) -> AsyncIterator[Browser]:
    """Another device, whose page was opened once."""
    phone = Browser(site)
    await phone.open()
    yield phone
    await phone.session.close()


async def ask(browser: Browser, path: str, status: int = 200, **said: Json) -> Json:
    async with browser.session.post(path, json=said, headers=browser.headers) as response:
        assert response.status == status, await response.text()
        return await response.json()


async def code_of(browser: Browser) -> str:
    return str((await ask(browser, "/chat/code"))["code"])


async def test_a_code_takes_the_chat_to_another_device_and_the_old_one_is_told(
    site: Site, browser: Browser, phone: Browser
) -> None:
    await browser.post(text="từ máy cũ")
    code = await code_of(browser)
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", code)
    async with browser.listening() as socket:
        await told(socket)
        await ask(phone, "/chat/device", code=f" {code.lower().replace('-', ' ')}")
        [warning] = (await told(socket))["messages"]
    assert "máy khác" in text(warning)
    assert phone.chat == browser.chat
    assert [text(message) for message in await phone.shown()][:1] == ["từ máy cũ"]
    await phone.post(id="message-2", text="từ máy mới")
    assert {message.chat for message in site.received} == {browser.chat}


async def test_a_code_works_once(site: Site, browser: Browser, phone: Browser, stranger: Browser) -> None:
    await browser.post(text="riêng tư")
    code = await code_of(browser)
    await ask(phone, "/chat/device", code=code)
    assert await ask(stranger, "/chat/device", 404, code=code) == {"error": "web.bad_code"}
    assert stranger.chat != browser.chat


async def test_a_new_code_ends_the_one_before(browser: Browser, phone: Browser) -> None:
    await browser.post(text="chào")
    first = await code_of(browser)
    await code_of(browser)
    await ask(phone, "/chat/device", 404, code=first)


async def test_a_code_that_is_too_old_does_nothing(site: Site, browser: Browser, phone: Browser) -> None:
    await browser.post(text="chào")
    code = await code_of(browser)
    late = micros(datetime.now(UTC) + timedelta(seconds=doors.VALID))
    await site.database.write(devices.expire(late, 0))
    await ask(phone, "/chat/device", 404, code=code)


async def test_other_devices_can_be_signed_out(site: Site, browser: Browser, phone: Browser) -> None:
    await browser.post(text="chào")
    chat = browser.chat
    await ask(phone, "/chat/device", code=await code_of(browser))
    replayed = phone.cookie
    async with phone.listening() as socket:
        await told(socket)
        await ask(browser, "/chat/sign-out")
        await socket.receive(timeout=15)
        assert socket.close_code == 4003
    assert await phone.post(status=401, id="message-2", text="vẫn ở đây") == {"error": "web.signed_out"}
    await browser.post(id="message-3", text="chỉ mình mình")
    assert browser.chat == chat
    await phone.open()
    assert phone.chat != chat
    async with phone.session.get("/chat/files/1/0", headers={"Cookie": f"chat={replayed}"}) as response:
        assert response.status == 404
    assert [message.text for message in site.received] == ["chào", "chỉ mình mình"]


async def test_who_was_signed_out_hears_nothing_more(site: Site, browser: Browser, phone: Browser) -> None:
    await browser.post(text="chào")
    await ask(phone, "/chat/device", code=await code_of(browser))
    await ask(browser, "/chat/sign-out")
    await site.channel.send(browser.chat, Reply("chỉ cho bạn"), key="k1")
    async with phone.session.post("/chat/poll?now=1", headers=phone.headers) as response:
        assert response.status == 401


async def test_a_cookie_of_another_generation_cannot_be_made_up(browser: Browser) -> None:
    await browser.post(text="chào")
    chat, _, signature = browser.cookie.partition(".")
    forged = {"Cookie": f"chat={chat}.7.{signature}", **browser.headers}
    async with browser.session.post("/chat/poll?now=1", headers=forged) as response:
        assert response.status in (200, 401)  # the jar's own cookie goes along
    browser.session.cookie_jar.clear()
    async with browser.session.post("/chat/poll?now=1", headers=forged) as response:
        assert response.status == 401


@pytest.mark.parametrize("path", ["/chat/code", "/chat/sign-out", "/chat/device", "/chat/push", "/chat/push/end"])
async def test_no_other_site_asks_for_anything(browser: Browser, path: str) -> None:
    for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site", **browser.headers}):
        async with browser.session.post(path, json={}, headers=headers) as response:
            assert response.status == 403
    form = {**browser.headers, "Content-Type": "text/plain"}
    async with browser.session.post(path, data="{}", headers=form) as response:
        assert response.status == 400
