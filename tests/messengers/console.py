"""A terminal and the one person who sits at it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.channel import Abilities, Receive
from bot.channels.console import ConsoleChannel
from bot.model import Attachment, Message
from tests.messengers.client import PATIENCE, Keep, Makings, Screen, Shown, received
from tests.messengers.memory import UNNAMED

SITTER = "lan"
_FILE = re.compile(r"^→ (.+)$", re.MULTILINE)


class Terminal:
    """Lines that are typed and texts that are printed."""

    corrects = False

    def __init__(self, language: str) -> None:
        self.channel = ConsoleChannel(SITTER, language, self._next_line, self._print)
        self._lines: asyncio.Queue[str] = asyncio.Queue()
        self._all_read = asyncio.Event()
        self._screen = Screen()

    @property
    def name(self) -> str:
        return self.channel.name

    @property
    def abilities(self) -> Abilities:
        return self.channel.abilities

    def screen(self, chat: str) -> Screen:
        assert chat == SITTER, "one person sits at a terminal"
        return self._screen

    async def hold(self, name: str, content: bytes, keep: Keep) -> Attachment:
        return await keep(name or UNNAMED, content)

    async def carry(self, message: Message, receive: Receive) -> None:
        """Types it. What cannot be typed, a file, goes past the terminal, in its turn."""
        assert not message.press, "a terminal has no buttons"
        if message.attachments:
            await self.delivered()
            await receive([message])
        else:
            assert "\n" not in message.text, "a line typed is a message"
            self._all_read.clear()
            self._lines.put_nowait(f"{message.text}\n")

    async def delivered(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._all_read.wait()

    async def shown(self) -> None:
        """What is printed is seen."""

    async def _next_line(self) -> str:
        """The channel asks for a line once the one before is in the inbox."""
        if self._lines.empty():
            self._all_read.set()
        return await self._lines.get()

    def _print(self, text: str) -> None:
        self._screen.heard += 1
        self._screen.messages[str(self._screen.heard)] = Shown(
            text, [], [received(Path(path)) for path in _FILE.findall(text)]
        )


@asynccontextmanager
async def console(makings: Makings) -> AsyncIterator[Terminal]:
    yield Terminal("vi")
