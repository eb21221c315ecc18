"""What goes out to Telegram: messages, edits, files and menus, and what becomes of each refusal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.channel import Command
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_profile import dress
from bot.errors import (
    DeliveryError,
    MovedError,
    NotSentError,
    RefusedError,
    TooFastError,
    UnreachableError,
    UnsureError,
)
from bot.model import Button, Message, OutgoingFile, Reply
from tests.bot.channels.wire import PROFILES, opened
from tests.processes import free_port
from tests.telegram.limits import Limits
from tests.telegram.phone import Phone
from tests.telegram.server import TOKEN, StandIn

CHOICE = ((Button("Có", "1.1.yes"), Button("Không", "1.1.no")), ((Button("Khác", "1.1.other")),))


@pytest.fixture
async def there() -> AsyncIterator[StandIn]:
    async with StandIn() as running:
        yield running


@pytest.fixture
def lan(there: StandIn) -> Phone:
    phone = Phone(there.world, 1001)
    phone.start()
    return phone


@pytest.fixture
async def channel(there: StandIn) -> AsyncIterator[TelegramChannel]:
    async with opened(there) as ready:
        yield ready


async def test_a_message_arrives_with_its_markup_and_buttons(channel: TelegramChannel, lan: Phone) -> None:
    reference = await channel.send("1001", Reply("<b>Xin</b> &lt;chào&gt; &amp; 😀", CHOICE), key="k")
    assert lan.last.text == "Xin <chào> & 😀"
    assert lan.last.buttons == [[("Có", "1.1.yes"), ("Không", "1.1.no")], [("Khác", "1.1.other")]]
    assert reference == str(lan.last.id)


@pytest.mark.parametrize("text", ["<b>hở", "a < b", "<i>x</b>", "<u>y</u><font>z</font>"])
async def test_what_is_refused_for_its_markup_goes_out_plain(channel: TelegramChannel, lan: Phone, text: str) -> None:
    with capture_logs() as logs:
        await channel.send("1001", Reply(text, CHOICE), key="k")
    assert lan.last.entities == []
    assert lan.last.buttons
    assert text not in str(logs)


async def test_a_message_is_edited_in_place_and_loses_its_buttons(channel: TelegramChannel, lan: Phone) -> None:
    reference = await channel.send("1001", Reply("một", CHOICE), key="k")
    await channel.edit("1001", reference, Reply("hai", CHOICE))
    assert (lan.last.text, len(lan.messages)) == ("hai", 1)
    await channel.edit("1001", reference, Reply("hai", CHOICE))  # it is so already
    await channel.strip("1001", reference)
    await channel.strip("1001", reference)
    assert (lan.last.text, lan.last.buttons) == ("hai", [])


async def test_a_message_that_is_gone_cannot_be_edited(channel: TelegramChannel, lan: Phone) -> None:
    with pytest.raises(RefusedError):
        await channel.edit("1001", "4711", Reply("x"))


async def test_the_longest_text_is_taken_and_a_longer_one_refused(channel: TelegramChannel, lan: Phone) -> None:
    await channel.send("1001", Reply("<b>" + "😀" * 2048 + "</b>"), key="k")
    with pytest.raises(RefusedError):
        await channel.send("1001", Reply("😀" * 2049), key="k")


# -- files


def file_of(tmp_path: Path, name: str = "bảng.xlsx", content: bytes = b"PK..") -> OutgoingFile:
    path = tmp_path / "export"
    path.write_bytes(content)
    return OutgoingFile(path, name, "application/octet-stream")


async def test_a_file_goes_out_under_its_name_with_the_text_as_its_caption(
    channel: TelegramChannel, lan: Phone, tmp_path: Path
) -> None:
    reference = await channel.send("1001", Reply("<b>Đây</b>", (), (file_of(tmp_path),)), key="k")
    assert (lan.last.name, lan.last.document, lan.last.caption) == ("bảng.xlsx", b"PK..", "Đây")
    assert reference == str(lan.last.id)


async def test_a_text_too_long_for_a_caption_and_a_keyboard_follow_the_file(
    channel: TelegramChannel, lan: Phone, tmp_path: Path
) -> None:
    await channel.send("1001", Reply("a" * 1025, (), (file_of(tmp_path),)), key="k")
    await channel.send("1001", Reply("Chọn", CHOICE, (file_of(tmp_path), file_of(tmp_path))), key="k")
    await channel.send("1001", Reply("", (), (file_of(tmp_path), file_of(tmp_path))), key="k")
    kinds = ["file" if message.document else "text" for message in lan.messages]
    assert kinds == ["file", "text", "file", "file", "text", "file", "file"]


async def test_a_file_that_is_gone_is_refused(channel: TelegramChannel, lan: Phone, tmp_path: Path) -> None:
    with pytest.raises(RefusedError):
        await channel.send("1001", Reply("", (), (OutgoingFile(tmp_path / "no", "no", "text/csv"),)), key="k")


async def fetched(channel: TelegramChannel, reference: str) -> bytes:
    return b"".join([chunk async for chunk in channel.fetch(reference)])


async def test_the_file_of_a_person_is_fetched(channel: TelegramChannel, lan: Phone, there: StandIn) -> None:
    lan.document("đơn.pdf", b"%PDF" * 200_000, "application/pdf")
    [file] = there.world.files.values()
    assert await fetched(channel, file.id) == file.content


async def test_a_file_that_telegram_does_not_give_says_so(channel: TelegramChannel, lan: Phone, there: StandIn) -> None:
    lan.document("phim.mp4", b"x", "video/mp4", size=21 * 1024 * 1024)
    [file] = there.world.files.values()
    with pytest.raises(RefusedError):
        await fetched(channel, file.id)
    with pytest.raises(RefusedError):
        await fetched(channel, "no such file")
    lan.photo(b"picture")
    there.faults.next("500", "file")
    with pytest.raises(UnsureError):
        await fetched(channel, list(there.world.files)[-1])


# -- what may go wrong


async def test_who_blocked_the_bot_or_never_wrote_cannot_be_reached(
    channel: TelegramChannel, lan: Phone, there: StandIn
) -> None:
    lan.block()
    Phone(there.world, 1002)
    for chat in ("1001", "1002", "4711", "99999999999999999999"):
        with pytest.raises(UnreachableError) as caught:
            await channel.send(chat, Reply("x"), key="k")
        assert caught.value.__cause__ is not None


async def test_a_group_that_moved_says_where_to(channel: TelegramChannel, lan: Phone) -> None:
    group = lan.group("Chi đoàn")
    old = group.chat.id
    new = group.migrate().id
    with pytest.raises(MovedError) as caught:
        await channel.send(str(old), Reply("x"), key="k")
    assert caught.value.chat == str(new)


async def test_too_fast_says_how_long_to_wait() -> None:
    async with StandIn(limits=Limits()) as there, opened(there) as channel:
        Phone(there.world, 1001).start()
        for _ in range(4):
            await channel.send("1001", Reply("x"), key="k")
        with pytest.raises(TooFastError) as caught:
            await channel.send("1001", Reply("x"), key="k")
        assert caught.value.seconds >= 1


@pytest.mark.parametrize(
    ("fault", "error", "arrives"),
    [
        ("500", UnsureError, False),
        ("502", UnsureError, False),
        ("reset-before", UnsureError, False),
        ("reset-after", UnsureError, True),
    ],
)
async def test_what_may_have_arrived_is_unsure(
    channel: TelegramChannel, lan: Phone, there: StandIn, fault: str, error: type[DeliveryError], arrives: bool
) -> None:
    there.faults.next(fault, "sendMessage")
    with pytest.raises(error) as caught:
        await channel.send("1001", Reply("x"), key="k")
    assert bool(lan.messages) == arrives
    assert caught.value.__cause__ is not None


async def test_an_answer_that_is_none_of_the_bot_apis_is_unsure(there: StandIn) -> None:
    async def strange(request: web.BaseRequest) -> web.Response:
        return web.json_response({"ok": True})

    async with listening(strange) as address, opened(there, proxy=address) as channel:
        with pytest.raises(UnsureError):
            await channel.send("1001", Reply("x"), key="k")


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 429, 503])
async def test_only_telegram_itself_refuses_for_good(there: StandIn, status: int) -> None:
    async def between(request: web.BaseRequest) -> web.Response:
        return web.Response(status=status, text="<html>no</html>", headers={"Location": "http://127.0.0.1:9/"})

    async with listening(between) as address, opened(there, proxy=address) as channel:
        with pytest.raises(UnsureError):
            await channel.send("1001", Reply("x"), key="k")


async def test_what_found_no_connection_was_certainly_not_sent(there: StandIn) -> None:
    async with opened(there) as channel:
        await there.stop()
        with pytest.raises(NotSentError) as caught:
            await channel.send("1001", Reply("x"), key="k")
        assert TOKEN not in f"{caught.value}{caught.value.__cause__}"


async def test_a_closed_channel_sends_nothing(there: StandIn) -> None:
    async with opened(there) as channel:
        pass
    with pytest.raises(NotSentError):
        await channel.send("1001", Reply("x"), key="k")


# -- presses


async def test_a_press_is_acknowledged_with_a_notice_and_one_too_old_is_only_logged(
    channel: TelegramChannel, lan: Phone, there: StandIn
) -> None:
    await channel.send("1001", Reply("?", CHOICE), key="k")
    query = lan.press("Có")
    await channel.acknowledge(Message("telegram", "1001", "1", press="x", reference=query), "Đã chọn")
    assert [notice.text for notice in lan.notices] == ["Đã chọn"]
    query = lan.press("Không")
    there.world.expire_queries()
    with capture_logs() as logs:
        await channel.acknowledge(Message("telegram", "1001", "2", press="x", reference=query), "")
    assert [line["event"] for line in logs] == ["a press is not acknowledged"]


# -- what Telegram shows of the bot


async def test_the_profile_is_set_in_each_language_and_left_alone_when_it_stands(
    channel: TelegramChannel, there: StandIn
) -> None:
    changes = ("setmyname", "setmydescription", "setmyshortdescription", "setmycommands")
    for _ in range(2):
        await dress(channel.call, PROFILES)
        assert [there.world.calls[name] for name in changes] == [2, 2, 2, 3]  # no English menu in groups
    assert {shown for (what, language), shown in there.world.profile.items() if language == "en"} == {
        "Youth speaks", "Tell the province", "Two minutes.",
    }  # fmt: skip
    menus = {language: [one["command"] for one in menu] for (scope, language), menu in there.world.commands.items()
             if "all_private_chats" in scope}  # fmt: skip
    assert menus == {"": ["gopy", "trogiup"], "en": ["propose"]}


async def test_a_chat_gets_a_menu_of_its_own(channel: TelegramChannel, lan: Phone, there: StandIn) -> None:
    await channel.offer("1001", [Command("hangdoi", "Xem đề xuất")])
    [(scope, menu)] = there.world.commands.items()
    assert "1001" in scope[0]
    assert menu == [{"command": "hangdoi", "description": "Xem đề xuất"}]


# -- the way through a proxy


@asynccontextmanager
async def listening(answer: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """The address of something that answers whatever it is asked."""
    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_everything_goes_through_the_proxy(there: StandIn) -> None:
    asked = []

    async def forward(request: web.BaseRequest) -> web.Response:
        asked.append(request.raw_path)
        return web.json_response(
            {"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "x", "username": "via"}}
        )

    async with listening(forward) as address, opened(there, proxy=address) as channel:
        assert await channel.introduce() == "via"
    assert asked == [f"{there.url}/bot{TOKEN}/getMe"]
    assert there.world.calls["getme"] == 0


async def test_a_proxy_that_is_not_there_is_a_message_not_sent(there: StandIn) -> None:
    for scheme in ("http", "socks5"):
        async with opened(there, proxy=f"{scheme}://127.0.0.1:{free_port()}") as channel:
            with pytest.raises(NotSentError):
                await channel.send("1001", Reply("x"), key="k")
