"""PostgreSQL for tests: a database of its own for each run, emptied for each test, and servers that may be stopped."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from bot.config import PostgresServer
from storage.migrate import migrate
from storage.opening import open_database
from tests.processes import free_port

URL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
PREFIX = "bot_test"
A_DAY = 86_400  # seconds


def refuse(why: str) -> None:
    """Skips what needs PostgreSQL; where everything has to pass it fails instead."""
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


def connected(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(url, autocommit=True, connect_timeout=5)


@dataclass(frozen=True)
class Databases:
    """The databases of one run of the tests. Their names say when it began, so that a later run can sweep them."""

    url: str
    run: str

    @contextmanager
    def new(self, *, encoding: str = "UTF8") -> Iterator[str]:
        """A new and empty database; gives its address."""
        name = f"{self.run}_{secrets.token_hex(4)}"
        with connected(self.url) as admin:
            admin.execute(
                f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'".encode()
            )
        try:
            yield urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))
        finally:
            with connected(self.url) as admin:
                admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def run_name() -> str:
    """What the names of a run's databases begin with."""
    return f"{PREFIX}_{int(time.time())}_{secrets.token_hex(4)}"


def sweep(url: str) -> None:
    """Drops what runs that were killed left behind a day ago or more."""
    with connected(url) as admin:
        found = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}\\_%"])
        for (name,) in found.fetchall():
            began = name.split("_")[2]
            if began.isdecimal() and int(began) < time.time() - A_DAY:
                admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


@contextmanager
def databases() -> Iterator[Databases]:
    """The databases of this run, on the server that answers at TEST_POSTGRES_URL."""
    try:
        sweep(URL)
    except psycopg.OperationalError as error:
        refuse(f"no PostgreSQL lets us in at TEST_POSTGRES_URL: {str(error).splitlines()[0]}")
    yield Databases(URL, run_name())


class Reused:
    """A database with the whole schema that one test after the other is given empty."""

    def __init__(self, url: str) -> None:
        self.url = url
        asyncio.run(self._migrate())
        with connected(url) as admin:
            self._tables = tables(admin)
            self._applied = [name for (name,) in admin.execute("SELECT name FROM migrations")]

    async def _migrate(self) -> None:
        database = await open_database(PostgresServer(self.url))
        try:
            await migrate(database, now=0)
        finally:
            await database.close()

    def empty(self) -> None:
        """Ends what still uses it, and leaves nothing but the schema."""
        with connected(self.url) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            more = set(tables(admin)) - set(self._tables)
            statements = [
                *(f"DROP TABLE {name} CASCADE" for name in more),
                *(f"DELETE FROM {name}" for name in self._tables if name != "migrations"),
                "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'",
            ]
            admin.execute("; ".join(statements).encode())
            admin.execute("DELETE FROM migrations WHERE NOT name = ANY(%s)", [self._applied])


def tables(admin: psycopg.Connection[tuple[Any, ...]]) -> list[str]:
    """The tables, each before those that it refers to."""
    referring: TopologicalSorter[str] = TopologicalSorter()
    for (name,) in admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        referring.add(name)
    for table, other in admin.execute(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid <> confrelid"
    ):
        referring.add(other, table)
    return list(referring.static_order())


# -- a server of its own


def binaries() -> Path:
    """Where the newest PostgreSQL of this machine has its programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parents[1].name))
    if not found:
        refuse("PostgreSQL's own programs are not here: no initdb below /usr/lib/postgresql")
    return found[-1].parent


def as_postgres(*command: str | Path) -> None:
    """Runs a program of PostgreSQL's, which refuses to run as root."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Cluster:
    """A server that a test may stop and start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
            " -c max_connections=40"
        )
        log = self.folder / "server.log"
        as_postgres(binaries() / "pg_ctl", "-D", self.folder / "data", "-l", log, "-w", "-o", options, "start")

    def stop(self, how: str = "fast") -> None:
        as_postgres(binaries() / "pg_ctl", "-D", self.folder / "data", "-m", how, "-w", "stop")


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A running server of its own in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="bot-test-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        as_postgres(
            binaries() / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        own = Cluster(folder)
        own.start()
        try:
            yield own
        finally:
            if (folder / "data/postmaster.pid").exists():
                own.stop("immediate")
    finally:
        shutil.rmtree(folder)
