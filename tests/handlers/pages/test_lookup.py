"""The page for looking a proposal up, over real HTTP: without script, without cookies, without a trace of who asked."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession, DummyCookieJar, TCPConnector
from playwright.async_api import Page, expect

from bot.app import lookup_page, web_channel
from bot.secret import secret_of
from bot.server import Server
from handlers.pages import lookup as page_module
from tests.chromium import chromium
from tests.handlers.youth.test_lookup import CODE, other, rows, sent, set_state
from tests.handlers.youth.test_propose import LOAN
from tests.player import Moving, Town, town

PATH = "/tracuu"
FOLDER = Path(page_module.__file__).parent
CHAT = FOLDER.parent.parent / "bot/channels/web/static/chat.css"


@dataclass
class Answer:
    """What the server gave back."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def outcome(self) -> str:
        found = re.search(r'<p class="outcome"[^>]*>(.*?)</p>', self.text, re.DOTALL)
        return re.sub(r"<[^>]*>", "", found[1]).strip() if found else ""


@dataclass
class Site:
    """The page of a running bot."""

    place: Town
    server: Server

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def ask(self, code: str, key: str, *, query: str = "", sender: str = "127.0.0.1", **headers: str) -> Answer:
        return await self.fetch("POST", PATH + query, sender, {"code": code, "key": key}, headers)

    async def look(self, path: str = PATH, **headers: str) -> Answer:
        return await self.fetch("GET", path, "127.0.0.1", None, headers)

    async def fetch(
        self, method: str, path: str, sender: str, data: dict[str, str] | bytes | None, headers: dict[str, str]
    ) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connector = TCPConnector(local_addr=(sender, 0))
        async with (
            ClientSession(connector=connector, cookie_jar=DummyCookieJar()) as session,
            session.request(method, self.url + path, data=data, headers=named) as response,
        ):
            return Answer(response.status, await response.text(), response.headers)


@asynccontextmanager
async def open_site(place: Town) -> AsyncIterator[Site]:
    secret = await secret_of(place.settings.database.location, place.bot.database)
    chat = web_channel(place.settings, place.bot.database, place.bot.house.texts, place.clock, secret)
    server = Server([*chat.routes(), *lookup_page(place.bot, secret).routes()])
    await server.start("127.0.0.1:0")
    try:
        yield Site(place, server)
    finally:
        await server.stop()


@pytest.fixture
async def site(place: Town) -> AsyncIterator[Site]:
    async with open_site(place) as site:
        yield site


async def test_the_form_shows_the_state_and_nothing_of_the_text(site: Site) -> None:
    key = await sent(site.place.person("lan"))
    answer = await site.ask(CODE.lower(), f" {key.lower()} ")
    assert answer.status == 200
    assert re.fullmatch(rf"{CODE}: Đã nhận, từ 02/03/2026 10:0\d\.", answer.outcome)
    for secret in (LOAN, "Na Sầm", "Bắc Hùng", "Vốn vay", key):
        assert secret not in answer.text
    await set_state(site.place, "withdrawn")
    assert f"{CODE}: Đã rút lại" in (await site.ask(CODE, key)).outcome


async def test_code_and_key_may_stand_in_the_first_field(site: Site) -> None:
    key = await sent(site.place.person("lan"))
    answer = await site.ask(f"{CODE} {key}", "")
    assert f"{CODE}: Đã nhận" in answer.outcome
    assert key not in answer.text


async def test_a_wrong_code_and_a_wrong_key_get_the_very_same_answer(site: Site) -> None:
    key = await sent(site.place.person("lan"))
    wrong, unknown = await site.ask(CODE, other(key)), await site.ask("LS-2026-00099", key)
    assert "Mã hoặc khoá chưa đúng" in wrong.outcome
    assert wrong.status == unknown.status
    assert wrong.text == unknown.text.replace("LS-2026-00099", CODE)


async def test_what_is_no_code_or_no_key_is_explained_and_does_not_count(site: Site) -> None:
    assert "chưa thấy mã" in (await site.ask("<b>xin chào", "AC3FEU")).outcome
    assert "điền thêm khoá" in (await site.ask(CODE, " - ")).outcome
    assert await rows(site.place, "SELECT * FROM lookups") == []


async def test_the_code_is_filled_in_by_a_link_and_the_key_never_is(site: Site) -> None:
    page = (await site.look(f"{PATH}?code={CODE}&key=AC3FEU")).text
    assert f'name="code" value="{CODE}"' in page
    assert "AC3FEU" not in page
    sly = (await site.look(f"{PATH}?code=%22%3E%3Cscript%3E")).text
    assert "<script" not in sly
    assert "&quot;&gt;&lt;script&gt;" in sly


async def test_it_is_neither_kept_nor_found_and_sets_no_cookie(site: Site) -> None:
    for answer in (await site.look(), await site.ask(CODE, "AC3FEU")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
        assert not re.search(r"<script| style=| on\w+=", answer.text)
        assert len(answer.text.encode()) < 3000
    assert (await site.look()).text.count("{") == 0


async def test_it_speaks_the_browser_s_language_or_the_one_that_was_asked_for(site: Site) -> None:
    key = await sent(site.place.person("lan"))
    assert '<html lang="vi">' in (await site.look()).text
    assert '<html lang="en">' in (await site.look(Accept_Language="en-GB")).text
    assert '<html lang="vi">' in (await site.look(f"{PATH}?lang=vi", Accept_Language="en")).text
    assert '<html lang="vi">' in (await site.look(f"{PATH}?lang=xx")).text
    assert '<html lang="en">' in (await site.look("/lookup", Accept_Language="en")).text
    english = await site.ask(CODE, key, query="?lang=en")
    assert re.fullmatch(rf"{CODE}: Received, since .*", english.outcome)


@pytest.mark.parametrize(
    ("data", "headers", "status"),
    [
        (b"code=a&key=b", {"Content-Type": "text/plain"}, 415),
        (b"code=" + b"a" * 3000, {}, 413),
        (b"&".join(b"a=b" for _ in range(30)), {}, 400),
        (b"code=%ff%00&key=\xff", {}, 422),
        (b"", {}, 422),
    ],
)
async def test_anything_but_a_small_form_is_refused(
    site: Site, data: bytes, headers: dict[str, str], status: int
) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"} | headers
    assert (await site.fetch("POST", PATH, "127.0.0.1", data, form)).status == status


async def test_the_colours_are_those_of_the_chat() -> None:
    pattern = re.compile(r"--[\w-]+: *#\w+")
    ours, theirs = (
        [pattern.findall(part) for part in file.read_text("utf-8").split("@media (prefers-color-scheme: dark)")]
        for file in (FOLDER / "look.css", CHAT)
    )
    assert [len(ours), len(theirs)] == [2, 2]
    for mine, chat in zip(ours, theirs, strict=True):
        assert len(mine) > 8
        assert set(mine) <= set(chat)


# -- limits


async def test_the_tries_of_a_code_count_over_the_page_and_the_chats_together(site: Site) -> None:
    key, mai = await sent(site.place.person("lan")), site.place.person("mai")
    for _ in range(3):
        await site.ask(CODE, other(key))
    for _ in range(2):
        await mai.send(f"/tracuu {CODE} {other(key)}")
    late = await site.ask(CODE, key)
    assert late.status == 429
    assert re.search(r"thử lại từ 02/03/2026 11:0\d", late.outcome)
    site.place.clock.forward(minutes=61)
    assert "Đã nhận" in (await site.ask(CODE, key)).outcome


async def test_twenty_wrong_tries_of_one_address_leave_another_alone(site: Site) -> None:
    key = await sent(site.place.person("lan"))
    for n in range(20):
        assert (await site.ask(f"LS-2026-{100 + n}", key, X_Forwarded_For=f"192.0.2.{n}")).status == 200
    assert (await site.ask(CODE, key)).status == 429
    assert (await site.ask(CODE, key, X_Forwarded_For="192.0.2.99")).status == 429
    assert "Đã nhận" in (await site.ask(CODE, key, sender="127.0.0.2")).outcome


async def test_who_asks_many_times_at_once_gets_no_more_tries(site: Site) -> None:
    key = await sent(site.place.person("lan"))
    answers = await asyncio.gather(*(site.ask(CODE, other(key)) for _ in range(15)))
    assert sorted(answer.status for answer in answers) == [200] * 5 + [429] * 10
    assert len(await rows(site.place, "SELECT * FROM lookups")) == 10


async def test_a_restart_forgets_no_try_and_the_address_is_nowhere(tmp_path: Path) -> None:
    clock = Moving()
    async with town(tmp_path, clock) as place, open_site(place) as site:
        key = await sent(place.person("lan"))
        for n in range(20):
            await site.ask(f"LS-2026-{100 + n}", key, sender="127.0.0.3")
    async with town(tmp_path, clock) as place, open_site(place) as site:
        assert (await site.ask(CODE, key, sender="127.0.0.3")).status == 429
        kept = [row["subject"] for row in await rows(place, "SELECT subject FROM lookups")]
    assert {one[:5] for one in kept} == {"code:", "from:"}
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or b"127.0.0.3" not in file.read_bytes()


# -- in a browser


async def fill_in(page: Page, code: str, key: str) -> None:
    await page.get_by_label("Mã ý kiến").fill(code)
    await page.get_by_label("Khoá tra cứu").fill(key)
    await page.get_by_role("button", name="Tra cứu").click()


async def test_in_a_browser_without_script_a_keyboard_and_a_narrow_screen_do(site: Site) -> None:
    key = await sent(site.place.person("lan"))
    async with chromium() as browser:
        context = await browser.new_context(
            locale="vi-VN", viewport={"width": 320, "height": 640}, java_script_enabled=False
        )
        page = await context.new_page()
        await page.goto(f"{site.url}{PATH}?code={CODE}")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await page.keyboard.type(key.lower())
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text(f"{CODE}: Đã nhận")
        await fill_in(page, CODE, other(key))
        await expect(page.get_by_role("status")).to_contain_text("Mã hoặc khoá chưa đúng")
        await page.get_by_role("link", name="English").click()
        await expect(page.get_by_role("button", name="Look up")).to_be_visible()
        assert await context.cookies() == []
        await context.close()
