"""Checks settings, pack and database, and says what is wrong."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from bot import accounts, app, preparation, texts
from bot import pack as packs
from bot.commands import settings
from bot.config import Settings
from bot.errors import DeliveryError, NotSentError, PackError, SettingsError
from bot.knowledge import Knowledge
from bot.pack import checking
from bot.pack.wording import LOCAL
from bot.texts import Texts

TO_BE_SET_RIGHT = 2


async def run(arguments: argparse.Namespace) -> int:
    if arguments.pack:
        return await asyncio.to_thread(check_pack, arguments.pack)
    found = settings(arguments.config)
    pack, words = await asyncio.to_thread(preparation.load_pack, found)
    wrong = await asyncio.to_thread(faults_of, pack.folder)
    if wrong:
        print(*wrong, sep="\n", file=sys.stderr)
        return TO_BE_SET_RIGHT
    preparation.prepare_files(found.files.folder)
    database = await preparation.open_database(found)
    await database.close()
    telegram, zalo = await telegram_name(found, words), await zalo_name(found, words)
    print(f"settings: fine\npack: {pack.folder.name}, {', '.join(words.languages)}")
    print(f"database: {database.name} can be used")
    print(f"telegram: {f'@{telegram}, {found.telegram.mode}' if telegram else 'off'}")
    print(f"zalo: {f'{zalo}, {found.zalo.mode}' if zalo else 'off'}")
    return 0


async def telegram_name(found: Settings, words: Texts) -> str:
    """What the bot is called on Telegram; "" where it is not set up. Raises SettingsError where it cannot be asked."""
    if not found.telegram.token.get_secret_value():
        return ""
    channel = accounts.telegram_channel(found, words)
    await channel.open()
    try:
        return await channel.introduce()
    except DeliveryError as error:
        reason = "no connection" if isinstance(error, NotSentError) else type(error.__cause__).__name__
        host = urlsplit(found.telegram.api_base).hostname
        by = " through the proxy" if found.telegram.proxy else ""
        raise SettingsError(f"[telegram] api_base: {host} does not answer{by} ({reason})") from error
    finally:
        await channel.close()


async def zalo_name(found: Settings, words: Texts) -> str:
    """What the bot is called on Zalo; "" where it is not set up. Raises SettingsError where it cannot be asked."""
    if not found.zalo.token.get_secret_value():
        return ""
    channel = accounts.zalo_channel(found, words)
    await channel.open()
    try:
        return await channel.introduce()
    except DeliveryError as error:
        reason = type(error.__cause__).__name__ if error.__cause__ else type(error).__name__
        host = urlsplit(found.zalo.api_base).hostname
        raise SettingsError(f"[zalo] api_base: {host} does not answer ({reason})") from error
    finally:
        await channel.close()


# -- a pack alone


def check_pack(folder: Path) -> int:
    """Prints all that is wrong with a pack, or that it is fine and what its languages borrow from each other."""
    wrong = faults_of(folder)
    if wrong:
        print(*wrong, sep="\n", file=sys.stderr)
        return TO_BE_SET_RIGHT
    pack, words = preparation.read_pack(folder)
    print(f"pack: {pack.folder.resolve().name}, {', '.join(words.languages)}: fine")
    own = texts.read(pack.texts.file(words.source))
    if borrowed := [key for key in LOCAL if key not in own]:
        print("still said in the machine's own words, which may speak of another place or office:", ", ".join(borrowed))
    for language in words.languages[1:]:
        missing = words.missing(language)
        if missing:
            print(f"{pack.texts.file(language)}: {len(missing)} texts are said in {words.source}:")
            print(*(f"  {key}" for key in missing), sep="\n")
    return 0


def faults_of(folder: Path) -> list[str]:
    """Every fault of a pack, one line each."""
    own: dict[str, texts.Catalogue] = {}
    wrong = [] if folder.is_dir() else [f"{folder}: there is no such folder"]
    for file in sorted((folder / "texts").glob("*.toml")):
        try:
            own[file.stem] = texts.read(file)
        except PackError as error:
            wrong.append(str(error))
            own[file.stem] = {}
    if not folder.is_dir():
        return wrong
    wrong += checking.check(folder, own, preparation.machine(), app.GUESSED_KINDS)
    return wrong or list(unread(folder))


def unread(folder: Path) -> Iterator[str]:
    """What is wrong with what was learnt for a pack, once all else of it is right."""
    try:
        Knowledge(packs.load(folder), 0).load()
    except PackError as error:
        yield str(error)
