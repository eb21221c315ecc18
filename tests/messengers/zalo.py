"""Zalo over HTTP: the stand-in for its Bot API, and people with phones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from bot.accounts import zalo_channel
from bot.app import links
from bot.channel import Abilities, Receive
from bot.channels.zalo import ZaloChannel
from bot.config import Settings
from bot.config.sections import Zalo as Section
from bot.model import Attachment, AttachmentKind, Message
from bot.server import Server
from tests.messengers.client import PATIENCE, Keep, Makings, Screen, Shown, received
from tests.messengers.telegram import pieces
from tests.zalo import world
from tests.zalo.phone import Phone
from tests.zalo.server import TOKEN, StandIn

PUBLIC = "https://zalo.example.org"
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
        """A message as it is seen; its picture is saved."""
        files = []
        if message.photo:
            self._downloads.mkdir(parents=True, exist_ok=True)
            (self._downloads / message.id).write_bytes(message.content)
            files.append(received(self._downloads / message.id))
        return Shown(message.text, [], files)

    async def hold(self, name: str, content: bytes, keep: Keep) -> Attachment:
        """A picture, which has no name here: the bot calls it by its message."""
        message_id = self.there.world.new_id()
        self._held[message_id] = content
        shown = f"photo-{message_id[:8]}.jpg"
        return Attachment(AttachmentKind.PHOTO, shown, "image/jpeg", len(content), reference=message_id)

    async def carry(self, message: Message, receive: Receive) -> None:
        assert not message.press, "Zalo has no buttons"
        phone = self.phones.setdefault(message.chat, Phone(self.there.world, message.chat, self.there.url))
        if message.attachments:
            ids = [file.reference for file in message.attachments]
            phone.album([self._held[one] for one in ids], message.text, ids)
        else:
            for piece in pieces(message.text, LONGEST):
                phone.send(piece)

    async def delivered(self) -> None:
        await self.there.world.events.emptied(PATIENCE)

    async def shown(self) -> None:
        """What the server has taken is on the phone."""


@asynccontextmanager
async def zalo(makings: Makings, *, webhook: bool) -> AsyncIterator[Zalo]:
    async with StandIn() as there:
        settings = settings_for(makings.settings, there, webhook=webhook)
        channel = zalo_channel(settings, makings.words, links(settings, makings.database, makings.clock))
        server = Server(channel.routes())
        if webhook:
            await server.start("127.0.0.1:0")
            there.ways[PUBLIC] = f"http://127.0.0.1:{server.port}"
        await channel.open()
        try:
            yield Zalo(there, channel, makings.folder / "zalo")
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
        webhook_secret=SecretStr("only-zalo-knows"),
        messages_per_second=0,
        per_chat_seconds=0,
    )
    return settings.model_copy(update={"zalo": section})


polling = partial(zalo, webhook=False)
by_webhook = partial(zalo, webhook=True)
