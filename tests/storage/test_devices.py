"""Devices of a chat, as they are kept."""

from __future__ import annotations

from storage import addresses, devices
from storage.database import Database
from storage.devices import Subscription

CHAT = "0" * 32
ONE = Subscription("https://push.example/1", "key", "auth")


async def known(database: Database, chat: str = CHAT) -> None:
    await database.write([addresses.seen("web", chat, "vi", 0, wrote=True)])


async def test_each_sign_out_makes_a_new_generation(database: Database) -> None:
    assert await database.read(devices.generation(CHAT)) == [[]]
    for expected in (1, 2):
        *_, [row] = await database.write(devices.sign_out(CHAT, 5))
        assert row["generation"] == expected
    [[row]] = await database.read(devices.generation(CHAT))
    assert row["generation"] == 2


async def test_a_code_counts_once_and_for_a_while(database: Database) -> None:
    await database.write(devices.add_code("hash", CHAT, 100))
    assert await database.write([devices.use_code("hash", 100)]) == [[]]
    assert await database.write([devices.use_code("hash", 99)]) == [[{"chat": CHAT}]]
    assert await database.write([devices.use_code("hash", 99)]) == [[]]


async def test_a_browser_belongs_to_the_chat_that_asked_last(database: Database) -> None:
    await known(database)
    await known(database, "1" * 32)
    await database.write(devices.subscribe(CHAT, ONE, 1))
    await database.write(devices.subscribe("1" * 32, ONE, 2))
    ([mine],) = [await database.read(devices.subscribed(CHAT))]
    assert mine == []
    [theirs] = await database.read(devices.subscribed("1" * 32))
    assert list(devices.subscriptions(theirs)) == [ONE]
    assert theirs[0]["language"] == "vi"


async def test_nobody_ends_what_another_asked_for(database: Database) -> None:
    await known(database)
    await known(database, "1" * 32)
    await database.write(devices.subscribe(CHAT, ONE, 1))
    await database.write([devices.unsubscribe("1" * 32, ONE.endpoint)])
    [rows] = await database.read(devices.subscribed(CHAT))
    assert len(rows) == 1
    await database.write([devices.forget(ONE.endpoint)])
    assert await database.read(devices.subscribed(CHAT)) == [[]]


async def test_what_counts_no_more_goes(database: Database) -> None:
    await database.write(devices.add_code("hash", CHAT, 100))
    await database.write(devices.sign_out("2" * 32, 5))
    await database.write(devices.expire(100, 6))
    assert await database.write([devices.use_code("hash", 1)]) == [[]]
    assert await database.read(devices.generation("2" * 32)) == [[]]
