"""A conversation is changed by the turn that read its newest version, and by no other."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.errors import ConflictError, StaleError
from bot.model import Message
from storage import addresses, conversations, outbox, people, staff
from storage.conversations import Open, Opening
from storage.database import Database
from tests.storage.chats import chat, receive, rows, say

TALK = Open(1, "propose", {"log": ["đường làng"]}, 0)


async def opening(database: Database, id_: str = "m1") -> Opening:
    [item] = await receive(database, Message("web", "c1", id_, "xin chào"))
    [[row]] = await database.read(conversations.opening(item.inbox_id))
    return conversations.opened(row)


async def test_a_strangers_turn_starts_from_nothing(database: Database) -> None:
    found = await opening(database)
    assert (found.person_id, found.age_band, found.role, found.choices, found.open) == (None, "", "", (), None)
    assert (found.channel, found.chat, found.status, found.conversations) == ("web", "c1", "new", 0)


async def test_a_turn_starts_from_who_and_where_one_is(database: Database) -> None:
    address = await chat(database)
    async with database.transaction() as tx:
        person = await people.of_address(tx, address, 0)
        await people.tell_age(tx, person, "18-22", 0)
        await people.live_in(tx, person, people.Place("unit", "former", "typed"), 5)
        await staff.appoint(tx, person, address, "province", "invite", 0)
    await database.write([conversations.begin(address, TALK, 0)])
    [said] = await say(database, address, "turn:0")
    await database.write([outbox.sent(said.id, "1", 1)])
    found = await opening(database)
    assert (found.person_id, found.age_band, found.place, found.former_place) == (person, "18-22", "unit", "former")
    assert found.role == "province"
    assert found.open == replace(TALK, version=1)


async def test_one_conversation_is_open_in_a_chat(database: Database) -> None:
    address = await chat(database)
    await database.write([conversations.begin(address, TALK, 0)])
    second = replace(TALK, serial=2)
    with pytest.raises(ConflictError):
        await database.write([conversations.begin(address, second, 0)])
    await database.write([conversations.begin(address, second, 0, "parked")])


async def test_of_two_turns_that_read_the_same_version_one_is_stale(database: Database) -> None:
    address = await chat(database)
    await database.write([conversations.begin(address, TALK, 0)])
    read = replace(TALK, version=1)
    changes = [conversations.save(address, read, 1), conversations.end(address, read)]
    outcomes = await asyncio.gather(*(database.write([change]) for change in changes), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [list, StaleError]


async def test_a_serial_number_is_taken_once(database: Database) -> None:
    address = await chat(database)
    await database.write([addresses.count_conversation(address, 1)])
    with pytest.raises(StaleError):
        await database.write([addresses.count_conversation(address, 1)])


async def test_a_parked_conversation_is_found_again_and_goes_with_time(database: Database) -> None:
    address = await chat(database)
    for serial in (1, 2):
        await database.write([conversations.begin(address, replace(TALK, serial=serial), serial, "parked")])
    snapshot = await database.snapshot()
    assert await conversations.parked(snapshot, address, "propose") == replace(TALK, serial=2, version=1)
    assert await conversations.get_parked(snapshot, address, 1) == replace(TALK, version=1)
    assert await conversations.parked(snapshot, address, "start") is None
    await snapshot.close()
    await database.write([conversations.expire_parked(2)])
    assert await rows(database, "SELECT serial FROM conversations") == [{"serial": 2}]
