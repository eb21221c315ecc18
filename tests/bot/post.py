"""A sender with its outbox and one messenger that does as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.channel import Abilities, Budget, Command, Receive
from bot.errors import RefusedError
from bot.model import Json, Message, Reply, plain
from bot.sender import Quiet, Sender
from bot.texts import Texts
from storage import addresses, claims, outbox
from storage.database import Statement, micros, moment
from storage.migrate import migrate
from storage.outbox import Outgoing
from storage.sqlite import SqliteDatabase
from tests.player import Moving

TEXTS = Texts(
    {
        "vi": {
            "t": "{text}",
            "b": "{text}",
            "list.how": "Gõ số.",
            "list.more": "Gõ số, “tiếp”.",
            "list.code": "{label}: {code}",
        }
    }
)


@dataclass
class Line:
    """A messenger that notes what it is told and fails as often as it is told to, before it delivers."""

    abilities: Abilities = field(default_factory=lambda: Abilities(True, True, True, 4096))
    budget: Budget = field(default_factory=Budget)
    name: str = "line"
    runs_alone: bool = False
    troubles: list[Exception | None] = field(default_factory=list)
    edit_troubles: list[Exception] = field(default_factory=list)
    done: list[tuple[str, str]] = field(default_factory=list)  # what happened to which text, in order
    times: list[tuple[str, float]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    pause: float = 0
    told: asyncio.Event = field(default_factory=asyncio.Event)
    last: Reply | None = None

    async def run(self, receive: Receive) -> None:
        """Nothing comes in."""

    async def send(self, chat: str, reply: Reply, *, key: str) -> str:
        await asyncio.sleep(self.pause)
        if trouble := self.troubles.pop(0) if self.troubles else None:
            raise trouble
        self.times.append((chat, asyncio.get_running_loop().time()))
        self.keys.append(key)
        self.last = reply
        self.told.set()
        self.done.append(("send", plain(reply.text)))
        return f"ref-{len(self.done)}"

    async def edit(self, chat: str, reference: str, reply: Reply) -> None:
        if self.edit_troubles:
            raise self.edit_troubles.pop(0)
        self.done.append((f"edit {reference}", plain(reply.text)))

    async def strip(self, chat: str, reference: str) -> None:
        self.done.append((f"strip {reference}", ""))

    async def acknowledge(self, message: Message, notice: str) -> None:
        """Nobody waits for it."""

    async def fetch(self, reference: str) -> AsyncGenerator[bytes, None]:
        """Nothing was sent."""
        raise RefusedError
        yield b""

    async def offer(self, chat: str, commands: Sequence[Command]) -> None:
        """There is no menu."""

    @property
    def sent(self) -> list[str]:
        return [text for what, text in self.done if what == "send"]


@dataclass
class Post:
    """A sender, its outbox and its only messenger."""

    database: SqliteDatabase
    line: Line
    clock: Moving
    sender: Sender

    async def chat(self, name: str = "c1") -> int:
        await self.database.write([addresses.seen("line", name, "vi", micros(self.clock()), wrote=True)])
        self.clock.forward(seconds=1)
        [rows] = await self.database.read(Statement("SELECT id FROM addresses WHERE chat = :c", {"c": name}))
        return int(rows[0]["id"])

    async def say(self, address: int, *texts: str, cause: str = "", hand: bool = True, **more: Json) -> None:
        """One turn that says something, and hands what came leased to the sender."""
        cause = cause or f"turn:{texts[0]}"
        now = micros(self.clock())
        given = {"buttons": more.pop("buttons", []), "files": []}
        rows = [
            Outgoing(address, n, {"text": [{"$": "t", "text": text}], **given}, **more) for n, text in enumerate(texts)
        ]
        unit = [part for row in rows for part in outbox.add(cause, row, self.sender.boot, now)]
        results = await self.database.write([*unit, claims.of_cause(cause, self.sender.boot)])
        if hand:
            self.sender.hand(claims.rows_of(results))

    async def settle(self) -> None:
        """Waits, with the clock going on as far as it takes, until nothing is unsent."""
        while True:
            await self.sender.idle()
            await self.sender.claim()
            if self.sender.busy:
                continue
            due = await claims.next_due(self.database)
            if due is None:
                return
            self.clock.now = max(self.clock.now, moment(due))

    async def states(self) -> list[str]:
        [rows] = await self.database.read(Statement("SELECT status FROM outbox ORDER BY id"))
        return [row["status"] for row in rows]


@asynccontextmanager
async def post(
    folder: Path, line: Line, clock: Moving | None = None, boot: str = "boot", quiet: Quiet = lambda moment: None
) -> AsyncIterator[Post]:
    clock = clock or Moving()
    database = await SqliteDatabase.open(folder / "bot.db")
    await migrate(database, now=0)
    try:
        yield Post(database, line, clock, Sender(database, {"line": line}, TEXTS, boot, clock, quiet))
    finally:
        await database.close()
