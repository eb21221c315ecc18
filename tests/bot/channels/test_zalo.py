"""What goes out to Zalo, and what becomes of each refusal and of each line that breaks."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.channels.zalo import ZaloChannel
from bot.channels.zalo_api import Answer, Api, read
from bot.errors import (
    DeliveryError,
    NotSentError,
    RefusedError,
    SettingsError,
    TooFastError,
    UnreachableError,
    UnsureError,
)
from bot.model import OutgoingFile, Reply
from tests.bot.channels.zalo_wire import channel_to, opened
from tests.processes import free_port
from tests.zalo.faults import Kind
from tests.zalo.phone import Phone
from tests.zalo.server import TOKEN, StandIn
from tests.zalo.world import Limits

PAGES = "https://pages.example.org"


@pytest.fixture
async def there() -> AsyncIterator[StandIn]:
    async with StandIn() as running:
        yield running


@pytest.fixture
def lan(there: StandIn) -> Phone:
    phone = Phone(there.world, "lan", there.url)
    phone.send("xin chào")
    return phone


@pytest.fixture
async def channel(there: StandIn) -> AsyncIterator[ZaloChannel]:
    async with opened(there.url) as ready:
        yield ready


async def test_a_message_arrives_without_markup(channel: ZaloChannel, lan: Phone) -> None:
    reference = await channel.send(lan.chat, Reply("<b>Xin</b> &lt;chào&gt; &amp; 😀"), key="k")
    assert lan.last.text == "Xin <chào> & 😀"
    assert reference == lan.last.id


async def test_the_longest_text_is_taken_and_nothing_is_no_message(channel: ZaloChannel, lan: Phone) -> None:
    await channel.send(lan.chat, Reply("<i>" + "ằ" * 2000 + "</i>"), key="k")
    for wrong in ("ằ" * 2001, "", " \n "):
        with pytest.raises(RefusedError):
            await channel.send(lan.chat, Reply(wrong), key="k")
    assert len(lan.messages) == 1


# -- files


class Shelf:
    """Where pages would give files out."""

    def __init__(self, there: StandIn, pages: str = PAGES) -> None:
        there.ways[PAGES] = there.url
        self.there = there
        self.pages = pages

    async def link(self, chat: str, file: OutgoingFile) -> str:
        if not self.pages:
            return ""
        return self.pages + self.there.world.keep(file.path.read_bytes(), file.media_type, "")


def file_of(folder: Path, media_type: str = "text/csv", name: str = "bảng.csv") -> OutgoingFile:
    path = folder / "export"
    path.write_bytes(b"a;b")
    return OutgoingFile(path, name, media_type)


async def test_a_file_goes_out_as_a_link_under_the_text(there: StandIn, lan: Phone, tmp_path: Path) -> None:
    async with opened(there.url, link=Shelf(there).link) as channel:
        await channel.send(lan.chat, Reply("<b>Đây</b>", (), (file_of(tmp_path),), "vi"), key="k")
        await channel.send(lan.chat, Reply("x" * 1990, (), (file_of(tmp_path),), "en"), key="k")
    first, text, line = lan.messages
    assert first.text.startswith(f"Đây\n\n📎 bảng.csv: {PAGES}/cdn/")
    assert first.text.endswith("(mở được trong 24 giờ)")
    assert text.text == "x" * 1990
    assert "opens for 24 hours" in line.text


async def test_a_photo_is_shown_from_its_link_with_the_text_as_its_caption(
    there: StandIn, lan: Phone, tmp_path: Path
) -> None:
    photo = file_of(tmp_path, "image/jpeg", "a.jpg")
    async with opened(there.url, link=Shelf(there).link) as channel:
        await channel.send(lan.chat, Reply("Đây", (), (photo,), "vi"), key="k")
        await channel.send(lan.chat, Reply("Hai ảnh", (), (photo, photo), "vi"), key="k")
    assert [(one.text, one.content) for one in lan.messages] == [
        ("Đây", b"a;b"), ("", b"a;b"), ("", b"a;b"), ("Hai ảnh", b""),
    ]  # fmt: skip


@pytest.mark.parametrize("pages", ["http://pages.example.org", "https://nowhere.example.org"])
async def test_a_photo_that_zalo_cannot_fetch_is_a_link(there: StandIn, lan: Phone, tmp_path: Path, pages: str) -> None:
    async with opened(there.url, link=Shelf(there, pages).link) as channel:
        await channel.send(lan.chat, Reply("Đây", (), (file_of(tmp_path, "image/jpeg", "a.jpg"),), "vi"), key="k")
    assert lan.last.text.startswith(f"Đây\n\n📎 a.jpg: {pages}/")


async def test_without_pages_it_is_said_that_there_is_no_way(there: StandIn, lan: Phone, tmp_path: Path) -> None:
    async with opened(there.url, link=Shelf(there, "").link) as channel:
        await channel.send(lan.chat, Reply("Đây", (), (file_of(tmp_path),), "vi"), key="k")
    assert lan.last.text == "Đây\n\n📎 bảng.csv: ở đây mình chưa gửi tệp được."


# -- trouble

ERRORS = {
    Kind.INTERNAL: NotSentError,
    Kind.QUOTA: TooFastError,
    Kind.FORBIDDEN: UnreachableError,
    Kind.FIREWALL: NotSentError,
    Kind.PORTAL: NotSentError,
    Kind.GATEWAY: UnsureError,
    Kind.RESET_BEFORE: UnsureError,
    Kind.RESET_AFTER: UnsureError,
}


def chain(error: BaseException) -> str:
    """An error with everything that led to it, as it would be printed."""
    return "".join(traceback.format_exception(error)) + repr(error) + repr(error.__cause__) + repr(error.__context__)


@pytest.mark.parametrize(("kind", "expected"), ERRORS.items())
async def test_each_failure_is_one_of_ours_and_names_no_token(
    channel: ZaloChannel, there: StandIn, lan: Phone, kind: Kind, expected: type[DeliveryError]
) -> None:
    there.faults.next(kind, "sendMessage")
    with capture_logs() as logs, pytest.raises(expected) as raised:
        await channel.send(lan.chat, Reply("bí mật"), key="k")
    said = chain(raised.value).replace(__file__, "") + repr(logs)
    assert TOKEN.partition(":")[2] not in said
    assert len(lan.messages) == (kind is Kind.RESET_AFTER)


async def test_a_server_that_does_not_answer_took_nothing_and_a_late_answer_is_unsure(
    there: StandIn, lan: Phone
) -> None:
    async with opened(f"http://127.0.0.1:{free_port()}") as nowhere:
        with pytest.raises(NotSentError) as raised:
            await nowhere.send(lan.chat, Reply("x"), key="k")
    assert "TEST-zalo-token" not in chain(raised.value)
    there.faults.next("late", "getMe", seconds=0.5)
    api = Api(TOKEN, there.url)
    with pytest.raises(NotSentError):
        await api.call("getMe")
    await api.open()
    try:
        with pytest.raises(UnsureError):
            await api.ask("getMe", 0.1)
    finally:
        await api.close()


async def test_zalo_says_how_long_to_wait_or_half_a_minute(lan: Phone) -> None:
    for retry_after, seconds in ((7, 7.0), (0, 30.0), (90_000, 3600.0)):
        async with StandIn(limits=Limits(0, retry_after=retry_after)) as there, opened(there.url) as channel:
            phone = Phone(there.world, "lan", there.url)
            phone.send("x")
            with pytest.raises(TooFastError) as raised:
                await channel.send(phone.chat, Reply("x"), key="k")
            assert raised.value.seconds == seconds


@pytest.mark.parametrize(
    ("status", "content", "code"),
    [
        (200, b'{"ok": true}', 0),
        (200, b'{"ok": false, "error_code": 401, "description": "Unauthorized"}', 401),
        (200, b'{"ok": false}', -1),
        (500, b'{"ok": false, "error_code": "many"}', 500),
    ],
)
def test_only_ok_says_that_it_succeeded(status: int, content: bytes, code: int) -> None:
    assert read(status, content).code == code


@pytest.mark.parametrize("content", [b"", b"[]", b"7", b'{"ok": "true"}', b'{"result": 1}', b"\xff", b"<html>"])
def test_what_is_no_answer_of_theirs_is_none(content: bytes) -> None:
    with pytest.raises(NotSentError):
        read(200, content)
    with pytest.raises(UnsureError):
        read(504, content)


def test_an_unknown_code_is_unsure_and_a_wrong_token_may_be_set_right() -> None:
    assert isinstance(Answer(code=-1).error, UnsureError)
    assert isinstance(Answer(code=408).error, UnsureError)
    assert isinstance(Answer(code=401).error, NotSentError)
    assert isinstance(Answer(code=400).error, RefusedError)


async def test_a_token_that_zalo_does_not_know_is_named_without_it(there: StandIn) -> None:
    channel = channel_to(there.url, token="9:wrong-token")
    await channel.open()
    try:
        with pytest.raises(SettingsError, match=r"\[zalo\] token: ") as raised:
            await channel.introduce()
    finally:
        await channel.close()
    assert "wrong-token" not in chain(raised.value).replace(__file__, "").replace('token="9:wrong-token"', "")


async def test_the_bot_learns_its_name(channel: ZaloChannel) -> None:
    assert await channel.introduce() == "bot.thanhnien"
