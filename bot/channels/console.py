"""The terminal as a messenger: no buttons, no edits, no files. It proves that features need none of them."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import sys
from collections.abc import AsyncGenerator, Sequence
from threading import Thread

from bot.channel import Abilities, Budget, Command, Receive
from bot.errors import RefusedError
from bot.model import Message, Reply, plain


class ConsoleChannel:
    """One chat: a line typed is a message."""

    name = "console"
    abilities = Abilities(buttons=False, edits=False, files_out=False, text_limit=100_000)
    budget = Budget()

    def __init__(self, chat: str, language: str) -> None:
        self.chat, self.language = chat, language
        self._ids = map(f"{secrets.token_hex(8)}:{{}}".format, itertools.count())

    async def run(self, receive: Receive) -> None:
        """Says /start, then what is typed, until the end of the input."""
        lines: asyncio.Queue[str] = asyncio.Queue()
        Thread(target=read_lines, args=(asyncio.get_running_loop(), lines), daemon=True).start()
        line = "/start"
        while line:
            if line.strip():
                text = line.rstrip("\n")
                await receive([Message(self.name, self.chat, next(self._ids), text, language=self.language)])
            line = await lines.get()

    async def send(self, chat: str, reply: Reply, *, key: str) -> str:
        """Prints a reply; of a file it says where it lies."""
        files = "".join(f"\n→ {file.path}" for file in reply.files)
        print(f"\n{plain(reply.text)}{files}\n", flush=True)
        return key

    async def edit(self, chat: str, reference: str, reply: Reply) -> None:
        """Nothing printed can be changed; the sender knows and never asks."""

    async def strip(self, chat: str, reference: str) -> None:
        """There are no buttons."""

    async def acknowledge(self, message: Message, notice: str) -> None:
        """There are no presses."""

    async def fetch(self, reference: str) -> AsyncGenerator[bytes, None]:
        """Nothing can be attached in a terminal."""
        raise RefusedError
        yield b""

    async def offer(self, chat: str, commands: Sequence[Command]) -> None:
        """There is no place for a menu."""


def read_lines(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str]) -> None:
    """Gives each line typed, and "" at the end. Unbuffered: a thread inside sys.stdin would hold up the exit."""
    with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as raw:
        for line in raw:
            loop.call_soon_threadsafe(lines.put_nowait, line.decode("utf-8", "replace"))
    loop.call_soon_threadsafe(lines.put_nowait, "")
