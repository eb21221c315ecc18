"""The terminal as a messenger: no buttons, no edits, no files. It proves that features need none of them."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import sys

from bot.channel import Abilities, Budget, Receive
from bot.model import Message, Reply, plain


class ConsoleChannel:
    """One chat: a line typed is a message."""

    name = "console"
    abilities = Abilities(buttons=False, edits=False, files_out=False, text_limit=100_000)
    budget = Budget()

    def __init__(self, chat: str, language: str) -> None:
        self.chat = chat
        self.language = language
        self._ids = itertools.count()
        self._session = secrets.token_hex(8)

    async def run(self, receive: Receive) -> None:
        """Reads lines until the end of the input."""
        await self._say("/start", receive)
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.strip():
                await self._say(line.rstrip("\n"), receive)

    async def _say(self, text: str, receive: Receive) -> None:
        number = f"{self._session}:{next(self._ids)}"
        await receive([Message(self.name, self.chat, number, text=text, language=self.language)])

    async def send(self, chat: str, reply: Reply, *, key: str) -> str:
        """Prints a reply; of a file it says where it lies."""
        files = "".join(f"\n→ {file.path}" for file in reply.files)
        print(f"\n{plain(reply.text)}{files}\n", flush=True)
        return key

    async def edit(self, chat: str, reference: str, reply: Reply) -> None:
        """Nothing printed can be changed; the sender knows and never asks."""

    async def strip(self, chat: str, reference: str) -> None:
        """There are no buttons."""

    async def acknowledge(self, message: Message) -> None:
        """There are no presses."""
