"""Open pages: who listens to which chat, and what each has been told."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain

from aiohttp import web

from bot.channels.web.frames import frame
from bot.errors import StorageError
from storage import transcripts
from storage.database import Database

PING_SECONDS = 20  # a page that hears nothing for twice as long takes the connection for lost
_PING = json.dumps({"ping": True})


class Listeners:
    """The open WebSockets by chat. What they are told comes from the transcript alone, in its order."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._news: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._open: set[web.WebSocketResponse] = set()

    def tell(self, chat: str) -> None:
        """Lets the open pages of a chat look for what is new; of every chat where none is named."""
        for news in self._news.get(chat, ()) if chat else chain(*self._news.values()):
            news.set()

    async def listen(self, socket: web.WebSocketResponse, chat: str, after: int) -> None:
        """Tells a page everything after a change, then what is new, until it goes away."""
        with self._listening(socket, chat) as news:
            telling = asyncio.create_task(self._keep_telling(socket, chat, after, news))
            try:
                async for _ in socket:  # pages say nothing here; this waits for the end
                    pass
            finally:
                telling.cancel()
                with suppress(asyncio.CancelledError):
                    await telling

    async def close(self) -> None:
        """Closes every page's connection; the pages try again by themselves."""
        for socket in tuple(self._open):
            with suppress(ConnectionError):
                await socket.close(code=1001)

    @contextmanager
    def _listening(self, socket: web.WebSocketResponse, chat: str) -> Iterator[asyncio.Event]:
        news = asyncio.Event()
        self._news[chat].add(news)
        self._open.add(socket)
        try:
            yield news
        finally:
            self._open.discard(socket)
            self._news[chat].discard(news)
            if not self._news[chat]:
                del self._news[chat]

    async def _keep_telling(self, socket: web.WebSocketResponse, chat: str, after: int, news: asyncio.Event) -> None:
        try:
            with suppress(ConnectionError, StorageError):  # the page comes back by itself
                while not socket.closed:
                    news.clear()
                    after = await self._catch_up(socket, chat, after)
                    while not await _heard(news):
                        await socket.send_str(_PING)
        finally:
            await socket.close(code=1011)

    async def _catch_up(self, socket: web.WebSocketResponse, chat: str, after: int) -> int:
        rows, standing = await self._database.read(*transcripts.since(chat, after))
        entries = [transcripts.entry(row) for row in rows]
        await socket.send_str(json.dumps(frame(entries, [row["number"] for row in standing]), ensure_ascii=False))
        return max([after, *(entry.change for entry in entries)])


async def _heard(news: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(PING_SECONDS):
            await news.wait()
    except TimeoutError:
        return False
    return True
