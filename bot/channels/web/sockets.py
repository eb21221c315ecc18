"""Open pages: who listens to which chat, over a WebSocket or by asking again and again, and what each has been told."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from aiohttp import web

from bot.channels.web.frames import frame
from bot.channels.web.identity import Visitor
from bot.errors import StorageError
from storage import transcripts
from storage.database import Database

PING_SECONDS = 20  # a page that hears nothing for twice as long takes the connection for lost
SIGNED_OUT = 4003  # the code that closes the WebSocket of a device that was signed out
_PING = json.dumps({"ping": True})


class Listeners:
    """The open pages by chat. What they are told comes from the transcript alone, in its order."""

    def __init__(self, database: Database, base_path: str = "") -> None:
        self._database = database
        self._base_path = base_path
        self._news: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._open: dict[web.WebSocketResponse, Visitor] = {}

    def hears(self, chat: str) -> bool:
        """Whether a page of the chat is open."""
        return chat in self._news

    def tell(self, chat: str) -> None:
        """Lets the open pages of a chat look for what is new."""
        for news in self._news.get(chat, ()):
            news.set()

    async def listen(self, socket: web.WebSocketResponse, visitor: Visitor, after: int) -> None:
        """Tells a page everything after a change, then what is new, until it goes away."""
        self._open[socket] = visitor
        try:
            with self._listening(visitor) as news:
                telling = asyncio.create_task(self._keep_telling(socket, visitor.chat, after, news))
                try:
                    async for _ in socket:  # pages say nothing here; this waits for the end
                        pass
                finally:
                    telling.cancel()
                    with suppress(asyncio.CancelledError):
                        await telling
        finally:
            del self._open[socket]

    async def ask(self, visitor: Visitor, after: int, *, at_once: bool) -> str:
        """What came after a change; without anything new it waits for a while, unless it is wanted at once."""
        with self._listening(visitor) as news:
            found, newest = await self._since(visitor.chat, after)
            if newest > after or at_once:
                return found
            return (await self._since(visitor.chat, after))[0] if await _heard(news) else _PING

    async def sign_out(self, chat: str, generation: int) -> None:
        """Lets go of the pages of a chat that were signed out."""
        for socket, visitor in tuple(self._open.items()):
            if visitor.chat == chat and visitor.generation < generation:
                with suppress(ConnectionError):
                    await socket.close(code=SIGNED_OUT)
        self.tell(chat)

    async def close(self) -> None:
        """Closes every page's connection; the pages try again by themselves."""
        for chat in tuple(self._news):
            self.tell(chat)
        for socket in tuple(self._open):
            with suppress(ConnectionError):
                await socket.close(code=1001)

    @contextmanager
    def _listening(self, visitor: Visitor) -> Iterator[asyncio.Event]:
        news = asyncio.Event()
        self._news[visitor.chat].add(news)
        try:
            yield news
        finally:
            self._news[visitor.chat].discard(news)
            if not self._news[visitor.chat]:
                del self._news[visitor.chat]

    async def _keep_telling(self, socket: web.WebSocketResponse, chat: str, after: int, news: asyncio.Event) -> None:
        try:
            with suppress(ConnectionError, StorageError):  # the page comes back by itself
                while not socket.closed:
                    news.clear()
                    found, after = await self._since(chat, after)
                    await socket.send_str(found)
                    while not await _heard(news):
                        await socket.send_str(_PING)
        finally:
            await socket.close(code=1011)

    async def _since(self, chat: str, after: int) -> tuple[str, int]:
        """The frame of what came after a change, and the newest change there is."""
        rows, standing = await self._database.read(*transcripts.since(chat, after))
        entries = [transcripts.entry(row) for row in rows]
        found = frame(entries, [row["number"] for row in standing], self._base_path)
        return json.dumps(found, ensure_ascii=False), max([after, *(entry.change for entry in entries)])


async def _heard(news: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(PING_SECONDS):
            await news.wait()
    except TimeoutError:
        return False
    return True
