"""Posts, claims and signals: what processes share, and what one process has to itself on a file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from bot.errors import DatabaseTroubleError, StaleError
from storage.database import Database, Signals, Statement
from storage.signals import LONGEST, telling
from tests.storage.books import book, lend, titles

NOTHING = 0.3  # seconds in which a signal would have come


# -- posts


async def test_a_post_reads_and_writes_like_the_database_once_it_is_held(shelf: Database) -> None:
    post = shelf.post("sender")
    await asyncio.wait_for(post.hold(), 5)
    await post.write([book("a"), book("b")])
    async with post.transaction() as tx:
        await tx.run(book("c"))
    assert await post.read(Statement("SELECT count(*) AS n FROM books")) == [[{"n": 3}]]
    assert post.is_held
    await post.close()
    assert not post.is_held


async def test_a_post_that_is_not_held_writes_nothing(shelf: Database) -> None:
    post = shelf.post("sender")
    with pytest.raises(DatabaseTroubleError, match="sender"):
        await post.write([book("a")])
    await post.hold()
    await post.close()
    with pytest.raises(DatabaseTroubleError, match="sender"):
        await post.write([book("b")])
    assert await titles(shelf) == []


async def test_what_is_refused_leaves_a_post_held(shelf: Database) -> None:
    post = shelf.post("sender")
    await post.hold()
    with pytest.raises(StaleError):
        await post.write([book("a"), lend("nothing")])
    await post.write([book("b")])
    await post.close()
    assert await titles(shelf) == ["b"]


async def test_a_post_that_is_held_twice_is_given_up_at_once(shelf: Database) -> None:
    post = shelf.post("sender")
    await asyncio.gather(post.hold(), post.hold())
    await post.hold()
    await post.close()
    again = shelf.post("sender")
    await asyncio.wait_for(again.hold(), 5)
    await again.close()


# -- claims


async def test_a_claim_is_taken_and_let_go(database: Database) -> None:
    claims = database.claims
    assert not claims.holds(1)
    assert await claims.take(1)
    assert (claims.holds(1), claims.holds(2)) == (True, False)
    await claims.let_go(1)
    assert not claims.holds(1)


async def test_a_claim_that_is_taken_twice_ends_once(database: Database) -> None:
    assert all(await asyncio.gather(database.claims.take(1), database.claims.take(1)))
    await database.claims.let_go(1)
    assert not database.claims.holds(1)
    await database.claims.let_go(1)
    assert await database.claims.take(1)


# -- signals


class Heard(list[tuple[str, str]]):
    """Signals as they came, apart from those that only say that some may have been missed."""

    def __init__(self, signals: Signals) -> None:
        super().__init__()
        self.begun = asyncio.Event()
        for topic in ("inbox", "outbox"):
            signals.listen(topic, lambda payload, topic=topic: self.hear(topic, payload))  # type: ignore[misc]

    def hear(self, topic: str, payload: str) -> None:
        if payload:
            self.append((topic, payload))
        self.begun.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self) < count:  # noqa: ASYNC110 signals come from outside
                await asyncio.sleep(0.01)


@asynccontextmanager
async def hearing(database: Database) -> AsyncIterator[Heard]:
    heard = Heard(database.signals)
    running = asyncio.create_task(database.signals.run())
    try:
        await asyncio.wait_for(heard.begun.wait(), 5)
        yield heard
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_a_signal_reaches_those_who_listen_to_its_topic(shelf: Database) -> None:
    async with hearing(shelf) as heard:
        await shelf.signals.tell("inbox", "17 and more")
        await shelf.signals.tell("nobody listens")
        await shelf.signals.tell("outbox", "é")
        await heard.until(2)
    assert sorted(heard) == [("inbox", "17 and more"), ("outbox", "é")]


async def test_a_signal_goes_with_its_unit_or_not_at_all(shelf: Database) -> None:
    async with hearing(shelf) as heard:
        with pytest.raises(StaleError):
            await shelf.write([telling("inbox", "refused"), book("a"), lend("nothing")])
        await shelf.write([telling("inbox", "written"), book("b")])
        await heard.until(1)
    assert heard == [("inbox", "written")]


async def test_a_signal_of_a_transaction_is_heard_when_that_is_committed(shelf: Database) -> None:
    async with hearing(shelf) as heard:
        async with shelf.transaction() as tx:
            tx.add(telling("inbox", "added"))
            await tx.run(telling("outbox", "run"))
            await asyncio.sleep(NOTHING)
            assert heard == []
            await tx.finish([telling("outbox", "last")])
        await heard.until(3)
        with suppress(LookupError):
            async with shelf.transaction() as tx:
                await tx.run(telling("inbox", "never"))
                raise LookupError
        await shelf.signals.tell("inbox", "end")
        await heard.until(4)
    assert sorted(heard) == [("inbox", "added"), ("inbox", "end"), ("outbox", "last"), ("outbox", "run")]


@pytest.mark.parametrize("payload", ["x" * LONGEST, "ệ" * (LONGEST // 3)])
def test_a_signal_that_is_too_long_is_refused(payload: str) -> None:
    with pytest.raises(ValueError, match="bytes"):
        telling("inbox", payload)


async def test_the_longest_signal_arrives(shelf: Database) -> None:
    payload = "x" * (LONGEST - len("inbox "))
    async with hearing(shelf) as heard:
        await shelf.signals.tell("inbox", payload)
        await heard.until(1)
    assert heard == [("inbox", payload)]


async def test_a_callback_that_fails_ends_the_hearing_and_is_no_trouble_of_the_database(shelf: Database) -> None:
    def fail(payload: str) -> None:
        if payload:
            raise ValueError("a mistake")

    shelf.signals.listen("inbox", fail)
    heard = Heard(shelf.signals)
    running = asyncio.create_task(shelf.signals.run())
    await asyncio.wait_for(heard.begun.wait(), 5)
    await shelf.signals.tell("inbox", "17")
    with pytest.raises(ValueError, match="a mistake"):
        await asyncio.wait_for(running, 5)
