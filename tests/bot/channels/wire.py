"""A Telegram channel on a loopback wire: the stand-in for the Bot API at one end, an inbox in memory at the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.channel import Budget, Command
from bot.channels.telegram import Access, TelegramChannel
from bot.channels.telegram_profile import Profile
from bot.errors import DatabaseTroubleError
from bot.model import Message
from bot.server import Server
from tests.telegram.phone import Phone
from tests.telegram.server import TOKEN, StandIn

PUBLIC = "https://bot.example.org"
SECRET = "only-telegram-knows"
COMMANDS = [Command("gopy", "Gửi ý kiến"), Command("trogiup", "Trợ giúp")]
PROFILES = {
    "vi": Profile("Thanh niên nói", "Nói với tỉnh", "Hai phút thôi.", COMMANDS, COMMANDS[1:]),
    "en": Profile("Youth speaks", "Tell the province", "Two minutes.", [Command("propose", "Send an idea")], []),
}


@dataclass
class Inbox:
    """What was committed; `troubles` is how many times the database cannot work first."""

    messages: list[Message] = field(default_factory=list)
    troubles: int = 0
    came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def receive(self, messages: Sequence[Message]) -> None:
        if self.troubles:
            self.troubles -= 1
            raise DatabaseTroubleError("full")
        async with self.came:
            self.messages += messages
            self.came.notify_all()

    async def holds(self, count: int) -> list[Message]:
        """What came, once there is so much of it."""
        async with asyncio.timeout(20), self.came:
            await self.came.wait_for(lambda: len(self.messages) >= count)
        return self.messages

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages]


@dataclass
class Wire:
    """The stand-in, the channel and what came through it."""

    there: StandIn
    channel: TelegramChannel
    inbox: Inbox
    url: str = ""  # of our server, where there is one

    def phone(self, number: int = 1001) -> Phone:
        return Phone(self.there.world, number)


def channel_to(there: StandIn, *, webhook: bool = False, token: str = TOKEN, proxy: str = "") -> TelegramChannel:
    access = Access(token, there.url, proxy, f"{PUBLIC}/hook" if webhook else "", SECRET if webhook else "")
    return TelegramChannel(access, PROFILES, Budget())


@asynccontextmanager
async def opened(there: StandIn, proxy: str = "") -> AsyncIterator[TelegramChannel]:
    """A channel that sends; nothing comes in."""
    channel = channel_to(there, proxy=proxy)
    await channel.open()
    try:
        yield channel
    finally:
        await channel.close()


@asynccontextmanager
async def wired(there: StandIn, inbox: Inbox | None = None, *, webhook: bool = False) -> AsyncIterator[Wire]:
    """A channel that also takes in, by polling or behind a server of ours."""
    wire = Wire(there, channel_to(there, webhook=webhook), inbox or Inbox())
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
