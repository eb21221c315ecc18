"""Builds all parts and wires them: the only file that knows everything."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile

import structlog

from bot import pack as packs
from bot import texts
from bot.channel import Budget, Channel
from bot.channels.telegram import Access, TelegramChannel
from bot.channels.telegram_profile import Profile
from bot.channels.web import WebChannel
from bot.channels.web.page import best
from bot.clock import Clock
from bot.config import PostgresServer, Settings, database_location
from bot.engine import Engine
from bot.errors import DatabaseTroubleError, SettingsError
from bot.feature import Features
from bot.insight.kinds import INITIATIVE, QUESTION, SHORTCOMING, SUGGESTION
from bot.insight.places import Gazetteer
from bot.insight.topics import scorer
from bot.lock import held
from bot.messengers import Reach, menu
from bot.model import Message, plain
from bot.pack import Pack
from bot.pack.wording import Machine
from bot.run import STEPS
from bot.sender import Sender
from bot.server import Routes, Server
from bot.texts import Texts
from bot.turn import House, Limits
from bot.watchdog import Watchdog
from bot.workers import OneAtATime
from handlers.acts import staff
from handlers.features import FEATURES
from handlers.pages.lookup import LookupPage
from storage import dialogues, outbox
from storage.database import Database, micros, new_boot
from storage.files import FileStore, settle
from storage.migrate import migrate
from storage.sqlite import SqliteDatabase

log = structlog.get_logger()

EXPORTS = timedelta(days=1)  # how long a file that was sent to staff lies ready to be fetched
SECRET_BYTES = 32
GROUP_SECONDS = 3.2  # Telegram takes 20 messages a minute in a group
KNOWN = ("console", "telegram", "web", "zalo")  # channels, those to come too
GUESSED_KINDS = (QUESTION, SUGGESTION, SHORTCOMING, INITIATIVE)  # every pack has a name for them
Clockwork = Callable[[], datetime]


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


# -- parts


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
    if not settings.web.enabled and not settings.telegram.token.get_secret_value():
        raise SettingsError("no channel is set up: set [web] enabled = true or a [telegram] token")


def prepare_files(folder: Path) -> None:
    """Makes the folder of people's files. Raises SettingsError where nothing can be written to it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SettingsError(f"[files] folder: {folder}: {error.strerror}") from error


def database_file(settings: Settings) -> Path:
    """The file of the database. Raises SettingsError for a database this version cannot use."""
    location = database_location(settings.database.url)
    if isinstance(location, PostgresServer):
        raise SettingsError("[database] url: PostgreSQL is not supported yet; use sqlite:///data/bot.db")
    return location.path


async def open_database(settings: Settings, *, read_only: bool = False) -> SqliteDatabase:
    """Opens the database. Raises SettingsError when it cannot be reached."""
    try:
        return await SqliteDatabase.open(database_file(settings), read_only=read_only)
    except DatabaseTroubleError as error:
        raise SettingsError(f"[database] url: {error}") from error


async def prepare(database: Database, settings: Settings, moment: datetime) -> None:
    """Brings the schema up to date, seeds the first dialogue, and gives the owners of the settings their role."""
    for name in await migrate(database, micros(moment)):
        log.info("migrated", name=name)
    async with database.transaction() as tx:
        if not await dialogues.every(tx):
            year = settings.dialogue.year or moment.year
            code = f"{settings.dialogue.prefix}-{year}"
            await dialogues.add(
                tx, code, settings.dialogue.theme, settings.dialogue.era, is_current=True, now=micros(moment)
            )
        await staff.appoint_owners(tx, settings.staff.owners, moment)


def secret_of(folder: Path) -> bytes:
    """The key that signs cookies: made at the first start, kept beside the database, readable by its owner only.

    Raises SettingsError where it cannot be kept, or is too short to protect anybody.
    """
    file = folder / "secret.key"
    try:
        if not file.exists():
            make_secret(file)
        secret = file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from error
    if len(secret) < SECRET_BYTES:
        raise SettingsError(f"{file}: is cut off; delete it, and everyone's chat on the page starts anew")
    return secret


def make_secret(file: Path) -> None:
    """Writes a new key whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, prefix=".secret-", delete=False) as half:  # for its owner only: mkstemp
        try:
            half.write(secrets.token_bytes(SECRET_BYTES))
            half.flush()
            os.fsync(half.fileno())
            Path(half.name).replace(file)
        except BaseException:
            Path(half.name).unlink(missing_ok=True)
            raise
    settle(file.parent)


@dataclass(frozen=True)
class Bot:
    """The parts of a running bot."""

    database: SqliteDatabase
    house: House
    engine: Engine
    sender: Sender
    clock: Clock
    channels: Mapping[str, Channel]
    loops: set[asyncio.Task[None]]  # what runs as long as the bot does


def build(
    settings: Settings,
    database: SqliteDatabase,
    channels: Sequence[Channel],
    clockwork: Clockwork,
    pack: Pack,
    words: Texts,
    features: Features = FEATURES,
) -> Bot:
    """Wires the parts; nothing runs yet."""
    by_name = {channel.name: channel for channel in channels}
    boot = new_boot()
    file = database_file(settings)
    exports = file.parent / "exports"
    house = House(
        texts=words,
        pack=pack,
        places=gazetteer(pack, settings.dialogue.era),
        topics=scorer(pack),
        limits=Limits(settings.files.max_files, settings.files.max_bytes),
        zone=pack.zone,
        era=pack.era(settings.dialogue.era),
        clock=clockwork,
        channels={name: channel.abilities for name, channel in by_name.items()},
        workers=OneAtATime(),
        messengers=Reach(by_name, file_store(settings), features, words),
        files=file_store(settings),
        database=file,
        exports=exports,
    )
    sender = Sender(database, by_name, words, boot, clockwork)

    async def acknowledge(message: Message, notice: str) -> None:
        await by_name[message.channel].acknowledge(message, notice)

    engine = Engine(database, house, features, boot, sender.hand, acknowledge)
    clock = Clock(database, engine, file_store(settings), lambda moment: sweep_exports(exports, moment), clockwork)
    return Bot(database, house, engine, sender, clock, by_name, set())


def gazetteer(pack: Pack, year: int) -> Gazetteer:
    """The places of the era that a year lies in."""
    return Gazetteer(pack, year)


def file_store(settings: Settings) -> FileStore:
    return FileStore(settings.files.folder, settings.files.max_bytes)


def sweep_exports(folder: Path, moment: datetime) -> int:
    """Deletes exports that lay ready long enough; gives how many."""
    if not folder.is_dir():
        return 0
    old = [
        file for file in folder.rglob("*") if file.is_file() and file.stat().st_mtime < (moment - EXPORTS).timestamp()
    ]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def web_channel(settings: Settings, database: Database, words: Texts, clockwork: Clockwork) -> WebChannel:
    secret = secret_of(database_file(settings).parent)
    return WebChannel(database, file_store(settings), secret, words, public_url(settings), clockwork)


def lookup_page(settings: Settings, bot: Bot) -> LookupPage:
    return LookupPage(bot.database, bot.house, secret_of(database_file(settings).parent), best)


def telegram_channel(settings: Settings, words: Texts) -> TelegramChannel:
    """The Telegram channel of the settings."""
    telegram = settings.telegram
    hooked = telegram.mode == "webhook"
    access = Access(
        token=telegram.token.get_secret_value(),
        api_base=telegram.api_base,
        proxy=telegram.proxy,
        webhook_url=telegram.webhook_url if hooked else "",
        webhook_secret=telegram.webhook_secret.get_secret_value() if hooked else "",
    )
    budget = Budget(
        per_second=telegram.messages_per_second,
        chat_seconds=telegram.per_chat_seconds,
        group_seconds=GROUP_SECONDS if telegram.per_chat_seconds else 0,
    )
    return TelegramChannel(access, {name: profile(words, name) for name in words.languages}, budget)


def profile(words: Texts, language: str) -> Profile:
    """What a messenger shows of the bot in a language."""
    return Profile(
        name=plain(words.template(language, "pack.bot_name")),
        about=plain(words.template(language, "pack.bot_about")),
        description=plain(words.template(language, "pack.bot_description")),
        commands=menu(FEATURES, words, language, ""),
        group_commands=[one for one in menu(FEATURES, words, language, "") if one.word in words.every("command.help")],
    )


def public_url(settings: Settings) -> str:
    """Where people find the pages."""
    return settings.web.public_url or f"http://{settings.web.listen}"


# -- running


@asynccontextmanager
async def running(bot: Bot) -> AsyncIterator[None]:
    """Runs the engine, the sender and the clock; finishes what is in hand at the end."""
    await bot.database.write([outbox.void_leases()])
    watchdog = Watchdog(lambda: list(bot.engine.in_hand))
    loops = {asyncio.create_task(bot.sender.run()), asyncio.create_task(watchdog.run())}
    bot.loops.update(loops)
    await bot.engine.recover()
    bot.clock.start()
    try:
        yield
    finally:
        bot.clock.stop()
        await bot.engine.stop(2.0)
        await bot.sender.stop(1.5)
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)


@asynccontextmanager
async def whole(settings: Settings) -> AsyncIterator[Bot]:
    """The bot with every channel that is set up, running until the block ends."""
    pack, words = load_pack(settings)
    refuse_silence(settings)
    prepare_files(settings.files.folder)
    with held(database_file(settings)):
        database = await open_database(settings)
        try:
            await prepare(database, settings, now())
            async with AsyncExitStack() as stack:
                web = web_channel(settings, database, words, now) if settings.web.enabled else None
                telegram = telegram_channel(settings, words) if settings.telegram.token.get_secret_value() else None
                if telegram:
                    await telegram.open()
                    stack.push_async_callback(telegram.close)
                bot = build(settings, database, [one for one in (web, telegram) if one], now, pack, words)
                await stack.enter_async_context(running(bot))
                await stack.enter_async_context(listening(bot))
                pages = lookup_page(settings, bot).routes() if web else []
                for listen, (key, routes) in addresses(settings, web, telegram, pages).items():
                    server = Server(routes)
                    await server.start(listen, key)
                    stack.push_async_callback(server.stop)
                yield bot
        finally:
            await database.close()


Served = dict[str, tuple[str, Routes]]


def addresses(settings: Settings, web: WebChannel | None, telegram: TelegramChannel | None, pages: Routes) -> Served:
    """What is served where: for each "host:port" the setting that names it and the routes."""
    served: Served = {}
    if web:
        served[settings.web.listen] = ("[web] listen", [*web.routes(), *pages])
    if telegram and settings.telegram.mode == "webhook":
        _, routes = served.setdefault(settings.telegram.webhook_listen, ("[telegram] webhook_listen", []))
        routes += telegram.routes()
    return served


@asynccontextmanager
async def listening(bot: Bot) -> AsyncIterator[None]:
    """Runs every channel's way in."""
    tasks = [asyncio.create_task(channel.run(bot.engine.receive)) for channel in bot.channels.values()]
    bot.loops.update(tasks)
    await asyncio.sleep(0)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
