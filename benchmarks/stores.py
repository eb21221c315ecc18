"""What each kind of database writes a second: units, decisions about one's own, and numbers that all have to wait for."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg

from bot.config import Location, PostgresServer, SqliteFile
from bot.model import Message
from storage import dialogues, inbox, record
from storage.database import Database, Statement
from storage.migrate import migrate
from storage.opening import open_database
from storage.signals import telling
from tests.postgres import URL, Databases, connected, run_name

CROWDS = (1, 10, 50)
Work = Callable[[Database, int], Awaitable[object]]


async def unit(database: Database, n: int) -> None:
    """A message is taken in: two statements."""
    await database.write(inbox.accept(message(n), n))


async def checked_unit(database: Database, n: int) -> None:
    """A unit that is only committed if it changed as many rows as it should: four statements."""
    last = Statement(
        "UPDATE addresses SET language = 'vi' WHERE channel = 'bench' AND chat = :chat", {"chat": f"c{n}"}, changes=1
    )
    await database.write([*inbox.accept(message(n), n), record.note("bench", None, n), last])


async def told_unit(database: Database, n: int) -> None:
    """A message is taken in, and the other processes hear of it."""
    await database.write([*inbox.accept(message(n), n), telling("inbox", str(n))])


async def decision(database: Database, n: int) -> None:
    """A transaction that decides about something of its own."""
    async with database.transaction(at_once=False) as tx:
        await tx.alone(f"bench {n}")
        await tx.rows("SELECT id FROM addresses WHERE channel = 'bench' AND chat = :chat", {"chat": f"c{n}"})
        await tx.finish([record.note("bench", None, n)])


async def number(database: Database, n: int) -> None:
    """A transaction that takes the next number, for which all others have to wait."""
    async with database.transaction(at_once=False) as tx:
        await dialogues.take_number(tx, n)
        await tx.finish([record.note("bench", None, n)])


WORKS: dict[str, Work] = {
    "units": unit,
    "checked units": checked_unit,
    "units with a signal": told_unit,
    "decisions": decision,
    "numbers": number,
}


def message(n: int) -> Message:
    return Message("bench", f"c{n}", f"m{n}", "em muốn vay vốn mở quán thì hỏi ở đâu ạ")


@asynccontextmanager
async def opened(location: Location) -> AsyncIterator[Database]:
    """A new database with a dialogue in it."""
    database = await open_database(location)
    try:
        await migrate(database, now=0)
        async with database.transaction() as tx:
            await dialogues.add(tx, "LS-2026", "", 2025, is_current=True, now=0)
        yield database
    finally:
        await database.close()


async def paces(location: Location, seconds: float) -> dict[tuple[str, int], float]:
    """How often a second each work is done, by how many do it side by side."""
    numbers = itertools.count()
    async with opened(location) as database:
        return {
            (name, crowd): await pace(database, work, crowd, seconds, numbers)
            for name, work in WORKS.items()
            for crowd in CROWDS
        }


async def pace(database: Database, work: Work, crowd: int, seconds: float, numbers: itertools.count[int]) -> float:
    begun = time.perf_counter()

    async def worker() -> int:
        done = 0
        while time.perf_counter() - begun < seconds:
            await work(database, next(numbers))
            done += 1
        return done

    done = sum(await asyncio.gather(*(worker() for _ in range(crowd))))
    return done / (time.perf_counter() - begun)


async def compare(seconds: float) -> list[str]:
    """The lines of a table: what is done a second on SQLite and on PostgreSQL, and the ratio of the two."""
    with tempfile.TemporaryDirectory() as folder:
        ours = await paces(SqliteFile(Path(folder) / "bot.db"), seconds)
    theirs = await on_postgres(seconds)
    crowds = "".join(f"{f'{crowd} side by side':>30}" for crowd in CROWDS)
    names = f"{'SQLite':>11}{'PostgreSQL':>12}{'ratio':>7}" * len(CROWDS)
    rows = [
        f"{name:22}" + "".join(cell(ours[name, crowd], theirs.get((name, crowd))) for crowd in CROWDS) for name in WORKS
    ]
    return [f"{'written a second':22}{crowds}", f"{'':22}{names}", *rows]


def cell(ours: float, theirs: float | None) -> str:
    return f"{ours:>11.0f}{theirs:>12.0f}{theirs / ours:>7.2f}" if theirs else f"{ours:>11.0f}{'no server':>19}"


async def on_postgres(seconds: float) -> dict[tuple[str, int], float]:
    """The same on the server at TEST_POSTGRES_URL; nothing where none answers."""
    try:
        with connected(URL):
            pass
    except psycopg.OperationalError:
        return {}
    with Databases(URL, run_name()).new() as url:
        return await paces(PostgresServer(url), seconds)


if __name__ == "__main__":
    print("\n".join(asyncio.run(compare(2.0))))
