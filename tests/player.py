"""A bot under test with people who write, press and read: the real engine, sender and database, invented messengers."""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import Bot, build, file_store, load_pack, open_database, prepare, running
from bot.channel import Abilities, Budget, Command, Receive
from bot.config import Settings, load
from bot.errors import RefusedError
from bot.feature import Features
from bot.model import Attachment, Button, Message, OutgoingFile, Reply, plain
from handlers.features import FEATURES
from storage import files, jobs, outbox
from storage.database import micros, moment

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)  # ten in the morning in the pack's zone


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
class Shown:
    """A message on somebody's screen."""

    text: str
    buttons: list[Button]
    files: list[OutgoingFile]


@dataclass
class Screen:
    """What one person sees, by the messenger's reference, in order; `heard` counts everything that arrived."""

    messages: dict[str, Shown] = field(default_factory=dict)
    heard: int = 0

    @property
    def last(self) -> Shown:
        return list(self.messages.values())[-1]


class Messenger:
    """A messenger in memory. With buttons it also edits, like Telegram; without it does neither, like the console."""

    def __init__(self, name: str, *, buttons: bool) -> None:
        self.name = name
        self.abilities = Abilities(buttons=buttons, edits=buttons, files_out=True, text_limit=4096)
        self.budget = Budget()
        self.screens: dict[str, Screen] = {}
        self._ids = itertools.count(1)

    async def run(self, receive: Receive) -> None:
        """Nothing comes in by itself."""

    def screen(self, chat: str) -> Screen:
        return self.screens.setdefault(chat, Screen())

    async def send(self, chat: str, reply: Reply, *, key: str) -> str:
        reference = str(next(self._ids))
        screen = self.screen(chat)
        screen.messages[reference] = as_shown(reply)
        screen.heard += 1
        return reference

    async def edit(self, chat: str, reference: str, reply: Reply) -> None:
        screen = self.screen(chat)
        if reference not in screen.messages:
            raise RefusedError
        screen.messages[reference] = as_shown(reply)
        screen.heard += 1

    async def strip(self, chat: str, reference: str) -> None:
        self.screen(chat).messages[reference].buttons.clear()

    async def acknowledge(self, message: Message, notice: str) -> None:
        """Nobody waits for it."""

    async def fetch(self, reference: str) -> AsyncGenerator[bytes, None]:
        """Every file is in the store already."""
        raise RefusedError
        yield b""

    async def offer(self, chat: str, commands: Sequence[Command]) -> None:
        """There is no menu."""


def as_shown(reply: Reply) -> Shown:
    return Shown(plain(reply.text), [button for row in reply.buttons for button in row], list(reply.files))


@dataclass
class Town:
    """A running bot and the messengers around it."""

    bot: Bot
    settings: Settings
    clock: Moving
    messengers: Mapping[str, Messenger]

    def person(self, name: str, channel: str = "buttons", language: str = "vi") -> Player:
        return Player(self, self.messengers[channel], name, language)

    async def settle(self) -> None:
        """Waits until everything that was caused is done and delivered, quiet seconds included."""
        while True:
            await self.bot.clock.take_jobs()
            await self.bot.engine.idle()
            await self.bot.sender.idle()
            await self.bot.sender.claim()
            if self.bot.engine.busy or self.bot.sender.busy:
                continue
            soon = [
                due for due in (await outbox.next_due(self.bot.database), await jobs.next_due(self.bot.database)) if due
            ]
            if not soon:
                return
            self.clock.now = max(self.clock.now, moment(min(soon)))


@dataclass
class Player:
    """Somebody at a phone."""

    town: Town
    messenger: Messenger
    chat: str
    language: str
    acts: int = 0
    _ids: itertools.count[int] = field(default_factory=itertools.count)
    _given: Message | None = None

    @property
    def screen(self) -> Screen:
        return self.messenger.screen(self.chat)

    @property
    def last(self) -> str:
        return self.screen.last.text

    async def send(self, text: str = "", *, files: list[Attachment] | None = None, settle: bool = True) -> str:
        """Writes, and reads what comes."""
        self.acts += 1
        await self._give(
            Message(self.messenger.name, self.chat, self._id(), text, "", tuple(files or ()), self.language)
        )
        return await self._read(settle)

    async def press(self, label: str, *, settle: bool = True) -> str:
        """Presses the newest button whose label holds the text, or gives its number in the newest list."""
        if not self.messenger.abilities.buttons:
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

    def shown(self) -> str:
        """The whole screen as text."""
        return "\n---\n".join(f"{m.text}\n{[b.label for b in m.buttons]}" for m in self.screen.messages.values())

    async def photo(self, name: str = "anh.jpg", content: bytes = b"\xff\xd8\xff picture") -> Attachment:
        """A photo whose bytes lie in the file store, as channels put them there."""
        return await store_photo(self.town, self.messenger.name, self.chat, name, content)

    def _number(self, label: str) -> str:
        for line in self.last.splitlines():
            number, dot, text = line.partition(". ")
            if dot and number.isdecimal() and label in text:
                return number
        raise AssertionError(f"no {label!r} in the list:\n{self.last}")

    def _id(self) -> str:
        return f"{self.chat}:{next(self._ids)}"

    async def repeat(self) -> None:
        """The messenger delivers the last thing once more, as one does that saw no acknowledgement."""
        if self._given:
            await self._give(self._given)

    async def _give(self, message: Message) -> None:
        self._given = message
        await self.town.bot.engine.receive([message])

    async def _read(self, settle: bool) -> str:
        if settle:
            await self.town.settle()
        return self.last if settle else ""


async def store_photo(town: Town, channel: str, chat: str, name: str, content: bytes) -> Attachment:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    stored = await file_store(town.settings).save(chunks())
    now = micros(town.clock())
    await town.bot.database.write([files.add(stored, "image/jpeg", now)])
    from bot.model import AttachmentKind

    return Attachment(AttachmentKind.PHOTO, name, "image/jpeg", stored.size, stored.digest)


def settings_in(folder: Path, **more: str) -> Settings:
    """Settings with everything inside a folder."""
    environment = {
        "BOT_DATABASE__URL": f"sqlite:///{folder / 'bot.db'}",
        "BOT_FILES__FOLDER": str(folder / "files"),
        "BOT_DIALOGUE__YEAR": "2026",
        **more,
    }
    return load(None, environment)


@asynccontextmanager
async def town(
    folder: Path,
    clock: Moving | None = None,
    features: Features = FEATURES,
    messengers: Mapping[str, Messenger] | None = None,
    **more: str,
) -> AsyncIterator[Town]:
    """A bot on a database in the folder: a new one, or the one that is there, with its old messengers if given."""
    settings, clock = settings_in(folder, **more), clock or Moving()
    pack, words = load_pack(settings)
    messengers = messengers or {
        "buttons": Messenger("buttons", buttons=True),
        "lists": Messenger("lists", buttons=False),
    }
    database = await open_database(settings)
    try:
        await prepare(database, settings, clock())
        bot = build(settings, database, list(messengers.values()), clock, pack, words, features)
        async with running(bot):
            yield Town(bot, settings, clock, messengers)
    finally:
        await database.close()
