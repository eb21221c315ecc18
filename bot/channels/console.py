"""The terminal as a messenger: no buttons, no edits, no files. It proves that features need none of them."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from threading import Thread

from bot.channel import Abilities, Budget, Command, Receive
from bot.errors import RefusedError
from bot.model import Message, Reply, plain


class ConsoleChannel:
    """One chat: a line typed is a message.

    `read_line` gives the next line, "" at the end; `show` is told what to put on the screen. Both are the terminal's
    own unless they are given.
    """

    name = "console"
    abilities = Abilities(buttons=False, edits=False, files_out=False, text_limit=100_000, files_in=False)
    budget = Budget()
    runs_alone = False

    def __init__(
        self,
        chat: str,
        language: str,
        read_line: Callable[[], Awaitable[str]] | None = None,
        show: Callable[[str], None] | None = None,
    ) -> None:
        self.chat, self.language = chat, language
        self._read_line, self._show = read_line, show or put_out
        self._ids = map(f"{secrets.token_hex(8)}:{{}}".format, itertools.count())

    async def run(self, receive: Receive) -> None:
        """Says /start, then what is typed, until the end of the input."""
        read_line = self._read_line or keyboard()
        line = "/start"
        while line:
            if line.strip():
                text = line.rstrip("\n")
                await receive([Message(self.name, self.chat, next(self._ids), text, language=self.language)])
            line = await read_line()

    async def send(self, chat: str, reply: Reply, *, key: str) -> str:
        """Prints a reply; of a file it says where it lies."""
        files = "".join(f"\n→ {file.path}" for file in reply.files)
        self._show(f"{plain(reply.text)}{files}")
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


def put_out(text: str) -> None:
    """Prints a text, set off by empty lines."""
    print(f"\n{text}\n", flush=True)


def keyboard() -> Callable[[], Awaitable[str]]:
    """What is typed from now on, line by line."""
    lines: asyncio.Queue[str] = asyncio.Queue()
    Thread(target=read_lines, args=(asyncio.get_running_loop(), lines), daemon=True).start()
    return lines.get


def read_lines(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str]) -> None:
    """Gives each line typed, and "" at the end. Unbuffered: a thread inside sys.stdin would hold up the exit."""
    with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as raw:
        for line in raw:
            loop.call_soon_threadsafe(lines.put_nowait, line.decode("utf-8", "replace"))
    loop.call_soon_threadsafe(lines.put_nowait, "")
