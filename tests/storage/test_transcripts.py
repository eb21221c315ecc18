"""A transcript numbers its messages and its changes so that a page misses nothing and shows nothing twice."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from storage import addresses, transcripts
from storage.database import Database, Statement
from storage.files import FileStore, sweep
from storage.transcripts import Content, Entry, File

CHAT = "c1"
BUTTONS = ((("Có", "yes"), ("Không", "no")),)


@pytest.fixture
async def database(database: Database) -> Database:
    """A database in which two chats are known."""
    await database.write([addresses.seen("web", chat, "", 0, wrote=True) for chat in (CHAT, "c2")])
    return database


async def write(database: Database, key: str, text: str = "chào", side: str = "bot", now: int = 1) -> int | None:
    content = Content(text, BUTTONS)
    return transcripts.reference(await database.write(transcripts.write_down(CHAT, side, key, content, now)))


async def seen(database: Database, after: int = 0, chat: str = CHAT) -> list[Entry]:
    rows, _ = await database.read(*transcripts.since(chat, after))
    return [transcripts.entry(row) for row in rows]


async def standing(database: Database) -> list[int]:
    _, rows = await database.read(*transcripts.since(CHAT, 0))
    return [row["number"] for row in rows]


def texts(entries: Sequence[Entry]) -> list[str]:
    return [entry.content.text for entry in entries]


async def test_messages_are_numbered_from_one(database: Database) -> None:
    assert [await write(database, key) for key in ("a", "b", "c")] == [1, 2, 3]


async def test_a_repeated_key_gives_the_number_of_the_first_and_changes_nothing(database: Database) -> None:
    first = await write(database, "a", "một")
    assert await write(database, "a", "hai") == first
    assert texts(await seen(database)) == ["một"]


async def test_the_sides_have_keys_of_their_own(database: Database) -> None:
    await write(database, "a", "một", side="bot")
    await write(database, "a", "hai", side="person")
    assert texts(await seen(database)) == ["một", "hai"]


async def test_an_unknown_address_takes_no_message(database: Database) -> None:
    results = await database.write(transcripts.write_down("nobody", "bot", "a", Content("chào"), 1))
    assert transcripts.reference(results) is None


async def test_writers_side_by_side_get_different_numbers_and_changes(database: Database) -> None:
    numbers = await asyncio.gather(*[write(database, str(n)) for n in range(40)])
    assert sorted(n for n in numbers if n) == list(range(1, 41))
    assert len({entry.change for entry in await seen(database)}) == 40


async def test_only_what_changed_later_is_told(database: Database) -> None:
    await write(database, "a", "một")
    [first] = await seen(database)
    await write(database, "b", "hai")
    assert texts(await seen(database, after=first.change)) == ["hai"]


async def test_a_replaced_message_keeps_its_number_and_comes_again(database: Database) -> None:
    await write(database, "a", "một")
    await write(database, "b", "hai")
    last = (await seen(database))[-1].change
    results = await database.write(transcripts.replace(CHAT, 1, Content("mới"), 2))
    assert transcripts.changed(results) == (True, True)
    assert [(entry.number, entry.content.text) for entry in await seen(database, after=last)] == [(1, "mới")]


async def test_replacing_what_is_not_there_says_so(database: Database) -> None:
    assert transcripts.changed(await database.write(transcripts.replace(CHAT, 9, Content("x"), 2))) == (False, True)
    assert transcripts.changed(await database.write(transcripts.replace("nobody", 1, Content("x"), 2))) == (
        False,
        False,
    )


async def test_what_the_person_said_cannot_be_replaced(database: Database) -> None:
    await write(database, "a", "lời mình", side="person")
    await database.write(transcripts.replace(CHAT, 1, Content("khác"), 2))
    assert texts(await seen(database)) == ["lời mình"]


async def test_a_stripped_message_comes_again_without_buttons(database: Database) -> None:
    await write(database, "a", "một")
    [before] = await seen(database)
    await database.write(transcripts.strip(CHAT, 1, 2))
    [after] = await seen(database, after=before.change)
    assert (before.content.buttons, after.content.buttons, after.content.text) == (BUTTONS, (), "một")


async def test_a_page_misses_nothing_after_an_erasure(database: Database) -> None:
    await write(database, "a", "chào", now=10)
    await write(database, "b", "lời mình", side="person", now=11)
    told = (await seen(database))[-1].change
    [[address]] = await database.read(Statement("SELECT id FROM addresses WHERE chat = 'c1'"))
    await database.write([transcripts.erase_said(address["id"])])
    assert await standing(database) == [1]
    await write(database, "c", "đã xoá", now=12)
    assert texts(await seen(database, after=told)) == ["đã xoá"]


async def test_changes_rise_even_when_the_clock_stands_still(database: Database) -> None:
    for n in range(3):
        await write(database, str(n), now=5)
    assert [entry.change for entry in await seen(database)] == [5, 6, 7]


async def test_old_messages_expire(database: Database) -> None:
    await write(database, "a", "cũ", now=10)
    await write(database, "b", "mới", now=20)
    await database.write([transcripts.expire(20)])
    assert texts(await seen(database)) == ["mới"]


async def test_a_chat_sees_only_its_own(database: Database) -> None:
    await write(database, "a")
    assert await seen(database, chat="c2") == []


async def test_the_files_of_a_message_are_not_swept_away(database: Database, tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files", 1000)
    file = File("ảnh.png", "image/png", 3, "ab" * 32)
    await database.write(transcripts.write_down(CHAT, "person", "a", Content("", files=(file,)), 100))
    assert await sweep(database, store, held_before=100, stored_before=1000) == 0
    assert await sweep(database, store, held_before=101, stored_before=1000) == 1


async def test_each_act_is_one_hop(database: Database) -> None:
    before = database.hops
    await write(database, "a")
    await database.write(transcripts.replace(CHAT, 1, Content("mới"), 2))
    await database.write(transcripts.strip(CHAT, 1, 3))
    await seen(database)
    assert database.hops - before == 4
