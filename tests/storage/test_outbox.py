"""The outbox: each chat in its order, the urgent first, nothing twice and nothing forgotten."""

from __future__ import annotations

import asyncio

import pytest

from storage import addresses, claims, outbox
from storage.claims import Claimed, Wanted
from storage.database import Database, Statement
from storage.outbox import LEASE, Kind
from tests.storage.chats import BOOT, chat, row, rows, say

LATER = 1_000


async def claim(database: Database, now: int, boot: str = "other", most: int = 50) -> list[str]:
    return [row.cause for row in await claims.claim(database, boot, now, Wanted(most, most))]


async def put_back(database: Database, said: list[Claimed], due_at: int = 0) -> None:
    await database.write([outbox.retry(row.id, due_at, "why") for row in said])


async def test_what_a_turn_says_comes_leased_to_its_process(database: Database) -> None:
    address = await chat(database)
    [said] = await say(database, address, "turn:1", now=5)
    assert (said.cause, said.kind, said.channel, said.chat, said.shown) == ("turn:1", Kind.REPLY, "web", "c1", None)
    assert await claim(database, 5 + LEASE) == []
    assert await claim(database, 6 + LEASE) == ["turn:1"]


async def test_what_is_due_later_waits_for_its_time(database: Database) -> None:
    address = await chat(database)
    assert await say(database, address, "turn:1", due_at=LATER) == []
    assert await claims.next_due(database) == LATER
    assert await claim(database, LATER - 1) == []
    assert await claim(database, LATER) == ["turn:1"]


async def test_the_same_cause_is_said_once(database: Database) -> None:
    address = await chat(database)
    await say(database, address, "turn:1")
    await say(database, address, "turn:1", body={"text": []})
    assert await rows(database, "SELECT cause FROM outbox") == [{"cause": "turn:1"}]


async def test_what_follows_something_that_waits_waits_too(database: Database) -> None:
    address = await chat(database)
    await put_back(database, await say(database, address, "turn:1"))
    assert await say(database, address, "turn:2") == []
    assert await say(database, await chat(database, "c2"), "turn:3") != []


async def test_only_the_oldest_unsent_row_of_a_chat_is_claimed(database: Database) -> None:
    address = await chat(database)
    first = await say(database, address, "turn:1")
    second = await say(database, address, "turn:2")
    await put_back(database, second)
    assert await claim(database, 10) == []
    await put_back(database, first, due_at=50)
    assert await claim(database, 10) == []
    assert await claim(database, 50) == ["turn:1"]
    await database.write([outbox.give_up(first[0].id, "RefusedError")])
    assert await claim(database, 51) == ["turn:2"]


async def test_a_broadcast_never_makes_a_reply_wait(database: Database) -> None:
    for n, kind in enumerate(reversed(Kind)):
        await put_back(database, await say(database, await chat(database, f"c{n}"), kind, kind=kind))
    assert await claim(database, 10, most=1) == [Kind.REPLY, Kind.ANSWER]
    assert await claim(database, 11) == [Kind.ALERT, Kind.REMINDER, Kind.NEWS, Kind.BROADCAST, Kind.NOTICE]


async def test_processes_that_claim_at_once_share_without_overlap(database: Database) -> None:
    for n in range(30):
        await put_back(database, await say(database, await chat(database, f"c{n}"), f"turn:{n}"))
    found: list[str] = []
    for now in range(10, 20):
        for causes in await asyncio.gather(*(claim(database, now, boot=f"boot{n}", most=7) for n in range(5))):
            found += causes
    assert sorted(found) == sorted(f"turn:{n}" for n in range(30))


async def test_a_starting_process_ends_the_leases_of_others(database: Database) -> None:
    await say(database, await chat(database), "turn:1")
    assert await claim(database, 10) == []
    await database.write([claims.void_leases()])
    assert await claim(database, 10) == ["turn:1"]


@pytest.mark.parametrize("kind", list(Kind))
async def test_what_must_go_out_at_most_once_is_unsure_after_the_process_ended(database: Database, kind: Kind) -> None:
    await say(database, await chat(database), "cause:1", kind=kind)
    await claim(database, 5)
    await database.write([claims.void_leases()])
    again = await claim(database, 10)
    assert again == ([] if kind in (Kind.ANSWER, Kind.NEWS, Kind.BROADCAST, Kind.NOTICE) else ["cause:1"])


async def test_the_end_of_a_lease_is_something_to_wake_up_for(database: Database) -> None:
    assert await claims.next_due(database) is None
    [said] = await say(database, await chat(database), "turn:1", now=5)
    due = await claims.next_due(database)
    assert due is not None
    assert await claim(database, due) == ["turn:1"]
    await database.write([outbox.sent(said.id, "1", 9)])
    assert await claims.next_due(database) is None


async def test_a_row_that_was_not_tried_goes_back_without_counting_as_a_try(database: Database) -> None:
    [said] = await say(database, await chat(database), "turn:1")
    await database.write([outbox.release(said.id, BOOT, 50)])
    assert await row(database, "SELECT status, due_at, attempts FROM outbox") == {
        "status": "new",
        "due_at": 50,
        "attempts": 0,
    }
    await database.write([outbox.sent(said.id, "1", 60), outbox.release(said.id, BOOT, 70)])
    assert (await row(database, "SELECT status FROM outbox"))["status"] == "sent"


async def test_what_waits_behind_something_else_is_nothing_to_wake_up_for(database: Database) -> None:
    address = await chat(database)
    [first], [second] = await say(database, address, "turn:1"), await say(database, address, "turn:2")
    await database.write([outbox.retry(first.id, 50, "why"), outbox.release(second.id, BOOT, 10)])
    assert await claims.next_due(database) == 50


# -- slots


async def test_a_newer_card_replaces_the_one_that_waits(database: Database) -> None:
    address = await chat(database)
    for n in (1, 2, 3):
        await say(database, address, f"turn:{n}", slot="1/card", due_at=LATER)
    assert await claim(database, LATER) == ["turn:3"]
    replaced = await rows(database, "SELECT body FROM outbox WHERE status = 'replaced'")
    assert replaced == [{"body": "{}"}] * 2


async def test_a_card_replaces_only_its_own_slot_in_its_own_chat(database: Database) -> None:
    here, there = await chat(database), await chat(database, "c2")
    await say(database, here, "turn:1", slot="1/card", due_at=LATER)
    await say(database, there, "turn:2", slot="1/card", due_at=LATER)
    await say(database, here, "turn:3", slot="2/card", due_at=LATER)
    assert await rows(database, "SELECT 1 FROM outbox WHERE status = 'replaced'") == []


async def test_a_card_knows_the_message_it_stands_in(database: Database) -> None:
    address = await chat(database)
    [first] = await say(database, address, "turn:1", slot="1/card")
    await database.write([outbox.sent(first.id, "ref-1", 7)])
    [second] = await say(database, address, "turn:2", slot="1/card")
    assert second.shown == claims.Shown("ref-1", 7)
    await database.write([outbox.sent(second.id, "ref-2", 9)])
    [third] = await say(database, address, "turn:3", slot="1/card")
    assert third.shown == claims.Shown("ref-2", 9)
    [other] = await say(database, address, "turn:4", slot="2/card")
    assert other.shown is None


async def test_a_row_knows_when_the_person_last_wrote(database: Database) -> None:
    address = await chat(database, now=3)
    await database.write([addresses.seen("web", "c1", "", 8, wrote=True)])
    [said] = await say(database, address, "turn:1", now=9)
    assert said.last_written_at == 8


# -- what was said goes


@pytest.mark.parametrize("status", ["sent", "failed", "unsure"])
async def test_what_was_said_long_ago_is_emptied(database: Database, status: str) -> None:
    [said] = await say(database, await chat(database), "turn:1")
    done = outbox.sent(said.id, "1", 1) if status == "sent" else outbox.give_up(said.id, "why", status)
    await database.write([done, outbox.blank(0)])
    assert (await row(database, "SELECT body FROM outbox"))["body"] != "{}"
    await database.write([outbox.blank(1)])
    assert (await row(database, "SELECT body FROM outbox"))["body"] == "{}"


async def test_what_waits_is_never_emptied(database: Database) -> None:
    address = await chat(database)
    await say(database, address, "turn:1")
    await say(database, address, "turn:2", due_at=LATER)
    await database.write([outbox.blank(LATER), outbox.blank_sent(address)])
    assert await rows(database, "SELECT 1 FROM outbox WHERE body = '{}'") == []


async def test_what_was_said_goes_with_its_chat(database: Database) -> None:
    await say(database, await chat(database), "turn:1")
    await database.write([Statement("DELETE FROM addresses")])
    assert await rows(database, "SELECT 1 FROM outbox") == []
