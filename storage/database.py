"""What every database offers: reading in one hop, writing in one transaction, deciding in one, and sharing the work."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
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


def alone(what: str) -> Statement:
    """Lets nobody pass who is alone with the same thing, until the end of the transaction that it stands in.

    What comes after it sees all that those before it wrote. SQLite knows the function too, and it does nothing there: who
    writes is alone anyway.
    """
    return Statement("SELECT pg_advisory_xact_lock(hashtextextended(:alone_with, 0))", {"alone_with": what})


class Reader(Protocol):
    """A snapshot of the database that can only be read."""

    async def rows(self, sql: str, values: Mapping[str, Value] | None = None) -> Result:
        """All rows of a SELECT."""


class Transaction(Reader, Protocol):
    """A transaction in hand.

    Others may write at the same time: it can rely on the rows that it has changed, on `changes`, and on what nobody
    changes without being `alone` with it, as it is itself. A statement that is refused ends it, and nothing is written.
    """

    async def run(self, statement: Statement) -> Result:
        """Executes a statement; gives the rows of its RETURNING clause."""

    async def run_all(self, statements: Sequence[Statement]) -> list[Result]:
        """Executes statements in one hop."""

    def add(self, *statements: Statement) -> None:
        """Puts statements that nobody waits for on the way: they travel with the next that somebody does, or at the end.

        So an error of theirs comes out there.
        """

    async def alone(self, what: str) -> None:
        """From here to its end no other transaction that is alone with the same thing runs.

        Who is alone with several takes them in one order everywhere.
        """

    async def finish(self, statements: Sequence[Statement]) -> list[Result]:
        """Executes the last statements and commits; durable on return."""


class Snapshot(Reader, Protocol):
    """A reader that must be given back."""

    async def close(self) -> None:
        """Ends the snapshot."""


class Store(Protocol):
    """Where rows are read and written. Every call may raise DatabaseTroubleError, soon; the same may work later.

    Nothing was written then, with one exception: a connection that is lost while it commits. Nobody knows what became of
    that, and whoever tries again must find out or be content with both. So a unit that is tried again begins with what can
    be true only once (`inbox.finish` is stale the second time), writes under a key of its own (`inbox.accept`,
    `outbox.add`, `transcripts.write_down`), or is the same when it is done twice (`outbox.sent`).
    """

    async def read(self, *statements: Statement) -> list[Result]:
        """Runs SELECTs in one snapshot and one hop."""

    async def write(self, unit: Sequence[Statement]) -> list[Result]:
        """Runs a unit of statements, all or nothing, in one hop or two; durable on return.

        A unit on its way is written even if its caller is cancelled. Raises ConflictError, StaleError and StorageError for
        this unit alone. One that only collided with another is tried again before that is trouble.
        """

    def transaction(self, *, at_once: bool = True) -> AbstractAsyncContextManager[Transaction]:
        """Opens a writing transaction; commits at the end of the block, rolls back when it raises.

        On SQLite it keeps all others from writing. Not `at_once`, it does so only from the first statement that is waited
        for; where there is none, it is written as a unit.
        """


class Post(Store, Protocol):
    """A duty that one process has at a time. What it writes, it writes only as long as it has it.

    A call on a post that was lost raises DatabaseTroubleError and writes nothing; then `hold` has to be awaited again.
    """

    @property
    def is_held(self) -> bool:
        """Whether this process has it, as far as can be known without asking."""

    async def hold(self) -> None:
        """Returns once this process has it, however long another one does."""

    async def close(self) -> None:
        """Gives it up."""


class Claims(Protocol):
    """Whose turns this process does: an address is claimed by one process at a time. All claims end with the process.

    They end with a lost connection, too: then none is held any more, and others may have taken them.
    """

    def holds(self, address_id: int) -> bool:
        """Whether this process has the claim, as far as can be known without asking."""

    async def take(self, address_id: int) -> bool:
        """Takes a claim; False where another process has it. What this process has already it may take again.

        A caller that is cancelled meanwhile lets go. Raises DatabaseTroubleError.
        """

    async def take_and_look(self, address_id: int, look: Statement) -> Result | None:
        """Takes a claim and reads, in one hop; None where another process has it. Raises DatabaseTroubleError."""

    async def let_go_and_look(self, address_id: int, look: Statement) -> Result:
        """Ends a claim and reads what there is afterwards, in one hop. Raises DatabaseTroubleError."""

    async def let_go(self, address_id: int) -> None:
        """Ends a claim, however often it was taken; nothing happens where there is none. Raises DatabaseTroubleError."""


class Signals(Protocol):
    """Short news between the processes, and inside each, in no order with what is written.

    They only hint at rows: they may be lost, and they never carry what people wrote.
    """

    def listen(self, topic: str, callback: Callable[[str], None]) -> None:
        """Calls back with the payload of each signal of a topic; with "" where some may have been missed: look then."""

    async def tell(self, topic: str, payload: str = "") -> None:
        """Sends a signal now. One that belongs to a change is told in its unit instead: `signals.telling`."""

    async def run(self) -> None:
        """Hears signals until it is cancelled. Without it nobody is called back."""


class Database(Store, Protocol):
    """A database, and what the processes that work on it share."""

    @property
    def name(self) -> str:
        """What to call it in messages to those who run the bot. It holds no password."""

    @property
    def is_shared(self) -> bool:
        """Whether other processes may do the same work on it at the same time."""

    @property
    def marks(self) -> Mapping[str, str]:
        """What the marks in migrations stand for."""

    @property
    def hops(self) -> int:
        """How many round trips to the database were made so far."""

    @property
    def claims(self) -> Claims:
        """The claims of this process."""

    @property
    def signals(self) -> Signals:
        """The signals of this process."""

    def post(self, name: str) -> Post:
        """A post of that name. It has to be closed."""

    async def snapshot(self) -> Snapshot:
        """Opens a reading snapshot."""

    async def tidy(self) -> None:
        """Lets go of what was erased, so far as it is ours to do: after it no byte is left in a file of SQLite's."""

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
