"""What each channel says that it can and cannot do is what its messenger can and cannot do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import RefusedError
from bot.model import Button, OutgoingFile, Reply
from bot.pieces import split, units
from storage.database import Statement
from tests.conftest import EVERYWHERE
from tests.handlers.youth.test_propose import come_in
from tests.occasions import hold
from tests.player import Player, town
from tests.telegram.messages import LARGEST_DOWNLOAD

CHOICE = ((Button("Có", "/help"),),)


@pytest.fixture(params=EVERYWHERE)
async def lan(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Player]:
    """A person known to each messenger, whose bot can be told what to send."""
    async with town(tmp_path, join=EVERYWHERE[request.param], BOT_ZALO__PROACTIVE_HOURS="48") as here:
        [messenger] = here.messengers
        await here.settle()
        person = here.person("lan", messenger)
        await come_in(person)
        yield person


async def chat(lan: Player) -> str:
    [[row]] = await lan.town.bot.database.read(Statement("SELECT chat FROM addresses"))
    return str(row["chat"])


async def say(lan: Player, reply: Reply, key: str = "k") -> str:
    channel = lan.town.bot.channels[lan.messenger.name]
    reference = await channel.send(await chat(lan), reply, key=key)
    await lan.town.settle()
    return reference


async def test_the_longest_text_arrives_whole(lan: Player) -> None:
    text = "ằ" * lan.messenger.abilities.text_limit
    await say(lan, Reply(text))
    assert lan.last == text


async def test_what_is_longer_arrives_in_pieces(lan: Player) -> None:
    limit = min(lan.messenger.abilities.text_limit, 5000)
    text = "Một câu 😀 của em. " * (limit // 6)
    pieces = split(Reply(text), limit)
    assert all(units(piece.text) <= limit for piece in pieces)
    for n, piece in enumerate(pieces):
        await say(lan, piece, f"k{n}")
    assert lan.shown().replace("\n---\n", "").count("Một câu") == limit // 6


async def test_buttons_are_shown_where_there_are_any(lan: Player) -> None:
    await say(lan, Reply("Chọn đi", CHOICE))
    assert [button.label for button in lan.screen.last.buttons] == (["Có"] if lan.messenger.abilities.buttons else [])


async def test_what_was_sent_is_changed_where_that_can_be(lan: Player) -> None:
    channel = lan.town.bot.channels[lan.messenger.name]
    reference = await say(lan, Reply("một"))
    await channel.edit(await chat(lan), reference, Reply("hai"))
    await lan.town.settle()
    assert lan.last == ("hai" if lan.messenger.abilities.edits else "một")


async def test_a_file_goes_out_as_one_or_its_receiver_is_told(lan: Player, tmp_path: Path) -> None:
    path = tmp_path / "exports" / "bảng.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"a;b")
    await say(lan, Reply("Đây", (), (OutgoingFile(path, "bảng.csv", "text/csv"),), "vi"))
    came = [file.path.read_bytes() for file in lan.screen.last.files]
    assert came == [b"a;b"] or (not lan.messenger.abilities.files_out and "bảng.csv" in lan.last)


async def test_a_photo_comes_in_where_that_can_be(lan: Player) -> None:
    if lan.messenger.abilities.files_in:
        assert "1 tệp" in await lan.send(files=[await lan.photo()])
        return
    with pytest.raises(RefusedError):
        await anext(lan.town.bot.channels[lan.messenger.name].fetch("a photo"))


async def test_the_largest_file_is_what_the_messenger_hands_out(lan: Player) -> None:
    handed_out = {"telegram": LARGEST_DOWNLOAD}  # the others hand out whatever was sent
    assert lan.messenger.abilities.largest_file == handed_out.get(lan.messenger.name, 0)


async def test_what_nobody_asked_for_goes_out_at_once_or_when_its_person_writes(lan: Player) -> None:
    await lan.press("Gửi")
    lan.town.clock.forward(hours=49)
    await hold(lan.town)
    assert ("Mời bạn!" in lan.shown()) == (not lan.messenger.abilities.proactive.hours)
    await lan.send("/cuatoi")
    assert lan.shown().count("Mời bạn!") == 1


async def test_where_nothing_reaches_a_closed_page_its_person_is_told_and_can_be_woken(lan: Player) -> None:
    await lan.press("Gửi")
    able = lan.messenger.abilities
    assert ("Đóng trang này lại thì mình không nhắn cho bạn được" in lan.shown()) == (not able.reaches_closed)
    offered = [button.data for message in lan.screen.messages.values() for button in message.buttons]
    assert (able.waking in offered) == (not able.reaches_closed)
