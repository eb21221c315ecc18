"""Units, transactions and snapshots keep the same promises on every database."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from bot.config import Location
from bot.errors import ConflictError, StaleError, StorageError
from storage.database import Database, Statement, Transaction
from storage.opening import open_database
from tests.storage.books import COUNT, book, lend, outside, titles

# -- units


async def test_a_unit_is_written_when_write_returns(shelf: Database, location: Location) -> None:
    await shelf.write([book("a"), book("b")])
    assert await outside(location) == ["a", "b"]


async def test_a_unit_with_a_conflict_writes_nothing(shelf: Database) -> None:
    await shelf.write([book("a")])
    with pytest.raises(ConflictError):
        await shelf.write([book("b"), book("a"), book("c")])
    assert await titles(shelf) == ["a"]


async def test_a_unit_that_changes_another_number_of_rows_is_stale_and_writes_nothing(shelf: Database) -> None:
    await shelf.write([book("a", copies=1)])
    await shelf.write([lend("a")])
    with pytest.raises(StaleError):
        await shelf.write([book("b"), lend("a")])
    assert await titles(shelf) == ["a"]


async def test_more_units_than_may_share_a_commit_are_all_written(shelf: Database) -> None:
    await asyncio.gather(*(shelf.write([book(f"{n:03}")]) for n in range(300)))
    assert len(await titles(shelf)) == 300


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (book("first"), ConflictError),
        (lend("nothing"), StaleError),
        (Statement("INSERT INTO shelves VALUES (1)"), StorageError),
        (Statement("INSERT INTO books VALUES (:title, 1)"), StorageError),
        (Statement("INSERT INTO books (name) VALUES (1)"), StorageError),
        (book("half \ud800 a character"), StorageError),
        (book("too many", copies=2**70), StorageError),
    ],
)
async def test_the_error_of_one_unit_leaves_those_of_the_same_commit(
    shelf: Database, wrong: Statement, error: type[StorageError]
) -> None:
    await shelf.write([book("first")])
    units = [[book("a")], [book("b"), wrong], [book("c")], [book("d")]]
    outcomes = await asyncio.wait_for(asyncio.gather(*map(shelf.write, units), return_exceptions=True), 5)
    assert [type(outcome) for outcome in outcomes] == [list, error, list, list]
    assert await titles(shelf) == ["a", "c", "d", "first"]


async def test_an_error_never_repeats_the_value_that_was_refused(shelf: Database) -> None:
    with pytest.raises(StorageError) as refused:
        await shelf.write([book("tên của bạn \ud800")])
    assert "tên" not in str(refused.value)


async def test_a_unit_whose_caller_was_cancelled_is_written_all_the_same(shelf: Database) -> None:
    async with shelf.transaction():
        writing = asyncio.create_task(shelf.write([book("a")]))
        await asyncio.sleep(0.01)
        writing.cancel()
    await shelf.write([book("b")])
    assert await titles(shelf) == ["a", "b"]


async def test_closing_waits_for_what_is_being_written(shelf: Database, location: Location) -> None:
    database = await open_database(location)
    writing = [asyncio.create_task(database.write([book(f"{n}")])) for n in range(10)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*writing, return_exceptions=True)
    assert len(await titles(shelf)) == sum(task.exception() is None for task in writing)


# -- transactions


async def test_a_transaction_commits_at_its_end(shelf: Database, location: Location) -> None:
    async with shelf.transaction() as tx:
        await tx.run(book("a"))
        assert await outside(location) == []
    assert await outside(location) == ["a"]


async def test_a_transaction_that_raises_writes_nothing(shelf: Database) -> None:

    async def fail() -> None:
        async with shelf.transaction() as tx:
            await tx.run(book("a"))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await titles(shelf) == []
    await shelf.write([book("b")])


async def write_slowly(shelf: Database, begun: asyncio.Event) -> None:
    async with shelf.transaction() as tx:
        await tx.run(book("a"))
        begun.set()
        await asyncio.sleep(60)


async def test_a_transaction_that_is_cancelled_writes_nothing(shelf: Database) -> None:
    begun = asyncio.Event()
    task = asyncio.create_task(write_slowly(shelf, begun))
    await begun.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await shelf.write([book("b")])
    assert await titles(shelf) == ["b"]


@pytest.mark.parametrize("after", range(12))
async def test_a_transaction_cancelled_at_any_moment_lets_the_next_ones_work(shelf: Database, after: int) -> None:
    async def two_books() -> None:
        async with shelf.transaction() as tx:
            await tx.run(book("a"))
            await tx.run(book("b"))

    task = asyncio.create_task(two_books())
    for _ in range(after):
        await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert await titles(shelf) in ([], ["a", "b"])
    async with shelf.transaction() as tx:
        await tx.run(book("c"))
    await shelf.write([book("d")])
    assert (await titles(shelf))[-2:] == ["c", "d"]


async def test_what_a_transaction_is_alone_with_cannot_change_before_it_commits(shelf: Database) -> None:
    await shelf.write([book("a", copies=1)])

    async def lend_if_there(tx: Transaction) -> bool:
        await tx.alone("book a")
        [row] = await tx.rows("SELECT copies FROM books WHERE title = 'a'")
        await asyncio.sleep(0.01)
        if row["copies"]:
            await tx.run(lend("a"))
        return bool(row["copies"])

    async def borrow() -> bool:
        async with shelf.transaction() as tx:
            return await lend_if_there(tx)

    assert sorted(await asyncio.gather(*(borrow() for _ in range(5)))) == [False, False, False, False, True]


async def test_what_is_added_runs_before_what_is_asked_after_it(shelf: Database) -> None:
    async with shelf.transaction() as tx:
        tx.add(book("a"), book("b"))
        assert await tx.rows(COUNT) == [{"n": 2}]
        tx.add(book("c"))
    assert await titles(shelf) == ["a", "b", "c"]


async def test_a_transaction_that_asks_nothing_and_raises_writes_nothing(shelf: Database) -> None:
    async def fail() -> None:
        async with shelf.transaction(at_once=False) as tx:
            tx.add(book("a"))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await titles(shelf) == []


async def test_a_transaction_that_is_over_takes_nothing_more(shelf: Database) -> None:
    async with shelf.transaction() as tx:
        await tx.finish([book("a")])
        with pytest.raises(StorageError):
            await tx.run(book("b"))
        with pytest.raises(StorageError):
            await tx.finish([book("c")])
        with pytest.raises(StorageError):
            tx.add(book("d"))
    assert await titles(shelf) == ["a"]


async def test_a_statement_that_is_refused_ends_its_transaction(shelf: Database) -> None:
    async def go_on_after(error: type[StorageError], wrong: Statement) -> None:
        async with shelf.transaction() as tx:
            await tx.run(book("a"))
            with pytest.raises(error):
                await tx.run(wrong)

    for error, wrong in ((ConflictError, book("a")), (StaleError, lend("b")), (StorageError, Statement("NO"))):
        with pytest.raises(StorageError, match="over"):
            await go_on_after(error, wrong)
    assert await titles(shelf) == []


async def test_a_transaction_does_not_go_on_without_what_was_added_to_it(shelf: Database) -> None:
    async def go_on() -> None:
        async with shelf.transaction() as tx:
            tx.add(book("a"), book("a"), book("b"))
            with pytest.raises(ConflictError):
                await tx.rows(COUNT)
            await tx.finish([book("c")])

    with pytest.raises(StorageError, match="over"):
        await go_on()
    assert await titles(shelf) == []
    await shelf.write([book("d")])


@pytest.mark.parametrize(
    ("wrong", "error"), [(book("first"), ConflictError), (lend("nothing"), StaleError), (Statement("NO"), StorageError)]
)
async def test_a_transaction_whose_end_is_refused_leaves_those_who_wait(
    shelf: Database, wrong: Statement, error: type[StorageError]
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


@pytest.mark.parametrize("after", range(14))
async def test_an_end_cancelled_at_any_moment_writes_what_waits_exactly_once(shelf: Database, after: int) -> None:
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


async def test_transactions_that_follow_one_another_closely_see_one_another(shelf: Database) -> None:
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


# -- reading


async def test_a_snapshot_stands_still(shelf: Database) -> None:
    await shelf.write([book("a")])
    snapshot = await shelf.snapshot()
    count = "SELECT count(*) AS n FROM books"
    assert await snapshot.rows(count) == [{"n": 1}]
    await shelf.write([book("b")])
    assert await snapshot.rows(count) == [{"n": 1}]
    await snapshot.close()
    assert len(await titles(shelf)) == 2


async def test_statements_read_together_see_one_snapshot(shelf: Database) -> None:
    count = Statement("SELECT count(*) AS n FROM books")
    writing = asyncio.gather(*(shelf.write([book(f"{n}")]) for n in range(50)))
    while not writing.done():
        [first], [second] = await shelf.read(count, count)
        assert first == second
    await writing


@pytest.mark.parametrize("after", range(6))
async def test_a_snapshot_cancelled_while_it_opens_leaves_no_old_view_behind(shelf: Database, after: int) -> None:
    for _ in range(6):
        task = asyncio.create_task(shelf.snapshot())
        for _ in range(after):
            await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await (await task).close()
    for n in range(6):
        await shelf.read(Statement("SELECT 1"))
        await shelf.write([book(f"{n}")])
        assert len(await titles(shelf)) == n + 1


async def test_a_database_opened_for_reading_refuses_to_write(shelf: Database, location: Location) -> None:
    await shelf.write([book("a")])
    reading = await open_database(location, read_only=True)
    with pytest.raises(StorageError):
        await reading.write([book("b")])
    with pytest.raises(StorageError):
        await reading.read(book("c"))
    assert await titles(reading) == ["a"]
    await reading.close()


async def test_the_error_of_one_read_leaves_those_of_the_same_hop(shelf: Database) -> None:
    reads = [shelf.read(Statement(COUNT)), shelf.read(Statement("NO")), shelf.read(Statement(COUNT))]
    first, wrong, last = await asyncio.gather(*reads, return_exceptions=True)
    assert first == last == [[{"n": 0}]]
    assert isinstance(wrong, StorageError)


async def test_a_read_sees_all_that_was_written_before_it(shelf: Database) -> None:
    async def write_and_look(title: str) -> bool:
        await shelf.write([book(title)])
        return title in await titles(shelf)

    assert all(await asyncio.gather(*(write_and_look(f"{n}") for n in range(50))))
