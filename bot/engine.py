"""One message, press or due job becomes one turn: read what it needs, run what it is for, write all of it at once."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

import structlog

from bot.errors import ConflictError, DatabaseTroubleError, StaleError, frames
from bot.feature import Features
from bot.intake import Intake
from bot.mailboxes import Mailboxes, OwnMailboxes, SharedMailboxes
from bot.model import Message, Phrase
from bot.outgoing import Bundle, bodies, body, notices
from bot.presses import Acknowledge, Presses
from bot.run import Run
from bot.tasks import Tasks
from bot.turn import House, Said
from bot.typed import Lexicon
from storage import claims, conversations, inbox, outbox, people, signals
from storage.database import Database, Reader, Result, Statement, Transaction, Value, micros

log = structlog.get_logger()

RERUNS = 5  # a turn that others overtook so often in a row is put off
PAUSES = (0.2, 1.0, 5.0, 15.0)  # seconds between tries while the database cannot work
TOLD_AGAIN = 600_000_000  # microseconds until somebody who goes on writing too fast is told once more
OUTBOX = "outbox"  # the signal that there is something to send


class Engine:
    """Takes messages in and answers them, one after the other for each person, different people side by side."""

    def __init__(
        self,
        database: Database,
        house: House,
        features: Features,
        boot: Callable[[], str],
        hand: Callable[[Sequence[claims.Claimed], bool], None],
        acknowledge: Acknowledge,
    ) -> None:
        self.database = database
        self.house = house
        self.features = features
        self.in_hand: set[int] = set()  # inbox ids, for the watchdog
        self._boot = boot  # to whom replies are leased: empty where another process sends
        self._hand = hand
        self._presses = Presses(acknowledge, database.signals)
        self._lexicon = Lexicon.of(house.texts)
        self._counted: set[int] = set()  # inbox ids of what runs aside, whose beginning was counted against it
        self._is_stopping = False
        self._tasks = Tasks()
        kind = SharedMailboxes if database.is_shared else OwnMailboxes
        self._mailboxes: Mailboxes = kind(database, self._finish, self._is_aside, self._now, self._tasks)
        self._intake = Intake(database, house, self._presses, self._tasks, self.deliver, self._slow_down)

    async def receive(self, messages: Sequence[Message]) -> None:
        """Takes messages in. On return they are committed; those that came before are dropped.

        A caller that is cancelled meanwhile leaves nothing behind that is committed and in nobody's mailbox.
        """
        await asyncio.shield(self._tasks.start(self._intake.take_in(messages)))

    def deliver(self, items: Sequence[inbox.Item]) -> None:
        """Puts items into the mailboxes of their chats."""
        self._mailboxes.deliver(items)

    async def recover(self) -> None:
        """Takes up what an earlier process left undone."""
        await self._mailboxes.recover()

    async def run(self) -> None:
        """Looks after what other processes leave, until it is cancelled."""
        await self._mailboxes.run()

    @property
    def busy(self) -> bool:
        """Whether any turn is in hand."""
        return self._tasks.busy

    async def idle(self) -> None:
        """Returns when every mailbox is empty."""
        await self._tasks.idle()

    async def stop(self, seconds: float) -> None:
        """Finishes the turns in hand, as far as the time allows; what is left stays in the inbox."""
        self._is_stopping = True
        self._mailboxes.stop()
        self._presses.release()
        await self._tasks.finish(seconds)
        if self._counted:  # what runs aside may take long: that a stop came first is not its doing
            await self.database.write([inbox.forgive(inbox_id) for inbox_id in self._counted])

    def _is_aside(self, item: inbox.Item) -> bool:
        """Whether an item goes beside what its chat says."""
        return isinstance(item.content, inbox.DueJob) and item.content.name in self.features.aside

    def _now(self) -> int:
        return micros(self.house.clock())

    async def _slow_down(self, addresses: Iterable[int], now: int) -> None:
        """Tells whoever writes faster than they are read, once in a while, that nothing of it is lost."""
        for address_id in addresses:
            row = outbox.Outgoing(address_id, 0, body(Bundle([Said(Phrase("talk.slowly"))])))
            cause = f"pace:{address_id}:{now // TOLD_AGAIN}"
            self._pass_on(await self.database.write(self._adding(cause, [row])), [row])

    # -- one turn

    async def _finish(self, item: inbox.Item) -> bool:
        """Does the turn of an item, however often the database must be tried; False where it is left to others."""
        tries = 0
        self.in_hand.add(item.inbox_id)
        try:
            while True:
                try:
                    if item.taken_up is not None:
                        if await self._is_elsewhere(item):
                            return False
                        if self._is_aside(item):
                            self._counted.add(item.inbox_id)
                        if not await inbox.take_up(self.database, item.inbox_id):
                            await self._apologise(item, InterruptedError())
                            return True
                        item = replace(item, taken_up=None)
                    await self._turn(item)
                    return True
                except DatabaseTroubleError as trouble:
                    pause = PAUSES[min(tries, len(PAUSES) - 1)]
                    log.error(
                        "the database cannot work; the turn waits", inbox=item.inbox_id, why=str(trouble), seconds=pause
                    )
                    tries += 1
                    await asyncio.sleep(pause)
        finally:
            self.in_hand.discard(item.inbox_id)
            if not self._is_stopping:
                self._counted.discard(item.inbox_id)
            self._presses.note(item.inbox_id, "")

    async def _turn(self, item: inbox.Item) -> None:
        try:
            for _ in range(RERUNS):
                try:
                    return await self._attempt(item)
                except (StaleError, ConflictError) as overtaken:
                    last: Exception = overtaken
            raise last
        except DatabaseTroubleError:
            raise
        except Exception as error:  # noqa: BLE001 a feature's own mistake must not stop the mailbox
            await self._apologise(item, error)

    async def _attempt(self, item: inbox.Item) -> None:
        """Runs a turn once and writes what came of it. Raises StaleError when somebody was faster."""
        log.debug("a turn begins", inbox=item.inbox_id)
        opening = await self._opening(item)
        if opening is None or opening.channel not in self.house.channels:
            return
        async with AsyncExitStack() as stack:
            access = Access(self.database, stack, opening, holds=not self._is_aside(item))
            run = Run(self.house, self.features, opening, access.begin, access.look, access.again)
            run.lexicon = self._lexicon
            await run.go(item.content)
            able = self.house.channels[opening.channel]
            said = [*run.closed, *run.said] if able.edits else run.said
            rows = bodies(opening, said, able, self._now(), quiet=run.quiet)
            rows += notices(run.told, len(rows))
            adding = self._adding(f"turn:{opening.inbox_id}", rows)
            unit = [inbox.finish(item.inbox_id), *run.writes(), *self._ended(item), *adding]
            results = await (self.database.write(unit) if access.tx is None else access.tx.finish(unit))
        log.debug("a turn ends", inbox=item.inbox_id)
        self._presses.note(item.inbox_id, run.notice)
        self._pass_on(results, rows)

    def _ended(self, item: inbox.Item) -> list[Statement]:
        """What tells another process that the turn of its press has ended."""
        if self.database.is_shared and isinstance(item.content, Message) and item.content.press:
            return self._presses.ended(item.inbox_id)
        return []

    async def _is_elsewhere(self, item: inbox.Item) -> bool:
        """Whether an item belongs to a channel that this process does not run: it waits for one that does."""
        opening = await self._opening(item)
        return opening is not None and opening.channel not in self.house.channels

    async def _opening(self, item: inbox.Item) -> conversations.Opening | None:
        """What the turn starts from; None where it was done already, or its chat is gone."""
        [rows] = await self.database.read(conversations.opening(item.inbox_id))
        opening = conversations.opened(rows[0]) if rows else None
        return opening if opening and opening.status == "new" else None

    def _adding(self, cause: str, rows: Sequence[outbox.Outgoing]) -> list[Statement]:
        """Puts what was said into the outbox; the last statement gives what came leased to this process."""
        boot = self._boot()
        adds = [statement for row in rows for statement in outbox.add(cause, row, boot, self._now())]
        told = [] if boot or not rows else [signals.telling(OUTBOX)]
        return [*told, *adds, claims.of_cause(cause, boot)]

    def _pass_on(self, results: Sequence[Result], rows: Sequence[outbox.Outgoing]) -> None:
        """Gives the sender what is leased, and tells it of what must wait."""
        leased = claims.rows_of(results)
        if leased or self._boot():
            self._hand(leased, len(leased) < len(rows))

    async def _apologise(self, item: inbox.Item, error: Exception) -> None:
        """Gives a turn up: its row stays as failed, and the person is told."""
        number = secrets.token_hex(3)
        log.error("a turn failed", inbox=item.inbox_id, error_id=number, where=frames(error))
        said = [Said(Phrase("talk.apology", {"number": number}))]
        opening = await self._opening(item)
        if opening is None:
            return
        rows = bodies(opening, said, self.house.channels[opening.channel], self._now(), quiet=False)
        unit = [inbox.fail(item.inbox_id, number), *self._adding(f"apology:{item.inbox_id}:{number}", rows)]
        try:
            self._pass_on(await self.database.write(unit), rows)
        except StaleError:
            log.warning("a failed turn was finished elsewhere", inbox=item.inbox_id)


class Glance:
    """A reader that holds nothing between two looks: for a run that may wait long in between."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rows(self, sql: str, values: Mapping[str, Value] | None = None) -> Result:
        [found] = await self._database.read(Statement(sql, values or {}))
        return found


class Access:
    """The snapshot and the transaction of one run, each opened when it is first asked for.

    Who stands behind the chat stays the same until the transaction ends; where it is somebody else by now, it is stale.
    One that does not hold a snapshot reads what is there at each look: others would wait for the connection.
    """

    def __init__(
        self, database: Database, stack: AsyncExitStack, opening: conversations.Opening, *, holds: bool = True
    ) -> None:
        self.tx: Transaction | None = None
        self._reader: Reader | None = None
        self._database = database
        self._stack = stack
        self._opening = opening
        self._holds = holds

    async def begin(self) -> Transaction:
        """The transaction of the turn. It ends with the turn."""
        if self.tx is None:
            self.tx = await self._stack.enter_async_context(self._database.transaction(at_once=False))
            self.tx.add(*people.stands_behind(self._opening.address_id, self._opening.person_id))
        return self.tx

    async def again(self, opening: conversations.Opening) -> conversations.Opening:
        """The opening with the language and the person as the turn has made them so far."""
        if self.tx is None:
            return opening
        statement = conversations.opening(opening.inbox_id)
        [row] = await self.tx.rows(statement.sql, statement.values)
        now = conversations.opened(row)
        return replace(
            opening,
            language=now.language,
            person_id=now.person_id,
            age_band=now.age_band,
            place=now.place,
            former_place=now.former_place,
            is_placed=now.is_placed,
            role=now.role,
            scope=now.scope,
        )

    async def look(self) -> Reader:
        """The snapshot of the turn, or its transaction: who holds the one writer must not wait for a reader."""
        if self.tx is not None:
            return self.tx
        if not self._holds:
            return Glance(self._database)
        if self._reader is None:
            snapshot = await self._database.snapshot()
            self._stack.push_async_callback(snapshot.close)
            self._reader = snapshot
        return self._reader
