"""What a process has ends with it, also when it is killed or loses its connection."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from bot.errors import DatabaseTroubleError
from storage.database import Database, Post, Statement
from storage.postgres import PostgresDatabase
from tests.processes import ROOT, environment, read_until
from tests.storage.books import book, lend, titles
from tests.storage.test_sharing import hearing

LONGEST = 10.0  # seconds until what a process had is another's
HOLDING = """
import asyncio, sys
from bot.config import database_location
from storage.opening import open_database

async def main():
    database = await open_database(database_location(sys.argv[1]))
    post = database.post("sender")
    await post.hold()
    assert await database.claims.take(1)
    async with post.transaction() as tx:
        await tx.alone("something")
        await tx.rows("SELECT 1")
        print("held", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


@asynccontextmanager
async def a_process_that_holds(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that has the post of the sender and the claim of an address, and is in the middle of a transaction."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDING, url, stdout=asyncio.subprocess.PIPE, cwd=ROOT, env=environment()
    )
    try:
        await read_until(process, "held")
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def lose(post: Post) -> None:
    """Ends the connection that a post is held by."""
    with pytest.raises(DatabaseTroubleError):
        await post.write([Statement("SELECT pg_terminate_backend(pg_backend_pid())")])


async def test_a_killed_process_leaves_its_post_to_another(database: Database, postgres_url: str) -> None:
    post = database.post("sender")
    async with a_process_that_holds(postgres_url) as process:
        holding = asyncio.create_task(post.hold())
        await asyncio.sleep(1.5)
        assert not holding.done()
        assert not post.is_held
        process.kill()
        killed = time.monotonic()
        await asyncio.wait_for(holding, LONGEST)
    assert post.is_held
    assert time.monotonic() - killed < LONGEST
    await post.close()


async def test_a_killed_process_leaves_its_claims_and_locks_to_another(database: Database, postgres_url: str) -> None:
    async with a_process_that_holds(postgres_url) as process:
        assert not await database.claims.take(1)
        assert await database.claims.take(2)
        process.kill()
        async with asyncio.timeout(LONGEST):
            while not await database.claims.take(1):  # noqa: ASYNC110 nothing tells of it
                await asyncio.sleep(0.05)
            async with database.transaction() as tx:
                await tx.alone("something")


async def test_a_process_that_stands_still_keeps_its_post(database: Database, postgres_url: str) -> None:
    async with a_process_that_holds(postgres_url):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(database.post("sender").hold(), 2.5)
        other = database.post("clock")
        await asyncio.wait_for(other.hold(), 5)
        await other.close()


# -- posts


async def test_a_post_that_was_lost_writes_nothing_until_it_is_held_again(shelf: Database, other: Database) -> None:
    post = shelf.post("sender")
    await post.hold()
    await lose(post)
    assert not post.is_held
    with pytest.raises(DatabaseTroubleError, match="not held"):
        await post.write([book("a")])
    await post.hold()
    await post.write([book("b")])
    assert await titles(other) == ["b"]
    await post.close()


async def test_a_post_that_was_lost_while_nobody_used_it_is_known_to_be_lost(
    shelf: Database, other: PostgresDatabase
) -> None:
    post = shelf.post("sender")
    await post.hold()
    await other.write(
        [
            Statement(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        ]
    )
    async with asyncio.timeout(5):
        while post.is_held:  # noqa: ASYNC110 its end comes over the network
            await asyncio.sleep(0.01)
    with pytest.raises(DatabaseTroubleError):
        await post.write([book("a")])
    await post.hold()
    await post.close()


async def test_one_process_has_a_post_at_a_time(shelf: Database, other: Database) -> None:
    here, there = shelf.post("sender"), other.post("sender")
    await here.hold()
    holding = asyncio.create_task(there.hold())
    await asyncio.sleep(1.2)
    assert (here.is_held, there.is_held) == (True, False)
    await here.write([book("a")])
    await here.close()
    await asyncio.wait_for(holding, 5)
    with pytest.raises(DatabaseTroubleError):
        await here.write([book("b")])
    await there.write([book("c")])
    await there.close()
    assert await titles(shelf) == ["a", "c"]


async def test_whoever_is_cancelled_while_they_take_a_post_leaves_it_to_others(
    shelf: Database, other: Database
) -> None:
    here = shelf.post("sender")
    for n in range(12):
        holding = asyncio.create_task(here.hold())
        for _ in range(n):
            await asyncio.sleep(0)
        holding.cancel()
        await asyncio.gather(holding, return_exceptions=True)
        if here.is_held:
            await here.close()
        there = other.post("sender")
        await asyncio.wait_for(there.hold(), 5)
        await there.close()


async def test_calls_on_a_post_come_one_after_the_other(shelf: Database) -> None:
    post = shelf.post("sender")
    await post.hold()
    writing = [post.write([book(f"{n}"), lend(f"{n}")]) for n in range(20)]
    await asyncio.gather(*writing, *(post.read(Statement("SELECT 1")) for _ in range(20)))
    assert len(await titles(shelf)) == 20
    await post.close()


# -- claims


async def test_an_address_is_claimed_by_one_process(database: Database, other: Database) -> None:
    assert await database.claims.take(7)
    assert not await other.claims.take(7)
    assert await other.claims.take(8)
    await database.claims.let_go(7)
    assert await other.claims.take(7)
    assert not await database.claims.take(7)


async def test_a_claim_that_was_taken_twice_is_free_once_it_is_let_go(database: Database, other: Database) -> None:
    await asyncio.gather(database.claims.take(7), database.claims.take(7), database.claims.take(7))
    await database.claims.let_go(7)
    assert await other.claims.take(7)


async def test_letting_go_of_what_another_has_changes_nothing(database: Database, other: Database) -> None:
    assert await database.claims.take(7)
    await other.claims.let_go(7)
    assert not await other.claims.take(7)


async def test_with_the_connection_all_claims_are_lost_and_can_be_taken_again(
    database: Database, other: PostgresDatabase
) -> None:
    for address in (7, 8):
        assert await database.claims.take(address)
    await other.write(
        [Statement("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")]
    )  # fmt: skip
    async with asyncio.timeout(5):
        while database.claims.holds(7):  # noqa: ASYNC110 its end comes over the network
            await asyncio.sleep(0.01)
    assert not database.claims.holds(8)
    assert await other.claims.take(7)
    assert not await database.claims.take(7)
    assert await database.claims.take(8)
    await database.claims.let_go(7)


async def test_whoever_is_cancelled_while_taking_can_let_go(database: Database, other: Database) -> None:
    for pause in (0.0, 0.0005, 0.001, 0.002, 0.005):
        taking = asyncio.create_task(database.claims.take(7))
        await asyncio.sleep(pause)
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)
        await database.claims.let_go(7)
        assert await other.claims.take(7)
        await other.claims.let_go(7)


# -- signals


async def test_a_signal_reaches_other_processes(database: Database, other: Database) -> None:
    async with hearing(database) as here, hearing(other) as there:
        await database.signals.tell("inbox", "17")
        await here.until(1)
        await there.until(1)
    assert here == there == [("inbox", "17")]


async def test_who_hears_nothing_for_a_while_is_told_to_look(database: Database, other: PostgresDatabase) -> None:
    async with hearing(database) as heard:
        heard.begun.clear()
        with capture_logs() as logs:
            await other.write([Statement("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()")])  # fmt: skip
            await asyncio.wait_for(heard.begun.wait(), 5)
        await other.signals.tell("inbox", "18")
        await heard.until(1)
    assert [line["event"] for line in logs] == ["signals are not heard"]
    assert heard == [("inbox", "18")]
