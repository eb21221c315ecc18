"""A Zalo channel on a loopback wire: the stand-in at one end, an inbox in memory at the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.channel import Budget, Policy
from bot.channels.zalo import Access, OfferLink, ZaloChannel, no_link
from bot.pack import DEFAULT
from bot.server import Server
from bot.texts import HERE, load
from tests.bot.channels.wire import Inbox
from tests.zalo.phone import Phone
from tests.zalo.server import TOKEN, StandIn

PUBLIC = "https://bot.example.org"
SECRET = "only-zalo-knows"
TEXTS = load(HERE, DEFAULT / "texts")


@dataclass
class Wire:
    """The stand-in, the channel and what came through it."""

    there: StandIn
    channel: ZaloChannel
    inbox: Inbox
    url: str = ""  # of our server, where there is one

    def phone(self, name: str = "lan", *, is_protected: bool = False) -> Phone:
        return Phone(self.there.world, name, self.there.url, is_protected=is_protected)


def channel_to(
    url: str, *, webhook: bool = False, token: str = TOKEN, link: OfferLink = no_link, hosts: tuple[str, ...] = ()
) -> ZaloChannel:
    access = Access(token, url, f"{PUBLIC}/hook" if webhook else "", SECRET if webhook else "", hosts)
    return ZaloChannel(access, TEXTS, link, Budget(), Policy())


@asynccontextmanager
async def opened(url: str, *, link: OfferLink = no_link, hosts: tuple[str, ...] = ()) -> AsyncIterator[ZaloChannel]:
    """A channel that sends; nothing comes in."""
    channel = channel_to(url, link=link, hosts=hosts)
    await channel.open()
    try:
        yield channel
    finally:
        await channel.close()


@asynccontextmanager
async def wired(there: StandIn, inbox: Inbox | None = None, *, webhook: bool = False) -> AsyncIterator[Wire]:
    """A channel that also takes in, by polling or behind a server of ours."""
    wire = Wire(there, channel_to(there.url, webhook=webhook), inbox or Inbox())
    server = Server(wire.channel.routes())
    if webhook:
        await server.start("127.0.0.1:0")
        wire.url = there.ways[PUBLIC] = f"http://127.0.0.1:{server.port}"
    await wire.channel.open()
    running = asyncio.create_task(wire.channel.run(wire.inbox.receive))
    try:
        yield wire
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await server.stop()
        await wire.channel.close()
