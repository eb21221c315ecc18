"""Talks to the bot in this terminal."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os

from bot import app, preparation
from bot.channels.console import ConsoleChannel
from bot.commands import settings


async def run(arguments: argparse.Namespace) -> int:
    found = settings(arguments.config)
    pack, words = preparation.load_pack(found)
    preparation.prepare_files(found.files.folder)
    console = ConsoleChannel(getpass.getuser(), os.environ.get("LANG", "")[:2])
    with preparation.lock(found):
        database = await preparation.open_database(found)
        try:
            await preparation.prepare(database, found, app.now())
            bot = app.build(found, database, [console], app.now, pack, words)
            async with app.running(bot):
                await console.run(bot.engine.receive)
                await bot.engine.idle()
                await asyncio.sleep(QUIET)
        finally:
            await database.close()
    return 0


QUIET = 2.5  # seconds a last card may take where it cannot be edited
