"""A database on PostgreSQL, and a second connection to it as another process would have one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.config import Location, PostgresServer
from storage.postgres import PostgresDatabase


@pytest.fixture
def location(postgres_url: str) -> Location:
    return PostgresServer(postgres_url)


@pytest.fixture
async def other(postgres_url: str) -> AsyncIterator[PostgresDatabase]:
    """The same database, opened by somebody else."""
    database = await PostgresDatabase.open(postgres_url)
    yield database
    await database.close()
