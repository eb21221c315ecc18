"""Who runs the bot on a database: one process at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from bot.errors import DatabaseLockedError, SettingsError


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Holds the lock of a database file.

    Raises DatabaseLockedError that says who holds it, and SettingsError where no file can be.
    """
    with _opened(database) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise DatabaseLockedError(
                f"[database] url: {database} is in use by process {holder}; stop that one first"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _opened(database: Path) -> TextIO:
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        return database.with_name(database.name + ".lock").open("a+")
    except OSError as error:
        raise SettingsError(f"[database] url: {database}: {error.strerror}") from error
