"""The web chat as it runs: a real server, a real database, and a small receiver in the bot's place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.channels.web import WebChannel
from bot.channels.web.endpoints import Endpoints
from bot.model import Message
from bot.pack import DEFAULT
from bot.server import Server, below
from bot.texts import HERE, Texts, load
from storage import inbox
from storage.files import FileStore
from storage.migrate import migrate
from storage.sqlite import SqliteDatabase

LARGEST = 1024 * 1024
SECRET = b"s" * 32

Answer = Callable[[WebChannel, Message], Awaitable[None]]


async def silence(channel: WebChannel, message: Message) -> None:
    """Answers nothing."""


@dataclass
class Site:
    """A running web chat. `received` is what was new to the inbox; a trouble is raised in its place, once."""

    database: SqliteDatabase
    channel: WebChannel
    server: Server
    store: FileStore
    answer: Answer = silence
    received: list[Message] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def receive(self, messages: Sequence[Message]) -> None:
        if self.troubles:
            raise self.troubles.pop()
        unit = [statement for message in messages for statement in inbox.accept(message, now=0)]
        for item in inbox.accepted(messages, await self.database.write(unit)):
            assert isinstance(item.content, Message)
            self.received.append(item.content)
            await self.answer(self.channel, item.content)


def page_texts() -> Texts:
    """The texts of the bot and the pack."""
    return load(HERE, DEFAULT / "texts")


@asynccontextmanager
async def running(
    folder: Path,
    public_url: str = "",
    *,
    receiving: bool = True,
    base_path: str = "",
    embed_origins: Sequence[str] = (),
    trusted_proxies: Sequence[str] = (),
    endpoints: Endpoints | None = None,
) -> AsyncIterator[Site]:
    """A site on a free port, its files in a folder; its bot takes messages in unless it is still to start."""
    database = await SqliteDatabase.open(folder / "bot.db")
    await migrate(database, now=0)
    store = FileStore(folder / "files", LARGEST)
    channel = WebChannel(
        database, store, SECRET, page_texts(), public_url, lambda: datetime.now(UTC),
        base_path=base_path, embed_origins=embed_origins, endpoints=endpoints,
    )  # fmt: skip
    site = Site(database, channel, Server(below(base_path, channel.routes()), trusted_proxies), store)
    await site.server.start("127.0.0.1:0")
    try:
        async with taking_in(site) if receiving else nullcontext():
            yield site
    finally:
        await site.server.stop()
        await database.close()


@asynccontextmanager
async def taking_in(site: Site) -> AsyncIterator[None]:
    """The channel while it takes messages in."""
    task = asyncio.create_task(site.channel.run(site.receive))
    await asyncio.sleep(0)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
