"""A database of its own for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.migrate import migrate
from storage.sqlite import SqliteDatabase


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    """A new database with the whole schema, in bot.db of the test's folder."""
    database = await SqliteDatabase.open(tmp_path / "bot.db")
    await migrate(database, now=0)
    yield database
    await database.close()
