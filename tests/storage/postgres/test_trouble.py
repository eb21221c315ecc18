"""Connections that are lost, a server that is away, and an end that nobody knows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bot.errors import DatabaseTroubleError, StaleError
from bot.model import Message
from storage import inbox, outbox, transcripts
from storage.database import Database, Statement
from storage.migrate import migrate
from storage.postgres import PostgresDatabase
from storage.transcripts import Content
from tests.postgres import Cluster, Databases, cluster
from tests.storage.books import COUNT, book, lend, titles
from tests.storage.chats import chat, receive, rows, say
from tests.way import COMMIT, Way, way_to

SOON = 6.0  # seconds within which a call must say that there is trouble
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
ITSELF = Statement("SELECT pg_terminate_backend(pg_backend_pid())")


# -- a lost connection


async def test_connections_that_end_while_nobody_uses_them_are_not_noticed(
    shelf: Database, other: PostgresDatabase
) -> None:
    await asyncio.gather(*(shelf.write([book(f"{n}")]) for n in range(8)))
    await asyncio.gather(*(shelf.read(Statement(COUNT)) for _ in range(8)))
    await other.write([Statement(OTHERS)])
    await asyncio.sleep(0.1)
    await shelf.write([book("a"), lend("a")])
    assert len(await titles(shelf)) == 9


@pytest.mark.parametrize("unit", [[ITSELF], [book("a"), ITSELF], [book("a"), ITSELF, lend("a")]])
async def test_a_connection_lost_within_a_unit_writes_nothing_and_is_survived(
    shelf: Database, unit: list[Statement]
) -> None:
    with pytest.raises(DatabaseTroubleError):
        await shelf.write(unit)
    assert await titles(shelf) == []
    await shelf.write([book("b")])


async def test_a_connection_lost_within_a_transaction_writes_nothing_and_is_survived(
    shelf: Database, other: PostgresDatabase
) -> None:
    async def lose() -> None:
        async with shelf.transaction() as tx:
            await tx.run(book("a"))
            await other.write([Statement(OTHERS)])
            await tx.run(book("b"))

    with pytest.raises(DatabaseTroubleError):
        await lose()
    await shelf.write([book("c")])
    assert await titles(shelf) == ["c"]


async def test_a_lost_snapshot_is_trouble_and_the_next_one_works(shelf: Database, other: PostgresDatabase) -> None:
    snapshot = await shelf.snapshot()
    await snapshot.rows(COUNT)
    await other.write([Statement(OTHERS)])
    with pytest.raises(DatabaseTroubleError):
        await snapshot.rows(COUNT)
    await snapshot.close()
    again = await shelf.snapshot()
    assert await again.rows(COUNT) == [{"n": 0}]
    await again.close()


async def test_every_connection_comes_back_however_often_they_are_lost(shelf: Database) -> None:
    for n in range(30):
        outcomes = await asyncio.gather(
            shelf.write([ITSELF]), shelf.read(ITSELF, ITSELF), shelf.write([book(f"{n}")]), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [DatabaseTroubleError, DatabaseTroubleError, list]
    assert len(await titles(shelf)) == 30


async def test_a_lock_that_somebody_keeps_is_trouble_and_nothing_worse(
    shelf: Database, other: PostgresDatabase
) -> None:
    await shelf.write([book("a")])
    hurry = Statement("SELECT set_config('lock_timeout', '200ms', true)")
    async with other.transaction() as tx:
        await tx.run(lend("a"))
        with pytest.raises(DatabaseTroubleError):
            await shelf.write([hurry, lend("a")])
    assert await shelf.read(Statement("SELECT copies FROM books")) == [[{"copies": 0}]]


async def test_who_is_cancelled_while_they_wait_for_a_lock_is_let_go_soon(
    shelf: Database, other: PostgresDatabase
) -> None:
    async def lend_it() -> None:
        async with shelf.transaction() as tx:
            await tx.run(lend("a"))

    await shelf.write([book("a", copies=5)])
    async with other.transaction() as tx:
        await tx.run(lend("a"))
        waiting = asyncio.create_task(lend_it())
        await asyncio.sleep(0.2)
        waiting.cancel()
        begun = time.monotonic()
        await asyncio.gather(waiting, return_exceptions=True)
        assert time.monotonic() - begun < SOON
    await asyncio.gather(*(shelf.write([book(f"{n}"), lend("a")]) for n in range(4)))
    assert await shelf.read(Statement("SELECT copies FROM books WHERE title = 'a'")) == [[{"copies": 0}]]


async def test_whoever_is_cancelled_leaves_no_answer_behind_for_the_next(shelf: Database) -> None:
    """Taken for the answer to what comes next, it would tell that something is written that is not."""

    async def write_and_look(n: int) -> None:
        async with shelf.transaction() as tx:
            await tx.run(book(f"a{n}"))
            await tx.run(book(f"b{n}"))

    for n in range(300):
        writing = asyncio.create_task(write_and_look(n))
        for _ in range(n % 12):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        ask = Statement("SELECT :n AS n", {"n": n})
        answers = await asyncio.gather(shelf.write([ask]), shelf.write([ask, ask]), shelf.read(ask))
        assert [row["n"] for results in answers for [row] in results] == [n] * 4


async def test_when_every_connection_is_busy_one_is_told_so(shelf: Database) -> None:
    held = [await shelf.snapshot() for _ in range(8)]
    begun = time.monotonic()
    with pytest.raises(DatabaseTroubleError, match="busy"):
        await shelf.read(Statement(COUNT))
    assert time.monotonic() - begun < SOON
    for snapshot in held:
        await snapshot.close()
    await shelf.read(Statement(COUNT))


# -- a server that is away


@pytest.fixture(scope="module")
def server() -> object:
    with cluster() as own:
        yield own


async def test_a_restart_of_the_server_is_survived_and_trouble_is_told_soon(server: Cluster) -> None:
    database = await PostgresDatabase.open(server.url)
    await database.write([Statement("CREATE TABLE books (title TEXT, copies INTEGER)"), book("a")])
    post = database.post("sender")
    await post.hold()
    assert await database.claims.take(1)
    snapshot = await database.snapshot()
    await snapshot.rows(COUNT)
    await asyncio.to_thread(server.stop)
    with capture_logs() as logs:
        for call in (
            database.write([book("b")]),
            database.read(Statement(COUNT)),
            snapshot.rows(COUNT),
            post.write([book("c")]),
            database.claims.take(2),
        ):
            begun = time.monotonic()
            with pytest.raises(DatabaseTroubleError):
                await call
            assert time.monotonic() - begun < SOON
        assert (post.is_held, database.claims.holds(1)) == (False, False)
        await snapshot.close()
        holding = asyncio.create_task(post.hold())
        await asyncio.sleep(0.1)
        await asyncio.to_thread(server.start)
        await asyncio.wait_for(holding, 5)
    assert {line["event"] for line in logs} == {"a post waits for the database"}
    await post.write([book("d")])
    assert await database.claims.take(1)
    await database.write([book("e")])
    assert await titles(database) == ["a", "d", "e"]
    await database.close()


async def test_a_server_that_was_killed_keeps_what_was_written(server: Cluster) -> None:
    database = await PostgresDatabase.open(server.url)
    await database.write([Statement("CREATE TABLE kept (n BIGINT)"), Statement("INSERT INTO kept VALUES (1)")])
    await asyncio.to_thread(server.stop, "immediate")
    with pytest.raises(DatabaseTroubleError):
        await database.read(Statement("SELECT n FROM kept"))
    await asyncio.to_thread(server.start)
    assert await database.read(Statement("SELECT n FROM kept")) == [[{"n": 1}]]
    await database.close()


# -- an end that nobody knows


@pytest.fixture
async def way(postgres_url: str) -> AsyncIterator[Way]:
    async with way_to(postgres_url) as way:
        yield way


@pytest.fixture
async def far(way: Way) -> AsyncIterator[PostgresDatabase]:
    """The database at the end of a way that can be cut."""
    database = await PostgresDatabase.open(way.url)
    yield database
    await database.close()


@pytest.mark.parametrize("arrives", [True, False])
@pytest.mark.parametrize("last", [[], [lend("beta")]])
async def test_a_unit_whose_commit_is_lost_is_trouble_whether_or_not_it_is_written(
    shelf: Database, far: PostgresDatabase, way: Way, arrives: bool, last: list[Statement]
) -> None:
    way.cut_at(COMMIT, arrives=arrives, after=b"beta")
    with pytest.raises(DatabaseTroubleError):
        await far.write([book("alpha"), book("beta"), *last])
    assert way.cuts == 1
    assert await titles(shelf) == (["alpha", "beta"] if arrives else [])


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_transaction_whose_commit_is_lost_is_trouble_whether_or_not_it_is_written(
    shelf: Database, far: PostgresDatabase, way: Way, arrives: bool
) -> None:
    async def write() -> None:
        async with far.transaction() as tx:
            await tx.run(book("a"))
            await tx.finish([lend("a")])

    way.cut_at(COMMIT, arrives=arrives)
    with pytest.raises(DatabaseTroubleError):
        await write()
    assert await titles(shelf) == (["a"] if arrives else [])


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_message_whose_acceptance_nobody_knows_is_in_the_inbox_once(
    far: PostgresDatabase, way: Way, database: Database, arrives: bool
) -> None:
    message = Message("web", "c1", "m1", "xin chào")
    way.cut_at(COMMIT, arrives=arrives, after="xin chào".encode())
    with pytest.raises(DatabaseTroubleError):
        await receive(far, message)
    assert len(await receive(far, message)) == (0 if arrives else 1)
    assert [item.content for item in await inbox.left_over(database)] == [message]


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_turn_whose_end_nobody_knows_is_not_done_twice(
    far: PostgresDatabase, way: Way, database: Database, arrives: bool
) -> None:
    [item] = await receive(database, Message("web", "c1", "m1", "xin chào"))
    turn = [inbox.finish(item.inbox_id), Statement("INSERT INTO record (at, act) VALUES (1, 'done')")]
    way.cut_at(COMMIT, arrives=arrives)
    with pytest.raises(DatabaseTroubleError):
        await far.write(turn)
    if arrives:
        with pytest.raises(StaleError):
            await far.write(turn)
    else:
        await far.write(turn)
    assert await rows(database, "SELECT act FROM record") == [{"act": "done"}]


async def test_what_is_marked_or_shown_twice_is_the_same(far: PostgresDatabase, way: Way, database: Database) -> None:
    [said] = await say(database, await chat(database), "turn:1")
    for unit in ([outbox.sent(said.id, "ref", 5), *transcripts.write_down("c1", "bot", "k", Content("chào"), 5)],) * 2:
        way.cut_at(COMMIT, arrives=True, after="chào".encode())
        with pytest.raises(DatabaseTroubleError):
            await far.write(unit)
    assert await rows(database, "SELECT status, reference FROM outbox") == [{"status": "sent", "reference": "ref"}]
    assert len(await rows(database, "SELECT id FROM transcripts")) == 1


async def test_migrations_whose_end_nobody_knows_are_gone_on_with(postgres: Databases) -> None:
    with postgres.new() as url:
        async with way_to(url) as way:
            database = await PostgresDatabase.open(way.url)
            way.cut_at(b"CREATE TABLE inbox", arrives=False)
            with pytest.raises(DatabaseTroubleError):
                await migrate(database, now=1)
            assert await migrate(database, now=2)
            assert await migrate(database, now=3) == []
            await database.close()
