"""PostgreSQL's errors as ours, in this one place. No message repeats a value."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from bot.errors import CollisionError, ConflictError, DatabaseTroubleError, StorageError

COLLIDED = ("40001", "40P01")  # serialization failure, deadlock
TROUBLE = (
    "08",  # connection
    "53",  # disk, memory or connections used up
    "57",  # shut down, starting, cancelled
    "58",  # the server's own files
    "28",  # not let in
    "3D",  # no such database
    "XX",  # broken data
    "40003",  # statement completion unknown
    "25006",  # only reading is allowed
    "25P03",  # idle too long inside a transaction
    "55P03",  # waited too long for a lock
)  # beginnings of codes (postgresql.org/docs/current/errcodes-appendix.html) that speak of the server, not of the statement
OUTDATED = "RevalidateCachedQuery"  # what the server's source calls the check of what was prepared
ABOUT_THE_STATEMENT = ("0A", "42")  # what these say quotes the SQL, which is ours and holds no value


class OutdatedError(DatabaseTroubleError):
    """The schema has changed, and the connection does not know."""


@contextmanager
def ours() -> Iterator[None]:
    """Lets the driver's errors, and those of a value that it cannot send, come out as ours."""
    try:
        yield
    except (psycopg.Error, ValueError, TypeError, OverflowError) as error:
        raise _ours(error) from error


def _ours(error: Exception) -> StorageError:
    name = type(error).__name__
    if not isinstance(error, psycopg.Error):
        return StorageError(name)
    code = error.sqlstate or ""
    if error.diag.source_function == OUTDATED:
        return OutdatedError()
    if code in COLLIDED:
        return CollisionError()
    if isinstance(error, psycopg.IntegrityError):
        return ConflictError(f"{name}: {error.diag.constraint_name or error.diag.column_name or error.diag.table_name}")
    if code.startswith(TROUBLE) or _is_lost(error):
        return DatabaseTroubleError(f"{name}: {said(error)}")
    return StorageError(f"{name}: {said(error)}" if code.startswith(ABOUT_THE_STATEMENT) else name)


def _is_lost(error: psycopg.Error) -> bool:
    """Whether an error without a code speaks of the connection."""
    lost = isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError))
    return lost and not error.sqlstate and not isinstance(error, psycopg.errors.PipelineAborted)


def said(error: psycopg.Error) -> str:
    """What the server or the driver says, in one line."""
    return " ".join((error.diag.message_primary or str(error)).split())
