"""A database that cannot be used is named with the reason, and its password is not."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from bot.config import PostgresServer
from bot.errors import DatabaseTroubleError
from storage.database import Statement
from storage.postgres import PostgresDatabase
from storage.postgres.server import WRITING
from tests.postgres import Databases, connected
from tests.processes import ROOT, free_port

SECRET = "geheim-1234"


async def refused(url: str, *, read_only: bool = False) -> str:
    with pytest.raises(DatabaseTroubleError) as refusal:
        await PostgresDatabase.open(url, read_only=read_only)
    assert SECRET not in str(refusal.value)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


async def test_a_database_is_called_by_its_name_its_server_and_the_version(postgres_url: str) -> None:
    database = await PostgresDatabase.open(postgres_url)
    name, _, rest = database.name.partition(" on ")
    assert name == postgres_url.rpartition("/")[2]
    assert ":" in rest
    assert "(PostgreSQL 1" in rest
    await database.close()


async def test_a_server_that_does_not_answer_is_named() -> None:
    port = free_port()
    said = await refused(f"postgresql://bot:{SECRET}@127.0.0.1:{port}/bot")
    assert f"port {port}" in said
    assert "refused" in said


async def test_a_name_that_is_no_server_is_named() -> None:
    assert "nowhere.invalid" in await refused(f"postgresql://bot:{SECRET}@nowhere.invalid/bot")


async def test_a_database_that_is_not_there_is_named(postgres: Databases) -> None:
    said = await refused(postgres.url.rpartition("/")[0] + "/not_there")
    assert 'database "not_there" does not exist' in said


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://bot:{SECRET}@x@127.0.0.1/bot",
        f"postgresql://bot:{SECRET}%zz@127.0.0.1/bot",
        f"postgresql://bot@127.0.0.1/bot?{SECRET}=1",
        f"postgresql://bot:/{SECRET}@127.0.0.1/bot",
    ],
)
async def test_an_address_that_cannot_be_read_is_refused_without_being_repeated(url: str) -> None:
    await refused(url)


async def test_another_encoding_is_refused(postgres: Databases) -> None:
    with postgres.new(encoding="LATIN1") as url:
        assert "encoding is LATIN1" in await refused(url)


async def test_who_may_make_no_tables_is_told_so(postgres: Databases) -> None:
    with postgres.new() as url, connected(url) as admin:
        guest = f"{postgres.run}_guest"
        admin.execute(f"CREATE ROLE {guest} LOGIN".encode())
        try:
            admin.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
            said = await refused(f"postgresql://{guest}@{url.rpartition('@')[2]}")
            assert f"{guest} may not make tables" in said
        finally:
            admin.execute(f"DROP ROLE {guest}".encode())


async def test_there_is_nothing_to_read_in_a_new_database(postgres: Databases) -> None:
    with postgres.new() as url:
        assert "nothing in it yet" in await refused(url, read_only=True)


async def test_a_silent_network_is_noticed_within_ten_seconds_on_both_sides(postgres_url: str) -> None:
    database = await PostgresDatabase.open(postgres_url)
    post = database.post("sender")
    await post.hold()
    names = [name for name in WRITING if name.startswith(("tcp", "client"))]
    rows = await post.read(*(Statement(f"SHOW {name}") for name in names))
    assert [next(iter(row.values())) for [row] in rows] == ["5", "2", "2", "8000", "2s"]
    await database.close()


def test_an_address_is_handed_to_another_process_and_never_shown() -> None:
    location = PostgresServer(f"postgresql://bot:{SECRET}@127.0.0.1/bot")
    assert pickle.loads(pickle.dumps(location)) == location
    assert SECRET not in repr(location)


def test_a_bot_on_a_file_never_loads_the_driver() -> None:
    """It takes 25 MB, of the 150 that a small machine has for the bot."""
    asked = "import sys, bot.__main__; sys.exit('psycopg' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=False).returncode == 0
