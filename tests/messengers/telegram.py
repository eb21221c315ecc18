"""Telegram over HTTP: the stand-in for the Bot API, and people with phones."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from bot.accounts import telegram_channel
from bot.channel import Abilities, Receive
from bot.channels.telegram import TelegramChannel
from bot.config import Settings
from bot.config.sections import Telegram as Section
from bot.model import Attachment, AttachmentKind, Button, Message, MessageKind
from bot.pieces import units
from bot.server import Server
from tests.messengers.client import PATIENCE, Keep, Makings, Screen, Shown, received
from tests.telegram import screen
from tests.telegram.phone import Phone
from tests.telegram.server import TOKEN, StandIn

PUBLIC = "https://bot.example.org"
FIRST_PERSON = 1001
LONGEST = 4096  # UTF-16 units; the app makes several messages of what is longer
LONGEST_CAPTION = 1024


class Phones:
    """Telegram's server and everybody's phone."""

    corrects = True

    def __init__(self, there: StandIn, channel: TelegramChannel, downloads: Path) -> None:
        self.channel = channel
        self.there = there
        self.phones: dict[str, Phone] = {}
        self._downloads = downloads
        self._held: dict[str, bytes] = {}
        self._references = itertools.count()
        self._numbers: dict[str, int] = {}  # of a script's messages, in their chat
        self._pressable: dict[tuple[str, str], int] = {}  # chat and data -> the newest message seen with that button

    @property
    def name(self) -> str:
        return self.channel.name

    @property
    def abilities(self) -> Abilities:
        return self.channel.abilities

    def screen(self, chat: str) -> Screen:
        phone = self.phones.get(chat)
        if phone is None:
            return Screen()
        messages = phone.messages
        for message in messages:
            self._pressable |= {(chat, data): message.id for row in message.buttons for _, data in row}
        shown = {str(one.id): as_shown(one, self._downloads / str(one.id)) for one in messages}
        return Screen(shown, heard=sum(1 + one.edited for one in messages))

    async def hold(self, name: str, content: bytes, keep: Keep) -> Attachment:
        """A document, which keeps its name; without a name a photo, which has none here."""
        reference = str(next(self._references))
        self._held[reference] = content
        kind = AttachmentKind.DOCUMENT if name else AttachmentKind.PHOTO
        return Attachment(kind, name, "image/jpeg", len(content), reference=reference)

    async def carry(self, message: Message, receive: Receive) -> None:
        phone = self._phone(message.chat, message.language)
        if message.kind is MessageKind.EDITED:
            phone.edit(self._numbers[message.reference], message.text)
        elif message.press:
            self.screen(message.chat)
            phone.press_on(self._pressable[message.chat, message.press], message.press)
        elif message.attachments:
            self._numbers[message.id] = self._attach(phone, message)
        else:
            for piece in pieces(message.text):
                self._numbers[message.id] = phone.send(piece)

    async def delivered(self) -> None:
        await self.there.world.updates.emptied(PATIENCE)

    async def shown(self) -> None:
        """What the server has taken is on the phone."""

    def _phone(self, chat: str, language: str) -> Phone:
        if chat not in self.phones:
            self.phones[chat] = Phone(self.there.world, FIRST_PERSON + len(self.phones), language_code=language)
        return self.phones[chat]

    def _attach(self, phone: Phone, message: Message) -> int:
        """Sends files, the text at the first one; gives the number of that."""
        assert units(message.text) <= LONGEST_CAPTION, "the app takes no longer caption"
        contents = [self._held[file.reference] for file in message.attachments]
        if message.attachments[0].kind is AttachmentKind.VOICE:
            return phone.voice(contents[0])
        if all(file.kind is AttachmentKind.PHOTO for file in message.attachments):
            return phone.album(contents, message.text)[0]
        captions = itertools.chain([message.text], itertools.repeat(""))
        numbers = [
            phone.document(file.name, content, file.media_type, caption)
            for file, content, caption in zip(message.attachments, contents, captions, strict=False)
        ]
        return numbers[0]


def pieces(text: str, longest: int = LONGEST) -> Iterator[str]:
    """A text as the app sends it: a long one in several messages, each up to the end of a word."""
    while units(text) > longest:
        end = longest
        while units(text[:end]) > longest:
            end -= 1
        end = text.rfind(" ", 0, end) + 1 or end
        yield text[:end].strip()
        text = text[end:]
    yield text


def as_shown(message: screen.Shown, folder: Path) -> Shown:
    """A message as it is seen; a document that came with it is saved to the folder."""
    buttons = [Button(label, data) for row in message.buttons for label, data in row]
    files = []
    if message.document is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / message.name).write_bytes(message.document)
        files.append(received(folder / message.name))
    return Shown(message.text or message.caption, buttons, files)


@asynccontextmanager
async def telegram(makings: Makings, *, webhook: bool) -> AsyncIterator[Phones]:
    async with StandIn() as there:
        channel = telegram_channel(settings_for(makings.settings, there, webhook=webhook), makings.words)
        server = Server(channel.routes())
        if webhook:
            await server.start("127.0.0.1:0")
            there.ways[PUBLIC] = f"http://127.0.0.1:{server.port}"
        await channel.open()
        try:
            yield Phones(there, channel, makings.folder / "phones")
        finally:
            await channel.close()
            await server.stop()


def settings_for(settings: Settings, there: StandIn, *, webhook: bool) -> Settings:
    """The settings with a bot at the stand-in, which may talk as fast as it can."""
    section = Section(
        token=SecretStr(TOKEN),
        api_base=there.url,
        mode="webhook" if webhook else "polling",
        webhook_url=f"{PUBLIC}/hook",
        webhook_secret=SecretStr("only-telegram-knows"),
        messages_per_second=0,
        per_chat_seconds=0,
    )
    return settings.model_copy(update={"telegram": section})


polling = partial(telegram, webhook=False)
by_webhook = partial(telegram, webhook=True)
