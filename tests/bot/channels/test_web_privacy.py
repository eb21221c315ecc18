"""Who is who on the web: nobody reads another's words, no other site speaks for anybody."""

from pathlib import Path

import pytest
from aiohttp import ClientSession, WSMsgType

from bot.model import Reply
from tests.bot.channels.browser import PNG, Browser, text, told
from tests.bot.channels.site import Site, running


async def test_a_chat_is_kept_for_a_year_out_of_reach_of_scripts(site: Site) -> None:
    async with ClientSession(site.url) as session, session.get("/") as response:
        cookie = response.headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"))
    assert "Secure" not in cookie


async def test_behind_https_the_cookie_stays_there(tmp_path: Path) -> None:
    async with (
        running(tmp_path, "https://chat.example") as site,
        ClientSession(site.url) as session,
        session.get("/") as response,
    ):
        assert "Secure" in response.headers["Set-Cookie"]


async def test_opening_the_page_again_keeps_the_chat(browser: Browser) -> None:
    before = browser.chat
    await browser.open()
    assert browser.chat == before


@pytest.mark.parametrize(
    "forgery", ["{chat}.", "{chat}.{zeros}", "x.{signature}", "{chat}", "é.é", "{signature}.{chat}"]
)
async def test_a_forged_cookie_is_a_new_person(site: Site, browser: Browser, forgery: str) -> None:
    await browser.post(text="riêng tư")
    chat, _, signature = browser.cookie.partition(".")
    forger = Browser(site)
    cookie = forgery.format(chat=chat, signature=signature, zeros="0" * 64)
    async with forger.session.get("/", headers={"Cookie": f"chat={cookie}"}) as response:
        assert response.status == 200
    assert forger.chat != chat
    assert await forger.shown() == []
    await forger.session.close()


async def test_nobody_reads_the_files_of_another(site: Site, browser: Browser, stranger: Browser) -> None:
    await browser.post(files=(("a.png", PNG, "image/png"),))
    await stranger.post(text="chào")
    [message] = await browser.shown()
    [file] = message["files"]
    assert (await browser.file(file["url"])).status == 200
    assert (await stranger.file(file["url"])).status == 404
    async with ClientSession(site.url) as nobody, nobody.get(file["url"]) as response:
        assert response.status == 404


async def test_nobody_hears_another(site: Site, browser: Browser, stranger: Browser) -> None:
    await stranger.post(text="mình khác")
    async with stranger.listening() as socket:
        await told(socket)
        await browser.post(text="riêng tư")
        await site.channel.send(stranger.chat, Reply("cho bạn"), key="k1")
        assert [text(message) for message in (await told(socket))["messages"]] == ["cho bạn"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://["},
    ],
)
async def test_other_sites_can_neither_post_nor_listen(site: Site, browser: Browser, headers: dict[str, str]) -> None:
    browser.headers = headers
    assert await browser.post(status=403, text="chào") == {"error": "web.refused"}
    async with browser.session.get("/chat", headers=headers) as response:
        assert response.status == 403
    assert site.received == []


async def test_the_public_address_counts_as_ours(tmp_path: Path) -> None:
    async with running(tmp_path, "https://chat.example") as site:
        browser = Browser(site)
        browser.headers = {"Origin": "https://chat.example", "Sec-Fetch-Site": "same-origin"}
        await browser.post(text="chào")
        assert len(site.received) == 1
        await browser.session.close()


async def test_a_browser_that_keeps_no_cookie_is_told(site: Site) -> None:
    async with (
        ClientSession(site.url) as session,
        session.ws_connect("/chat?after=0", headers={"Origin": site.url}) as socket,
    ):
        assert (await socket.receive(timeout=15)).type is WSMsgType.CLOSE
        assert socket.close_code == 4001
