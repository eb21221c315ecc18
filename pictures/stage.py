"""A bot with the pack's invented proposals, at a day and hour that are always the same, so that pictures are too."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import app, preparation
from bot.commands import demo
from bot.config import Settings, load
from bot.model import Json
from bot.pack import Pack
from bot.secret import secret_of
from bot.server import Server
from bot.texts import SOURCE
from storage import dialogues
from storage.database import Database, micros
from storage.proposals import add
from tests.processes import free_port

MOMENT = datetime(2026, 10, 12, 1, 30, tzinfo=UTC)  # half past eight in the morning in the shipped pack's zone

ADDRESS = "https://gop-y.example"  # what people would open; a port would be another one each time


@dataclass(frozen=True, slots=True)
class Stage:
    """A bot that runs: the address of its page, its database, and what belongs to its place."""

    address: str
    database: Path
    pack: Pack


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    """Runs a bot on a new database until the block ends."""
    found = settings(folder, free_port())
    pack, words = preparation.load_pack(found)
    found = found.model_copy(
        update={"dialogue": found.dialogue.model_copy(update={"theme": words.template(SOURCE, "pack.theme")})}
    )
    preparation.prepare_files(found.files.folder)
    database = await preparation.open_database(found)
    begun = time.monotonic()

    def clock() -> datetime:
        return MOMENT + timedelta(seconds=time.monotonic() - begun)

    try:
        await preparation.prepare(database, found, MOMENT)
        await fill(database, pack)
        secret = await secret_of(found.database.location, database)
        web = app.web_channel(found, database, words, clock, secret)
        bot = app.build(found, database, [web], clock, pack, words)
        server = Server(web.routes())
        async with app.running(bot), app.listening(bot):
            await server.start(found.web.listen)
            try:
                yield Stage(f"http://{found.web.listen}", folder / "bot.db", pack)
            finally:
                await server.stop()
    finally:
        await database.close()


def settings(folder: Path, port: int) -> Settings:
    return load(
        None,
        {
            "BOT_DATABASE__URL": f"sqlite:///{folder.absolute() / 'bot.db'}",
            "BOT_FILES__FOLDER": str(folder / "files"),
            "BOT_WEB__LISTEN": f"127.0.0.1:{port}",
            "BOT_WEB__PUBLIC_URL": ADDRESS,
            "BOT_DIALOGUE__YEAR": str(MOMENT.year),
        },
    )


async def fill(database: Database, pack: Pack) -> None:
    """Writes the pack's invented proposals of the current dialogue, the oldest first."""
    rows = [json.loads(line) for line in (pack.folder / demo.FILE).read_text("utf-8").splitlines()]
    async with database.transaction() as tx:
        current = await dialogues.current(tx)
        if current is None:
            raise LookupError("a new database has no current dialogue")
        for row in sorted((row for row in rows if row["dialogue"] == "current"), key=told_at):
            new = demo.invented(row, current, await dialogues.next_number(tx, current.id))
            await add(tx, replace(new, created_at=micros(told_at(row))))


def told_at(row: Json) -> datetime:
    """When an invented proposal was sent: its day counts back from ours, its minute from midnight."""
    midnight = MOMENT.replace(hour=0, minute=0)
    return min(midnight - timedelta(days=row["day"]) + timedelta(minutes=row["minute"]), MOMENT)
