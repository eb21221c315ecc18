"""A transaction's statements travel in few hops, and what waits for it loses nothing by that."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from bot.errors import ConflictError, DatabaseTroubleError, StaleError, StorageError
from storage.database import Statement
from storage.sqlite import SqliteDatabase
from tests.storage.test_sqlite import book, lend, locked, outside, shelf, titles

__all__ = ["shelf"]
COUNT = "SELECT count(*) AS n FROM books"


async def test_what_is_added_runs_before_what_is_asked_after_it(shelf: SqliteDatabase) -> None:
    async with shelf.transaction() as tx:
        tx.add(book("a"), book("b"))
        assert await tx.rows(COUNT) == [{"n": 2}]
        tx.add(book("c"))
    assert await titles(shelf) == ["a", "b", "c"]


async def test_an_end_is_one_hop_and_durable_when_it_returns(shelf: SqliteDatabase, tmp_path: Path) -> None:
    before = shelf.hops
    async with shelf.transaction(at_once=False) as tx:
        await tx.run(book("a"))
        tx.add(book("b"))
        assert await tx.finish([Statement(COUNT)]) == [[{"n": 2}]], "results of what was added are not mixed in"
        assert outside(tmp_path) == ["a", "b"]
        assert shelf.hops - before == 2
    assert shelf.hops - before == 2


async def test_a_transaction_that_asks_nothing_is_one_hop_and_holds_nobody_up(shelf: SqliteDatabase) -> None:
    before = shelf.hops
    async with shelf.transaction(at_once=False) as tx:
        tx.add(book("a"))
        await asyncio.wait_for(shelf.write([book("b")]), 5)
        await tx.finish([book("c")])
    assert shelf.hops - before == 2
    assert await titles(shelf) == ["a", "b", "c"]


async def test_a_transaction_that_asks_nothing_and_raises_writes_nothing(shelf: SqliteDatabase) -> None:
    async def fail() -> None:
        async with shelf.transaction(at_once=False) as tx:
            tx.add(book("a"))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await titles(shelf) == []


async def test_a_transaction_that_is_over_takes_nothing_more(shelf: SqliteDatabase) -> None:
    async with shelf.transaction() as tx:
        await tx.finish([book("a")])
        with pytest.raises(StorageError):
            await tx.run(book("b"))
    assert await titles(shelf) == ["a"]


async def test_a_transaction_does_not_go_on_without_what_was_added_to_it(shelf: SqliteDatabase) -> None:
    async with shelf.transaction() as tx:
        tx.add(book("a"), book("a"), book("b"))
        with pytest.raises(ConflictError):
            await tx.rows(COUNT)
        with pytest.raises(StorageError):
            await tx.finish([book("c")])
    assert await titles(shelf) == []
    await shelf.write([book("d")])


# -- what waits for it


async def test_units_that_wait_for_a_transaction_share_its_commit(shelf: SqliteDatabase) -> None:
    async with shelf.transaction() as tx:
        writing = [asyncio.create_task(shelf.write([book(f"{n}"), Statement(COUNT)])) for n in range(5)]
        await asyncio.sleep(0)
        before = shelf.hops
        await tx.finish([book("a")])
    assert [results[-1] for results in await asyncio.gather(*writing)] == [[{"n": n}] for n in range(2, 7)]
    assert shelf.hops - before == 1


@pytest.mark.parametrize(
    ("wrong", "error"), [(book("first"), ConflictError), (lend("nothing"), StaleError), (Statement("NO"), StorageError)]
)
async def test_a_transaction_whose_end_is_refused_leaves_those_who_wait(
    shelf: SqliteDatabase, wrong: Statement, error: type[StorageError]
) -> None:
    await shelf.write([book("first")])
    writing: list[asyncio.Task[object]] = []

    async def end() -> None:
        async with shelf.transaction() as tx:
            await tx.run(book("a"))
            writing.extend(asyncio.create_task(shelf.write([book(title)])) for title in ("b", "c"))
            await asyncio.sleep(0)
            await tx.finish([wrong])

    with pytest.raises(error):
        await end()
    await asyncio.wait_for(asyncio.gather(*writing), 5)
    assert await titles(shelf) == ["b", "c", "first"]


async def test_a_unit_that_is_refused_leaves_the_transaction_it_travels_with(shelf: SqliteDatabase) -> None:
    async with shelf.transaction() as tx:
        units = [[book("b")], [book("c"), book("a")], [book("d"), lend("nothing")], [book("e")]]
        writing = [asyncio.create_task(shelf.write(unit)) for unit in units]
        await asyncio.sleep(0)
        await tx.finish([book("a")])
    outcomes = await asyncio.gather(*writing, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [list, ConflictError, StaleError, list]
    assert await titles(shelf) == ["a", "b", "e"]


@pytest.mark.parametrize("after", range(14))
async def test_an_end_cancelled_at_any_moment_writes_what_waits_exactly_once(shelf: SqliteDatabase, after: int) -> None:
    writing = []

    async def two_books() -> None:
        async with shelf.transaction(at_once=False) as tx:
            await tx.run(book("a"))
            writing.append(asyncio.create_task(shelf.write([book("waited")])))
            await asyncio.sleep(0)
            await tx.finish([book("b")])

    task = asyncio.create_task(two_books())
    for _ in range(after):
        await asyncio.sleep(0.0001)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await asyncio.wait_for(asyncio.gather(*writing), 5)
    async with shelf.transaction() as tx:
        await tx.run(book("c"))
    await shelf.write([book("d")])
    waited = ["waited"] if writing else []
    assert await titles(shelf) in (["c", "d", *waited], ["a", "b", "c", "d", *waited])


async def test_transactions_that_follow_one_another_closely_see_one_another(shelf: SqliteDatabase) -> None:
    await shelf.write([book("a", copies=0)])
    raised = Statement("UPDATE books SET copies = copies + 1 WHERE title = 'a' RETURNING copies")

    async def count() -> int:
        async with shelf.transaction(at_once=False) as tx:
            [row] = await tx.run(raised)
            await tx.finish([book(f"copy {row['copies']:03}")])
        return int(row["copies"])

    marks = [asyncio.create_task(shelf.write([book(f"mark {n}")])) for n in range(50)]
    assert sorted(await asyncio.gather(*(count() for _ in range(50)))) == list(range(1, 51))
    await asyncio.gather(*marks)
    assert len(await titles(shelf)) == 101


async def test_a_transaction_that_could_not_begin_writes_nothing_later_either(
    shelf: SqliteDatabase, tmp_path: Path
) -> None:
    async with shelf.transaction() as tx:
        await tx.run(Statement("PRAGMA busy_timeout = 50"))
    async with shelf.transaction(at_once=False) as tx:
        with locked(tmp_path), pytest.raises(DatabaseTroubleError):
            await tx.run(book("a"))
        with pytest.raises(StorageError):
            await tx.finish([book("b")])
    await shelf.write([book("c")])
    assert await titles(shelf) == ["c"]


# -- reading


async def test_reads_that_wait_together_share_a_hop(shelf: SqliteDatabase) -> None:
    before = shelf.hops
    found = await asyncio.gather(*(shelf.read(Statement(COUNT), Statement(COUNT)) for _ in range(20)))
    assert found == [[[{"n": 0}], [{"n": 0}]]] * 20
    assert shelf.hops - before <= 2


async def test_the_error_of_one_read_leaves_those_of_the_same_hop(shelf: SqliteDatabase) -> None:
    reads = [shelf.read(Statement(COUNT)), shelf.read(Statement("NO")), shelf.read(Statement(COUNT))]
    first, wrong, last = await asyncio.gather(*reads, return_exceptions=True)
    assert first == last == [[{"n": 0}]]
    assert isinstance(wrong, StorageError)


async def test_a_read_sees_all_that_was_written_before_it(shelf: SqliteDatabase) -> None:
    async def write_and_look(title: str) -> bool:
        await shelf.write([book(title)])
        return title in await titles(shelf)

    assert all(await asyncio.gather(*(write_and_look(f"{n}") for n in range(50))))
