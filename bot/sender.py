"""From the outbox to the messengers: in order for each chat, within the budget, marked when taken."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import chain, repeat

import structlog

from bot import outgoing
from bot.budget import Purse
from bot.channel import Channel
from bot.engine import frames
from bot.errors import (
    DatabaseTroubleError,
    DeliveryError,
    MovedError,
    NotSentError,
    RefusedError,
    StorageError,
    TooFastError,
    UnreachableError,
    UnsureError,
)
from bot.lists import Lists
from bot.pieces import split
from bot.tasks import Tasks
from bot.texts import Texts
from storage import addresses, outbox, quota
from storage.database import Database, Statement, micros

log = structlog.get_logger()

LEASE = outbox.LEASE / 1e6
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
TRIES = 25  # ten minutes of pauses; then the row is failed and the chat's next one may go
MARKING = (0.2, 1.0, 5.0)  # seconds between tries to mark while the database cannot work
REMEMBERED = 1000  # slots
LOOK = 5.0  # seconds between looks at what was left behind


class Sender:
    """Sends what was claimed. What a turn says comes in by `hand`; the rest is claimed when due."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        texts: Texts,
        boot: str,
        clock: Callable[[], datetime],
    ) -> None:
        self.database = database
        self.channels = channels
        self.texts = texts
        self.boot = boot
        self.clock = clock
        self._lists = Lists(database, texts, clock)
        self._purses = {name: Purse(channel.budget) for name, channel in channels.items()}
        self._queues: dict[int, deque[outbox.Claimed]] = {}
        self._shown: dict[tuple[int, str], outbox.Shown] = {}  # sent by this process, perhaps not yet marked
        self._through: dict[int, int] = {}  # rows of which some pieces have arrived, and how many
        self._in_hand: set[int] = set()  # rows; a lease may end while its row waits behind others
        self._held: set[int] = set()  # chats whose oldest row was put back: what follows must not overtake it
        self._more: set[int] = set()  # chats of which something waits behind what is in hand
        self._tasks = Tasks()
        self._wake = asyncio.Event()
        self._claiming = asyncio.Lock()
        self._stopping = False

    def hand(self, rows: Sequence[outbox.Claimed], more: bool = False) -> None:
        """Takes rows that are leased to this process; `more` says that others of theirs wait to be claimed."""
        for row in rows:
            if self._stopping or row.id in self._in_hand:
                continue
            self._in_hand.add(row.id)
            queue = self._queues.get(row.address_id)
            if queue is not None:
                queue.append(row)
                continue
            self._queues[row.address_id] = deque([row])
            self._tasks.start(self._drain(row.address_id))
        self._more.update(row.address_id for row in rows if more)
        if more:
            self._wake.set()

    async def run(self) -> None:
        """Claims what is due until it is cancelled."""
        while True:
            self._wake.clear()
            pause = LOOK
            try:
                pause = await self.claim()
            except DatabaseTroubleError as trouble:
                log.error("the sender cannot read the outbox", why=str(trouble))
            try:
                async with asyncio.timeout(pause):  # wait_for would swallow a cancellation that meets the wake
                    await self._wake.wait()
                await asyncio.sleep(0)  # what was handed over is under way before more is claimed
            except TimeoutError:
                continue

    async def claim(self) -> float:
        """Claims what is due now; gives the seconds until something else may be."""
        async with self._claiming:
            return await self._claim()

    async def _claim(self) -> float:
        due = await outbox.next_due(self.database)
        now = micros(self.clock())
        if due is None or due > now or self._stopping:
            return LOOK if due is None else min(LOOK, (due - now) / 1e6)
        rows = await outbox.claim(self.database, self.boot, now)
        self._held -= {row.address_id for row in rows}
        self.hand([row for row in rows if row.channel in self.channels], more=True)
        return 0.05 if rows else 0.5

    @property
    def busy(self) -> bool:
        """Whether anything is in hand."""
        return self._tasks.busy

    async def idle(self) -> None:
        """Returns when nothing is in hand."""
        await self._tasks.idle()

    async def stop(self, seconds: float) -> None:
        """Sends what is leased, as far as the time allows; the rest stays in the outbox."""
        self._stopping = True
        await self._tasks.finish(seconds)

    # -- one chat

    async def _drain(self, address_id: int) -> None:
        queue = self._queues[address_id]
        try:
            while queue:
                if address_id in self._held:
                    await self._put_back(queue)
                else:
                    await self._finish(queue[0])
                    self._in_hand.discard(queue.popleft().id)
        except StorageError as error:
            log.error("what became of a message is not written down", address=address_id, why=type(error).__name__)
        finally:
            self._in_hand -= {row.id for row in queue}
            del self._queues[address_id]
            if address_id in self._held | self._more:
                self._more.discard(address_id)
                self._wake.set()

    async def _put_back(self, queue: deque[outbox.Claimed]) -> None:
        """Leaves what waits to be claimed again, in its order."""
        rows, now = list(queue), micros(self.clock())
        await self._mark([outbox.release(row.id, now) for row in rows])
        for row in rows:
            queue.popleft()
            self._in_hand.discard(row.id)

    async def _finish(self, row: outbox.Claimed) -> None:
        """Sends one row and marks what became of it."""
        allowance = self.channels[row.channel].abilities.proactive
        if await quota.must_wait(self.database, row, allowance, micros(self.clock())):
            return None
        wait = await self._wait(row, LEASE / 2)
        if wait:
            self._held.add(row.address_id)
            return await self._mark([outbox.release(row.id, micros(self.clock()) + int(wait * 1e6))])
        try:
            reference = await self._send(self.channels[row.channel], row)
        except Exception as error:  # noqa: BLE001 a channel's own mistake must not silence the chat
            after = self._after(row, error)
            if row.address_id not in self._held:  # it is given up
                self._through.pop(row.id, None)
            return await self._mark(after)
        now = micros(self.clock())
        if row.slot:
            self._remember(row, outbox.Shown(reference, now))
        return await self._mark([outbox.sent(row.id, reference, now)])

    async def _wait(self, row: outbox.Claimed, patience: float) -> float:
        """Waits for the budget and takes from it; gives the seconds left where that would be too long."""
        purse, loop = self._purses[row.channel], asyncio.get_running_loop()
        begun = loop.time()
        while wait := purse.wait(row.chat, loop.time()):
            if self._stopping or loop.time() + wait - begun > patience:
                return wait
            await asyncio.sleep(wait)
        purse.take(row.chat, loop.time())
        return 0.0

    def _remember(self, row: outbox.Claimed, shown: outbox.Shown) -> None:
        """Keeps what a slot shows now: a row claimed before the mark was written does not know it."""
        self._shown.pop((row.address_id, row.slot), None)
        self._shown[row.address_id, row.slot] = shown
        if len(self._shown) > REMEMBERED:
            del self._shown[next(iter(self._shown))]

    async def _mark(self, statements: Sequence[Statement]) -> None:
        """Writes down what became of rows, however often it must be tried: what was sent must not be sent again."""
        for pause in chain(MARKING, repeat(MARKING[-1])):
            try:
                await self.database.write(statements)
            except DatabaseTroubleError as trouble:
                log.error("the sender waits for the database", why=str(trouble), seconds=pause)
                if self._stopping:
                    raise
                await asyncio.sleep(pause)
            else:
                return

    async def _send(self, channel: Channel, row: outbox.Claimed) -> str:
        """Edits the message of the same slot if nothing came after it; else sends a new one."""
        reply = outgoing.render(self.texts, row.language, row.body, buttons=channel.abilities.buttons)
        if not channel.abilities.buttons:
            reply = await self._lists.written(row, reply)
        shown = max(
            (s for s in (row.shown, self._shown.get((row.address_id, row.slot))) if s),
            key=lambda s: s.sent_at,
            default=None,
        )
        pieces = split(reply, channel.abilities.text_limit)
        if shown and channel.abilities.edits:
            if shown.sent_at > row.last_written_at and len(pieces) == 1 and not reply.files:
                try:
                    await channel.edit(row.chat, shown.reference, reply)
                except RefusedError:
                    log.info("an edit was refused; sending anew", outbox=row.id)
                else:
                    return shown.reference
            else:
                await self._strip(channel, row, shown)
        key = f"{row.cause}:{row.address_id}:{row.n}"
        reference = ""
        for n, piece in list(enumerate(pieces))[self._through.get(row.id, 0) :]:
            if n and await self._wait(row, LEASE):
                raise NotSentError("the rest must wait")
            reference = await channel.send(row.chat, piece, key=f"{key}:{n}")
            self._through[row.id] = n + 1
        del self._through[row.id]
        return reference

    async def _strip(self, channel: Channel, row: outbox.Claimed, shown: outbox.Shown) -> None:
        """Takes old buttons off where there is room for it: they do nothing any more, and no answer waits for that."""
        purse, now = self._purses[row.channel], asyncio.get_running_loop().time()
        if purse.wait(row.chat, now):
            return
        purse.take(row.chat, now)
        try:
            await channel.strip(row.chat, shown.reference)
        except DeliveryError as error:
            log.info("old buttons stay", outbox=row.id, why=type(error).__name__)

    def _after(self, row: outbox.Claimed, error: Exception) -> list[Statement]:
        """What becomes of a row that was not taken."""
        log.info("not delivered", outbox=row.id, why=type(error).__name__, attempts=row.attempts)
        pause, now = PAUSES[min(row.attempts, len(PAUSES) - 1)], micros(self.clock())
        match error:
            case RefusedError():
                return [outbox.give_up(row.id, type(error).__name__)]
            case UnreachableError():
                return [outbox.give_up(row.id, type(error).__name__), addresses.block(row.address_id, now)]
            case UnsureError() if row.kind in outbox.AT_MOST_ONCE:
                return [outbox.give_up(row.id, type(error).__name__, "unsure")]
            case MovedError(chat=chat) if not row.attempts:  # where it stays, that chat is known as another one
                self._held.add(row.address_id)
                moved = addresses.move(row.address_id, chat)
                return [moved, outbox.retry(row.id, now, type(error).__name__)]
            case TooFastError(seconds=seconds):  # no try that failed: the messenger only asks to wait
                self._purses[row.channel].block(row.chat, asyncio.get_running_loop().time(), seconds)
                self._held.add(row.address_id)
                return [outbox.release(row.id, now + int(seconds * 1e6))]
            case DeliveryError():
                pass
            case _:
                log.error("a channel failed", outbox=row.id, where=frames(error))
        if row.attempts + 1 >= TRIES:
            return [outbox.give_up(row.id, type(error).__name__)]
        self._held.add(row.address_id)
        return [outbox.retry(row.id, now + int(pause * 1e6), type(error).__name__)]
