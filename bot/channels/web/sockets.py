"""Open pages: who listens to which chat, over a WebSocket or by asking again and again, and what each has been told."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain

from aiohttp import web

from bot.channels.web.frames import frame
from bot.channels.web.identity import Visitor
from bot.errors import DatabaseTroubleError, StorageError
from storage import devices, transcripts
from storage.database import Database

TOPIC = "web"  # the signal that a chat has something new
PING_SECONDS = 20  # a page that hears nothing for twice as long takes the connection for lost
SIGNED_OUT = 4003  # the code that closes the WebSocket of a device that was signed out
_PING = json.dumps({"ping": True})


@dataclass(frozen=True, slots=True)
class Told:
    """What a page is told: the frame, and the newest change that it knows then."""

    frame: str
    newest: int


class Listeners:
    """The open pages by chat. What they are told comes from the transcript alone, in its order."""

    def __init__(self, database: Database, base_path: str = "") -> None:
        self._database = database
        self._base_path = base_path
        self._news: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._open: set[web.WebSocketResponse] = set()
        database.signals.listen(TOPIC, self.tell)

    def hears(self, chat: str) -> bool:
        """Whether a page of the chat is open."""
        return chat in self._news

    def tell(self, chat: str) -> None:
        """Lets the open pages of a chat look for what is new; of every chat where none is named."""
        for news in self._news.get(chat, ()) if chat else chain(*self._news.values()):
            news.set()

    async def ring(self, chat: str) -> None:
        """Tells the open pages of a chat that something is new; those of other processes hear a signal."""
        self.tell(chat)
        if self._database.is_shared:
            with suppress(DatabaseTroubleError):  # they look again by themselves
                await self._database.signals.tell(TOPIC, chat)

    async def listen(self, socket: web.WebSocketResponse, visitor: Visitor, after: int) -> None:
        """Tells a page everything after a change, then what is new, until it goes away."""
        self._open.add(socket)
        try:
            with self._listening(visitor) as news:
                telling = asyncio.create_task(self._keep_telling(socket, visitor, after, news))
                try:
                    async for _ in socket:  # pages say nothing here; this waits for the end
                        pass
                finally:
                    telling.cancel()
                    with suppress(asyncio.CancelledError):
                        await telling
        finally:
            self._open.discard(socket)

    async def ask(self, visitor: Visitor, after: int, *, at_once: bool) -> str | None:
        """What came after a change; without anything new it waits for a while, unless it is wanted at once.

        None where the page was signed out meanwhile.
        """
        with self._listening(visitor) as news:
            found = await self._since(visitor, after)
            if found and found.newest <= after and not at_once:
                if not await _heard(news):
                    return _PING
                found = await self._since(visitor, after)
            return found.frame if found else None

    async def close(self) -> None:
        """Closes every page's connection; the pages try again by themselves."""
        self.tell("")
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

    async def _keep_telling(
        self, socket: web.WebSocketResponse, visitor: Visitor, after: int, news: asyncio.Event
    ) -> None:
        code = 1011
        try:
            with suppress(ConnectionError, StorageError):  # the page comes back by itself
                while not socket.closed:
                    news.clear()
                    found = await self._since(visitor, after)
                    if found is None:
                        code = SIGNED_OUT
                        return
                    await socket.send_str(found.frame)
                    after = found.newest
                    while not await _heard(news):
                        await socket.send_str(_PING)
        finally:
            await socket.close(code=code)

    async def _since(self, visitor: Visitor, after: int) -> Told | None:
        """What came after a change; None for a page that was signed out."""
        chat = visitor.chat
        rows, standing, out = await self._database.read(*transcripts.since(chat, after), devices.generation(chat))
        if out and visitor.generation < out[0]["generation"]:
            return None
        entries = [transcripts.entry(row) for row in rows]
        found = frame(entries, [row["number"] for row in standing], self._base_path)
        return Told(json.dumps(found, ensure_ascii=False), max([after, *(entry.change for entry in entries)]))


async def _heard(news: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(PING_SECONDS):
            await news.wait()
    except TimeoutError:
        return False
    return True
