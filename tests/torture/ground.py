"""Where a storm takes place: one process on SQLite, or several on PostgreSQL, and what is in their database."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bot.config import Settings, load
from tests.crash.books import Books
from tests.packs.awake import awake
from tests.processes import free_port
from tests.telegram.server import StandIn
from tests.torture.worker import Worker

PUBLIC = "https://bot.example.org"
SECRET = "a-secret-of-the-webhook"
PATIENCE = 60.0  # seconds until a process must run
SEVERAL = 3  # processes on one database of PostgreSQL


class PostgresBooks(Books):
    """The same of a database on PostgreSQL."""

    def __init__(self, url: str, files: Path) -> None:
        super().__init__(Path(), files)
        self._connection = psycopg.connect(url, autocommit=True)

    def close(self) -> None:
        self._connection.close()

    def tables(self) -> set[str]:
        return {name for (name,) in self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}

    def sound(self) -> bool:
        """Whether every table can be read from end to end."""
        return all(self.rows(f"SELECT count(*) FROM {name}") for name in self.tables())

    def rows(self, sql: str, *values: int) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql.replace("?", "%s").encode(), values).fetchall()


@dataclass
class Ground:
    """The processes, what they work on, and the settings that all of them have."""

    name: str
    workers: list[Worker]
    books: Books
    common: Mapping[str, str]

    @property
    def settings(self) -> Settings:
        return load(None, self.common)

    async def all_ready(self) -> None:
        """Returns when every process runs. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(worker.ready.wait() for worker in self.workers))

    async def ready(self) -> None:
        """Returns when the process runs, or of several all but one. Raises TimeoutError."""
        wanted = max(1, len(self.workers) - 1)
        async with asyncio.timeout(PATIENCE):
            while sum(worker.ready.is_set() for worker in self.workers) < wanted:  # noqa: ASYNC110 any of several
                await asyncio.sleep(0.01)

    async def stop(self) -> list[int]:
        """Ends every process in its own time; gives their exit codes."""
        return await asyncio.gather(*(worker.end(signal.SIGTERM) for worker in self.workers))

    async def end(self) -> None:
        """Leaves nothing running."""
        for worker in self.workers:
            await worker.end(signal.SIGKILL)
        self.books.close()

    def logs(self) -> str:
        return "\n".join(worker.log.read_text("utf-8", "replace") for worker in self.workers if worker.log.exists())


def on_sqlite(folder: Path, standin: StandIn, mode: str) -> Ground:
    common = settings(folder, standin, mode, f"sqlite:///{folder / 'bot.db'}")
    workers = worked(folder, standin, common, 1)
    return Ground("SQLite", workers, Books(folder / "bot.db", folder / "files"), common)


def on_postgres(folder: Path, standin: StandIn, mode: str, url: str) -> Ground:
    common = settings(folder, standin, mode, url)
    workers = worked(folder, standin, common, SEVERAL)
    return Ground("PostgreSQL", workers, PostgresBooks(url, folder / "files"), common)


def worked(folder: Path, standin: StandIn, common: Mapping[str, str], count: int) -> list[Worker]:
    """So many processes, each with a folder and a port of its own, and the way to them."""
    workers = []
    for number in range(count):
        own, port = folder / f"worker-{number}", free_port()
        own.mkdir()
        settings = {**common, "BOT_TELEGRAM__WEBHOOK_LISTEN": f"127.0.0.1:{port}"}
        workers.append(Worker(own, settings, port, name=f"worker {number}"))
    standin.ways[PUBLIC] = [f"http://127.0.0.1:{worker.port}" for worker in workers]
    return workers


def settings(folder: Path, standin: StandIn, mode: str, url: str) -> dict[str, str]:
    """A bot on Telegram alone, awake day and night, which sometimes sends faster than the stand-in allows."""
    return {
        "BOT_DATABASE__URL": url,
        "BOT_FILES__FOLDER": str(folder / "files"),
        "BOT_FILES__MAX_FILES": "100",
        "BOT_PACK__PATH": str(awake(folder)),
        "BOT_INBOX__MESSAGES_PER_MINUTE": "0",
        "BOT_LOG__LEVEL": "debug",
        "BOT_LOG__FORMAT": "json",
        "BOT_WEB__ENABLED": "false",
        "BOT_TELEGRAM__TOKEN": standin.token,
        "BOT_TELEGRAM__API_BASE": standin.url,
        "BOT_TELEGRAM__MODE": mode,
        "BOT_TELEGRAM__MESSAGES_PER_SECOND": "90",
        "BOT_TELEGRAM__PER_CHAT_SECONDS": "0.45",
        "BOT_TELEGRAM__WEBHOOK_URL": f"{PUBLIC}/telegram",
        "BOT_TELEGRAM__WEBHOOK_SECRET": SECRET,
    }
