"""A connection to an SQLite file: a thread that runs whole functions, and SQLite's errors as ours."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import aiosqlite

from bot.errors import ConflictError, DatabaseTroubleError, StaleError, StorageError
from storage.database import Result, Statement

T = TypeVar("T")

STATEMENTS = 512  # prepared ones that a connection keeps: more than the bot has, so that none is compiled twice
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


OF_POSTGRES = {"pg_advisory_xact_lock": 1, "hashtextextended": 2, "pg_notify": 2}
"""Functions, with the number of their arguments, that statements for both databases may call. Here they do nothing."""


class Connection(aiosqlite.Connection):
    """A connection whose thread runs a whole function at once: the call into the thread costs more than a statement."""

    hops = 0

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Runs the function in the connection's thread. Errors of SQLite and of its module come out as ours."""
        self.hops += 1
        try:
            result: T = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
        except (sqlite3.Error, ValueError, OverflowError) as error:
            raise ours(error) from error
        return result

    async def say(self, sql: str) -> None:
        """Runs one statement that gives nothing back."""
        await self.run(lambda raw: execute(raw, Statement(sql)))


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


def nothing(*_: object) -> None:
    """What a function of PostgreSQL does here."""


def connect(file: Path, *, read_only: bool) -> sqlite3.Connection:
    """Opens the file, for the thread that will use it."""
    address = f"{file.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    raw = sqlite3.connect(
        address, uri=True, timeout=5, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS
    )
    try:
        raw.row_factory = as_dict
        for name, arguments in OF_POSTGRES.items():
            raw.create_function(name, arguments, nothing, deterministic=True)
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
