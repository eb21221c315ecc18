"""Opening the database that the settings name."""

from __future__ import annotations

from bot.config import Location, SqliteFile
from storage.database import Database
from storage.sqlite import SqliteDatabase


async def open_database(location: Location, *, read_only: bool = False) -> Database:
    """Opens a database; a file is made unless it is only read. Raises DatabaseTroubleError, which holds no password."""
    if isinstance(location, SqliteFile):
        return await SqliteDatabase.open(location.path, read_only=read_only)
    from storage.postgres import PostgresDatabase  # only here: its driver takes 25 MB that a file does not need

    return await PostgresDatabase.open(location.url, read_only=read_only)
