"""What the server knows: people, chats, messages, files and events that wait. Plain state, no HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

EXPIRES = 3600.0  # seconds that the address of a file is good for


@dataclass(slots=True)
class Shown:
    """A message in a chat: a text, or a photo with its caption."""

    id: str
    by_bot: bool
    text: str = ""
    photo: str = ""
    content: bytes = b""  # of the photo, as it was at its address


@dataclass(slots=True)
class File:
    """A file on the servers for pictures and voice messages, until its address expires."""

    content: bytes
    media_type: str
    until: float


@dataclass
class Limits:
    """So many messages in `seconds`, over all chats. `refused` counts those that were too many."""

    most: int
    seconds: float = 1.0
    retry_after: int = 0  # what the refusal says, 0: nothing
    refused: int = 0
    _sent: list[float] = field(default_factory=list)

    def has_room(self, now: float) -> bool:
        """Counts one message, unless it is one too many."""
        self._sent = [at for at in self._sent if at > now - self.seconds]
        if len(self._sent) >= self.most:
            self.refused += 1
            return False
        self._sent.append(now)
        return True


class Events:
    """What waits for the bot. There is no offset: what was given is gone."""

    def __init__(self) -> None:
        self.waiting: list[Json] = []
        self.made: list[Json] = []
        self.handed = False  # one was given by polling, and nothing was asked for since
        self._news = asyncio.Event()

    def put(self, event: Json) -> None:
        self.made.append(event)
        self.waiting.append(event)
        self._news.set()

    def take(self) -> Json | None:
        """The next one, given away for good."""
        self.handed = bool(self.waiting)
        return self.waiting.pop(0) if self.waiting else None

    def asked(self) -> None:
        """The bot asks for the next one: it has what it was given."""
        self.handed = False
        self._news.set()

    def posted(self, event: Json) -> None:
        """The webhook took this very event."""
        self.waiting = [one for one in self.waiting if one is not event]
        self._news.set()

    async def changed(self, seconds: float) -> None:
        """Returns when something happened to what waits, or after so many seconds."""
        self._news.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return

    async def emptied(self, seconds: float = 5.0) -> None:
        """Returns when the bot has taken everything, and committed it as far as can be seen."""
        async with asyncio.timeout(seconds):
            while self.waiting or self.handed:
                await self.changed(seconds)

    def wake(self) -> None:
        self._news.set()


@dataclass
class Webhook:
    """What setWebhook said. `bare` lets events come without the answer around them; `troubles` are posts not taken."""

    url: str = ""
    secret: str = ""
    updated_at: int = 0
    bare: bool = False
    troubles: list[str] = field(default_factory=list)


class World:
    """Everything behind one bot token."""

    def __init__(self, *, limits: Limits | None = None, clock: Callable[[], float] = time.time) -> None:
        self.bot: Json = {"id": digest("bot"), "account_name": "bot.thanhnien", "account_type": "BASIC",
                          "can_join_groups": False}  # fmt: skip
        self.limits = limits
        self.clock = clock
        self.closing = False
        self.events = Events()
        self.webhook = Webhook()
        self.chats: dict[str, list[Shown]] = {}
        self.blocked: set[str] = set()
        self.files: dict[str, File] = {}
        self.calls: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self._numbers = itertools.count(1)
        self._changes: list[asyncio.Future[None]] = []

    def new_id(self) -> str:
        """An id as messages have it: twenty hex digits that do not count up."""
        return digest(f"message {next(self._numbers)}")

    def millis(self) -> int:
        return int(self.clock() * 1000)

    def keep(self, content: bytes, media_type: str, ending: str) -> str:
        """Puts a file on the servers; gives the path of its address."""
        path = f"/cdn/{digest(f'file {next(self._numbers)}')}{ending}"
        self.files[path] = File(content, media_type, self.clock() + EXPIRES)
        return path

    def expire_files(self) -> None:
        """No address of a file so far leads anywhere any more."""
        for file in self.files.values():
            file.until = 0

    def add(self, chat: str, shown: Shown) -> str:
        self.chats.setdefault(chat, []).append(shown)
        self.change()
        return shown.id

    def by_bot(self) -> int:
        """How many messages of the bot arrived anywhere."""
        return sum(one.by_bot for chat in self.chats.values() for one in chat)

    async def changed(self) -> None:
        """Waits until the bot does something that somebody can see."""
        future = asyncio.get_running_loop().create_future()
        self._changes.append(future)
        await future

    def change(self) -> None:
        waiting, self._changes = self._changes, []
        for future in waiting:
            if not future.done():
                future.set_result(None)


def digest(what: str) -> str:
    """An id: twenty hex digits."""
    return hashlib.sha256(what.encode()).hexdigest()[:20]
