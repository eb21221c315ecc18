"""Numbers of proposals have no gaps, whatever happens at the same moment."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import ConflictError
from storage import dialogues
from storage.database import Database
from storage.dialogues import Dialogue


async def dialogue(database: Database, code: str = "LS-2026", *, is_current: bool = True) -> Dialogue:
    async with database.transaction() as tx:
        return await dialogues.add(tx, code, "", 2025, is_current=is_current, now=0)


async def test_numbers_have_no_gaps_when_many_are_taken_at_once_and_some_are_given_up(database: Database) -> None:
    current = await dialogue(database)

    async def send(n: int) -> int:
        async with database.transaction() as tx:
            number = await dialogues.next_number(tx, current.id)
            await asyncio.sleep(0)
            if n % 3 == 0:
                raise LookupError
            return number

    taken = await asyncio.gather(*(send(n) for n in range(30)), return_exceptions=True)
    assert sorted(n for n in taken if isinstance(n, int)) == list(range(1, 21))


async def test_the_current_dialogue_gives_its_next_number(database: Database) -> None:
    async with database.transaction() as tx:
        assert await dialogues.take_number(tx, 0) is None
    current = await dialogue(database)
    await dialogue(database, "LS-2025", is_current=False)
    for number in (1, 2, 3):
        async with database.transaction() as tx:
            assert await dialogues.take_number(tx, 0) == (current, number)


async def test_only_one_dialogue_is_current(database: Database) -> None:
    current = await dialogue(database)
    with pytest.raises(ConflictError):
        await dialogue(database, "LS-2027")
    earlier = await dialogue(database, "LS-2025", is_current=False)
    snapshot = await database.snapshot()
    assert await dialogues.current(snapshot) == current
    assert await dialogues.every(snapshot) == [earlier, current]
    assert await dialogues.by_code(snapshot, "LS-2025") == earlier
    await snapshot.close()
