"""SQLite: one writing connection, and a few reading ones."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from pathlib import Path

from bot.errors import DatabaseTroubleError, StorageError
from storage.batches import Batches, Outcome, Unit
from storage.connection import Connection, execute, open_connection, ours
from storage.database import Result, Statement, Transaction, Value
from storage.posts import SoleClaims, SolePost
from storage.signals import HouseSignals
from storage.writer import Writer, roll_back

READERS = 4  # one that all reads share, and the rest for snapshots
MARKS: Mapping[str, str] = {
    "id": "INTEGER PRIMARY KEY AUTOINCREMENT",
    "int": "INTEGER",
    "text": "TEXT",
    "blob": "BLOB",
    "strict": "STRICT",
}


class SqliteSnapshot:
    """A reading connection inside a transaction of its own."""

    def __init__(self, database: SqliteDatabase, connection: Connection) -> None:
        self._database = database
        self._connection = connection

    async def rows(self, sql: str, values: Mapping[str, Value] | None = None) -> Result:
        return await self._connection.run(lambda raw: execute(raw, Statement(sql, values or {})))

    async def close(self) -> None:
        await asyncio.shield(self._database.give_back(self._connection))


class SqliteDatabase:
    """One SQLite file."""

    is_shared = False
    marks = MARKS

    def __init__(self, name: str, writer: Connection | None, readers: Sequence[Connection]) -> None:
        self.name = name
        self.claims = SoleClaims(self)
        self.signals = HouseSignals()
        self._writer = Writer(writer, self.signals) if writer else None
        self._all = [*readers, *([writer] if writer else [])]
        shared, *others = readers
        self._reads = Batches(shared, read_units)
        self._readers: asyncio.Queue[Connection] = asyncio.Queue()
        for reader in others:
            self._readers.put_nowait(reader)

    @classmethod
    async def open(cls, file: Path, *, read_only: bool = False) -> SqliteDatabase:
        """Opens the file, creating it and its folder unless it is only read. Raises DatabaseTroubleError."""
        if not read_only:
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise DatabaseTroubleError(f"{file}: {error.strerror}") from error
        writer = None if read_only else await open_connection(file, read_only=False)
        try:
            readers = [await open_connection(file, read_only=True) for _ in range(READERS)]
        except DatabaseTroubleError:
            if writer:
                await writer.close()
            raise
        return cls(str(file), writer, readers)

    @property
    def hops(self) -> int:
        return sum(connection.hops for connection in self._all)

    async def read(self, *statements: Statement) -> list[Result]:
        return await self._reads.run(statements)

    async def write(self, unit: Unit) -> list[Result]:
        return await self._writing().run(unit)

    def transaction(self, *, at_once: bool = True) -> AbstractAsyncContextManager[Transaction]:
        return self._writing().transaction(at_once=at_once)

    def post(self, name: str) -> SolePost:
        return SolePost(name, self)

    async def snapshot(self) -> SqliteSnapshot:
        reader = await self._readers.get()
        try:
            await reader.say("BEGIN")
        except BaseException:
            with suppress(StorageError):
                await asyncio.shield(self.give_back(reader))
            raise
        return SqliteSnapshot(self, reader)

    async def give_back(self, reader: Connection) -> None:
        """Ends a snapshot's transaction and lets others have its connection."""
        try:
            await reader.say("ROLLBACK")
        finally:
            self._readers.put_nowait(reader)

    async def tidy(self) -> None:
        writer = self._writing()
        async with writer.lock:
            await writer.connection.say("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        async with self._writer.lock if self._writer else nullcontext():
            for connection in self._all:
                await connection.close()

    def _writing(self) -> Writer:
        if self._writer is None:
            raise StorageError("this database was opened for reading only")
        return self._writer


def read_units(raw: sqlite3.Connection, units: Sequence[Unit]) -> list[Outcome]:
    """Runs units of SELECTs in one snapshot; the error of one leaves the others."""
    raw.execute("BEGIN")
    try:
        return [read_unit(raw, unit) for unit in units]
    finally:
        roll_back(raw)


def read_unit(raw: sqlite3.Connection, unit: Unit) -> Outcome:
    """Runs a unit of SELECTs; its error is given back."""
    try:
        return [execute(raw, statement) for statement in unit]
    except (sqlite3.Error, ValueError, OverflowError) as error:
        return ours(error)
