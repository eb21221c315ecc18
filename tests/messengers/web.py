"""The web page over HTTP: our server on a port of this machine, and people with browsers."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bot.app import web_channel
from bot.channel import Abilities, Receive
from bot.channels.web import WebChannel
from bot.model import Attachment, AttachmentKind, Button, Json, Message
from bot.secret import secret_of
from bot.server import Server
from storage.database import Database, Statement
from tests.messengers.client import PATIENCE, Keep, Makings, Screen, Shown, received
from tests.messengers.memory import UNNAMED

_START = re.compile(r"/start(?: ([\w-]{1,64}))?")
_NEWEST = """
SELECT COALESCE(MAX(t.change), 0) AS change FROM transcripts t JOIN addresses a ON a.id = t.address_id
WHERE a.channel = 'web' AND a.chat = :chat
"""


class Visitor:
    """One browser with the page open."""

    def __init__(self, url: str, language: str, downloads: Path) -> None:
        self.heard = 0
        self._downloads = downloads
        self._messages: dict[int, Json] = {}
        self._seen = 0
        self._news = asyncio.Condition()
        self._session = aiohttp.ClientSession(url, cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._headers = {"Origin": url, **({"Accept-Language": language} if language else {})}
        self._reading: asyncio.Task[None] | None = None

    @property
    def chat(self) -> str:
        """The chat by which the channel knows this browser."""
        return next(one.value for one in self._session.cookie_jar if one.key == "chat").partition(".")[0]

    @property
    def messages(self) -> dict[str, Shown]:
        """What the bot said, in the order of the page."""
        bots = {number: one for number, one in sorted(self._messages.items()) if one["side"] == "bot"}
        return {str(number): as_shown(one, self._downloads / str(number)) for number, one in bots.items()}

    async def open(self) -> None:
        """Loads the page, which gives the browser its chat, and listens."""
        async with self._session.get("/", headers=self._headers) as response:
            response.raise_for_status()
        socket = await self._session.ws_connect("/chat?after=0", headers=self._headers)
        self._reading = asyncio.create_task(self._read(socket))

    async def close(self) -> None:
        if self._reading:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        await self._session.close()

    async def post(self, fields: dict[str, str], files: list[tuple[Attachment, bytes]]) -> None:
        form = aiohttp.FormData(fields, default_to_multipart=True, quote_fields=False)
        for file, content in files:
            form.add_field("files", content, filename=file.name, content_type=file.media_type)
        async with self._session.post("/chat/messages", data=form, headers=self._headers) as response:
            assert response.status == 200, (response.status, await response.text())

    async def has_seen(self, change: int) -> None:
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: self._seen >= change)
        for number, message in tuple(self._messages.items()):
            for file in message["files"]:
                await self._download(file, self._downloads / str(number))

    async def _download(self, file: Json, folder: Path) -> None:
        """Saves a file, once."""
        if (folder / file["name"]).exists():
            return
        async with self._session.get(file["url"], headers=self._headers) as response:
            response.raise_for_status()
            folder.mkdir(parents=True, exist_ok=True)
            (folder / file["name"]).write_bytes(await response.read())

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            async with self._news:
                self._take(frame.json())
                self._news.notify_all()

    def _take(self, told: Json) -> None:
        for message in told.get("messages", ()):
            self._messages[message["number"]] = message
            self._seen = max(self._seen, message["change"])
            self.heard += message["side"] == "bot"
        if "standing" in told:
            self._messages = {number: self._messages[number] for number in told["standing"]}


class Site:
    """The page and everybody who has it open."""

    corrects = False

    def __init__(self, channel: WebChannel, database: Database, downloads: Path) -> None:
        self.channel = channel
        self.url = ""
        self.visitors: dict[str, Visitor] = {}
        self._database = database
        self._downloads = downloads
        self._held: dict[str, bytes] = {}
        self._references = itertools.count()

    @property
    def name(self) -> str:
        return self.channel.name

    @property
    def abilities(self) -> Abilities:
        return self.channel.abilities

    def screen(self, chat: str) -> Screen:
        visitor = self.visitors.get(chat)
        return Screen(visitor.messages, visitor.heard) if visitor else Screen()

    async def hold(self, name: str, content: bytes, keep: Keep) -> Attachment:
        reference = str(next(self._references))
        self._held[reference] = content
        return Attachment(AttachmentKind.PHOTO, name or UNNAMED, "image/jpeg", len(content), reference=reference)

    async def carry(self, message: Message, receive: Receive) -> None:
        """Posts it. The page says /start by itself when it is opened, and where to start when a link was."""
        visitor = await self._visitor(message.chat, message.language)
        fields = {"id": f"message-{message.id.replace(':', '-')}"}
        if message.press:
            fields["press"] = message.press
        elif (start := _START.fullmatch(message.text)) and not message.attachments:
            fields["start"] = start[1] or ""
        else:
            fields["text"] = message.text
            lengths = [str(file.seconds) for file in message.attachments if file.seconds is not None]
            fields |= {"seconds": lengths[0]} if lengths else {}
        await visitor.post(fields, [(file, self._held[file.reference]) for file in message.attachments])

    async def delivered(self) -> None:
        """A post is answered once it is in the inbox."""

    async def shown(self) -> None:
        for visitor in self.visitors.values():
            [[row]] = await self._database.read(Statement(_NEWEST, {"chat": visitor.chat}))
            await visitor.has_seen(row["change"])

    async def _visitor(self, chat: str, language: str) -> Visitor:
        if chat not in self.visitors:
            visitor = self.visitors[chat] = Visitor(self.url, language, self._downloads / chat)
            await visitor.open()
        return self.visitors[chat]


def as_shown(message: Json, folder: Path) -> Shown:
    """A message as the page shows it; its files lie in the folder."""
    buttons = [Button(one["label"], one["data"]) for row in message["buttons"] for one in row]
    files = [received(folder / file["name"]) for file in message["files"]]
    return Shown("".join(run for run, _ in message["spans"]), buttons, files)


@asynccontextmanager
async def web(makings: Makings) -> AsyncIterator[Site]:
    secret = await secret_of(makings.settings.database.location, makings.database)
    channel = web_channel(makings.settings, makings.database, makings.words, makings.clock, secret)
    site, server = Site(channel, makings.database, makings.folder / "pages"), Server(channel.routes())
    await server.start("127.0.0.1:0")
    site.url = f"http://127.0.0.1:{server.port}"
    try:
        yield site
    finally:
        for visitor in site.visitors.values():
            await visitor.close()
        await server.stop()
