"""Sending to the web: open pages hear at once, later ones see the same."""

from pathlib import Path

import pytest

from bot.errors import RefusedError, UnreachableError
from bot.model import OutgoingFile, Reply
from tests.bot.channels.browser import PNG, YES, Browser, text, told
from tests.bot.channels.site import Site


async def test_what_is_sent_is_shown_at_once_and_after_a_reload(site: Site, browser: Browser) -> None:
    await browser.post(text="chào")
    async with browser.listening() as socket:
        await told(socket)
        assert await site.channel.send(browser.chat, YES, key="k1") == "2"
        [live] = (await told(socket))["messages"]
    [later] = (await browser.shown())[1:]
    assert live == later
    assert live["buttons"] == [[{"label": "Có", "data": "1:1:1"}, {"label": "Không", "data": "1:1:2"}]]


async def test_the_styles_of_a_reply_arrive_as_runs(site: Site, browser: Browser) -> None:
    await browser.post(text="chào")
    await site.channel.send(browser.chat, Reply("Mã <b>LS-1</b> &lt;ok&gt;"), key="k1")
    assert (await browser.shown())[-1]["spans"] == [["Mã ", ""], ["LS-1", "b"], [" <ok>", ""]]


async def test_one_key_sent_twice_is_one_message(site: Site, browser: Browser) -> None:
    await browser.post(text="chào")
    first = await site.channel.send(browser.chat, YES, key="k1")
    assert await site.channel.send(browser.chat, YES, key="k1") == first
    assert len(await browser.shown()) == 2


async def test_an_edit_reaches_open_pages_and_later_ones(site: Site, browser: Browser) -> None:
    await browser.post(text="chào")
    reference = await site.channel.send(browser.chat, YES, key="k1")
    async with browser.listening() as socket:
        last = (await told(socket))["messages"][-1]
        await site.channel.edit(browser.chat, reference, Reply("Đã đổi"))
        [edited] = (await told(socket))["messages"]
    assert (edited["number"], text(edited)) == (last["number"], "Đã đổi")
    assert edited["change"] > last["change"]
    assert [text(message) for message in await browser.shown()] == ["chào", "Đã đổi"]


async def test_taking_buttons_off_reaches_open_pages_and_later_ones(site: Site, browser: Browser) -> None:
    await browser.post(text="chào")
    reference = await site.channel.send(browser.chat, YES, key="k1")
    async with browser.listening() as socket:
        await told(socket)
        await site.channel.strip(browser.chat, reference)
        [stripped] = (await told(socket))["messages"]
    assert (text(stripped), stripped["buttons"]) == ("Bạn đến nhé?", [])
    assert (await browser.shown())[-1]["buttons"] == []


async def test_a_page_that_comes_back_hears_only_what_it_missed(site: Site, browser: Browser) -> None:
    await browser.post(text="chào")
    [first] = await browser.shown()
    await site.channel.send(browser.chat, Reply("mới"), key="k1")
    assert [text(message) for message in await browser.shown(after=first["change"])] == ["mới"]


async def test_a_burst_is_told_in_order_and_once(site: Site, browser: Browser) -> None:
    await browser.post(text="chào")
    async with browser.listening() as socket:
        await told(socket)
        for n in range(30):
            await site.channel.send(browser.chat, Reply(str(n)), key=f"k{n}")
        heard: list[str] = []
        while len(heard) < 30:
            heard += [text(message) for message in (await told(socket))["messages"]]
    assert heard == [str(n) for n in range(30)]


async def test_a_file_that_is_sent_can_be_fetched(site: Site, browser: Browser, tmp_path: Path) -> None:
    await browser.post(text="chào")
    path = tmp_path / "bang.xlsx"
    path.write_bytes(b"rows")
    reply = Reply("Bảng đây", files=(OutgoingFile(path, "Tổng hợp.xlsx", "application/vnd.ms-excel"),))
    await site.channel.send(browser.chat, reply, key="k1")
    path.unlink()
    [file] = (await browser.shown())[-1]["files"]
    assert (file["name"], file["size"]) == ("Tổng hợp.xlsx", 4)
    response = await browser.file(file["url"])
    assert await response.read() == b"rows"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''T%E1%BB%95ng")


async def test_photos_are_shown_and_everything_else_is_saved(browser: Browser) -> None:
    await browser.post(
        files=(
            ("a.png", PNG, "image/png"),
            ("b.pdf", b"%PDF-1.7 <script>alert(1)</script>", "text/html"),
            ("c.mp3", b"ID3" + bytes(100), "text/html"),
        )
    )
    [message] = await browser.shown()
    answers = [await browser.file(file["url"]) for file in message["files"]]
    assert [answer.headers["Content-Disposition"].partition(";")[0] for answer in answers] == [
        "inline",
        "attachment",
        "attachment",
    ]
    types = [answer.headers["Content-Type"] for answer in answers]
    assert types == ["image/png", "application/octet-stream", "audio/mpeg"]
    assert {answer.headers["X-Content-Type-Options"] for answer in answers} == {"nosniff"}


@pytest.mark.parametrize("path", ["/chat/files/1/5", "/chat/files/99/0", "/chat/files/1/x", "/chat/files/../1"])
async def test_a_file_that_is_not_there_is_not_found(browser: Browser, path: str) -> None:
    await browser.post(files=(("a.png", PNG, "image/png"),))
    assert (await browser.file(path)).status == 404


async def test_nobody_can_be_reached_at_an_unknown_chat(site: Site) -> None:
    with pytest.raises(UnreachableError):
        await site.channel.send("0" * 32, YES, key="k1")
    with pytest.raises(UnreachableError):
        await site.channel.edit("0" * 32, "1", YES)


async def test_what_can_never_be_sent_is_refused(site: Site, browser: Browser, tmp_path: Path) -> None:
    await browser.post(text="chào")
    missing = OutgoingFile(tmp_path / "missing", "a.txt", "text/plain")
    with pytest.raises(RefusedError):
        await site.channel.send(browser.chat, Reply("x", files=(missing,)), key="k1")
    with pytest.raises(RefusedError):
        await site.channel.edit(browser.chat, "99", YES)
