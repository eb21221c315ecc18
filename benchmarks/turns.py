"""Guided steps through the real engine, sender and database file, and bare echoes beside them."""

from __future__ import annotations

import asyncio
import itertools
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.app import Bot, build, running
from bot.feature import Command, Features
from bot.logs import set_up
from bot.model import Message, Reply
from bot.preparation import load_pack, open_database, prepare
from bot.turn import Turn
from handlers.acts.proposals import key_digest
from handlers.acts.rights import Right
from handlers.features import FEATURES
from tests.player import Messenger, settings_in

STEPS = ("", "Đồng ý", "18–22", "Bỏ qua", "Gửi")  # a text, then buttons


@dataclass(frozen=True, slots=True)
class Rate:
    """What a run gave: turns, seconds, seconds of the processors, hops to the database."""

    turns: int
    seconds: float
    busy: float
    hops: int

    @property
    def a_second(self) -> float:
        return self.turns / self.seconds

    @property
    def cost(self) -> float:
        """Seconds of the processors that a turn takes."""
        return self.busy / self.turns

    @property
    def hops_a_turn(self) -> float:
        return self.hops / self.turns


class Phones(Messenger):
    """A messenger whose people answer as soon as they are answered."""

    def __init__(self) -> None:
        super().__init__("phones", buttons=True)
        self.news: dict[str, asyncio.Event] = {}

    async def send(self, chat: str, reply: Reply, *, key: str) -> str:
        reference = await super().send(chat, reply, key=key)
        self.news.setdefault(chat, asyncio.Event()).set()
        return reference


async def echo(turn: Turn) -> None:
    turn.say("place.plain", unit=turn.argument)


ECHO: Features = replace(FEATURES, commands=(Command("echo", Right.TALK, echo),), idle=lambda *_: "echo")
Work = Callable[[Bot, Phones, str], Coroutine[Any, Any, int]]


async def guided(bot: Bot, phones: Phones, chat: str) -> int:
    """A whole conversation to a sent proposal; gives its turns."""
    for n, label in enumerate(STEPS):
        text = "" if label else "em muốn vay vốn mở quán thì hỏi ở đâu ạ"
        press = pressed(phones, chat, label) if label else ""
        await tell(bot, phones, Message("phones", chat, f"{chat}:{n}", text, press))
    return len(STEPS)


async def echoes(bot: Bot, phones: Phones, chat: str) -> int:
    """As many turns that only repeat what was said."""
    for n in range(len(STEPS)):
        await tell(bot, phones, Message("phones", chat, f"{chat}:{n}", "xin chào"))
    return len(STEPS)


async def tell(bot: Bot, phones: Phones, message: Message) -> None:
    """Sends a message and returns when something new is on the screen."""
    news = phones.news.setdefault(message.chat, asyncio.Event())
    news.clear()
    await bot.engine.receive([message])
    await news.wait()


def pressed(phones: Phones, chat: str, label: str) -> str:
    """The data of the newest button of that label."""
    shown = [button for one in phones.screen(chat).messages.values() for button in one.buttons]
    return next(button.data for button in reversed(shown) if label in button.label)


def stretching(times: int = 20) -> float:
    """Seconds of one processor that the key of a proposal takes, which is one in as many turns as there are STEPS."""
    begun = time.process_time()
    for _ in range(times):
        key_digest("ABCDEF", "salt")
    return (time.process_time() - begun) / times


async def measure(work: Work, features: Features, people: int, seconds: float) -> Rate:
    """Lets people do one piece of work after the other, side by side, for so many seconds."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_in(Path(folder), BOT_LOG__LEVEL="error")
        pack, words = load_pack(settings)
        database, phones = await open_database(settings), Phones()
        try:
            await prepare(database, settings, datetime.now(UTC))
            bot = build(settings, database, [phones], lambda: datetime.now(UTC), pack, words, features)
            async with running(bot):
                return await rate(work, bot, phones, people, seconds)
        finally:
            await database.close()


async def rate(work: Work, bot: Bot, phones: Phones, people: int, seconds: float) -> Rate:
    chats, begun, busy, hops = itertools.count(), time.perf_counter(), time.process_time(), bot.database.hops

    async def person() -> int:
        turns = 0
        while time.perf_counter() - begun < seconds:
            turns += await work(bot, phones, f"c{next(chats)}")
        return turns

    turns = sum(await asyncio.gather(*(person() for _ in range(people))))
    return Rate(turns, time.perf_counter() - begun, time.process_time() - busy, bot.database.hops - hops)


async def memory(conversations: int) -> int:
    """The resident memory in KB after so many conversations, ten side by side."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_in(Path(folder))
        pack, words = load_pack(settings)
        database, phones = await open_database(settings), Phones()
        await prepare(database, settings, datetime.now(UTC))
        bot = build(settings, database, [phones], lambda: datetime.now(UTC), pack, words)
        async with running(bot):
            for first in range(0, conversations, 10):
                await asyncio.gather(*(guided(bot, phones, f"c{first + n}") for n in range(10)))
            status = Path("/proc/self/status").read_text()
        await database.close()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


if __name__ == "__main__":
    set_up("error", "console")
    print(asyncio.run(memory(int(sys.argv[1]))))
