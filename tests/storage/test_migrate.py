"""The schema comes up to date once, whoever starts, and never goes back."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.config import Location, PostgresServer, SqliteFile
from bot.errors import StorageError
from storage.database import Database, Result, Statement
from storage.migrate import FOLDER, migrate, statements
from storage.opening import open_database

FILES = sorted(file.stem for file in FOLDER.glob("*.sql"))
MIGRATING = """
import asyncio, sys
from bot.config import Location, database_location
from storage.migrate import migrate
from storage.opening import open_database

async def main():
    database = await open_database(database_location(sys.argv[1]))
    try:
        print(*await migrate(database, now=1))
    finally:
        await database.close()

asyncio.run(main())
"""
SCHEMA = {
    False: "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name",
    True: "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
    " WHERE table_schema = 'public' UNION ALL SELECT tablename, indexname, indexdef, '', '' FROM pg_indexes"
    " WHERE schemaname = 'public' ORDER BY 1, 2",
}  # by whether the database is shared
COLUMNS = {
    False: "SELECT m.name AS tbl, c.name AS col FROM sqlite_schema m, pragma_table_info(m.name) c"
    " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'",
    True: "SELECT table_name AS tbl, column_name AS col FROM information_schema.columns WHERE table_schema = 'public'",
}


@pytest.fixture(params=["sqlite", "postgres"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Location]:
    """Where nothing is yet."""
    if request.param == "sqlite":
        yield SqliteFile(tmp_path / "bot.db")
    else:
        with request.getfixturevalue("postgres").new() as url:
            yield PostgresServer(url)


@pytest.fixture
async def bare(location: Location) -> AsyncIterator[Database]:
    """A database without a schema."""
    database = await open_database(location)
    yield database
    await database.close()


async def look(database: Database, sql: dict[bool, str]) -> Result:
    [rows] = await database.read(Statement(sql[database.is_shared]))
    return rows


async def test_migrations_are_applied_once(bare: Database) -> None:
    assert await migrate(bare, now=1) == FILES
    before = await look(bare, SCHEMA)
    assert await migrate(bare, now=2) == []
    assert await look(bare, SCHEMA) == before


async def test_every_database_has_the_same_tables_and_columns(bare: Database, tmp_path: Path) -> None:
    await migrate(bare, now=1)
    other = await open_database(SqliteFile(tmp_path / "other.db"))
    await migrate(other, now=1)
    columns = [{(row["tbl"], row["col"]) for row in await look(one, COLUMNS)} for one in (bare, other)]
    await other.close()
    assert columns[0] == columns[1]
    assert {"proposals", "inbox", "outbox"} <= {table for table, _ in columns[0]}


async def test_processes_that_start_at_once_apply_each_migration_once(location: Location) -> None:
    url = location.url if isinstance(location, PostgresServer) else f"sqlite:///{location.path}"
    starts = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", MIGRATING, url, stdout=-1, cwd=FOLDER.parents[1])
        for _ in range(4)
    ]
    said = await asyncio.wait_for(asyncio.gather(*(process.communicate() for process in starts)), 30)
    assert [process.returncode for process in starts] == [0] * 4
    applied = [name for out, _ in said for name in out.decode().split()]
    assert sorted(applied) == FILES


async def test_a_newer_schema_is_refused_by_name(bare: Database) -> None:
    await migrate(bare, now=1)
    await bare.write([Statement("INSERT INTO migrations (name, applied_at) VALUES ('9999_later', 1)")])
    with pytest.raises(StorageError, match="9999_later"):
        await migrate(bare, now=2)


def test_a_script_is_cut_into_statements_without_its_comments() -> None:
    script = "-- first; of all\nCREATE TABLE a (\n  b INTEGER -- a number; positive\n);\n\nCREATE INDEX c ON a (b);\n"
    assert statements(script) == ["CREATE TABLE a (\n  b INTEGER\n)", "CREATE INDEX c ON a (b)"]
