"""The inbox takes each message once, in order, and gives up what ends the process again and again."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.errors import StaleError
from bot.model import Attachment, AttachmentKind, Message
from storage import inbox, jobs
from storage.database import Database, Statement
from storage.inbox import DueJob
from tests.storage.chats import chat, receive, rows


def message(id_: str, text: str = "xin chào", chat: str = "c1", channel: str = "web") -> Message:
    return Message(channel, chat, id_, text)


async def contents(database: Database) -> list[object]:
    return [item.content for item in await inbox.left_over(database)]


async def test_a_message_comes_back_as_it_was(database: Database) -> None:
    photo = Attachment(AttachmentKind.PHOTO, "đường.jpg", "image/jpeg", 7, "ab" * 32, "ref")
    sent = Message("web", "c1", "m1", "câu “hỏi”\n🎉", "1.2.yes", (photo,), "vi")
    [item] = await receive(database, sent)
    assert item.content == sent
    assert await contents(database) == [sent]


async def test_a_repeat_is_dropped_before_and_after_its_turn(database: Database) -> None:
    [item] = await receive(database, message("m1"), message("m1"))
    assert await receive(database, message("m1", "another text")) == []
    await database.write([inbox.finish(item.inbox_id)])
    assert await receive(database, message("m1")) == []
    assert await rows(database, "SELECT status, payload FROM inbox") == [{"status": "done", "payload": ""}]


async def test_a_repeat_does_not_count_as_written_now(database: Database) -> None:
    await receive(database, message("m1"), now=5)
    await receive(database, message("m1"), now=9)
    assert await rows(database, "SELECT last_written_at FROM addresses") == [{"last_written_at": 5}]


async def test_the_same_id_on_another_channel_is_another_message(database: Database) -> None:
    assert len(await receive(database, message("m1"), message("m1", channel="zalo"))) == 2


async def test_a_batch_in_which_some_are_repeats_gives_the_new_ones(database: Database) -> None:
    await receive(database, message("m2"))
    items = await receive(database, message("m1"), message("m2"), message("m3", chat="c2"))
    assert [item.content for item in items] == [message("m1"), message("m3", chat="c2")]
    assert items[0].address_id != items[1].address_id


async def test_what_came_in_keeps_its_order(database: Database) -> None:
    sent = [message(f"m{n}", f"text {n}") for n in range(20)]
    await receive(database, *sent[:10])
    for one in sent[10:]:
        await receive(database, one)
    assert await contents(database) == sent


async def test_what_is_left_over_counts_how_often_it_was_begun_and_not_how_often_it_waited(
    database: Database,
) -> None:
    await receive(database, message("m1"), message("m2"))
    for _ in range(5):
        first, second = await inbox.left_over(database)
        assert (first.taken_up, second.taken_up) == (0, 0)
    begun = [await inbox.take_up(database, first.inbox_id) for _ in range(4)]
    assert begun == [True, True, True, False]
    assert [item.taken_up for item in await inbox.left_over(database)] == [4, 0]


async def test_a_row_is_finished_once(database: Database) -> None:
    [item] = await receive(database, message("m1"))
    await database.write([inbox.finish(item.inbox_id)])
    for again in (inbox.finish(item.inbox_id), inbox.fail(item.inbox_id, "why")):
        with pytest.raises(StaleError):
            await database.write([again])


async def test_done_rows_go_with_time_and_others_stay(database: Database) -> None:
    done, failed, _ = await receive(database, message("m1"), message("m2"), message("m3"))
    await database.write([inbox.finish(done.inbox_id), inbox.fail(failed.inbox_id, "why"), inbox.expire(1)])
    assert [r["message_id"] for r in await rows(database, "SELECT message_id FROM inbox ORDER BY id")] == ["m2", "m3"]


# -- jobs


async def test_due_jobs_are_taken_once_and_in_the_order_they_are_due(database: Database) -> None:
    address = await chat(database)
    await database.write([jobs.add("remind", address, f"{due}", due, 0) for due in (30, 10, 20, 99)])
    batches = await asyncio.gather(*(inbox.take_jobs(database, 50) for _ in range(5)))
    taken = [item.content.argument for batch in batches for item in batch if isinstance(item.content, DueJob)]
    assert taken == ["10", "20", "30"]
    assert await jobs.next_due(database) == 99


async def test_a_job_taken_by_a_process_that_died_is_left_over(database: Database) -> None:
    await database.write([jobs.add("remind", await chat(database), "x", 1, 0)])
    [taken] = await inbox.take_jobs(database, 5)
    assert await inbox.left_over(database) == [replace(taken, taken_up=0)]


async def test_no_more_jobs_are_taken_at_once_than_asked_for(database: Database) -> None:
    address = await chat(database)
    await database.write([jobs.add("remind", address, "", 1, 0) for _ in range(5)])
    assert [len(await inbox.take_jobs(database, 5, most=3)) for _ in range(3)] == [3, 2, 0]


async def test_a_job_goes_with_its_chat(database: Database) -> None:
    await database.write([jobs.add("remind", await chat(database), "", 1, 0), Statement("DELETE FROM addresses")])
    assert await jobs.next_due(database) is None
