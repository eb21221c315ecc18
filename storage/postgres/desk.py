"""Reading, writing and deciding over connections that somebody lends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from bot.errors import CollisionError, DatabaseTroubleError, StorageError
from storage.database import Result, Statement, Value, alone
from storage.postgres.line import BEGIN, Line, Unit
from storage.postgres.pool import Lender

T = TypeVar("T")

AGAIN = (0.01, 0.05, 0.2)  # seconds between tries of a unit that collided with another


class Desk:
    """Reads over one lender's connections and writes over another's."""

    def __init__(self, readers: Lender, writers: Lender) -> None:
        self.readers = readers
        self.writers = writers
        self._writing: set[asyncio.Task[Any]] = set()

    async def read(self, *statements: Statement) -> list[Result]:
        async with lent(self.readers) as line:
            return await line.read(statements)

    async def write(self, unit: Unit) -> list[Result]:
        return await self.to_its_end(self.write_patiently(unit))

    @asynccontextmanager
    async def transaction(self, *, at_once: bool = True) -> AsyncIterator[PostgresTransaction]:
        """A transaction that commits at the end of the block. `at_once` or not, it holds nobody up before it writes."""
        tx = PostgresTransaction(self)
        try:
            yield tx
            await tx.finish([])
        except BaseException:
            await tx.undo()
            raise

    async def settle(self) -> None:
        """Returns when everything on its way is written."""
        while self._writing:
            await asyncio.wait(self._writing)

    async def write_patiently(self, unit: Unit) -> list[Result]:
        """Writes a unit, again where it only collided with another. What collides all the same may work later."""
        for pause in AGAIN:
            try:
                return await self._write(unit)
            except CollisionError:
                await asyncio.sleep(pause)
        try:
            return await self._write(unit)
        except CollisionError as error:
            raise DatabaseTroubleError(str(error)) from error

    async def _write(self, unit: Unit) -> list[Result]:
        async with lent(self.writers) as line:
            return await line.write(unit)

    async def to_its_end(self, work: Coroutine[Any, Any, T]) -> T:
        """Does something whether or not its caller is cancelled meanwhile."""
        task = asyncio.create_task(work)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return await asyncio.shield(task)


class PostgresTransaction:
    """A writing transaction. It borrows a connection when it first needs one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._line: Line | None = None
        self._added: list[Statement] = []
        self._is_over = False
        self._is_finished = False

    async def rows(self, sql: str, values: Mapping[str, Value] | None = None) -> Result:
        return await self.run(Statement(sql, values or {}))

    async def run(self, statement: Statement) -> Result:
        [result] = await self.run_all([statement])
        return result

    async def run_all(self, statements: Sequence[Statement]) -> list[Result]:
        self._still_open()
        added, self._added = self._added, []
        try:
            begin = b""
            if self._line is None:
                self._line, begin = await self._desk.writers.borrow(), BEGIN
            results = await self._line.run([*added, *statements], begin=begin)
        except BaseException:
            await self.undo()
            raise
        return results[len(added) :]

    def add(self, *statements: Statement) -> None:
        self._still_open()
        self._added += statements

    async def alone(self, what: str) -> None:
        self.add(alone(what))

    async def finish(self, statements: Sequence[Statement]) -> list[Result]:
        if self._is_finished and not statements:
            return []
        self._still_open()
        self._is_over = self._is_finished = True
        line, self._line = self._line, None
        results = await self._desk.to_its_end(self._finish(line, [*self._added, *statements]))
        return results[len(self._added) :]

    async def undo(self) -> None:
        """Takes back what was run, unless the end is under way."""
        self._is_over = True
        line, self._line = self._line, None
        if line is not None:
            try:
                await line.undo()
            finally:
                await self._desk.writers.give_back(line)

    async def _finish(self, line: Line | None, unit: Unit) -> list[Result]:
        if line is None:
            return await self._desk.write_patiently(unit) if unit else []
        try:
            return await line.finish(unit)
        finally:
            await self._desk.writers.give_back(line)

    def _still_open(self) -> None:
        if self._is_over:
            raise StorageError("the transaction is over")


@asynccontextmanager
async def lent(lender: Lender) -> AsyncIterator[Line]:
    """A connection for the block."""
    line = await lender.borrow()
    try:
        yield line
    finally:
        await lender.give_back(line)
