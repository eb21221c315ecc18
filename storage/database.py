"""What every database offers: reading in one hop, writing in one transaction, and a transaction to decide in."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

Value = str | int | float | bytes | None
Row = Mapping[str, Any]
Result = list[Row]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement with `:name` parameters.

    `changes` is the number of rows it must change; on any other number its whole unit is rolled back (StaleError).
    """

    sql: str
    values: Mapping[str, Value] = field(default_factory=dict)
    changes: int | None = None


class Reader(Protocol):
    """A snapshot of the database that can only be read."""

    async def rows(self, sql: str, values: Mapping[str, Value] | None = None) -> Result:
        """All rows of a SELECT."""


class Transaction(Reader, Protocol):
    """A transaction in hand: what it reads cannot change before it commits."""

    async def run(self, statement: Statement) -> Result:
        """Executes a statement; gives the rows of its RETURNING clause."""

    async def run_all(self, statements: Sequence[Statement]) -> list[Result]:
        """Executes statements in one hop."""

    def add(self, *statements: Statement) -> None:
        """Puts statements that nobody waits for on the way: they travel with the next that somebody does, or at the end.

        So an error of theirs comes out there.
        """

    async def finish(self, statements: Sequence[Statement]) -> list[Result]:
        """Executes the last statements and commits, in one hop; durable on return."""


class Snapshot(Reader, Protocol):
    """A reader that must be given back."""

    async def close(self) -> None:
        """Ends the snapshot."""


class Database(Protocol):
    """A database. Every call may raise DatabaseTroubleError; nothing was written then."""

    @property
    def hops(self) -> int:
        """How many round trips to the database were made so far."""

    async def read(self, *statements: Statement) -> list[Result]:
        """Runs SELECTs in one snapshot and one hop."""

    async def write(self, unit: Sequence[Statement]) -> list[Result]:
        """Runs a unit of statements, all or nothing, in one hop; durable on return.

        Units that wait together share a commit. Raises ConflictError, StaleError and StorageError for this unit alone.
        """

    def transaction(self, *, at_once: bool = True) -> AbstractAsyncContextManager[Transaction]:
        """Opens a writing transaction; commits at the end of the block, rolls back when it raises.

        It keeps all others from writing. Not `at_once`, it does so only from the first statement that is waited for; where
        there is none, it is written as a unit.
        """

    async def snapshot(self) -> Snapshot:
        """Opens a reading snapshot."""

    async def tidy(self) -> None:
        """Lets go of what was erased: after it no byte of it is left in the database's files."""

    async def close(self) -> None:
        """Finishes what waits and closes every connection."""


async def one(reader: Reader, sql: str, values: Mapping[str, Value] | None = None) -> Row | None:
    """The first row of a SELECT, or None."""
    found = await reader.rows(sql, values)
    return found[0] if found else None


async def each(reader: Reader, sql: str, values: Mapping[str, Value], chunk: int = 500) -> AsyncIterator[Row]:
    """The rows of a SELECT that ends in `LIMIT :limit OFFSET :offset`, read a chunk at a time."""
    offset = 0
    while found := await reader.rows(sql, {**values, "limit": chunk, "offset": offset}):
        for row in found:
            yield row
        offset += chunk


def micros(moment: datetime) -> int:
    """A time as it is stored: microseconds UTC since 1970. Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return (moment - _EPOCH) // _MICROSECOND


def moment(stored: int) -> datetime:
    """A stored time as an aware time in UTC."""
    return _EPOCH + timedelta(microseconds=stored)


def new_boot() -> str:
    """A name for this start of the process, written into every lease."""
    return secrets.token_hex(8)
