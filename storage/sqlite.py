"""SQLite: one writing connection, a few reading ones, and a commit that waiting units share."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

import aiosqlite

from bot.errors import ConflictError, DatabaseTroubleError, StaleError, StorageError
from storage.database import Result, Statement, Transaction, Value

T = TypeVar("T")
Unit = Sequence[Statement]
Outcome = list[Result] | StorageError

READERS = 3
SHARED = 64  # units that may share one commit
TROUBLE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)  # primary result codes (sqlite.org/rescode.html) that speak of the disk or of others, not of the statement


class Connection(aiosqlite.Connection):
    """A connection whose thread runs a whole function at once: the call into the thread costs more than a statement."""

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Runs the function in the connection's thread. Errors of SQLite and of its module come out as ours."""
        try:
            result: T = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
        except (sqlite3.Error, ValueError, OverflowError) as error:
            raise ours(error) from error
        return result


def ours(error: Exception) -> StorageError:
    """Our error for one of SQLite's, or of a value that it cannot take, whose message is not repeated."""
    if not isinstance(error, sqlite3.Error):
        return StorageError(type(error).__name__)
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, sqlite3.IntegrityError):
        return ConflictError(text)
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in TROUBLE:
        return DatabaseTroubleError(text)
    return StorageError(text)


def as_dict(cursor: sqlite3.Cursor, row: tuple[object, ...]) -> dict[str, object]:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}


def connect(file: Path, *, read_only: bool) -> sqlite3.Connection:
    """Opens the file, for the thread that will use it."""
    address = f"{file.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    raw = sqlite3.connect(address, uri=True, timeout=5, isolation_level=None, check_same_thread=False)
    try:
        raw.row_factory = as_dict
        raw.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            raw.execute("PRAGMA journal_mode = WAL")
            raw.execute("PRAGMA synchronous = FULL")
            raw.execute("PRAGMA secure_delete = ON")
    except sqlite3.Error:
        raw.close()
        raise
    return raw


async def open_connection(file: Path, *, read_only: bool) -> Connection:
    """Opens a connection. Raises DatabaseTroubleError naming the file."""
    try:
        raw = await asyncio.to_thread(connect, file, read_only=read_only)
    except sqlite3.Error as error:
        raise DatabaseTroubleError(f"{file}: {error}") from error
    connection = Connection(lambda: raw, iter_chunk_size=64)
    await connection
    return connection


def execute(raw: sqlite3.Connection, statement: Statement) -> Result:
    """Runs one statement and fetches all its rows. Raises StaleError where it changed another number of rows."""
    cursor = raw.execute(statement.sql, statement.values)
    try:
        found = cursor.fetchall()
        if statement.changes is not None and cursor.rowcount != statement.changes:
            raise StaleError
        return found
    finally:
        cursor.close()


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


def run_units(raw: sqlite3.Connection, units: Sequence[Unit]) -> list[Outcome]:
    """Runs units in one transaction. When it raises, none of them is written."""
    raw.execute("BEGIN IMMEDIATE")
    try:
        outcomes = [run_unit(raw, unit) for unit in units]
        raw.execute("COMMIT")
    except BaseException:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        raise
    return outcomes


class SqliteTransaction:
    """The writing transaction of `SqliteDatabase.transaction`, a hop a statement."""

    def __init__(self, database: SqliteDatabase, connection: Connection) -> None:
        self._database = database
        self._connection = connection

    async def rows(self, sql: str, values: Mapping[str, Value] | None = None) -> Result:
        return await self.run(Statement(sql, values or {}))

    async def run(self, statement: Statement) -> Result:
        [result] = await self.run_all([statement])
        return result

    async def run_all(self, statements: Sequence[Statement]) -> list[Result]:
        self._database.hops += 1
        return await self._connection.run(lambda raw: [execute(raw, statement) for statement in statements])


class SqliteSnapshot:
    """A reading connection inside a transaction of its own."""

    def __init__(self, database: SqliteDatabase, connection: Connection) -> None:
        self._database = database
        self._connection = connection

    async def rows(self, sql: str, values: Mapping[str, Value] | None = None) -> Result:
        self._database.hops += 1
        return await self._connection.run(lambda raw: execute(raw, Statement(sql, values or {})))

    async def close(self) -> None:
        await asyncio.shield(self._database.give_back(self._connection))


class SqliteDatabase:
    """One SQLite file."""

    def __init__(self, writer: Connection | None, readers: Sequence[Connection]) -> None:
        self.hops = 0
        self._writer = writer
        self._all = [*readers, *([writer] if writer else [])]
        self._readers: asyncio.Queue[Connection] = asyncio.Queue()
        for reader in readers:
            self._readers.put_nowait(reader)
        self._writing = asyncio.Lock()
        self._waiting: deque[tuple[Unit, asyncio.Future[list[Result]]]] = deque()

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
        return cls(writer, readers)

    async def read(self, *statements: Statement) -> list[Result]:
        reader = await self._readers.get()
        try:
            self.hops += 1
            return await reader.run(lambda raw: read_all(raw, statements))
        finally:
            self._readers.put_nowait(reader)

    async def write(self, unit: Unit) -> list[Result]:
        done: asyncio.Future[list[Result]] = asyncio.get_running_loop().create_future()
        self._waiting.append((unit, done))
        await asyncio.shield(asyncio.ensure_future(self._flush(done)))
        return await done

    async def _flush(self, mine: asyncio.Future[list[Result]]) -> None:
        """Writes what waits, oldest first, until the given unit is written; often somebody ahead takes it along."""
        while not mine.done():
            async with self._writing:
                if not mine.done():
                    await self._write_batch([self._waiting.popleft() for _ in range(min(SHARED, len(self._waiting)))])

    async def _write_batch(self, batch: Sequence[tuple[Unit, asyncio.Future[list[Result]]]]) -> None:
        self.hops += 1
        outcomes: Sequence[Outcome]
        try:
            outcomes = await self._write_connection().run(lambda raw: run_units(raw, [unit for unit, _ in batch]))
        except StorageError as error:
            outcomes = [error] * len(batch)
        for (_, done), outcome in zip(batch, outcomes, strict=True):
            settle(done, outcome)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self._writing:
            connection = self._write_connection()
            try:
                await self._hop(connection, "BEGIN IMMEDIATE")
                yield SqliteTransaction(self, connection)
                await self._hop(connection, "COMMIT")
            except BaseException:
                # In the connection's own order, after whatever a cancelled caller left running there.
                with suppress(StorageError):
                    await asyncio.shield(self._hop(connection, "ROLLBACK"))
                raise

    async def snapshot(self) -> SqliteSnapshot:
        reader = await self._readers.get()
        try:
            await self._hop(reader, "BEGIN")
        except BaseException:
            with suppress(StorageError):
                await asyncio.shield(self.give_back(reader))
            raise
        return SqliteSnapshot(self, reader)

    async def give_back(self, reader: Connection) -> None:
        """Ends a snapshot's transaction and lets others have its connection."""
        try:
            await self._hop(reader, "ROLLBACK")
        finally:
            self._readers.put_nowait(reader)

    async def tidy(self) -> None:
        async with self._writing:
            await self._hop(self._write_connection(), "PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        async with self._writing:
            for connection in self._all:
                await connection.close()

    async def _hop(self, connection: Connection, sql: str) -> None:
        self.hops += 1
        await connection.run(lambda raw: execute(raw, Statement(sql)))

    def _write_connection(self) -> Connection:
        if self._writer is None:
            raise StorageError("this database was opened for reading only")
        return self._writer


def read_all(raw: sqlite3.Connection, statements: Sequence[Statement]) -> list[Result]:
    """Runs SELECTs in one snapshot."""
    if len(statements) == 1:
        return [execute(raw, statements[0])]
    raw.execute("BEGIN")
    try:
        return [execute(raw, statement) for statement in statements]
    finally:
        raw.execute("ROLLBACK")


def settle(future: asyncio.Future[list[Result]], outcome: Outcome) -> None:
    """Gives a unit's outcome to whoever still waits for it."""
    if future.done():
        return
    if isinstance(outcome, StorageError):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
