"""Messengers in memory, for scripts that need speed."""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, Sequence

from bot.channel import Abilities, Budget, Command, Receive
from bot.errors import RefusedError
from bot.model import Attachment, Message, Reply, plain
from tests.messengers.client import Keep, Screen, Shown

UNNAMED = "anh.jpg"


class Messenger:
    """A messenger and its channel in one. With buttons it also edits, like Telegram; without it does neither."""

    corrects = True

    def __init__(self, name: str, *, buttons: bool) -> None:
        self.name = name
        self.abilities = Abilities(buttons=buttons, edits=buttons, files_out=True, text_limit=4096)
        self.budget = Budget()
        self.runs_alone = False
        self.screens: dict[str, Screen] = {}
        self._ids = itertools.count(1)

    # -- for people

    @property
    def channel(self) -> Messenger:
        return self

    def screen(self, chat: str) -> Screen:
        return self.screens.setdefault(chat, Screen())

    async def hold(self, name: str, content: bytes, keep: Keep) -> Attachment:
        return await keep(name or UNNAMED, content)

    async def carry(self, message: Message, receive: Receive) -> None:
        await receive([message])

    async def delivered(self) -> None:
        """Nothing is ever under way."""

    async def shown(self) -> None:
        """Nothing is ever under way."""

    # -- for the bot

    async def run(self, receive: Receive) -> None:
        """Nothing comes in by itself."""

    async def send(self, chat: str, reply: Reply, *, key: str) -> str:
        reference = str(next(self._ids))
        screen = self.screen(chat)
        screen.messages[reference] = as_shown(reply)
        screen.heard += 1
        return reference

    async def edit(self, chat: str, reference: str, reply: Reply) -> None:
        screen = self.screen(chat)
        if reference not in screen.messages:
            raise RefusedError
        screen.messages[reference] = as_shown(reply)
        screen.heard += 1

    async def strip(self, chat: str, reference: str) -> None:
        self.screen(chat).messages[reference].buttons.clear()

    async def acknowledge(self, message: Message, notice: str) -> None:
        """Nobody waits for it."""

    async def fetch(self, reference: str) -> AsyncGenerator[bytes, None]:
        """Every file is in the store already."""
        raise RefusedError
        yield b""

    async def offer(self, chat: str, commands: Sequence[Command]) -> None:
        """There is no menu."""


def as_shown(reply: Reply) -> Shown:
    return Shown(plain(reply.text), [button for row in reply.buttons for button in row], list(reply.files))
