"""The schema comes up to date once, whoever starts, and never goes back."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from bot.errors import StorageError
from storage.database import Result, Statement
from storage.migrate import FOLDER, migrate, statements
from storage.sqlite import SqliteDatabase

MIGRATING = """
import asyncio, sys
from pathlib import Path
from storage.migrate import migrate
from storage.sqlite import SqliteDatabase

async def main():
    database = await SqliteDatabase.open(Path(sys.argv[1]))
    try:
        print(*await migrate(database, now=1))
    finally:
        await database.close()

asyncio.run(main())
"""


async def schema(database: SqliteDatabase) -> Result:
    [rows] = await database.read(Statement("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"))
    return rows


async def test_migrations_are_applied_once(tmp_path: Path) -> None:
    database = await SqliteDatabase.open(tmp_path / "bot.db")
    assert await migrate(database, now=1) == sorted(file.stem for file in FOLDER.glob("*.sql"))
    before = await schema(database)
    assert await migrate(database, now=2) == []
    assert await schema(database) == before
    await database.close()


async def test_two_new_databases_have_the_same_schema(tmp_path: Path) -> None:
    schemas = []
    for name in ("one.db", "two.db"):
        database = await SqliteDatabase.open(tmp_path / name)
        await migrate(database, now=1)
        schemas.append(await schema(database))
        await database.close()
    assert schemas[0] == schemas[1]
    assert {"proposals", "inbox", "outbox"} <= {row["name"] for row in schemas[0]}


async def test_processes_that_start_at_once_apply_each_migration_once(tmp_path: Path) -> None:
    starts = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", MIGRATING, str(tmp_path / "bot.db"), stdout=-1, cwd=FOLDER.parents[1]
        )
        for _ in range(4)
    ]
    said = await asyncio.wait_for(asyncio.gather(*(process.communicate() for process in starts)), 30)
    assert [process.returncode for process in starts] == [0] * 4
    applied = [name for out, _ in said for name in out.decode().split()]
    assert sorted(applied) == sorted(file.stem for file in FOLDER.glob("*.sql"))


async def test_a_newer_schema_is_refused_by_name(database: SqliteDatabase) -> None:
    await database.write([Statement("INSERT INTO migrations (name, applied_at) VALUES ('9999_later', 1)")])
    with pytest.raises(StorageError, match="9999_later"):
        await migrate(database, now=2)


async def test_every_reference_is_indexed(database: SqliteDatabase) -> None:
    """Without an index each deletion of what is referred to reads the whole table."""
    [found] = await database.read(
        Statement(
            'SELECT m.name AS tbl, f."from" AS col, (SELECT count(*) FROM pragma_index_list(m.name) l,'
            ' pragma_index_info(l.name) i WHERE l.partial = 0 AND i.seqno = 0 AND i.name = f."from") AS indexes'
            " FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
        )
    )
    bare = {f"{row['tbl']}.{row['col']}" for row in found if not row["indexes"]}
    rowids = {"staff.person_id"}
    assert bare - rowids == set()


def test_a_script_is_cut_into_statements_without_its_comments() -> None:
    script = "-- first; of all\nCREATE TABLE a (\n  b INTEGER -- a number; positive\n);\n\nCREATE INDEX c ON a (b);\n"
    assert statements(script) == ["CREATE TABLE a (\n  b INTEGER\n)", "CREATE INDEX c ON a (b)"]
