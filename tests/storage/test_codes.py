"""Codes: the same at each try, never two meanings at once, and forgotten in time."""

from __future__ import annotations

from storage import codes
from storage.codes import EVERY
from storage.database import Statement
from storage.sqlite import SqliteDatabase
from tests.storage.chats import chat, rows


async def meaning(database: SqliteDatabase, address: int, code: str) -> str:
    reader = await database.snapshot()
    try:
        return await codes.find(reader, address, code)
    finally:
        await reader.close()


async def test_each_button_has_its_code_and_the_same_at_each_try(database: SqliteDatabase) -> None:
    address = await chat(database)
    given = await codes.give(database, address, 7, ["/add A", "/mine A"], 10)
    assert len(set(given)) == 2
    assert await codes.give(database, address, 7, ["/add A", "/mine A"], 20) == given
    assert [await meaning(database, address, code) for code in given] == ["/add A", "/mine A"]
    assert await meaning(database, await chat(database, "c2"), given[0]) == ""


async def test_no_code_has_two_meanings_and_the_oldest_gives_way(database: SqliteDatabase) -> None:
    address = await chat(database)
    given = [(await codes.give(database, address, n, [f"/add {n}"], n))[0] for n in range(len(EVERY))]
    assert sorted(given) == sorted(EVERY)
    [last] = await codes.give(database, address, 1000, ["/add new"], 1000)
    assert last == given[0]
    assert await meaning(database, address, last) == "/add new"


async def test_codes_are_forgotten_after_a_while_and_with_their_chat(database: SqliteDatabase) -> None:
    address = await chat(database)
    [old] = await codes.give(database, address, 1, ["/add A"], 10)
    [new] = await codes.give(database, address, 2, ["/add B"], 20)
    await database.write([codes.expire(20)])
    assert [await meaning(database, address, code) for code in (old, new)] == ["", "/add B"]
    await database.write([Statement("DELETE FROM addresses WHERE id = :id", {"id": address})])
    assert await rows(database, "SELECT * FROM codes") == []
