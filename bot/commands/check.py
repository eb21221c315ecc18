"""Checks settings, pack and database, and says what is wrong."""

from __future__ import annotations

import argparse
import asyncio

from bot import app
from bot.commands import settings


async def run(arguments: argparse.Namespace) -> int:
    found = settings(arguments.config)
    pack, words = await asyncio.to_thread(app.load_pack, found)
    app.prepare_files(found.files.folder)
    database = await app.open_database(found)
    await database.close()
    print(
        f"settings: fine\npack: {pack.folder.name}, {', '.join(words.languages)}\ndatabase: {app.database_file(found)} can be used"
    )
    return 0
