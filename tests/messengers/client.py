"""What a script needs of a messenger."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.channel import Abilities, Channel, Receive
from bot.config import Settings
from bot.model import Attachment, Button, Message, OutgoingFile
from bot.texts import Texts
from storage.database import Database

PATIENCE = 20.0  # seconds until what was done must have arrived

Keep = Callable[[str, bytes], Awaitable[Attachment]]
"""Puts a photo of that name into the bot's file store."""


@dataclass
class Shown:
    """A message on somebody's screen."""

    text: str
    buttons: list[Button]
    files: list[OutgoingFile]


@dataclass
class Screen:
    """What one person sees, by the messenger's reference, in order; `heard` counts everything that arrived."""

    messages: dict[str, Shown] = field(default_factory=dict)
    heard: int = 0

    @property
    def last(self) -> Shown:
        return list(self.messages.values())[-1]


def received(path: Path) -> OutgoingFile:
    """A file that arrived and lies there under the name that was shown."""
    return OutgoingFile(path, path.name, "")


class Client(Protocol):
    """One messenger with all its people, each known by the name of their chat in the script.

    `corrects` says that people can change there what they have written.
    """

    corrects: bool

    @property
    def channel(self) -> Channel:
        """What the bot talks to it by."""

    @property
    def name(self) -> str: ...

    @property
    def abilities(self) -> Abilities: ...

    def screen(self, chat: str) -> Screen: ...

    async def hold(self, name: str, content: bytes, keep: Keep) -> Attachment:
        """A photo that can be sent from here: as a file of that name, or as one of an album where the name is empty."""

    async def carry(self, message: Message, receive: Receive) -> None:
        """Does here what the message says; `receive` takes in what the messenger has no way for."""

    async def delivered(self) -> None:
        """Returns when everything that was done has reached the bot's inbox."""

    async def shown(self) -> None:
        """Returns when everything that was sent is on the screens."""


@dataclass(frozen=True)
class Makings:
    """What a messenger is made from."""

    folder: Path
    settings: Settings
    database: Database
    words: Texts
    clock: Callable[[], datetime]


Join = Callable[[Makings], AbstractAsyncContextManager[Client]]
"""Opens a messenger; its channel is the bot's until the block ends."""
