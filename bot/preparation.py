"""What is looked at, refused and made ready before the bot is wired: pack, settings, folders, database."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile

import structlog

from bot import pack as packs
from bot import texts
from bot.config import Settings, SqliteFile
from bot.errors import DatabaseTroubleError, SettingsError
from bot.lock import held
from bot.pack import Pack
from bot.pack.wording import Machine
from bot.run import STEPS
from bot.texts import Texts
from handlers.acts import staff
from handlers.features import FEATURES
from storage import dialogues, opening
from storage.database import Database, micros
from storage.migrate import migrate

log = structlog.get_logger()

KNOWN = ("console", "telegram", "web", "zalo")  # channels


def load_pack(settings: Settings) -> tuple[Pack, Texts]:
    """The pack and all texts. Raises SettingsError or PackError naming file and key."""
    folder = Path(settings.pack.path) if settings.pack.path else packs.DEFAULT
    if not folder.is_dir():
        raise SettingsError(f"[pack] path: there is no folder {folder}")
    pack, words = read_pack(folder)
    if settings.dialogue.era < pack.facts.eras[0]:
        raise SettingsError(f"[dialogue] era: the pack begins with {pack.facts.eras[0]}, not {settings.dialogue.era}")
    return pack, words


def read_pack(folder: Path) -> tuple[Pack, Texts]:
    """A pack, and its texts over the machine's own. Raises PackError naming file and key."""
    pack = packs.load(folder)
    return pack, texts.load(texts.HERE, pack.texts)


def machine() -> Machine:
    """What packs are checked against: all that is said and can be commanded without them."""
    own = {file.stem: texts.read(file) for file in texts.HERE.glob("*.toml")}
    named = {*FEATURES.names, *STEPS}
    return Machine(own, texts.SOURCE, {name for name in named if f"command.{name}" in own[texts.SOURCE]})


def refuse_strange_owners(settings: Settings) -> None:
    """Raises SettingsError for an owner on a channel that nobody knows, whom no message could ever reach."""
    for channel in (owner.partition(":")[0] for owner in settings.staff.owners):
        if channel not in KNOWN:
            raise SettingsError(f"[staff] owners: {channel} is no channel; known are {', '.join(KNOWN)}")
    for owner in settings.staff.owners:
        if owner.startswith("telegram:") and not owner.removeprefix("telegram:").isdecimal():
            raise SettingsError("[staff] owners: on Telegram a person is a number, such as telegram:1001")


def refuse_silence(settings: Settings) -> None:
    """Raises SettingsError where nobody could talk to the bot."""
    if not (settings.web.enabled or any(one.token.get_secret_value() for one in (settings.telegram, settings.zalo))):
        raise SettingsError("no channel is set up: set [web] enabled = true, a [zalo] token or a [telegram] token")


def prepare_files(folder: Path) -> None:
    """Makes the folder of people's files. Raises SettingsError where nothing can be written to it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SettingsError(f"[files] folder: {folder}: {error.strerror}") from error


async def open_database(settings: Settings, *, read_only: bool = False) -> Database:
    """Opens the database. Raises SettingsError when it cannot be reached or used."""
    try:
        return await opening.open_database(settings.database.location, read_only=read_only)
    except DatabaseTroubleError as error:
        raise SettingsError(f"[database] url: {error}") from error


def lock(settings: Settings) -> AbstractContextManager[None]:
    """Holds the lock of a database file for the block; several processes may run on a server of databases."""
    location = settings.database.location
    return held(location.path) if isinstance(location, SqliteFile) else nullcontext()


async def prepare(database: Database, settings: Settings, moment: datetime) -> None:
    """Brings the schema up to date, seeds the first dialogue, and gives the owners of the settings their role."""
    log.debug("migrating")
    for name in await migrate(database, micros(moment)):
        log.info("migrated", name=name)
    log.debug("the schema stands")
    async with database.transaction() as tx:
        await tx.alone("start")
        if not await dialogues.every(tx):
            year = settings.dialogue.year or moment.year
            code = f"{settings.dialogue.prefix}-{year}"
            await dialogues.add(
                tx, code, settings.dialogue.theme, settings.dialogue.era, is_current=True, now=micros(moment)
            )
        await staff.appoint_owners(tx, settings.staff.owners, moment)
