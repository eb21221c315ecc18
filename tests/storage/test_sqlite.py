"""Units are written whole or not at all, together where they wait together, and trouble leaves nothing behind."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bot.errors import ConflictError, DatabaseTroubleError, StaleError, StorageError
from storage.database import Statement, Transaction
from storage.sqlite import SqliteDatabase


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    """A database with one table of books."""
    database = await SqliteDatabase.open(tmp_path / "bot.db")
    await database.write([Statement("CREATE TABLE books (title TEXT PRIMARY KEY, copies INTEGER NOT NULL) STRICT")])
    yield database
    await database.close()


def book(title: str, copies: int = 1) -> Statement:
    return Statement("INSERT INTO books VALUES (:title, :copies)", {"title": title, "copies": copies})


def lend(title: str) -> Statement:
    return Statement(
        "UPDATE books SET copies = copies - 1 WHERE title = :title AND copies > 0", {"title": title}, changes=1
    )


async def titles(database: SqliteDatabase) -> list[str]:
    [rows] = await database.read(Statement("SELECT title FROM books ORDER BY title"))
    return [row["title"] for row in rows]


def outside(folder: Path) -> list[str]:
    """The titles as another process sees them."""
    with sqlite3.connect(folder / "bot.db") as other:
        found = [title for (title,) in other.execute("SELECT title FROM books ORDER BY title")]
    other.close()
    return found


# -- units


async def test_a_unit_is_written_when_write_returns(shelf: SqliteDatabase, tmp_path: Path) -> None:
    await shelf.write([book("a"), book("b")])
    assert outside(tmp_path) == ["a", "b"]


async def test_a_unit_with_a_conflict_writes_nothing(shelf: SqliteDatabase) -> None:
    await shelf.write([book("a")])
    with pytest.raises(ConflictError):
        await shelf.write([book("b"), book("a"), book("c")])
    assert await titles(shelf) == ["a"]


async def test_a_unit_that_changes_another_number_of_rows_is_stale_and_writes_nothing(shelf: SqliteDatabase) -> None:
    await shelf.write([book("a", copies=1)])
    await shelf.write([lend("a")])
    with pytest.raises(StaleError):
        await shelf.write([book("b"), lend("a")])
    assert await titles(shelf) == ["a"]


async def test_units_that_wait_together_share_a_commit(shelf: SqliteDatabase) -> None:
    before = shelf.hops
    await asyncio.gather(*(shelf.write([book(f"{n:02}")]) for n in range(40)))
    assert len(await titles(shelf)) == 40
    assert shelf.hops - before <= 4  # the first alone, the rest together, and the reading


async def test_more_units_than_may_share_a_commit_are_all_written(shelf: SqliteDatabase) -> None:
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
    shelf: SqliteDatabase, wrong: Statement, error: type[StorageError]
) -> None:
    await shelf.write([book("first")])
    units = [[book("a")], [book("b"), wrong], [book("c")], [book("d")]]
    outcomes = await asyncio.wait_for(asyncio.gather(*map(shelf.write, units), return_exceptions=True), 5)
    assert [type(outcome) for outcome in outcomes] == [list, error, list, list]
    assert await titles(shelf) == ["a", "c", "d", "first"]


async def test_an_error_never_repeats_the_value_that_was_refused(shelf: SqliteDatabase) -> None:
    with pytest.raises(StorageError) as refused:
        await shelf.write([book("tên của bạn \ud800")])
    assert "tên" not in str(refused.value)


async def test_a_unit_whose_caller_was_cancelled_is_written_all_the_same(shelf: SqliteDatabase) -> None:
    async with shelf.transaction():
        writing = asyncio.create_task(shelf.write([book("a")]))
        await asyncio.sleep(0.01)
        writing.cancel()
    await shelf.write([book("b")])
    assert await titles(shelf) == ["a", "b"]


# -- transactions


async def test_a_transaction_commits_at_its_end(shelf: SqliteDatabase, tmp_path: Path) -> None:
    async with shelf.transaction() as tx:
        await tx.run(book("a"))
        assert outside(tmp_path) == []
    assert outside(tmp_path) == ["a"]


async def test_a_transaction_that_raises_writes_nothing(shelf: SqliteDatabase) -> None:

    async def fail() -> None:
        async with shelf.transaction() as tx:
            await tx.run(book("a"))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await titles(shelf) == []
    await shelf.write([book("b")])


async def write_slowly(shelf: SqliteDatabase, begun: asyncio.Event) -> None:
    async with shelf.transaction() as tx:
        await tx.run(book("a"))
        begun.set()
        await asyncio.sleep(60)


async def test_a_transaction_that_is_cancelled_writes_nothing(shelf: SqliteDatabase) -> None:
    begun = asyncio.Event()
    task = asyncio.create_task(write_slowly(shelf, begun))
    await begun.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await shelf.write([book("b")])
    assert await titles(shelf) == ["b"]


@pytest.mark.parametrize("after", range(12))
async def test_a_transaction_cancelled_at_any_moment_lets_the_next_ones_work(shelf: SqliteDatabase, after: int) -> None:
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


async def test_what_a_transaction_read_cannot_change_before_it_commits(shelf: SqliteDatabase) -> None:
    await shelf.write([book("a", copies=1)])

    async def lend_if_there(tx: Transaction) -> bool:
        [row] = await tx.rows("SELECT copies FROM books WHERE title = 'a'")
        await asyncio.sleep(0.01)
        if row["copies"]:
            await tx.run(lend("a"))
        return bool(row["copies"])

    async def borrow() -> bool:
        async with shelf.transaction() as tx:
            return await lend_if_there(tx)

    assert sorted(await asyncio.gather(*(borrow() for _ in range(5)))) == [False, False, False, False, True]


# -- reading


async def test_a_snapshot_stands_still(shelf: SqliteDatabase) -> None:
    await shelf.write([book("a")])
    snapshot = await shelf.snapshot()
    count = "SELECT count(*) AS n FROM books"
    assert await snapshot.rows(count) == [{"n": 1}]
    await shelf.write([book("b")])
    assert await snapshot.rows(count) == [{"n": 1}]
    await snapshot.close()
    assert len(await titles(shelf)) == 2


async def test_statements_read_together_see_one_snapshot(shelf: SqliteDatabase) -> None:
    count = Statement("SELECT count(*) AS n FROM books")
    writing = asyncio.gather(*(shelf.write([book(f"{n}")]) for n in range(50)))
    while not writing.done():
        [first], [second] = await shelf.read(count, count)
        assert first == second
    await writing


@pytest.mark.parametrize("after", range(6))
async def test_a_snapshot_cancelled_while_it_opens_leaves_no_old_view_behind(shelf: SqliteDatabase, after: int) -> None:
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


async def test_a_database_opened_for_reading_refuses_to_write(shelf: SqliteDatabase, tmp_path: Path) -> None:
    await shelf.write([book("a")])
    reading = await SqliteDatabase.open(tmp_path / "bot.db", read_only=True)
    with pytest.raises(StorageError):
        await reading.write([book("b")])
    assert await titles(reading) == ["a"]
    await reading.close()


async def test_nothing_is_created_by_reading(tmp_path: Path) -> None:
    with pytest.raises(DatabaseTroubleError, match=r"missing\.db"):
        await SqliteDatabase.open(tmp_path / "missing.db", read_only=True)
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseTroubleError, match=r"bot\.db"):
        await SqliteDatabase.open(tmp_path / "file" / "bot.db")


# -- trouble


async def limit(shelf: SqliteDatabase, pages: int) -> None:
    """Lets the file have so many pages more: a full disk."""
    async with shelf.transaction() as tx:
        [row] = await tx.rows("PRAGMA page_count")
        await tx.run(Statement(f"PRAGMA max_page_count = {row['page_count'] + pages}"))


async def test_a_full_disk_writes_nothing_and_is_survived(shelf: SqliteDatabase) -> None:
    await shelf.write([book("a")])
    await limit(shelf, 1)
    with pytest.raises(DatabaseTroubleError):
        await shelf.write([book("b"), *(book(f"{n}" * 2000) for n in range(20))])
    assert await titles(shelf) == ["a"]
    await limit(shelf, 10_000)
    await shelf.write([book("b")])
    assert await titles(shelf) == ["a", "b"]


async def test_units_that_meet_a_full_disk_together_are_none_of_them_written(shelf: SqliteDatabase) -> None:
    await limit(shelf, 1)
    big = [[book(f"{n}"), book(f"{n}" * 3000)] for n in range(30)]
    outcomes = await asyncio.gather(*map(shelf.write, big), return_exceptions=True)
    written = [n for n, outcome in enumerate(outcomes) if not isinstance(outcome, Exception)]
    assert all(isinstance(o, DatabaseTroubleError) for o in outcomes if isinstance(o, Exception))
    assert len(written) < 30
    assert len(await titles(shelf)) == 2 * len(written)


async def test_a_transaction_that_meets_a_full_disk_writes_nothing(shelf: SqliteDatabase) -> None:
    await limit(shelf, 1)

    async def fill() -> None:
        async with shelf.transaction() as tx:
            for n in range(100):
                await tx.run(book(f"{n}" * 1000))

    with pytest.raises(DatabaseTroubleError):
        await fill()
    assert await titles(shelf) == []
    await limit(shelf, 10_000)
    async with shelf.transaction() as tx:
        await tx.run(book("a"))
    assert await titles(shelf) == ["a"]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another process holds the database."""
    other = sqlite3.connect(folder / "bot.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def hurry(shelf: SqliteDatabase) -> None:
    """Waits for a lock 50 ms instead of seconds."""
    async with shelf.transaction() as tx:
        await tx.run(Statement("PRAGMA busy_timeout = 50"))


async def test_a_locked_database_writes_nothing_and_is_survived(shelf: SqliteDatabase, tmp_path: Path) -> None:
    await hurry(shelf)
    with locked(tmp_path):
        with pytest.raises(DatabaseTroubleError):
            await shelf.write([book("a")])
        with pytest.raises(DatabaseTroubleError):
            async with shelf.transaction() as tx:
                await tx.run(book("b"))
    await shelf.write([book("c")])
    assert await titles(shelf) == ["c"]


async def test_a_lock_that_ends_in_time_is_waited_for(shelf: SqliteDatabase, tmp_path: Path) -> None:
    with locked(tmp_path):
        writing = asyncio.create_task(shelf.write([book("a")]))
        await asyncio.sleep(0.1)
    await writing
    assert await titles(shelf) == ["a"]


async def test_closing_waits_for_what_is_being_written(tmp_path: Path) -> None:
    database = await SqliteDatabase.open(tmp_path / "bot.db")
    await database.write([Statement("CREATE TABLE books (title TEXT, copies INTEGER)")])
    writing = [asyncio.create_task(database.write([book(f"{n}")])) for n in range(10)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*writing, return_exceptions=True)
    assert len(outside(tmp_path)) == sum(task.exception() is None for task in writing)


async def test_what_is_written_lasts_through_a_loss_of_power(shelf: SqliteDatabase) -> None:
    async with shelf.transaction() as tx:
        settings = {name: (await tx.rows(f"PRAGMA {name}"))[0] for name in ("journal_mode", "synchronous")}
        assert settings == {"journal_mode": {"journal_mode": "wal"}, "synchronous": {"synchronous": 2}}
        assert await tx.rows("PRAGMA secure_delete") == [{"secure_delete": 1}]
        assert await tx.rows("PRAGMA foreign_keys") == [{"foreign_keys": 1}]
