"""From the outbox to the messengers: in order for each chat, the urgent first, within the budget, marked when taken."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import chain, repeat

import structlog

from bot.budget import Purse
from bot.channel import Abilities, Channel
from bot.delivery import PATIENCE, Delivery
from bot.errors import DatabaseTroubleError, StorageError, TooFastError
from bot.gate import Gate
from bot.lists import Lists
from bot.tasks import Tasks
from bot.texts import Texts
from storage import budgets, claims, outbox, quota
from storage.claims import Bar, Claimed, Wanted
from storage.database import Database, Post, Statement, micros
from storage.outbox import LONG_LEASE, PATIENT, PRIORITY, Kind
from storage.routes import Routes

log = structlog.get_logger()

MARKING = (0.2, 1.0, 5.0)  # seconds between tries to mark while the database cannot work
STILL = 60.0  # seconds that a look may take
LOOK = 5.0  # seconds between looks at what was left behind
MOST = 50  # rows claimed at once
AHEAD = 0.3  # seconds of the budget that patient rows in hand may be worth: of those an end leaves unsure

Lane = tuple[int, bool]  # a chat, and whether it is its replies: nothing else makes those wait
Quiet = Callable[[datetime], datetime | None]
"""When the quiet hours end that a time lies in; None outside of them."""


class Sender:
    """Sends what was claimed. What a turn says comes in by `hand`; the rest is claimed when due."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        texts: Texts,
        boot: str,
        clock: Callable[[], datetime],
        quiet: Quiet = lambda moment: None,
        beat: Callable[[], None] = lambda: None,
        still: float = STILL,
        zone: tzinfo = UTC,
    ) -> None:
        self.database = database
        self.channels = channels
        self.boot = boot
        self.clock = clock
        self._quiet = quiet
        self._beat = beat
        self._still = still
        self._purses = {name: Purse(channel.budget) for name, channel in channels.items()}
        self._gates = {name: Gate(purse) for name, purse in self._purses.items()}
        self._delivery = Delivery(channels, self._gates, texts, Lists(database, texts, clock), zone)
        self._routes = routes({name: channel.abilities for name, channel in channels.items()})
        self._patient = ahead(channel.budget.per_second for channel in channels.values())
        self._queues: dict[Lane, deque[Claimed]] = {}
        self._in_hand: set[int] = set()  # rows; a lease may end while its row waits behind others
        self._patient_in_hand: set[int] = set()  # those of them that are not urgent
        self._held: set[int] = set()  # chats whose oldest reply was put back: what follows must not overtake it
        self._more: set[int] = set()  # chats of which something waits behind what is in hand
        self._tasks = Tasks()
        self._wake = asyncio.Event()
        self._claiming = asyncio.Lock()
        self._stopping = False
        self._post: Post | None = None

    @property
    def is_on_duty(self) -> bool:
        """Whether it is this process that sends."""
        return self._post.is_held if self._post else not self.database.is_shared

    def hand(self, rows: Sequence[Claimed], more: bool = False) -> None:
        """Takes rows that are leased to this process; `more` says that others of theirs wait to be claimed."""
        if not self.is_on_duty:  # not any more
            self._tasks.start(self._mark([outbox.release(row.id, row.boot, micros(self.clock())) for row in rows]))
            return
        self._take(rows, more=more)
        if more:
            self._wake.set()

    def _take(self, rows: Sequence[Claimed], *, more: bool) -> None:
        for row in rows:
            if row.id in self._in_hand:
                self._renew(row)
                continue
            if self._stopping:
                continue
            self._in_hand.add(row.id)
            if row.kind in PATIENT:
                self._patient_in_hand.add(row.id)
            lane = (row.address_id, row.kind is Kind.REPLY)
            queue = self._queues.get(lane)
            if queue is not None:
                queue.append(row)
                continue
            self._queues[lane] = deque([row])
            self._tasks.start(self._drain(lane))
        self._more.update(row.address_id for row in rows if more)

    def _renew(self, row: Claimed) -> None:
        """Goes on with a row whose lease had ended while it waited here, under the new one."""
        if queue := self._queues.get((row.address_id, row.kind is Kind.REPLY)):
            for place in (place for place, one in enumerate(queue) if one.id == row.id):
                queue[place] = row

    def wake(self) -> None:
        """Says that something new is due."""
        self._wake.set()

    async def serve(self, post: Post) -> None:
        """Sends as long as the post is this process's: what others had in hand is nobody's now."""
        await post.write([claims.void_leases(self.boot)])
        self._post = post
        try:
            await self.run()
        finally:
            self._post = None

    async def run(self) -> None:
        """Claims what is due until it is cancelled. Raises DatabaseTroubleError where the post is lost."""
        await self.restore()
        while True:
            self._wake.clear()
            pause = LOOK
            try:
                async with asyncio.timeout(self._still):
                    pause = await self.claim()
                self._beat()
            except DatabaseTroubleError as trouble:
                if self._post and not self._post.is_held:
                    raise
                log.error("the sender cannot read the outbox", why=str(trouble))
            except TimeoutError:
                log.error("the sender stood still", seconds=self._still)
            try:
                async with asyncio.timeout(pause):  # wait_for would swallow a cancellation that meets the wake
                    await self._wake.wait()
                await asyncio.sleep(0)  # what was handed over is under way before more is claimed
            except TimeoutError:
                continue

    async def restore(self) -> None:
        """Goes on with the budgets that an earlier process left."""
        wall, now = micros(self.clock()), asyncio.get_running_loop().time()
        for name, purse in self._purses.items():
            if left := await budgets.read(self.database, name):
                at = now + (left.counted_at - wall) / 1e6
                purse.restore(left.level / 1000, min(at, now), now + (left.blocked_until - wall) / 1e6)

    async def claim(self) -> float:
        """Claims what is due now; gives the seconds until something else may be."""
        async with self._claiming:
            return await self._claim()

    async def _claim(self) -> float:
        store, moment = self._post or self.database, self.clock()
        morning = self._quiet(moment)
        held = outbox.QUIET if morning else ()
        due = await claims.next_due(store, held, micros(morning) if morning else 0)
        now = micros(self.clock())
        if due is None or due > now or self._stopping:
            return LOOK if due is None else min(LOOK, (due - now) / 1e6)
        rows = await claims.claim(store, self.boot, now, Wanted(MOST, self._room(), held), self._routes)
        self._held -= {row.address_id for row in rows}
        self._take([row for row in rows if row.channel in self.channels], more=True)
        return 0.05 if rows else 0.5

    def _room(self) -> int:
        """How many patient rows to claim: none before half of those in hand are gone, so that a claim is worth it."""
        in_hand = len(self._patient_in_hand)
        return self._patient - in_hand if in_hand <= self._patient // 2 else 0

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
        for gate in self._gates.values():
            gate.close()
        await self._tasks.finish(seconds)

    # -- one chat

    async def _drain(self, lane: Lane) -> None:
        queue, address_id = self._queues[lane], lane[0]
        try:
            while queue:
                if lane[1] and address_id in self._held:
                    await self._put_back(queue)
                else:
                    await self._finish(queue[0])
                    self._let_go(queue.popleft())
        except StorageError as error:
            log.error("what became of a message is not written down", address=address_id, why=type(error).__name__)
        finally:
            for row in queue:
                self._let_go(row)
            del self._queues[lane]
            if address_id in self._held | self._more:
                self._more.discard(address_id)
                if lane[1] or self._room():
                    self._wake.set()

    def _let_go(self, row: Claimed) -> None:
        self._in_hand.discard(row.id)
        self._patient_in_hand.discard(row.id)

    async def _put_back(self, queue: deque[Claimed]) -> None:
        """Leaves what waits to be claimed again, in its order."""
        rows, now = list(queue), micros(self.clock())
        await self._mark([outbox.release(row.id, row.boot, now) for row in rows])
        for row in rows:
            queue.popleft()
            self._let_go(row)

    async def _finish(self, row: Claimed) -> None:
        """Sends one row and marks what became of it."""
        bar = row.bar_at(micros(self.clock()))
        if bar is Bar.PAUSED:
            return await self._mark([outbox.set_aside(row.id)])
        if bar:
            return await self._mark([outbox.give_up(row.id, bar, "dropped")])
        policy = self.channels[row.channel].abilities.proactive
        if await quota.must_wait(self.database, row, policy, micros(self.clock())):
            return None
        wait = await self._gates[row.channel].enter(row.chat, PRIORITY[row.kind], PATIENCE)
        if wait or not await self._is_leased(row):
            if row.kind is Kind.REPLY:
                self._held.add(row.address_id)
            return await self._mark([outbox.release(row.id, row.boot, micros(self.clock()) + int(wait * 1e6))])
        log.debug("sending", outbox=row.id, kind=row.kind)
        try:
            reference = await self._delivery.send(row)
        except Exception as error:  # noqa: BLE001 a channel's own mistake must not silence the chat
            return await self._fail(row, error)
        now = micros(self.clock())
        await self._mark([self._delivery.sent(row, reference, now), *self._spent(row.channel)])
        log.debug("sent", outbox=row.id)
        return None

    async def _is_leased(self, row: Claimed) -> bool:
        """Whether the row is still this process's to send; what takes long gets the time for it."""
        now = micros(self.clock())
        if now >= row.leased_until or not self.is_on_duty:
            return False
        if self._delivery.body(row)["files"]:
            await self._mark([claims.extend(row.id, now + LONG_LEASE)])
        return True

    async def _fail(self, row: Claimed, error: Exception) -> None:
        statements, again = self._delivery.failed(row, error, micros(self.clock()))
        if isinstance(error, TooFastError):
            self._purses[row.channel].block(row.chat, asyncio.get_running_loop().time(), error.seconds)
        if again and row.kind is Kind.REPLY:
            self._held.add(row.address_id)
        await self._mark([*statements, *self._spent(row.channel)])
        log.debug("not sent", outbox=row.id)

    def _spent(self, channel: str) -> list[Statement]:
        """What is left of a channel's budget, to be written down with what took from it."""
        purse, loop = self._purses[channel], asyncio.get_running_loop()
        if not purse.budget.per_second:
            return []
        wall, now = micros(self.clock()), loop.time()
        blocked = wall + int((purse.blocked_until - now) * 1e6)
        return [budgets.write(channel, budgets.Budget(int(purse.level(now) * 1000), wall, max(blocked, 0)))]

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


def routes(able: Mapping[str, Abilities]) -> Routes:
    """Which channels bring a message to somebody who is away."""
    return Routes(
        reaching=[name for name, one in able.items() if one.reaches_closed],
        waking=[name for name, one in able.items() if one.waking],
        hours={name: one.proactive.hours for name, one in able.items() if one.proactive.hours},
    )


def ahead(rates: Iterable[float]) -> int:
    """How many rows that may go out at most once may be in hand: as many as will soon be sent."""
    slowest = min((rate for rate in rates if rate), default=0)
    return max(1, math.ceil(slowest * AHEAD)) if slowest else MOST
