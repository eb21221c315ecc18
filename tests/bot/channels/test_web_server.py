"""The server and its page: languages, protection, static files, the end."""

import gzip
import json
import socket
import time
from pathlib import Path

import pytest
from aiohttp import ClientSession, WSMsgType

from bot.channels.web.form import file_name
from bot.channels.web.page import as_script, best, tags
from bot.channels.web.statics import takes_gzip
from bot.errors import SettingsError
from bot.server import Server
from tests.bot.channels.browser import Browser, told
from tests.bot.channels.site import Site, running


async def test_the_page_speaks_the_browser_s_language(browser: Browser) -> None:
    assert '<html lang="vi">' in await browser.open()
    async with browser.session.get("/", headers={"Accept-Language": "en-GB,en;q=0.8"}) as response:
        assert '<html lang="en">' in await response.text()


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "vi"), ("en", "en"), ("fr, en;q=0.5", "en"), ("en;q=0.1, vi;q=0.9", "vi"), ("zh", "vi"), ("en;q=0", "vi")],
)
def test_the_most_wanted_language_that_we_have_is_spoken(accepted: str, language: str) -> None:
    assert best(accepted, ("vi", "en")) == language


def test_a_header_full_of_rubbish_names_no_language() -> None:
    assert tags("<script>, ;;q=x, " + "a" * 1000) == []


def test_no_text_can_end_the_script_that_carries_it() -> None:
    carried = as_script({"a": "</script><script>"})
    assert "<" not in carried
    assert json.loads(carried) == {"a": "</script><script>"}


async def test_the_page_allows_no_foreign_code(browser: Browser) -> None:
    async with browser.session.get("/") as response:
        policy = response.headers["Content-Security-Policy"]
        page = await response.text()
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert " style=" not in page
    assert " onclick" not in page
    assert "{{" not in page


async def test_errors_are_protected_too(browser: Browser) -> None:
    response = await browser.file("/nowhere")
    assert response.status == 404
    assert "Content-Security-Policy" in response.headers


async def test_static_files_are_fetched_once(browser: Browser) -> None:
    page = await browser.open()
    address = next(part for part in page.split('"') if part.endswith("/main.js"))
    response = await browser.file(f"/{address}")
    assert "immutable" in response.headers["Cache-Control"]
    plain = await browser.session.get("/static/main.js", headers={"If-None-Match": response.headers["ETag"]})
    assert plain.status == 304
    assert "immutable" not in plain.headers["Cache-Control"]
    assert (await browser.file("/static/index.html")).status == 404


@pytest.mark.parametrize(
    ("accepted", "packed"), [("gzip, br", True), ("GZIP;q=0.5", True), ("br", False), ("gzip;q=0", False), ("", False)]
)
def test_a_file_is_packed_for_who_takes_it(accepted: str, packed: bool) -> None:
    assert takes_gzip(accepted) is packed


async def test_a_file_comes_packed_and_means_the_same(site: Site) -> None:
    async with ClientSession(site.url, auto_decompress=False) as session:
        plain = await (await session.get("/static/draw.js", headers={"Accept-Encoding": "identity"})).read()
        packed = await session.get("/static/draw.js", headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["Vary"] == "Accept-Encoding"
        assert gzip.decompress(await packed.read()) == plain


async def test_the_server_is_healthy(browser: Browser) -> None:
    assert (await browser.file("/healthz")).status == 200


@pytest.mark.parametrize("after", ["-1", "x", "1" * 30, "²"])
async def test_a_page_cannot_ask_for_nonsense(browser: Browser, after: str) -> None:
    async with browser.session.get("/chat", params={"after": after}, headers=browser.headers) as response:
        assert response.status == 400


async def test_the_server_stops_at_once_though_pages_are_open(tmp_path: Path) -> None:
    async with running(tmp_path) as site:
        browser = Browser(site)
        await browser.open()
        async with browser.listening() as socket:
            await told(socket)
            started = time.monotonic()
            await site.server.stop()
            assert time.monotonic() - started < 10  # it would wait for them otherwise
        await browser.session.close()


async def test_pages_are_let_go_when_the_channel_ends(tmp_path: Path) -> None:
    async with running(tmp_path) as site:
        browser = Browser(site)
        await browser.open()
        socket = await browser.session.ws_connect("/chat?after=0", headers=browser.headers)
        await told(socket)
    assert (await socket.receive(timeout=15)).type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED)
    await browser.session.close()


async def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SettingsError, match=rf"\[web\] listen.*{address}"):
            await Server([]).start(address)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\ảnh\\đường.jpg", "đường.jpg"),
        ("", "file"),
        (None, "file"),
        ("a\r\nb\ud800.txt", "a b\ufffd.txt"),
        ("..", "file"),
    ],
)
def test_a_file_keeps_only_a_harmless_name(given: str | None, kept: str) -> None:
    assert file_name(given) == kept


def test_a_long_file_name_keeps_its_ending() -> None:
    kept = file_name("x" * 300 + ".docx")
    assert len(kept) <= 120
    assert kept.endswith(".docx")
