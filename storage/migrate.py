"""Migrations: numbered SQL files, each run once, each in a transaction of its own."""

from __future__ import annotations

from pathlib import Path

from bot.errors import StorageError
from storage.database import Database, Statement, alone, one

FOLDER = Path(__file__).parent / "migrations"
LOCK = "migrations"
HISTORY = "CREATE TABLE IF NOT EXISTS migrations (name {text} PRIMARY KEY, applied_at {int} NOT NULL) {strict}"


async def migrate(database: Database, now: int) -> list[str]:
    """Brings the schema up to date; gives the names of what was applied. Raises StorageError for a newer schema."""
    await database.write([alone(LOCK), Statement(HISTORY.format(**database.marks))])
    [applied] = await database.read(Statement("SELECT name FROM migrations"))
    done = {row["name"] for row in applied}
    files = sorted(FOLDER.glob("*.sql"))
    if unknown := done - {file.stem for file in files}:
        raise StorageError(f"the database was made by a newer version: it has {', '.join(sorted(unknown))}")
    return [file.stem for file in files if file.stem not in done and await apply(database, file, now)]


async def apply(database: Database, file: Path, now: int) -> bool:
    """Runs one file unless it was run in the meantime."""
    async with database.transaction() as tx:
        await tx.alone(LOCK)
        if await one(tx, "SELECT 1 FROM migrations WHERE name = :name", {"name": file.stem}):
            return False
        for sql in statements(file.read_text("utf-8").format(**database.marks)):
            await tx.run(Statement(sql))
        await tx.run(
            Statement("INSERT INTO migrations (name, applied_at) VALUES (:name, :at)", {"name": file.stem, "at": now})
        )
    return True


def statements(script: str) -> list[str]:
    """The statements of a script. Its comments hold no semicolon that ends one."""
    bare = "\n".join(line.split("--")[0].rstrip() for line in script.splitlines())
    return [part.strip() for part in bare.split(";") if part.strip()]
