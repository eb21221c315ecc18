"""Checks settings, pack and database, and says what is wrong."""

from __future__ import annotations

import argparse
import asyncio

from bot import app
from bot.commands import settings
from bot.config import Settings
from bot.errors import DeliveryError, SettingsError
from bot.texts import Texts


async def run(arguments: argparse.Namespace) -> int:
    found = settings(arguments.config)
    pack, words = await asyncio.to_thread(app.load_pack, found)
    app.prepare_files(found.files.folder)
    database = await app.open_database(found)
    await database.close()
    telegram = await telegram_name(found, words)
    print(
        f"settings: fine\npack: {pack.folder.name}, {', '.join(words.languages)}\ndatabase: {app.database_file(found)} can be used"
    )
    print(f"telegram: {f'@{telegram}, {found.telegram.mode}' if telegram else 'off'}")
    return 0


async def telegram_name(found: Settings, words: Texts) -> str:
    """What the bot is called on Telegram; "" where it is not set up. Raises SettingsError where it cannot be asked."""
    if not found.telegram.token.get_secret_value():
        return ""
    channel = app.telegram_channel(found, words)
    await channel.open()
    try:
        return await channel.introduce()
    except DeliveryError as error:
        reason = type(error.__cause__).__name__
        raise SettingsError(f"[telegram] api_base: {found.telegram.api_base} does not answer ({reason})") from error
    finally:
        await channel.close()
