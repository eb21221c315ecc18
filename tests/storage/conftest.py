"""A database of its own for each test, and each test on each kind of database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import Location, PostgresServer, SqliteFile
from storage.database import Database, Statement
from storage.migrate import migrate
from storage.opening import open_database


@pytest.fixture(params=["sqlite", "postgres"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Location:
    """Where there is room for a database: bot.db in the test's folder, or one on a server that has the schema and no rows."""
    if request.param == "sqlite":
        return SqliteFile(tmp_path / "bot.db")
    return PostgresServer(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def database(location: Location) -> AsyncIterator[Database]:
    """A new database with the whole schema."""
    database = await open_database(location)
    await migrate(database, now=0)
    yield database
    await database.close()


@pytest.fixture
async def shelf(location: Location) -> AsyncIterator[Database]:
    """A database with one table of books."""
    database = await open_database(location)
    await database.write([Statement("CREATE TABLE books (title TEXT PRIMARY KEY, copies INTEGER NOT NULL)")])
    yield database
    await database.close()
