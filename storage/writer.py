"""The one writing connection: units that share a commit, and transactions whose statements travel in few hops."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import islice

from bot.errors import DatabaseTroubleError, StaleError, StorageError
from storage.batches import Batches, Outcome, Unit
from storage.connection import Connection, execute, ours
from storage.database import Result, Statement, Value
from storage.signals import HouseSignals


class Writer(Batches):
    """Writes units, as many as wait in one commit, and one transaction at a time between them."""

    def __init__(self, connection: Connection, signals: HouseSignals) -> None:
        super().__init__(connection, commit_units)
        self._signals = signals

    def written(self, unit: Unit) -> None:
        self._signals.written(unit)

    async def end(self, added: Unit, statements: Unit) -> list[Result]:
        """Runs the last statements of the transaction in hand and commits; what waits goes along.

        It lets go of the lock as soon as the way is taken: whoever writes next comes behind it there.
        """
        batch = self.take()
        units = [unit for unit, _ in batch]
        hop = asyncio.ensure_future(self.connection.run(lambda raw: finish(raw, added, statements, units)))
        await asyncio.sleep(0)  # now it is in the connection's thread
        self.lock.release()
        try:
            results, outcomes = await hop
        except Exception:  # it is the transaction that is refused: they wait for their turn
            self.put_back(batch)
            raise
        self.tell(batch, outcomes)
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


class SqliteTransaction:
    """A writing transaction. It takes the writer when it first needs it, and then a hop a call."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._added: list[Statement] = []
        self._ran: list[Statement] = []
        self._has_begun = False
        self._is_over = False
        self._is_finished = False

    async def rows(self, sql: str, values: Mapping[str, Value] | None = None) -> Result:
        return await self.run(Statement(sql, values or {}))

    async def run(self, statement: Statement) -> Result:
        [result] = await self.run_all([statement])
        return result

    async def run_all(self, statements: Sequence[Statement]) -> list[Result]:
        begin = await self._begin()
        added, self._added = self._added, []
        try:
            results = await self._writer.connection.run(lambda raw: run_on(raw, added, statements, begin=begin))
        except BaseException:
            self._is_over = True
            raise
        self._ran += [*added, *statements]
        return results

    def add(self, *statements: Statement) -> None:
        self._still_open()
        self._added += statements

    async def alone(self, what: str) -> None:
        """Nothing to do: from its first statement that is waited for a transaction is alone with everything."""

    async def finish(self, statements: Sequence[Statement]) -> list[Result]:
        if self._is_finished and not statements:
            return []
        self._still_open()
        self._is_over = self._is_finished = True
        if self._has_begun:
            return await asyncio.shield(asyncio.ensure_future(self._end(statements)))
        unit = [*self._added, *statements]
        results = await self._writer.run(unit) if unit else []
        return results[len(self._added) :]

    async def _end(self, statements: Unit) -> list[Result]:
        results = await self._writer.end(self._added, statements)
        self._writer.written([*self._ran, *self._added, *statements])
        return results

    async def undo(self) -> None:
        """Takes back what was run, unless the end is under way: what that refuses it takes back itself."""
        if not self._has_begun or self._is_finished:
            return
        try:
            with suppress(StorageError):  # after whatever a cancelled caller left running in the connection's thread
                await asyncio.shield(self._writer.connection.say("ROLLBACK"))
        finally:
            self._writer.lock.release()

    async def _begin(self) -> bool:
        """Takes the writer; gives whether the transaction has still to be begun."""
        self._still_open()
        if self._has_begun:
            return False
        await self._writer.lock.acquire()
        self._has_begun = True
        return True

    def _still_open(self) -> None:
        if self._is_over:
            raise StorageError("the transaction is over")


# -- in the connection's thread


def run_on(raw: sqlite3.Connection, added: Unit, statements: Unit, *, begin: bool) -> list[Result]:
    """Runs statements of a transaction, which the first of them begins; gives the results of those not `added`."""
    if begin:
        raw.execute("BEGIN IMMEDIATE")
    if not raw.in_transaction:  # it was given up: each of these would be written by itself
        raise StorageError("the transaction is over")
    try:
        return [execute(raw, statement) for statement in (*added, *statements)][len(added) :]
    except BaseException:
        roll_back(raw)  # what is refused ends it: nobody may go on without it
        raise


def commit_units(raw: sqlite3.Connection, units: Sequence[Unit]) -> list[Outcome]:
    """Runs units in one transaction. When it raises, none of them is written."""
    raw.execute("BEGIN IMMEDIATE")
    _, outcomes = finish(raw, [], [], units)
    return outcomes


def finish(
    raw: sqlite3.Connection, added: Unit, statements: Unit, units: Sequence[Unit]
) -> tuple[list[Result], list[Outcome]]:
    """Runs the last statements of the open transaction, then units, and commits. When it raises, nothing is written."""
    try:
        results = run_on(raw, added, statements, begin=False)
        outcomes = run_units(raw, units)
        raw.execute("COMMIT")
    except BaseException:
        roll_back(raw)
        raise
    return results, outcomes


def roll_back(raw: sqlite3.Connection) -> None:
    """Gives the open transaction up, unless SQLite did so itself."""
    if raw.in_transaction:
        raw.execute("ROLLBACK")


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
