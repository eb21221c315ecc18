"""Zalo over HTTP: the stand-in for its Bot API, and people with phones."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from aiohttp import ClientSession
from pydantic import SecretStr

from bot.accounts import zalo_channel
from bot.app import links
from bot.channel import Abilities, Receive
from bot.channels.web.page import best
from bot.channels.zalo import ZaloChannel
from bot.config import Settings
from bot.config.sections import Zalo as Section
from bot.model import Attachment, AttachmentKind, Message
from bot.server import Server
from handlers.pages.handout import HandoutPage
from tests.messengers.client import PATIENCE, Keep, Makings, Screen, Shown, received
from tests.messengers.telegram import pieces
from tests.zalo import world
from tests.zalo.phone import Phone
from tests.zalo.server import TOKEN, StandIn

PUBLIC = "https://zalo.example.org"
PAGES = "https://pages.example.org"
LINK = re.compile(r"https://\S+/f/\S+")
LONGEST = 2000  # UTF-16 units; the app makes several messages of what is longer


class Zalo:
    """Zalo's server and everybody's phone."""

    corrects = False

    def __init__(self, there: StandIn, channel: ZaloChannel, downloads: Path) -> None:
        self.channel = channel
        self.there = there
        self.phones: dict[str, Phone] = {}
        self._downloads = downloads
        self._held: dict[str, bytes] = {}  # by the id of the message that will show it
        self._fetched: dict[str, Path] = {}  # what was found at the links that came, by their address

    @property
    def name(self) -> str:
        return self.channel.name

    @property
    def abilities(self) -> Abilities:
        return self.channel.abilities

    def screen(self, chat: str) -> Screen:
        messages = self.phones[chat].messages if chat in self.phones else []
        return Screen({one.id: self._shown(one) for one in messages}, heard=len(messages))

    def _shown(self, message: world.Shown) -> Shown:
        """A message as it is seen, with its picture and what its links lead to."""
        files = [received(self._fetched[one]) for one in LINK.findall(message.text) if one in self._fetched]
        if message.photo:
            files.append(received(self._saved(message.id, message.content)))
        return Shown(message.text, [], files)

    def _saved(self, name: str, content: bytes) -> Path:
        self._downloads.mkdir(parents=True, exist_ok=True)
        (self._downloads / name).write_bytes(content)
        return self._downloads / name

    async def hold(self, name: str, content: bytes, keep: Keep) -> Attachment:
        """A picture, which has no name here: the bot calls it by its message."""
        message_id = self.there.world.new_id()
        self._held[message_id] = content
        shown = f"photo-{message_id[:8]}.jpg"
        return Attachment(AttachmentKind.PHOTO, shown, "image/jpeg", len(content), reference=message_id)

    async def carry(self, message: Message, receive: Receive) -> None:
        assert not message.press, "Zalo has no buttons"
        phone = self.phones.setdefault(message.chat, Phone(self.there.world, message.chat, self.there.url))
        if message.attachments and message.attachments[0].kind is AttachmentKind.VOICE:
            phone.voice(self._held[message.attachments[0].reference])
        elif message.attachments:
            ids = [file.reference for file in message.attachments]
            phone.album([self._held[one] for one in ids], message.text, ids)
        else:
            for piece in pieces(message.text, LONGEST):
                phone.send(piece)

    async def delivered(self) -> None:
        await self.there.world.events.emptied(PATIENCE)

    async def shown(self) -> None:
        """What the server has taken is on the phone; its links are followed."""
        for message in (one for phone in self.phones.values() for one in phone.messages):
            for address in LINK.findall(message.text):
                if address.startswith(PAGES) and address not in self._fetched:
                    await self._fetch(address)

    async def _fetch(self, address: str) -> None:
        here = self.there.ways[PAGES] + address.removeprefix(PAGES)
        async with ClientSession() as session, session.get(here) as response:
            response.raise_for_status()
            name = unquote(response.headers["Content-Disposition"].partition("''")[2])
            self._fetched[address] = self._saved(name, await response.read())


@asynccontextmanager
async def zalo(makings: Makings, *, webhook: bool) -> AsyncIterator[Zalo]:
    async with StandIn() as there:
        settings = settings_for(makings.settings, there, webhook=webhook)
        files = links(settings, makings.database, makings.clock, b"z" * 32)
        channel = zalo_channel(settings, makings.words, files)
        folders = (settings.files.folder, makings.folder / "exports")
        pages = Server(HandoutPage(files, makings.words, best, folders, "/look.css").routes())
        server = Server(channel.routes())
        await pages.start("127.0.0.1:0")
        there.ways[PAGES] = f"http://127.0.0.1:{pages.port}"
        if webhook:
            await server.start("127.0.0.1:0")
            there.ways[PUBLIC] = f"http://127.0.0.1:{server.port}"
        await channel.open()
        try:
            yield Zalo(there, channel, makings.folder / "zalo")
        finally:
            await channel.close()
            await server.stop()
            await pages.stop()


def settings_for(settings: Settings, there: StandIn, *, webhook: bool) -> Settings:
    """The settings with a bot at the stand-in, which may talk as fast as it can, and pages that Zalo can reach."""
    given = settings.zalo
    section = Section(
        proactive_hours=given.proactive_hours,
        proactive_per_day=given.proactive_per_day,
        proactive_per_month=given.proactive_per_month,
        token=SecretStr(TOKEN),
        api_base=there.url,
        mode="webhook" if webhook else "polling",
        webhook_url=f"{PUBLIC}/hook",
        webhook_secret=SecretStr("only-zalo-knows"),
        messages_per_second=0,
        per_chat_seconds=0,
    )
    return settings.model_copy(update={"zalo": section, "web": settings.web.model_copy(update={"public_url": PAGES})})


polling = partial(zalo, webhook=False)
by_webhook = partial(zalo, webhook=True)
