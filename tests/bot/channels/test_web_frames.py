"""The chat in a frame of another site: only of those that are listed, and without a cookie."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.model import Json, Reply
from tests.bot.channels.browser import Browser, text
from tests.bot.channels.site import Site, running

OFFICE = "https://tinhdoan.example"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with running(tmp_path, embed_origins=(OFFICE, "https://other.example:8443")) as site:
        yield site


@pytest.fixture
async def frame(site: Site) -> AsyncIterator[Browser]:
    """A browser that shows the frame: it keeps no cookie, and a token instead."""
    frame = Browser(site)
    async with frame.session.post("/chat/token", json={"frame": True}, headers=frame.headers) as response:
        frame.headers["Authorization"] = f"Bearer {(await response.json())['token']}"
    frame.session.cookie_jar.clear()
    yield frame
    await frame.session.close()


async def policy(site: Site, path: str) -> str:
    async with ClientSession(site.url) as session, session.get(path) as response:
        assert response.status == 200
        assert path != "/embed" or "Set-Cookie" not in response.headers
        return response.headers["Content-Security-Policy"]


async def test_only_the_sites_of_the_list_may_frame_it(site: Site) -> None:
    assert (await policy(site, "/embed")).endswith(f"frame-ancestors {OFFICE} https://other.example:8443")
    assert (await policy(site, "/")).endswith("frame-ancestors 'none'")


async def test_without_a_list_there_is_no_frame(tmp_path: Path) -> None:
    async with running(tmp_path / "alone") as site, ClientSession(site.url) as session:
        for path in ("/embed", "/widget.js"):
            assert (await session.get(path)).status == 404
        token = await session.post("/chat/token", json={}, headers={"Origin": site.url})
        assert token.status == 404


async def test_a_frame_talks_by_its_token(site: Site, frame: Browser) -> None:
    await frame.post(text="từ khung")
    [message] = site.received
    await site.channel.send(message.chat, Reply("chào khung"), key="k1")
    async with frame.session.post("/chat/poll?now=1", headers=frame.headers) as response:
        assert [text(one) for one in (await response.json())["messages"]] == ["từ khung", "chào khung"]


async def test_a_frame_names_its_token_to_a_websocket(frame: Browser) -> None:
    await frame.post(text="từ khung")
    token = frame.headers["Authorization"].removeprefix("Bearer ")
    headers = {"Origin": frame.site.url}
    async with frame.session.ws_connect("/chat", protocols=("chat", token), headers=headers) as socket:
        assert socket.protocol == "chat"
        told: Json = await socket.receive_json(timeout=15)
    assert len(told["messages"]) == 1


async def test_a_token_is_no_cookie_and_a_cookie_no_token(site: Site, frame: Browser, browser: Browser) -> None:
    token = frame.headers["Authorization"].removeprefix("Bearer ")
    async with ClientSession(site.url) as session:
        by_cookie = {"Origin": site.url, "Cookie": f"chat={token}"}
        assert (await session.post("/chat/poll?now=1", headers=by_cookie)).status == 401
        by_token = {"Origin": site.url, "Authorization": f"Bearer {browser.cookie}"}
        assert (await session.post("/chat/poll?now=1", headers=by_token)).status == 401


async def test_no_other_site_gets_a_token(site: Site) -> None:
    async with ClientSession(site.url) as session:
        for origin in (OFFICE, "https://evil.example", "null"):
            answer = await session.post("/chat/token", json={"frame": True}, headers={"Origin": origin})
            assert answer.status == 403


async def test_a_frame_without_storage_is_known_by_a_cookie_of_that_one_site(site: Site) -> None:
    async with ClientSession(site.url) as session:
        ours = {"Origin": site.url}
        first = await session.post("/chat/token", json={"frame": True}, headers=ours)
        cookie = first.headers["Set-Cookie"]
        assert all(part in cookie for part in ("HttpOnly", "Secure", "SameSite=None", "Partitioned"))
        token = (await first.json())["token"]
        again = await session.post("/chat/token", json={"frame": True}, headers={**ours, "Cookie": f"frame={token}"})
        assert (await again.json())["token"] == token
        alone = await session.post("/chat/poll?now=1", headers={**ours, "Cookie": f"frame={token}"})
        assert alone.status == 401


async def test_the_script_may_be_used_by_other_sites(site: Site) -> None:
    async with ClientSession(site.url) as session, session.get("/widget.js") as response:
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        script = await response.text()
    assert "Nhắn với lãnh đạo tỉnh" in script
    assert '"*"' not in script
