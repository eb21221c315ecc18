"""Builds all parts and wires them: the only file that knows everything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import structlog

from bot.accounts import telegram_channel, zalo_channel
from bot.channel import Channel
from bot.channels.telegram import TelegramChannel
from bot.channels.web import WebChannel
from bot.channels.web.page import best
from bot.channels.zalo import ZaloChannel
from bot.clock import Clock, Tick
from bot.config import Settings, SqliteFile
from bot.duty import Duty
from bot.engine import OUTBOX, Engine
from bot.feature import Features
from bot.health import Health, Pulse
from bot.insight.kinds import INITIATIVE, QUESTION, SHORTCOMING, SUGGESTION
from bot.knowledge import Knowledge
from bot.learning import LEARN_EVERY, LEARNING, Learning
from bot.links import Links
from bot.messengers import Reach
from bot.model import Message
from bot.pack import Pack
from bot.preparation import load_pack, lock, open_database, prepare, prepare_files, refuse_silence
from bot.reading import READ_EVERY, Reading
from bot.secret import secret_of
from bot.sender import Sender
from bot.server import Routes, Server, below
from bot.texts import Texts
from bot.turn import House, Limits, Outreach
from bot.watchdog import Watchdog
from bot.ways import open_pages, public_url, ways
from bot.workers import OneAtATime
from handlers.acts import calendar
from handlers.features import FEATURES
from handlers.nudging import nudge
from handlers.pages.arrival import ArrivalPage
from handlers.pages.handout import HandoutPage
from handlers.pages.lookup import LookupPage
from storage import claims, quota
from storage.database import Database, Post, micros, new_boot
from storage.files import FileStore

log = structlog.get_logger()

EXPORTS = timedelta(days=1)  # how long a file that was sent to staff lies ready to be fetched
SENDER, CLOCK, LOOP = 30.0, 30.0, 10.0  # seconds without a heartbeat after which a part stands still
POLLED, VERIFIED = 90.0, 900.0  # the same of a messenger, polled or looked at now and then beside its posts
GUESSED_KINDS = (QUESTION, SUGGESTION, SHORTCOMING, INITIATIVE)  # every pack has a name for them
Clockwork = Callable[[], datetime]


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


# -- parts


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
    reading: Reading
    learning: Learning
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
    knowledge: Knowledge | None = None,
) -> Bot:
    """Wires the parts; nothing runs yet. `pulses` are of channels that have to be heard of now and then."""
    by_name = {channel.name: channel for channel in channels}
    boot = new_boot()
    exports = exports_folder(settings)
    knowledge = knowledge or Knowledge(pack, settings.dialogue.era)
    house = House(
        texts=words,
        pack=pack,
        knowledge=knowledge,
        limits=Limits(settings.files.max_files, settings.files.max_bytes, settings.inbox.messages_per_minute),
        outreach=Outreach(
            settings.broadcasts.release_above,
            {name: channel.budget.per_second for name, channel in by_name.items()},
        ),
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
    reading = Reading(database, knowledge)
    learning = Learning(database, knowledge, pack, house.era, house.workers, clockwork)
    clock = Clock(
        database,
        engine,
        file_store(settings),
        lambda moment: sweep_exports(exports, moment),
        sender.wake,
        clockwork,
        health.pulse("clock", CLOCK).beat,
        (
            Tick(reading.read_new, READ_EVERY),
            Tick(reading.renew, READ_EVERY),
            Tick(learning.retrain, LEARN_EVERY, LEARNING),
        ),
        remind=lambda: calendar.remind(database, calendar.Rules(pack), clockwork()),
        nudge=partial(nudge, database, house, partial(calendar.closing, database)),
    )
    return Bot(database, house, engine, sender, clock, by_name, health, reading, learning, set())


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
    await asyncio.to_thread(bot.house.knowledge.load)
    if not database.is_shared:
        await database.write([claims.void_leases()])
    await database.write([quota.reconsider()])
    watchdog = Watchdog(lambda: list(bot.engine.in_hand), beat=health.pulse("loop", LOOP).beat)
    sending = duty(bot, "sender", bot.sender.serve, health.pulse("sender", SENDER))
    ticking = duty(bot, "clock", bot.clock.serve, health.pulse("clock", CLOCK))
    await bot.learning.refresh()
    work = (sending, watchdog.run(), bot.engine.run(), database.signals.run(), bot.learning.run())
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
