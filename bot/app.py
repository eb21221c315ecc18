"""Builds all parts and wires them: the only file that knows everything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
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
from bot.config import Settings, SqliteFile
from bot.duty import Duty
from bot.engine import OUTBOX, Engine
from bot.errors import DatabaseTroubleError, SettingsError
from bot.feature import Features
from bot.health import Health, Pulse
from bot.insight.kinds import INITIATIVE, QUESTION, SHORTCOMING, SUGGESTION
from bot.insight.places import Gazetteer
from bot.insight.topics import scorer
from bot.links import Links
from bot.lock import held
from bot.messengers import Reach
from bot.model import Message
from bot.pack import Pack
from bot.pack.wording import Machine
from bot.run import STEPS
from bot.secret import secret_of
from bot.sender import Sender
from bot.server import Routes, Server, below
from bot.texts import Texts
from bot.turn import House, Limits
from bot.watchdog import Watchdog
from bot.ways import open_pages, public_url, ways
from bot.workers import OneAtATime
from handlers.acts import calendar, staff
from handlers.features import FEATURES
from handlers.nudging import nudge
from handlers.pages.arrival import ArrivalPage
from handlers.pages.handout import HandoutPage
from handlers.pages.lookup import LookupPage
from storage import claims, dialogues, opening, quota
from storage.database import Database, Post, micros, new_boot
from storage.files import FileStore
from storage.migrate import migrate

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


@dataclass(frozen=True)
class Bot:
    """The parts of a running bot."""

    database: Database
    house: House
    engine: Engine
    sender: Sender
    clock: Clock
    channels: Mapping[str, Channel]
    health: Health
    loops: set[asyncio.Task[None]]  # what runs as long as the bot does


def build(
    settings: Settings,
    database: Database,
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
    exports = exports_folder(settings)
    house = House(
        texts=words,
        pack=pack,
        places=gazetteer(pack, settings.dialogue.era),
        topics=scorer(pack),
        limits=Limits(settings.files.max_files, settings.files.max_bytes, settings.inbox.messages_per_minute),
        zone=pack.zone,
        era=pack.era(settings.dialogue.era),
        clock=clockwork,
        channels={name: channel.abilities for name, channel in by_name.items()},
        workers=OneAtATime(),
        messengers=Reach(by_name, file_store(settings), features, words),
        files=file_store(settings),
        database=settings.database.location,
        exports=exports,
        pages=open_pages(settings),
        ways=ways(settings),
        refuses_late=settings.dialogue.late_publication == "refuse",
    )
    health = Health(database, exports.parent, lambda: micros(clockwork()), dict(pulses or {}))

    def quiet(moment: datetime) -> datetime | None:
        return pack.facts.quiet.ends(moment, pack.zone)

    sender = Sender(
        database, by_name, words, boot, clockwork, quiet, health.pulse("sender", SENDER).beat, zone=pack.zone
    )

    async def acknowledge(message: Message, notice: str) -> None:
        await by_name[message.channel].acknowledge(message, notice)

    engine = Engine(database, house, features, lambda: boot if sender.is_on_duty else "", sender.hand, acknowledge)
    database.signals.listen(OUTBOX, lambda _: sender.wake())
    clock = Clock(
        database,
        engine,
        file_store(settings),
        lambda moment: sweep_exports(exports, moment),
        sender.wake,
        clockwork,
        health.pulse("clock", CLOCK).beat,
        lambda: calendar.remind(database, calendar.Rules(pack), clockwork()),
        partial(nudge, database, house, partial(calendar.closing, database)),
    )
    return Bot(database, house, engine, sender, clock, by_name, health, set())


def gazetteer(pack: Pack, year: int) -> Gazetteer:
    """The places of the era that a year lies in."""
    return Gazetteer(pack, year)


def exports_folder(settings: Settings) -> Path:
    """Where exports lie until they are sent: beside the database file, or beside the files of all processes."""
    location = settings.database.location
    return (location.path if isinstance(location, SqliteFile) else settings.files.folder).parent / "exports"


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


def web_channel(
    settings: Settings, database: Database, words: Texts, clockwork: Clockwork, secret: bytes
) -> WebChannel:
    return WebChannel(
        database, file_store(settings), secret, words, public_url(settings), clockwork,
        base_path=settings.web.base_path, embed_origins=settings.web.embed_origins,
    )  # fmt: skip


def lookup_page(bot: Bot, secret: bytes) -> LookupPage:
    return LookupPage(bot.database, bot.house, secret, best)


def links(settings: Settings, database: Database, clockwork: Clockwork, secret: bytes) -> Links:
    return Links(database, secret, open_pages(settings), clockwork)


def handout_page(settings: Settings, bot: Bot, secret: bytes, style: str) -> HandoutPage:
    folders = (settings.files.folder, bot.house.exports)
    return HandoutPage(links(settings, bot.database, bot.house.clock, secret), bot.house.texts, best, folders, style)


# -- running


@asynccontextmanager
async def running(bot: Bot) -> AsyncIterator[None]:
    """Runs the engine, the sender and the clock; finishes what is in hand at the end."""
    database, health = bot.database, bot.health
    if not database.is_shared:
        await database.write([claims.void_leases()])
    await database.write([quota.reconsider()])
    watchdog = Watchdog(lambda: list(bot.engine.in_hand), beat=health.pulse("loop", LOOP).beat)
    sending = duty(bot, "sender", bot.sender.serve, health.pulse("sender", SENDER))
    ticking = duty(bot, "clock", bot.clock.serve, health.pulse("clock", CLOCK))
    work = (sending, watchdog.run(), bot.engine.run(), database.signals.run())
    loops = {asyncio.create_task(one) for one in work}
    clock = asyncio.create_task(ticking)
    bot.loops.update(loops | {clock})
    await bot.engine.recover()
    try:
        yield
    finally:
        await ended(clock)
        await bot.engine.stop(2.0)
        await bot.sender.stop(1.5)
        await ended(*loops)


def duty(bot: Bot, name: str, work: Callable[[Post], Awaitable[None]], pulse: Pulse) -> Coroutine[None, None, None]:
    """What one process at a time has to do."""
    return Duty(bot.database.post(name), work, pulse.beat, asks=bot.database.is_shared).run()


async def ended(*tasks: asyncio.Task[None]) -> None:
    """Ends tasks that would go on for ever."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def whole(settings: Settings) -> AsyncIterator[Bot]:
    """The bot with every channel that is set up, running until the block ends."""
    pack, words = load_pack(settings)
    refuse_silence(settings)
    prepare_files(settings.files.folder)
    with lock(settings):
        database = await open_database(settings)
        try:
            await prepare(database, settings, now())
            async with AsyncExitStack() as stack:
                secret = await secret_of(settings.database.location, database)
                web = web_channel(settings, database, words, now, secret) if settings.web.enabled else None
                pulses: dict[str, Pulse] = {}
                telegram, zalo = None, None
                if settings.telegram.token.get_secret_value():
                    pulses["telegram"] = Pulse(POLLED if settings.telegram.mode == "polling" else VERIFIED)
                    telegram = telegram_channel(settings, words, pulses["telegram"])
                    await telegram.open()
                    stack.push_async_callback(telegram.close)
                if settings.zalo.token.get_secret_value():
                    pulses["zalo"] = Pulse(POLLED if settings.zalo.mode == "polling" else VERIFIED)
                    zalo = zalo_channel(settings, words, links(settings, database, now, secret), pulses["zalo"])
                    await zalo.open()
                    stack.push_async_callback(zalo.close)
                channels = [one for one in (web, telegram, zalo) if one]
                bot = build(settings, database, channels, now, pack, words, pulses=pulses)
                await stack.enter_async_context(running(bot))
                await stack.enter_async_context(listening(bot))
                pages = (
                    below(settings.web.base_path, [*web.routes(), *page_routes(settings, bot, secret)]) if web else []
                )
                for listen, (key, routes) in addresses(settings, pages, bot.health.routes(), telegram, zalo).items():
                    server = Server(routes, settings.web.trusted_proxies)
                    await server.start(listen, key)
                    stack.push_async_callback(server.stop)
                yield bot
        finally:
            await database.close()


Served = dict[str, tuple[str, Routes]]


def page_routes(settings: Settings, bot: Bot, secret: bytes) -> Routes:
    """The pages beside the chat."""
    looking_up = lookup_page(bot, secret)
    handing_out = handout_page(settings, bot, secret, looking_up.style)
    return [*looking_up.routes(), *handing_out.routes(), *ArrivalPage(bot.house, best).routes()]


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
    """Runs every channel's way in; one that only one process may run, under a post."""

    def way_in(channel: Channel) -> Coroutine[None, None, None]:
        async def work(post: Post) -> None:
            await channel.run(bot.engine.receive)

        if not channel.runs_alone:
            return channel.run(bot.engine.receive)
        pulse = bot.health.pulses.get(channel.name, Pulse(0))
        return duty(bot, f"poller of {channel.name}", work, pulse)

    tasks = [asyncio.create_task(way_in(channel)) for channel in bot.channels.values()]
    bot.loops.update(tasks)
    await asyncio.sleep(0)
    try:
        yield
    finally:
        await ended(*tasks)
