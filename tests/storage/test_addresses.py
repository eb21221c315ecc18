"""A chat that got no person goes an hour after the last thing in it, and not before."""

from __future__ import annotations

import pytest

from bot.model import Message
from storage import addresses, inbox, jobs, outbox, people
from storage.database import Database
from tests.storage.chats import chat, receive, row, rows, say

NOW = 1_000


async def forgotten(database: Database, before: int = NOW) -> int:
    return await addresses.forget_strangers(database, before)


async def test_a_stranger_is_forgotten_with_all_that_was_said(database: Database) -> None:
    [item] = await receive(database, Message("web", "c1", "m1", "xin chào"))
    await database.write([inbox.finish(item.inbox_id)])
    [said] = await say(database, item.address_id, "turn:1")
    await database.write([outbox.sent(said.id, "1", 1)])
    assert await forgotten(database) == 1
    assert await rows(database, "SELECT id FROM addresses") == []
    assert await rows(database, "SELECT id FROM outbox") == []
    assert (await row(database, "SELECT payload FROM inbox"))["payload"] == ""


async def test_a_person_is_not_forgotten(database: Database) -> None:
    address = await chat(database)
    async with database.transaction() as tx:
        await people.of_address(tx, address, 0)
    assert await forgotten(database) == 0


async def test_who_wrote_since_is_not_forgotten(database: Database) -> None:
    await chat(database)
    await chat(database, now=NOW)
    assert await forgotten(database) == 0
    assert await forgotten(database, NOW + 1) == 1


async def test_who_pressed_since_is_not_forgotten(database: Database) -> None:
    await chat(database)
    [item] = await receive(database, Message("web", "c1", "m1", press="1.1.yes"), now=NOW)
    await database.write([inbox.finish(item.inbox_id)])
    assert await forgotten(database) == 0


@pytest.mark.parametrize("status", ["new", "failed"])
async def test_whose_message_is_not_done_is_not_forgotten(database: Database, status: str) -> None:
    [item] = await receive(database, Message("web", "c1", "m1", "xin chào"))
    if status == "failed":
        await database.write([inbox.fail(item.inbox_id, "why")])
    assert await forgotten(database) == 0


async def test_who_still_waits_for_an_answer_is_not_forgotten(database: Database) -> None:
    address = await chat(database)
    [leased] = await say(database, address, "turn:1")
    assert await forgotten(database) == 0
    await database.write([outbox.retry(leased.id, 0, "why")])
    assert await forgotten(database) == 0
    await database.write([outbox.sent(leased.id, "1", NOW)])
    assert await forgotten(database) == 0
    await database.write([outbox.sent(leased.id, "1", 1)])
    assert await forgotten(database) == 1


async def test_who_has_a_job_to_come_is_not_forgotten(database: Database) -> None:
    await database.write([jobs.add("export", await chat(database), "", NOW, 0)])
    assert await forgotten(database) == 0


async def test_only_writing_counts_as_written(database: Database) -> None:
    await database.write([addresses.seen("web", "c1", "", 5, wrote=True)])
    await database.write([addresses.seen("web", "c1", "", 9, wrote=False)])
    assert (await row(database, "SELECT last_written_at FROM addresses"))["last_written_at"] == 5
