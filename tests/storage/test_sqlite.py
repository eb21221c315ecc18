"""SQLite: what travels together, the disk, and who else has the file open."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.config import Location, SqliteFile
from bot.errors import ConflictError, DatabaseTroubleError, StaleError, StorageError
from storage.database import Database, Statement
from storage.sqlite import SqliteDatabase
from tests.storage.books import COUNT, book, lend, outside, titles
from tests.storage.chats import chat, say


@pytest.fixture
def location(tmp_path: Path) -> Location:
    return SqliteFile(tmp_path / "bot.db")


# -- units


async def test_units_that_wait_together_share_a_commit(shelf: Database) -> None:
    before = shelf.hops
    await asyncio.gather(*(shelf.write([book(f"{n:02}")]) for n in range(40)))
    assert len(await titles(shelf)) == 40
    assert shelf.hops - before <= 4  # the first alone, the rest together, and the reading


# -- few hops


async def test_an_end_is_one_hop_and_durable_when_it_returns(shelf: Database, location: Location) -> None:
    before = shelf.hops
    async with shelf.transaction(at_once=False) as tx:
        await tx.run(book("a"))
        tx.add(book("b"))
        assert await tx.finish([Statement(COUNT)]) == [[{"n": 2}]], "results of what was added are not mixed in"
        assert await outside(location) == ["a", "b"]
        assert shelf.hops - before == 2
    assert shelf.hops - before == 2


async def test_a_transaction_that_asks_nothing_is_one_hop_and_holds_nobody_up(shelf: Database) -> None:
    before = shelf.hops
    async with shelf.transaction(at_once=False) as tx:
        tx.add(book("a"))
        await asyncio.wait_for(shelf.write([book("b")]), 5)
        await tx.finish([book("c")])
    assert shelf.hops - before == 2
    assert await titles(shelf) == ["a", "b", "c"]


async def test_units_that_wait_for_a_transaction_share_its_commit(shelf: Database) -> None:
    async with shelf.transaction() as tx:
        writing = [asyncio.create_task(shelf.write([book(f"{n}"), Statement(COUNT)])) for n in range(5)]
        await asyncio.sleep(0)
        before = shelf.hops
        await tx.finish([book("a")])
    assert [results[-1] for results in await asyncio.gather(*writing)] == [[{"n": n}] for n in range(2, 7)]
    assert shelf.hops - before == 1


async def test_a_unit_that_is_refused_leaves_the_transaction_it_travels_with(shelf: Database) -> None:
    async with shelf.transaction() as tx:
        units = [[book("b")], [book("c"), book("a")], [book("d"), lend("nothing")], [book("e")]]
        writing = [asyncio.create_task(shelf.write(unit)) for unit in units]
        await asyncio.sleep(0)
        await tx.finish([book("a")])
    outcomes = await asyncio.gather(*writing, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [list, ConflictError, StaleError, list]
    assert await titles(shelf) == ["a", "b", "e"]


async def test_reads_that_wait_together_share_a_hop(shelf: Database) -> None:
    before = shelf.hops
    found = await asyncio.gather(*(shelf.read(Statement(COUNT), Statement(COUNT)) for _ in range(20)))
    assert found == [[[{"n": 0}], [{"n": 0}]]] * 20
    assert shelf.hops - before <= 2


# -- reading


async def test_nothing_is_created_by_reading(tmp_path: Path) -> None:
    with pytest.raises(DatabaseTroubleError, match=r"missing\.db"):
        await SqliteDatabase.open(tmp_path / "missing.db", read_only=True)
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseTroubleError, match=r"bot\.db"):
        await SqliteDatabase.open(tmp_path / "file" / "bot.db")


# -- trouble


async def test_a_transaction_that_could_not_begin_writes_nothing_later_either(shelf: Database, tmp_path: Path) -> None:
    async def begin_and_go_on() -> None:
        async with shelf.transaction(at_once=False) as tx:
            with locked(tmp_path), pytest.raises(DatabaseTroubleError):
                await tx.run(book("a"))
            await tx.finish([book("b")])

    await hurry(shelf)
    with pytest.raises(StorageError, match="over"):
        await begin_and_go_on()
    await shelf.write([book("c")])
    assert await titles(shelf) == ["c"]


async def limit(shelf: Database, pages: int) -> None:
    """Lets the file have so many pages more: a full disk."""
    async with shelf.transaction() as tx:
        [row] = await tx.rows("PRAGMA page_count")
        await tx.run(Statement(f"PRAGMA max_page_count = {row['page_count'] + pages}"))


async def test_a_full_disk_writes_nothing_and_is_survived(shelf: Database) -> None:
    await shelf.write([book("a")])
    await limit(shelf, 1)
    with pytest.raises(DatabaseTroubleError):
        await shelf.write([book("b"), *(book(f"{n}" * 2000) for n in range(20))])
    assert await titles(shelf) == ["a"]
    await limit(shelf, 10_000)
    await shelf.write([book("b")])
    assert await titles(shelf) == ["a", "b"]


async def test_units_that_meet_a_full_disk_together_are_none_of_them_written(shelf: Database) -> None:
    await limit(shelf, 1)
    big = [[book(f"{n}"), book(f"{n}" * 3000)] for n in range(30)]
    outcomes = await asyncio.gather(*map(shelf.write, big), return_exceptions=True)
    written = [n for n, outcome in enumerate(outcomes) if not isinstance(outcome, Exception)]
    assert all(isinstance(o, DatabaseTroubleError) for o in outcomes if isinstance(o, Exception))
    assert len(written) < 30
    assert len(await titles(shelf)) == 2 * len(written)


async def test_a_transaction_that_meets_a_full_disk_writes_nothing(shelf: Database) -> None:
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


async def hurry(shelf: Database) -> None:
    """Waits for a lock 50 ms instead of seconds."""
    async with shelf.transaction() as tx:
        await tx.run(Statement("PRAGMA busy_timeout = 50"))


async def test_a_locked_database_writes_nothing_and_is_survived(shelf: Database, tmp_path: Path) -> None:
    await hurry(shelf)
    with locked(tmp_path):
        with pytest.raises(DatabaseTroubleError):
            await shelf.write([book("a")])
        with pytest.raises(DatabaseTroubleError):
            async with shelf.transaction() as tx:
                await tx.run(book("b"))
    await shelf.write([book("c")])
    assert await titles(shelf) == ["c"]


async def test_a_lock_that_ends_in_time_is_waited_for(shelf: Database, tmp_path: Path) -> None:
    with locked(tmp_path):
        writing = asyncio.create_task(shelf.write([book("a")]))
        await asyncio.sleep(0.1)
    await writing
    assert await titles(shelf) == ["a"]


async def test_what_is_written_lasts_through_a_loss_of_power(shelf: Database) -> None:
    async with shelf.transaction() as tx:
        settings = {name: (await tx.rows(f"PRAGMA {name}"))[0] for name in ("journal_mode", "synchronous")}
        assert settings == {"journal_mode": {"journal_mode": "wal"}, "synchronous": {"synchronous": 2}}
        assert await tx.rows("PRAGMA secure_delete") == [{"secure_delete": 1}]
        assert await tx.rows("PRAGMA foreign_keys") == [{"foreign_keys": 1}]


async def test_claiming_stays_quick_with_much_behind_it(database: Database) -> None:
    """A look at the outbox must not read what was sent."""
    address = await chat(database)
    await say(database, address, "turn:1", due_at=1_000)
    for sql in (
        "SELECT min(CASE WHEN status = 'new' THEN due_at ELSE leased_until + 1 END) FROM outbox"
        " WHERE status IN ('new', 'leased')",
        "SELECT id FROM outbox WHERE address_id = 1 AND slot = 'x' AND status = 'new'",
    ):
        [plan] = await database.read(Statement(f"EXPLAIN QUERY PLAN {sql}"))
        assert all("USING" in step["detail"] for step in plan), plan


async def test_every_reference_is_indexed(database: Database) -> None:
    """Without an index each deletion of what is referred to reads the whole table."""
    [found] = await database.read(
        Statement(
            'SELECT m.name AS tbl, f."from" AS col, (SELECT count(*) FROM pragma_index_list(m.name) l,'
            ' pragma_index_info(l.name) i WHERE l.partial = 0 AND i.seqno = 0 AND i.name = f."from") AS indexes'
            " FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
        )
    )
    bare = {f"{row['tbl']}.{row['col']}" for row in found if not row["indexes"]}
    rowids = {"staff.person_id", "hearings.proposal_id", "readings.proposal_id", "showings.proposal_id"}
    assert bare - rowids == set()
