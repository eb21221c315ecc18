"""The web chat as many use it at once, and as one does over a slow line with a slow phone."""

from __future__ import annotations

import asyncio
import gc
import json
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, FormData, TCPConnector, WSMsgType
from playwright.async_api import expect

from bot.model import Json
from tests.chromium import chromium
from tests.crash.process import BotProcess

CHATS, FEW = 1000, 100
ASKING = 10  # of them at once
ASKS = 1500
LATENCY, BYTES_A_SECOND, SLOWER = 400, 50_000, 4  # milliseconds, 400 kbit/s, times: a phone of 2021 on a slow 3G
PROMISED = 3.0  # seconds to the first question
MOST = 60_000  # bytes of the page


@dataclass(frozen=True)
class Crowd:
    """What many open chats take: kilobytes of the process each, and seconds until an answer."""

    kilobytes: float
    median: float
    worst: float  # the 99th percentile


@dataclass(frozen=True)
class FirstTime:
    """The first visit: seconds until the first question, and bytes over the line."""

    seconds: float
    bytes: int


class Chat:
    """One browser with the page open, which waits for what comes."""

    def __init__(self, url: str, connector: TCPConnector) -> None:
        self.url = url
        self.asked = 0
        self.session = ClientSession(
            url, cookie_jar=CookieJar(unsafe=True), connector=connector, connector_owner=False, headers={"Origin": url}
        )
        self.socket: ClientWebSocketResponse | None = None

    async def open(self) -> None:
        async with self.session.get("/") as response:
            response.raise_for_status()
        self.socket = await self.session.ws_connect("/chat?after=0")
        await self.until(lambda frame: "standing" in frame)

    async def ask(self) -> float:
        """Says something and waits for the bot; gives the seconds."""
        self.asked += 1
        form = FormData(default_to_multipart=True)
        form.add_field("id", f"message-{self.asked}")
        form.add_field("text", "xin chào")
        begun = time.perf_counter()
        async with self.session.post("/chat/messages", data=form) as response:
            response.raise_for_status()
        await self.until(lambda frame: any(one["side"] == "bot" for one in frame.get("messages", ())))
        return time.perf_counter() - begun

    async def until(self, fits: Callable[[Json], bool]) -> None:
        assert self.socket is not None
        async with asyncio.timeout(30):
            while True:
                message = await self.socket.receive()
                if message.type is not WSMsgType.TEXT:
                    raise ConnectionError(message.type)
                if fits(json.loads(message.data)):
                    return

    async def close(self) -> None:
        with suppress(ConnectionError):
            if self.socket:
                await self.socket.close()
        await self.session.close()


async def crowd(chats: int = CHATS) -> Crowd:
    """Opens chats against a bot in a process of its own, and has some of them ask at once."""
    with tempfile.TemporaryDirectory() as folder:
        bot = BotProcess(Path(folder), {"BOT_INBOX__MESSAGES_PER_MINUTE": "0"})
        await bot.start()
        await bot.answers()
        connector = TCPConnector(limit=0)
        people = [Chat(bot.url, connector) for _ in range(chats)]
        try:
            await people[0].open()
            await people[0].ask()
            before = resident(bot)
            for first in range(1, chats, 50):
                await asyncio.gather(*(one.open() for one in people[first : first + 50]))
            kilobytes = (resident(bot) - before) / chats
            waits = await asked(people)
        finally:
            await asyncio.gather(*(one.close() for one in people))
            await connector.close()
            await bot.end(signal.SIGTERM)
    ordered = sorted(waits)
    return Crowd(kilobytes, statistics.median(ordered), ordered[int(0.99 * len(ordered))])


async def asked(people: list[Chat]) -> list[float]:
    """Has ten people ask at a time, everybody in turn, while all others listen."""
    gc.collect()
    waits: list[float] = []
    for first in range(0, ASKS, ASKING):
        some = [people[(first + n) % len(people)] for n in range(ASKING)]
        waits += await asyncio.gather(*(one.ask() for one in some))
    return waits


def resident(bot: BotProcess) -> int:
    """Kilobytes of memory that a bot holds."""
    pid = bot.process.pid if bot.process else 0
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise LookupError(pid)


async def first_time(latency: int = LATENCY, speed: int = BYTES_A_SECOND, slower: int = SLOWER) -> FirstTime:
    """Opens the page for the first time, over that line and with a processor so many times slower than this one."""
    with tempfile.TemporaryDirectory() as folder:
        bot = BotProcess(Path(folder))
        await bot.start()
        await bot.answers()
        try:
            async with chromium() as browser:
                context = await browser.new_context(locale="vi-VN", viewport={"width": 390, "height": 844})
                page = await context.new_page()
                line = await context.new_cdp_session(page)
                await line.send("Network.enable")
                await line.send(
                    "Network.emulateNetworkConditions",
                    {"offline": False, "latency": latency, "downloadThroughput": speed, "uploadThroughput": speed},
                )
                await line.send("Emulation.setCPUThrottlingRate", {"rate": slower})
                sizes: list[int] = []
                line.on("Network.loadingFinished", lambda event: sizes.append(round(event["encodedDataLength"])))
                begun = time.perf_counter()
                await page.goto(bot.url, wait_until="commit")
                await expect(page.locator(".current button").first).to_be_visible(timeout=60_000)
                seconds = time.perf_counter() - begun
                await page.wait_for_timeout(3000)
                await context.close()
                return FirstTime(seconds, sum(sizes))
        finally:
            await bot.end(signal.SIGTERM)


async def lines() -> list[tuple[str, str]]:
    """What is printed of both."""
    many, few = await crowd(), await crowd(FEW)
    slow, fast = await first_time(), await first_time(0, -1, 1)
    return [
        (f"web chats open at once: {CHATS}", f"{many.kilobytes:8.0f} KB each"),
        ("  answers, median and 99th percentile", f"{1000 * many.median:8.0f} ms, {1000 * many.worst:.0f} ms"),
        ("  99th percentile to that with 100 open", f"{many.worst / few.worst:8.2f}"),
        ("the page over the line, all of it", f"{slow.bytes:8d} bytes"),
        ("  to the 60,000 it may weigh", f"{slow.bytes / MOST:8.2f}"),
        ("first question: slow 3G, processor four times slower", f"{slow.seconds:8.2f} s"),
        ("  to the 3 seconds it may take", f"{slow.seconds / PROMISED:8.2f}"),
        ("  to the same over a fast line", f"{slow.seconds / fast.seconds:8.2f}"),
    ]


if __name__ == "__main__":
    for what, figure in asyncio.run(lines()):
        sys.stdout.write(f"{what:54}{figure}\n")
