"""Writes the grouped proposals of a dialogue to a file."""

from __future__ import annotations

import argparse
import asyncio

from bot import app, preparation
from bot.commands import settings
from bot.config import SqliteFile
from bot.errors import DatabaseTroubleError, SettingsError
from bot.exports import dialogue
from bot.exports.write import Format, check_place


async def run(arguments: argparse.Namespace) -> int:
    found = settings(arguments.config)
    pack, words = preparation.load_pack(found)
    language = arguments.language or words.source
    if language not in words.languages:
        raise SettingsError(f"--language: there is no {language}; known are {', '.join(words.languages)}")
    location = found.database.location
    if isinstance(location, SqliteFile) and not location.path.exists():
        raise SettingsError(f"[database] url: there is no database {location.path} yet")
    try:
        check_place(arguments.out)
        count = await asyncio.to_thread(
            dialogue.export,
            location,
            pack.folder,
            arguments.dialogue,
            Format(arguments.format),
            arguments.out,
            language,
            app.now(),
        )
    except DatabaseTroubleError as error:
        raise SettingsError(f"[database] url: {error}") from error
    except OSError as error:
        raise SettingsError(f"--out: {arguments.out}: {error.strerror or error}") from error
    print(f"{arguments.out}: {count} proposals")
    return 0
