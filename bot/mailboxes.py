"""Mailboxes: one message after the other for each person, on whatever channel; different people side by side.

A mailbox has two lanes: what is said to the bot, and beside that what may take long and touches no conversation.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

import structlog

from bot.errors import DatabaseTroubleError, frames
from bot.tasks import Tasks
from storage import inbox
from storage.database import Database, Result, Statement
from storage.inbox import Item

log = structlog.get_logger()

LOOK_AGAIN = 1.0  # seconds between looks for what others left: the clock may have been set, a process may have ended
SOON = 0.02  # seconds: whoever looks at once for ever does nothing else
REMEMBERED = 10_000  # rows taken in that another process may have done
LOOKED_AT = 200  # lanes, of which others may serve most
MOST = 32  # mailboxes that one of several processes takes on; the others are told of more
TOPIC = "inbox"  # the signal that a mailbox has something for whoever has time

Lane = tuple[int, bool]  # a mailbox; whether it is what goes beside its chats
Finish = Callable[[Item], Awaitable[bool]]
"""Does the turn of an item; False where it is left to others."""


class Mailboxes(Protocol):
    """Who does the turn of what, and when."""

    def deliver(self, items: Sequence[Item]) -> None:
        """Takes what this process put into the inbox."""

    async def recover(self) -> None:
        """Takes up what earlier processes left undone."""

    async def run(self) -> None:
        """Looks for what others leave, until it is cancelled."""

    def stop(self) -> None:
        """Begins no turn more: what is left stays in the inbox."""


class Lanes:
    """What all mailboxes share: whose turn it is in a lane."""

    def __init__(
        self, database: Database, finish: Finish, is_aside: Callable[[Item], bool], now: Callable[[], int], tasks: Tasks
    ) -> None:
        self._database = database
        self._finish = finish
        self._is_aside = is_aside
        self._now = now
        self._tasks = tasks
        self._stopping = asyncio.Event()
        self._suspects = {aside: asyncio.Lock() for aside in (False, True)}  # a long download holds up its like alone

    def lane(self, item: Item) -> Lane:
        return (item.mailbox or item.address_id, self._is_aside(item))

    def stop(self) -> None:
        self._stopping.set()

    async def turn(self, item: Item) -> bool:
        """Does one turn; False where it stays undone.

        What was begun before may have ended a process: only one such at a time, so that it alone counts.
        """
        try:
            if not item.taken_up:
                return await self._finish(item)
            async with self._suspects[self._is_aside(item)]:
                return await self._finish(item)
        except Exception as error:  # noqa: BLE001 the next message is served; the next start tries this again
            log.error("a turn stays undone", inbox=item.inbox_id, where=frames(error))
            return False

    async def rest(self, seconds: float) -> None:
        """Waits, unless the bot stops."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()


class OwnMailboxes(Lanes):
    """Where this process does all turns: what is delivered waits in memory, and in the inbox all the same."""

    def __init__(
        self, database: Database, finish: Finish, is_aside: Callable[[Item], bool], now: Callable[[], int], tasks: Tasks
    ) -> None:
        super().__init__(database, finish, is_aside, now, tasks)
        self._waiting: dict[Lane, deque[Item]] = {}

    def deliver(self, items: Sequence[Item]) -> None:
        for item in items:
            lane = self.lane(item)
            if (mailbox := self._waiting.get(lane)) is not None:
                mailbox.append(item)
            else:
                self._waiting[lane] = deque([item])
                self._tasks.start(self._work(lane))

    async def recover(self) -> None:
        items = await inbox.left_over(self._database)
        if items:
            log.info("taking up what was left", rows=len(items))
        self.deliver(items)

    async def run(self) -> None:
        await asyncio.Event().wait()

    def stop(self) -> None:
        super().stop()
        for mailbox in self._waiting.values():
            mailbox.clear()

    async def _work(self, lane: Lane) -> None:
        mailbox = self._waiting[lane]
        try:
            while mailbox:
                item = mailbox.popleft()
                if not await self._may_be_read(item):
                    break
                await self.turn(item)
        finally:
            del self._waiting[lane]

    async def _may_be_read(self, item: Item) -> bool:
        """Waits until an item may be read; False where the bot stops before."""
        while (left := item.due_at - self._now()) > 0 and not self._stopping.is_set():
            await self.rest(min(left / 1e6, LOOK_AGAIN))
        return not self._stopping.is_set()


class SharedMailboxes(Lanes):
    """Where several processes do turns: a lane is claimed by one of them, which takes its rows from the inbox in order.

    Who lets go of a lane looks once more for what has come meanwhile: whoever was refused the claim left it for them.
    """

    def __init__(
        self, database: Database, finish: Finish, is_aside: Callable[[Item], bool], now: Callable[[], int], tasks: Tasks
    ) -> None:
        super().__init__(database, finish, is_aside, now, tasks)
        self._serving: set[Lane] = set()
        self._again: set[Lane] = set()  # of those, where something came meanwhile
        self._own: dict[int, None] = {}  # inbox ids of what this process took in, and so begins for the first time
        self._refused: dict[Lane, float] = {}  # lanes that others serve, and when that was seen
        self._undone: set[int] = set()  # what this process cannot do: its next start or another one may
        self._wake = asyncio.Event()
        database.signals.listen(TOPIC, self._hear)

    def deliver(self, items: Sequence[Item]) -> None:
        for item in items:
            if item.taken_up is None:
                self._own[item.inbox_id] = None
        while len(self._own) > REMEMBERED:
            del self._own[next(iter(self._own))]
        for lane in dict.fromkeys(self.lane(item) for item in items):
            if not self._offer(lane):
                self._tasks.start(self._tell(lane))

    async def recover(self) -> None:
        await self._look()

    async def run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                await self._look()
            except DatabaseTroubleError as trouble:
                log.error("the inbox cannot be looked at", why=str(trouble))
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN):
                    await self._wake.wait()
            await self.rest(SOON)

    def stop(self) -> None:
        super().stop()
        self._wake.set()

    async def _look(self) -> None:
        """Takes on what nobody serves, as far as there is room."""
        if len(self._serving) >= MOST:
            return
        lately = asyncio.get_running_loop().time() - LOOK_AGAIN
        self._refused = {lane: at for lane, at in self._refused.items() if at > lately}
        for lane in await inbox.unserved(self._database, self._now(), LOOKED_AT):
            if lane not in self._refused and not self._offer(lane):
                break

    def _hear(self, payload: str) -> None:
        if payload:
            mailbox, _, aside = payload.partition(" ")
            self._offer((int(mailbox), bool(aside)))
        else:
            self._wake.set()

    async def _tell(self, lane: Lane) -> None:
        """Tells the others of a lane that this process has no room for."""
        with suppress(DatabaseTroubleError):  # they look by themselves, a little later
            await self._database.signals.tell(TOPIC, f"{lane[0]} aside" if lane[1] else str(lane[0]))

    def _offer(self, lane: Lane) -> bool:
        """Serves a lane if there is room; whether this process will see to it."""
        if lane in self._serving:
            self._again.add(lane)
            return True
        if self._stopping.is_set() or len(self._serving) >= MOST:
            return False
        self._serving.add(lane)
        self._tasks.start(self._serve(lane))
        return True

    async def _serve(self, lane: Lane) -> None:
        try:
            while not self._stopping.is_set() and await self._served(lane):
                pass
        except DatabaseTroubleError as trouble:
            log.error("a chat waits for the database", why=str(trouble))
        finally:
            self._serving.discard(lane)
            if len(self._serving) == MOST - 1:  # there is room again
                self._wake.set()

    async def _served(self, lane: Lane) -> bool:
        """Serves a lane under its claim; whether something has come since it was let go."""
        self._again.discard(lane)
        claims, claim = self._database.claims, -lane[0] if lane[1] else lane[0]
        rows = await claims.take_and_look(claim, self._due(lane, MOST))
        if rows is None:
            self._refused[lane] = asyncio.get_running_loop().time()
            return False  # whoever has it looks again when they let go
        try:
            for item in self._possible(rows):
                if self._stopping.is_set() or not claims.holds(claim):
                    break
                await self._do(item)
        except BaseException:
            await claims.let_go(claim)
            raise
        left = await claims.let_go_and_look(claim, self._due(lane, 1))
        return lane in self._again or bool(self._possible(left))

    def _due(self, lane: Lane, most: int) -> Statement:
        """What is due in a lane, and what this process cannot do besides."""
        return inbox.waiting(lane[0], self._now(), most + len(self._undone), is_aside=lane[1])

    def _possible(self, rows: Result) -> list[Item]:
        return [item for item in map(inbox.item, rows) if item.inbox_id not in self._undone]

    async def _do(self, item: Item) -> None:
        own = item.inbox_id in self._own
        if not await self.turn(replace(item, taken_up=None) if own else item):
            self._undone.add(item.inbox_id)
        self._own.pop(item.inbox_id, None)
