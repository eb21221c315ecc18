"""The one writing connection: units that share a commit, and transactions whose statements travel in few hops."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import islice

from bot.errors import DatabaseTroubleError, StaleError, StorageError
from storage.connection import Connection, execute, ours
from storage.database import Result, Statement, Value

Unit = Sequence[Statement]
Outcome = list[Result] | Exception
Waiting = tuple[Unit, asyncio.Future[list[Result]]]

SHARED = 64  # units that may share one commit


class Writer:
    """Writes units in the order they came, as many as wait in one commit, and one transaction at a time between them."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.lock = asyncio.Lock()
        self._waiting: deque[Waiting] = deque()
        self._flusher: asyncio.Task[None] | None = None

    async def write(self, unit: Unit) -> list[Result]:
        """Writes a unit; also where its caller is cancelled meanwhile."""
        done: asyncio.Future[list[Result]] = asyncio.get_running_loop().create_future()
        self._waiting.append((unit, done))
        self._flush_soon()
        return await done

    def _flush_soon(self) -> None:
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush())

    async def _flush(self) -> None:
        """Writes until nothing waits; often a transaction took along what did."""
        while self._waiting:
            async with self.lock:
                if batch := self._next_batch():
                    await self._write_batch(batch)

    def _next_batch(self) -> list[Waiting]:
        return [self._waiting.popleft() for _ in range(min(SHARED, len(self._waiting)))]

    async def _write_batch(self, batch: Sequence[Waiting]) -> None:
        outcomes: Sequence[Outcome]
        try:
            outcomes = await self.connection.run(lambda raw: commit_units(raw, [unit for unit, _ in batch]))
        except Exception as error:  # noqa: BLE001 nobody may wait for ever for what went wrong here
            outcomes = [error] * len(batch)
        tell(batch, outcomes)

    async def end(self, statements: Sequence[Statement]) -> list[Result]:
        """Runs the last statements of the transaction in hand and commits; what waits goes along."""
        batch = self._next_batch()
        units = [unit for unit, _ in batch]
        try:
            results, outcomes = await self.connection.run(lambda raw: end_transaction(raw, statements, units))
        except Exception:  # it is the transaction that is refused: they wait for their turn
            self._waiting.extendleft(reversed(batch))
            self._flush_soon()
            raise
        tell(batch, outcomes)
        return results

    @asynccontextmanager
    async def transaction(self, *, at_once: bool) -> AsyncIterator[SqliteTransaction]:
        """A transaction that commits at the end of the block, if it was not finished before."""
        tx = SqliteTransaction(self)
        try:
            if at_once:
                await tx.run_all([])
            yield tx
            await tx.finish([])
        except BaseException:
            await tx.undo()
            raise
        finally:
            tx.let_go()


class SqliteTransaction:
    """A writing transaction. It takes the writer when it first needs it, and then a hop a call."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._added: list[Statement] = []
        self._begun = False
        self._is_over = False

    async def rows(self, sql: str, values: Mapping[str, Value] | None = None) -> Result:
        return await self.run(Statement(sql, values or {}))

    async def run(self, statement: Statement) -> Result:
        [result] = await self.run_all([statement])
        return result

    async def run_all(self, statements: Sequence[Statement]) -> list[Result]:
        begin = await self._begin()
        added, self._added = self._added, []
        results = await self._writer.connection.run(lambda raw: run_on(raw, [*added, *statements], begin=begin))
        return results[len(added) :]

    def add(self, *statements: Statement) -> None:
        self._added += statements

    async def finish(self, statements: Sequence[Statement]) -> list[Result]:
        if self._is_over:
            return []
        last, added = [*self._added, *statements], len(self._added)
        if self._begun:
            results = await asyncio.shield(asyncio.ensure_future(self._writer.end(last)))
        else:
            results = await self._writer.write(last) if last else []
        self._is_over = True
        return results[added:]

    async def _begin(self) -> bool:
        """Takes the writer; gives whether the transaction has still to be begun."""
        if self._is_over:
            raise StorageError("the transaction is over")
        if self._begun:
            return False
        await self._writer.lock.acquire()
        self._begun = True
        return True

    async def undo(self) -> None:
        """Takes back what was run, after whatever a cancelled caller left running in the connection's thread."""
        if self._begun and not self._is_over:
            with suppress(StorageError):
                await asyncio.shield(self._writer.connection.say("ROLLBACK"))

    def let_go(self) -> None:
        """Lets others have the writer."""
        if self._begun:
            self._writer.lock.release()


# -- in the connection's thread


def run_on(raw: sqlite3.Connection, statements: Sequence[Statement], *, begin: bool) -> list[Result]:
    """Runs statements of a transaction, which the first of them begins."""
    if begin:
        raw.execute("BEGIN IMMEDIATE")
    return [execute(raw, statement) for statement in statements]


def end_transaction(
    raw: sqlite3.Connection, statements: Sequence[Statement], units: Sequence[Unit]
) -> tuple[list[Result], list[Outcome]]:
    """Runs the last statements of the open transaction, then units of others, and commits all of it."""
    results = run_on(raw, statements, begin=False)
    outcomes = run_units(raw, units)
    raw.execute("COMMIT")
    return results, outcomes


def commit_units(raw: sqlite3.Connection, units: Sequence[Unit]) -> list[Outcome]:
    """Runs units in one transaction. When it raises, none of them is written."""
    raw.execute("BEGIN IMMEDIATE")
    try:
        outcomes = run_units(raw, units)
        raw.execute("COMMIT")
    except BaseException:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        raise
    return outcomes


def run_units(raw: sqlite3.Connection, units: Sequence[Unit]) -> list[Outcome]:
    """Runs units inside the open transaction: all of them as one, or where that is refused, each for itself."""
    if len(units) > 1:
        together = run_unit(raw, [statement for unit in units for statement in unit])
        if isinstance(together, list):
            results = iter(together)
            return [list(islice(results, len(unit))) for unit in units]
    return [run_unit(raw, unit) for unit in units]


def run_unit(raw: sqlite3.Connection, unit: Unit) -> Outcome:
    """Runs a unit inside the open transaction; its own error undoes it alone."""
    raw.execute("SAVEPOINT unit")
    try:
        results = [execute(raw, statement) for statement in unit]
    except (sqlite3.Error, ValueError, OverflowError, StaleError) as error:
        if not raw.in_transaction:  # SQLite gave the whole transaction up: the disk, not the unit
            raise
        raw.execute("ROLLBACK TO unit")
        raw.execute("RELEASE unit")
        refused = error if isinstance(error, StaleError) else ours(error)
        if isinstance(refused, DatabaseTroubleError):
            raise
        return refused
    raw.execute("RELEASE unit")
    return results


# -- those who wait


def tell(batch: Sequence[Waiting], outcomes: Sequence[Outcome]) -> None:
    """Gives each unit's outcome to whoever still waits for it."""
    for (_, done), outcome in zip(batch, outcomes, strict=True):
        if done.done():
            continue
        if isinstance(outcome, Exception):
            done.set_exception(outcome)
        else:
            done.set_result(outcome)
