"""Files by their links: for a day, to whoever has the link, and to nobody who only guesses or reads the database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.app import handout_page, links, lookup_page
from bot.links import Links
from bot.model import OutgoingFile
from bot.server import Server
from storage.database import Statement
from tests.handlers.youth.test_propose import come_in, stored
from tests.player import Town, town

PAGES = "https://pages.example.org"
SECRET = b"a secret of thirty-two bytes ..."
NAME = "đơn <xin> vay.csv"


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Desk:
    """The pages of a bot, and one chat that files are for."""

    place: Town
    links: Links
    url: str

    async def offer(self, name: str = NAME, media_type: str = "text/csv", folder: str = "files") -> str:
        """The path of a link to a file."""
        path = self.place.settings.files.folder.parent / folder / "a file"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"a;b")
        address = await self.links.offer("buttons", "lan", OutgoingFile(path, name, media_type))
        assert address.startswith(f"{PAGES}/f/")
        return address.removeprefix(PAGES)

    async def get(self, path: str, language: str = "") -> Answer:
        headers = {"Accept-Language": language} if language else {}
        async with ClientSession() as session, session.get(self.url + path, headers=headers) as response:
            return Answer(response.status, response.headers, await response.read())


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with town(tmp_path, BOT_WEB__PUBLIC_URL=PAGES) as place:
        await come_in(place.person("lan"))
        style = lookup_page(place.bot, SECRET).style
        server = Server(handout_page(place.settings, place.bot, SECRET, style).routes())
        await server.start("127.0.0.1:0")
        try:
            yield Desk(
                place, links(place.settings, place.bot.database, place.clock, SECRET), f"http://127.0.0.1:{server.port}"
            )
        finally:
            await server.stop()


async def test_a_file_is_saved_under_its_name_and_kept_by_nobody(desk: Desk) -> None:
    answer = await desk.get(await desk.offer())
    assert (answer.status, answer.body) == (200, b"a;b")
    assert answer.headers["Content-Type"] == "text/csv"
    assert answer.headers["Content-Disposition"] == ("attachment; filename*=UTF-8''%C4%91%C6%A1n%20%3Cxin%3E%20vay.csv")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_exports_are_given_out_too_and_what_may_be_a_page_is_only_bytes(desk: Desk) -> None:
    assert (await desk.get(await desk.offer(folder="exports"))).status == 200
    for media_type in ("text/html", "image/svg+xml", "", "application/xhtml+xml; charset=utf-8"):
        answer = await desk.get(await desk.offer(media_type=media_type))
        assert answer.headers["Content-Type"] == "application/octet-stream"


async def test_nothing_outside_of_its_folders_is_given_out(desk: Desk) -> None:
    assert (await desk.get(await desk.offer(folder="elsewhere"))).status == 410


async def test_a_link_is_over_after_a_day_and_says_so_kindly_in_both_languages(desk: Desk) -> None:
    path = await desk.offer()
    desk.place.clock.forward(hours=23, minutes=59)
    assert (await desk.get(path)).status == 200
    desk.place.clock.forward(minutes=2)
    answer = await desk.get(path, "en")
    assert answer.status == 410
    assert answer.text.index("This link does not open any more") < answer.text.index("không mở được nữa")
    assert '<html lang="en">' in answer.text
    vietnamese = (await desk.get(path)).text
    assert vietnamese.index("không mở được nữa") < vietnamese.index("This link does not open any more")
    assert "a;b" not in answer.text
    await desk.place.bot.clock.clean()
    assert await stored(desk.place, "SELECT * FROM links") == []
    assert (await desk.get(path)).status == 404


@pytest.mark.parametrize("change", ["a", "", ".", "AAAAAAAAAAAAAAAAAAAAAA"])
async def test_a_guess_opens_nothing(desk: Desk, change: str) -> None:
    path = await desk.offer()
    drawn, _, signature = path.partition(".")
    other = "A" if signature[0] != "A" else "B"
    for wrong in (f"{drawn}.{other}{signature[1:]}", f"{drawn}{change}", f"{drawn}.{change}", f"/f/x.{signature}"):
        assert (await desk.get(wrong)).status == 404, wrong


@pytest.mark.parametrize("change", ["path = '/etc/passwd'", "expires_at = expires_at + 1", "id = 'x'"])
async def test_who_changes_the_database_opens_nothing_else(desk: Desk, change: str) -> None:
    path = await desk.offer()
    await desk.place.bot.database.write([Statement(f"UPDATE links SET {change}")])
    assert (await desk.get(path)).status == 404


async def test_a_link_goes_with_its_file_and_with_its_chat(desk: Desk) -> None:
    first, second = await desk.offer(), await desk.offer()
    (desk.place.settings.files.folder / "a file").unlink()
    assert (await desk.get(first)).status == 410
    await desk.offer()
    await desk.place.bot.database.write([Statement("DELETE FROM addresses")])
    assert (await desk.get(second)).status == 404


async def test_no_name_is_in_the_address_and_who_is_unknown_gets_none(desk: Desk) -> None:
    path = await desk.offer()
    assert len(path) < 60
    assert await desk.links.offer("buttons", "nobody", OutgoingFile(Path("x"), "x", "")) == ""
    nowhere = Links(desk.place.bot.database, b"x" * 32, "", desk.place.clock)
    assert await nowhere.offer("buttons", "lan", OutgoingFile(Path("x"), "x", "")) == ""
