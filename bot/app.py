"""Builds all parts and wires them: the only file that knows everything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile

import structlog

from bot import pack as packs
from bot import texts
from bot.accounts import telegram_channel, zalo_channel
from bot.channel import Channel
from bot.channels.telegram import TelegramChannel
from bot.channels.web import WebChannel
from bot.channels.web.page import best
from bot.channels.zalo import ZaloChannel
from bot.clock import Clock
from bot.config import PostgresServer, Settings, database_location
from bot.engine import Engine
from bot.errors import DatabaseTroubleError, SettingsError
from bot.feature import Features
from bot.health import Health, Pulse
from bot.insight.kinds import INITIATIVE, QUESTION, SHORTCOMING, SUGGESTION
from bot.insight.places import Gazetteer
from bot.insight.topics import TopicScorer
from bot.links import Links
from bot.lock import held
from bot.messengers import Reach
from bot.model import Message
from bot.pack import Pack
from bot.pack.wording import Machine
from bot.run import STEPS
from bot.secret import secret_of
from bot.sender import Sender
from bot.server import Routes, Server
from bot.texts import Texts
from bot.turn import House, Limits
from bot.watchdog import Watchdog
from bot.workers import OneAtATime
from handlers.acts import staff
from handlers.features import FEATURES
from handlers.pages.handout import HandoutPage
from handlers.pages.lookup import LookupPage
from storage import claims, dialogues, quota
from storage.database import Database, micros, new_boot
from storage.files import FileStore
from storage.migrate import migrate
from storage.sqlite import SqliteDatabase

log = structlog.get_logger()

EXPORTS = timedelta(days=1)  # how long a file that was sent to staff lies ready to be fetched
SENDER, CLOCK, LOOP = 30.0, 30.0, 10.0  # seconds without a heartbeat after which a part stands still
POLLED, VERIFIED = 90.0, 900.0  # the same of a messenger, polled or looked at now and then beside its posts
KNOWN = ("console", "telegram", "web", "zalo")  # channels
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


@dataclass(frozen=True)
class Bot:
    """The parts of a running bot."""

    database: SqliteDatabase
    house: House
    engine: Engine
    sender: Sender
    clock: Clock
    channels: Mapping[str, Channel]
    health: Health
    loops: set[asyncio.Task[None]]  # what runs as long as the bot does


def build(
    settings: Settings,
    database: SqliteDatabase,
    channels: Sequence[Channel],
    clockwork: Clockwork,
    pack: Pack,
    words: Texts,
    features: Features = FEATURES,
    pulses: dict[str, Pulse] | None = None,
) -> Bot:
    """Wires the parts; nothing runs yet. `pulses` are of channels that have to be heard of now and then."""
    by_name = {channel.name: channel for channel in channels}
    boot = new_boot()
    file = database_file(settings)
    exports = file.parent / "exports"
    house = House(
        texts=words,
        pack=pack,
        places=gazetteer(pack, settings.dialogue.era),
        topics=TopicScorer(pack.topics),
        limits=Limits(settings.files.max_files, settings.files.max_bytes, settings.inbox.messages_per_minute),
        zone=pack.zone,
        era=pack.era(settings.dialogue.era),
        clock=clockwork,
        channels={name: channel.abilities for name, channel in by_name.items()},
        workers=OneAtATime(),
        messengers=Reach(by_name, file_store(settings), features, words),
        files=file_store(settings),
        database=file,
        exports=exports,
        pages=open_pages(settings),
    )
    health = Health(database, file.parent, lambda: micros(clockwork()), dict(pulses or {}))

    def quiet(moment: datetime) -> datetime | None:
        return pack.facts.quiet.ends(moment, pack.zone)

    sender = Sender(database, by_name, words, boot, clockwork, quiet, health.pulse("sender", SENDER).beat)

    async def acknowledge(message: Message, notice: str) -> None:
        await by_name[message.channel].acknowledge(message, notice)

    engine = Engine(database, house, features, boot, sender.hand, acknowledge)
    clock = Clock(
        database,
        engine,
        file_store(settings),
        lambda moment: sweep_exports(exports, moment),
        sender.wake,
        clockwork,
        health.pulse("clock", CLOCK).beat,
    )
    return Bot(database, house, engine, sender, clock, by_name, health, set())


def gazetteer(pack: Pack, year: int) -> Gazetteer:
    """The places of the era that a year lies in."""
    called = dict(zip(pack.facts.eras, packs.ERAS, strict=True))
    return Gazetteer(pack.renamed(packs.ERAS), called[pack.era(year)])


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


def links(settings: Settings, database: Database, clockwork: Clockwork) -> Links:
    return Links(database, secret_of(database_file(settings).parent), open_pages(settings), clockwork)


def handout_page(settings: Settings, bot: Bot, style: str) -> HandoutPage:
    folders = (settings.files.folder, bot.house.exports)
    return HandoutPage(links(settings, bot.database, bot.house.clock), bot.house.texts, best, folders, style)


def public_url(settings: Settings) -> str:
    """Where people find the pages."""
    return settings.web.public_url or f"http://{settings.web.listen}"


def open_pages(settings: Settings) -> str:
    """Where people on other messengers can open the pages; "" where they cannot."""
    return settings.web.public_url if settings.web.enabled else ""


# -- running


@asynccontextmanager
async def running(bot: Bot) -> AsyncIterator[None]:
    """Runs the engine, the sender and the clock; finishes what is in hand at the end."""
    await bot.database.write([claims.void_leases(), quota.reconsider()])
    watchdog = Watchdog(lambda: list(bot.engine.in_hand), beat=bot.health.pulse("loop", LOOP).beat)
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
                pulses: dict[str, Pulse] = {}
                telegram, zalo = None, None
                if settings.telegram.token.get_secret_value():
                    pulses["telegram"] = Pulse(POLLED if settings.telegram.mode == "polling" else VERIFIED)
                    telegram = telegram_channel(settings, words, pulses["telegram"])
                    await telegram.open()
                    stack.push_async_callback(telegram.close)
                if settings.zalo.token.get_secret_value():
                    pulses["zalo"] = Pulse(POLLED if settings.zalo.mode == "polling" else VERIFIED)
                    zalo = zalo_channel(settings, words, links(settings, database, now), pulses["zalo"])
                    await zalo.open()
                    stack.push_async_callback(zalo.close)
                channels = [one for one in (web, telegram, zalo) if one]
                bot = build(settings, database, channels, now, pack, words, pulses=pulses)
                await stack.enter_async_context(running(bot))
                await stack.enter_async_context(listening(bot))
                pages = [*web.routes(), *page_routes(settings, bot)] if web else []
                for listen, (key, routes) in addresses(settings, pages, bot.health.routes(), telegram, zalo).items():
                    server = Server(routes)
                    await server.start(listen, key)
                    stack.push_async_callback(server.stop)
                yield bot
        finally:
            await database.close()


Served = dict[str, tuple[str, Routes]]


def page_routes(settings: Settings, bot: Bot) -> Routes:
    """The pages beside the chat."""
    looking_up = lookup_page(settings, bot)
    return [*looking_up.routes(), *handout_page(settings, bot, looking_up.style).routes()]


def addresses(
    settings: Settings, pages: Routes, health: Routes, telegram: TelegramChannel | None, zalo: ZaloChannel | None
) -> Served:
    """What is served where: for each "host:port" the setting that names it and the routes."""
    served: Served = {settings.web.listen: ("[web] listen", [*pages, *health])} if pages else {}
    hooked = (("telegram", settings.telegram, telegram), ("zalo", settings.zalo, zalo))
    for name, section, channel in hooked:
        if channel and section.mode == "webhook":
            alone = [] if served else health
            _, routes = served.setdefault(section.webhook_listen, (f"[{name}] webhook_listen", [*alone]))
            routes += channel.routes()
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
