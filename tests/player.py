"""A bot under test with people who write, press and read: the real engine, sender and database."""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import Bot, build, file_store, listening, running
from bot.config import Settings, load
from bot.feature import Features
from bot.knowledge import Knowledge
from bot.model import Attachment, AttachmentKind, Message, MessageKind
from bot.pack import Pack
from bot.preparation import load_pack, open_database, prepare
from bot.texts import Texts
from handlers.features import FEATURES
from storage import claims, files, jobs
from storage.database import micros, moment
from storage.outbox import QUIET
from tests.messengers.client import Client, Join, Makings, Screen, Shown
from tests.messengers.memory import Messenger

__all__ = ["Messenger", "Moving", "Player", "Shown", "Town", "settings_in", "town"]

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)  # ten in the morning in the pack's zone
JPEG = b"\xff\xd8\xff"
OGG = b"OggS\0\x02" + b"\0" * 20 + b"\x01\x13OpusHead" + b"\0" * 60
MORE = re.compile("“tiếp”|“more”")  # what a list in pages says
OPTION = re.compile(r"^\d+\. (.*)$", re.MULTILINE)


@dataclass
class Moving:
    """A clock that moves when it is told to, and a millisecond each time it is looked at."""

    now: datetime = START

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Town:
    """A running bot and the messengers around it."""

    bot: Bot
    settings: Settings
    clock: Moving
    messengers: Mapping[str, Client]

    def person(self, name: str, channel: str = "buttons", language: str = "vi") -> Player:
        return Player(self, self.messengers[channel], name, language)

    async def settle(self) -> None:
        """Waits until everything that was caused is done and delivered, quiet seconds included."""
        while True:
            for messenger in self.messengers.values():
                await messenger.delivered()
            await self.bot.clock.remind()
            await self.bot.clock.take_jobs()
            await self.bot.engine.idle()
            await self.bot.clock.fan_out()
            await self.bot.sender.idle()
            await self.bot.sender.claim()
            await self.bot.reading.read_new()
            if self.bot.engine.busy or self.bot.sender.busy:
                continue
            soon = [due for due in (await self._next_sent(), await jobs.next_due(self.bot.database)) if due]
            if not soon:
                break
            self.clock.now = max(self.clock.now, moment(min(soon)))
        for messenger in self.messengers.values():
            await messenger.shown()

    async def _next_sent(self) -> int | None:
        """When the sender has something to do next: at night what is not urgent waits."""
        morning = self.bot.house.pack.facts.quiet.ends(self.clock.now, self.bot.house.pack.zone)
        held = QUIET if morning else ()
        return await claims.next_due(self.bot.database, held, micros(morning) if morning else 0)

    async def keep(self, name: str, content: bytes) -> Attachment:
        """A photo whose bytes lie in the file store, as channels put them there."""

        async def chunks() -> AsyncIterator[bytes]:
            yield content

        stored = await file_store(self.settings).save(chunks())
        await self.bot.database.write([files.add(stored, "image/jpeg", micros(self.clock()))])
        return Attachment(AttachmentKind.PHOTO, name, "image/jpeg", stored.size, stored.digest)


@dataclass
class Player:
    """Somebody at a phone."""

    town: Town = field(repr=False)
    messenger: Client = field(repr=False)
    chat: str
    language: str
    acts: int = 0
    _ids: itertools.count[int] = field(default_factory=itertools.count)
    _given: Message | None = None
    _said: dict[str, str] = field(default_factory=dict)  # text -> the id under which it was written last

    @property
    def screen(self) -> Screen:
        return self.messenger.screen(self.chat)

    @property
    def last(self) -> str:
        return self.screen.last.text

    async def send(self, text: str = "", *, files: list[Attachment] | None = None, settle: bool = True) -> str:
        """Writes, and reads what comes."""
        self.acts += 1
        message = Message(self.messenger.name, self.chat, self._id(), text, "", tuple(files or ()), self.language)
        self._said[text] = message.id
        await self._give(message)
        return await self._read(settle)

    async def press(self, label: str, *, settle: bool = True) -> str:
        """Presses the newest button whose label holds the text, or gives its number in the newest list."""
        if not self.messenger.abilities.buttons:
            await self._turn_to(label)
            return await self.send(self._number(label), settle=settle)
        return await self.tap(self.button(label), settle=settle)

    async def tap(self, data: str, *, settle: bool = True) -> str:
        """Presses the button of that data, wherever it may be."""
        self.acts += 1
        await self._give(Message(self.messenger.name, self.chat, self._id(), "", data, (), self.language))
        return await self._read(settle)

    def button(self, label: str) -> str:
        for message in reversed(self.screen.messages.values()):
            for button in message.buttons:
                if label in button.label:
                    return button.data
        raise AssertionError(f"no button {label!r} on the screen:\n{self.shown()}")

    @property
    def options(self) -> list[str]:
        """What the newest message offers, by buttons or by numbers."""
        if self.messenger.abilities.buttons:
            return [button.label for button in self.screen.last.buttons]
        return [found[1] for found in OPTION.finditer(self.last)]

    def shown(self) -> str:
        """The whole screen as text."""
        return "\n---\n".join(f"{m.text}\n{[b.label for b in m.buttons]}" for m in self.screen.messages.values())

    async def photo(self, name: str = "anh.jpg", content: bytes = b"\xff\xd8\xff picture") -> Attachment:
        """A photo of that name, to be sent; it begins as a JPEG does."""
        whole = content if content.startswith(JPEG) else JPEG + content
        return await self.messenger.hold(name, whole, self.town.keep)

    async def voice(self, seconds: int = 3) -> Attachment:
        """A voice message, to be sent; where the messenger tells its length, it is that."""
        held = await self.messenger.hold("", OGG, self.town.keep)
        return replace(held, kind=AttachmentKind.VOICE, name="ghi-am.ogg", media_type="audio/ogg", seconds=seconds)

    async def album(self, text: str, *contents: bytes) -> str:
        """Sends several photos at once."""
        return await self.send(text, files=[await self.photo("", content) for content in contents])

    async def correct(self, old: str, new: str) -> str:
        """Changes what was written before."""
        self.acts += 1
        message = Message(self.messenger.name, self.chat, self._id(), new, language=self.language)
        await self._give(replace(message, kind=MessageKind.EDITED, reference=self._said[old]))
        return await self._read(settle=True)

    async def _turn_to(self, label: str) -> None:
        """Turns the pages of a list until the label is there, or all were seen."""
        seen = {self.last}
        while not self._listed(label) and MORE.search(self.last) and await self.send("tiếp") not in seen:
            seen.add(self.last)

    def _number(self, label: str) -> str:
        if number := self._listed(label):
            return number
        raise AssertionError(f"no {label!r} in the list:\n{self.last}")

    def _listed(self, label: str) -> str:
        """The number that the newest list has for a label."""
        for line in self.last.splitlines():
            number, dot, text = line.partition(". ")
            if dot and number.isdecimal() and label in text:
                return number
        return ""

    def _id(self) -> str:
        return f"{self.chat}:{next(self._ids)}"

    async def repeat(self) -> None:
        """The messenger delivers the last thing once more, as one does that saw no acknowledgement."""
        if self._given:
            await self._give(self._given)

    async def _give(self, message: Message) -> None:
        self._given = message
        await self.messenger.carry(message, self.town.bot.engine.receive)

    async def _read(self, settle: bool) -> str:
        if settle:
            await self.town.settle()
        return self.last if settle else ""


def settings_in(folder: Path, **more: str) -> Settings:
    """Settings with everything inside a folder."""
    environment = {
        "BOT_DATABASE__URL": f"sqlite:///{folder / 'bot.db'}",
        "BOT_FILES__FOLDER": str(folder / "files"),
        "BOT_DIALOGUE__YEAR": "2026",
        "BOT_INBOX__MESSAGES_PER_MINUTE": "0",  # people in scripts write as fast as they can
        **more,
    }
    return load(None, environment)


_packs: dict[tuple[str, int], tuple[Pack, Texts]] = {}
_known: dict[tuple[str, int], Knowledge] = {}


def frozen_pack(settings: Settings) -> tuple[Pack, Texts]:
    """The pack of the settings, read once: nobody changes it."""
    key = (settings.pack.path, settings.dialogue.era)
    if key not in _packs:
        _packs[key] = load_pack(settings)
    return _packs[key]


def fresh_knowledge(settings: Settings, pack: Pack) -> Knowledge:
    """What the bot knows of the pack, built once, as it is at the start."""
    key = (settings.pack.path, settings.dialogue.era)
    if key not in _known:
        _known[key] = Knowledge(pack, settings.dialogue.era)
    _known[key].use(None)
    _known[key].call({})
    return _known[key]


@asynccontextmanager
async def town(
    folder: Path,
    clock: Moving | None = None,
    features: Features = FEATURES,
    messengers: Mapping[str, Client] | None = None,
    join: Join | None = None,
    beside: Mapping[str, Client] | None = None,
    **more: str,
) -> AsyncIterator[Town]:
    """A bot on a database in the folder: a new one, or the one that is there, with its old messengers if given.

    With `join` it is on that one messenger, and on those `beside` it.
    """
    settings, clock = settings_in(folder, **more), clock or Moving()
    pack, words = frozen_pack(settings)
    messengers = messengers or {
        "buttons": Messenger("buttons", buttons=True),
        "lists": Messenger("lists", buttons=False),
    }
    database = await open_database(settings)
    try:
        await prepare(database, settings, clock())
        async with AsyncExitStack() as stack:
            if join:
                joined = await stack.enter_async_context(join(Makings(folder, settings, database, words, clock)))
                messengers = {joined.name: joined, **(beside or {})}
            channels = [messenger.channel for messenger in messengers.values()]
            known = fresh_knowledge(settings, pack)
            bot = build(settings, database, channels, clock, pack, words, features, knowledge=known)
            await stack.enter_async_context(running(bot))
            await stack.enter_async_context(listening(bot))
            yield Town(bot, settings, clock, messengers)
    finally:
        await database.close()
