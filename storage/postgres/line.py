"""A connection on which several statements travel in one round trip."""

from __future__ import annotations

import asyncio
import select
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import psycopg
from psycopg.pq import TransactionStatus

from bot.errors import StaleError
from storage.database import Result, Statement
from storage.postgres.errors import OutdatedError, ours
from storage.postgres.sql import as_driven

T = TypeVar("T")

GRACE = 0.5  # seconds for what its caller has left

Unit = Sequence[Statement]
Raw = psycopg.AsyncConnection[dict[str, Any]]
Cursor = psycopg.AsyncCursor[dict[str, Any]]

BEGIN = b"BEGIN"
BEGIN_READING = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
COMMIT = b"COMMIT"
ROLLBACK = b"ROLLBACK"


class Trips:
    """How many round trips were made."""

    made = 0

    def count(self) -> None:
        self.made += 1


class Line:
    """A connection. One borrower at a time uses it."""

    def __init__(self, raw: Raw, trips: Trips, *, is_reading: bool = False) -> None:
        self._raw = raw
        self._trips = trips
        self._is_reading = is_reading
        self._trip: asyncio.Future[Any] | None = None

    @property
    def raw(self) -> Raw:
        """The driver's connection."""
        return self._raw

    @property
    def is_idle(self) -> bool:
        """Whether it is open, outside any transaction, and nothing runs on it."""
        return (
            not self._raw.closed and not self._is_busy and self._raw.info.transaction_status == TransactionStatus.IDLE
        )

    @property
    def _is_busy(self) -> bool:
        """Whether something still runs that its caller has left."""
        return self._trip is not None and not self._trip.done()

    def is_alive(self) -> bool:
        """Whether the server is still there, as far as can be seen from here; only for a line that nobody uses."""
        try:
            while not self._raw.closed and _has_news(self._raw.pgconn.socket):
                self._raw.pgconn.consume_input()  # what comes by itself is mostly the end
        except psycopg.Error:
            return False
        return not self._raw.closed

    async def run(self, statements: Unit, *, begin: bytes = b"", end: bytes = b"") -> list[Result]:
        """Runs statements in one round trip, with what begins and ends their transaction.

        Raises our errors, and StaleError where a statement changed another number of rows; then nothing may be committed.
        """
        try:
            return await self._to_its_end(self._run(statements, begin, end))
        except OutdatedError:  # everything that was prepared on it may be
            await self.close()
            raise

    async def _run(self, statements: Unit, begin: bytes, end: bytes) -> list[Result]:
        with ours():
            if len(statements) == 1 and not begin and not end:
                cursors = await self._send(statements)
            else:
                async with self._raw.pipeline():
                    cursors = await self._send(statements, begin, end)
            for cursor, statement in zip(cursors, statements, strict=True):
                if statement.changes is not None and cursor.rowcount != statement.changes:
                    raise StaleError
            return [list(await cursor.fetchall()) if cursor.description else [] for cursor in cursors]

    async def _send(self, statements: Unit, begin: bytes = b"", end: bytes = b"") -> list[Cursor]:
        if begin:
            await self._raw.execute(begin, prepare=False)
        cursors = [await self._raw.execute(as_driven(one.sql), one.values) for one in statements]
        if end:
            await self._raw.execute(end, prepare=False)
        return cursors

    async def read(self, unit: Unit) -> list[Result]:
        """Reads in one snapshot: a single statement is one by itself, and so is every trip of a line that only reads."""
        try:
            if len(unit) == 1 or self._is_reading:
                return await self.run(unit)
            return await self.run(unit, begin=BEGIN_READING, end=COMMIT)
        except BaseException:
            await self.undo()
            raise

    async def write(self, unit: Unit) -> list[Result]:
        """Writes a unit, all or nothing.

        What travels together is one transaction even without a BEGIN, but half of it if the other half is never sent.
        """
        if len(unit) == 1 and unit[0].changes is None:
            return await self.run(unit)
        return await self.finish(unit, begin=BEGIN)

    async def finish(self, unit: Unit, *, begin: bytes = b"") -> list[Result]:
        """Runs the last statements of a transaction and commits; where a number of rows must be looked at, in two trips."""
        try:
            if all(statement.changes is None for statement in unit):
                return await self.run(unit, begin=begin, end=COMMIT)
            results = await self.run(unit, begin=begin)
            await self.run([], end=COMMIT)
        except BaseException:
            await self.undo()
            raise
        return results

    async def undo(self) -> None:
        """Takes back what was not committed. A line on which that cannot be done is closed: the server does it then."""
        await self._come_back()
        if self._raw.closed or self.is_idle:
            return
        try:
            await self._to_its_end(self._raw.execute(ROLLBACK, prepare=False))
        except psycopg.Error:
            await self.close()

    async def _come_back(self) -> None:
        """Returns when nothing runs any more; what takes long, for a lock that another holds, is called off."""
        if self._trip is None or self._trip.done():
            return
        done, _ = await asyncio.wait([self._trip], timeout=GRACE)
        if not done:
            with suppress(psycopg.Error):
                await self._raw.cancel_safe(timeout=GRACE)
            await asyncio.wait([self._trip])

    async def close(self) -> None:
        """Ends the connection, as soon as nothing runs on it any more."""
        if self._trip is not None and self._is_busy:
            self._trip.add_done_callback(lambda _: self._raw.pgconn.finish())
        else:
            await self._raw.close()

    async def _to_its_end(self, trip: Coroutine[Any, Any, T]) -> T:
        """Makes a trip whether or not its caller is cancelled meanwhile.

        Cancelled in a pipeline, the driver sometimes leaves answers behind, and takes them for those of what comes next.
        """
        self._trips.count()
        self._trip = asyncio.ensure_future(trip)
        return await asyncio.shield(self._trip)


def _has_news(socket: int) -> bool:
    """Whether there is something to be read."""
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
