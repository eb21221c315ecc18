"""One message, press or due job becomes one turn: read what it needs, run what it is for, write all of it at once."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import replace

import structlog

from bot.errors import ConflictError, DatabaseTroubleError, StaleError, StorageError
from bot.feature import Features
from bot.model import Json, Message, Phrase, readable
from bot.outgoing import Bundle, bodies, body, notices
from bot.presses import Acknowledge, Presses
from bot.run import Run
from bot.tasks import Tasks
from bot.turn import House, Said
from bot.typed import Lexicon
from storage import claims, conversations, inbox, outbox
from storage.database import Database, Reader, Result, Statement, Transaction, Value, micros

log = structlog.get_logger()

RERUNS = 5  # a turn that others overtook so often in a row is put off
PAUSES = (0.2, 1.0, 5.0, 15.0)  # seconds between tries while the database cannot work
TOLD_AGAIN = 600_000_000  # microseconds until somebody who goes on writing too fast is told once more
LOOK_AGAIN = 1.0  # seconds: the clock may have been set


class Engine:
    """Takes messages in and answers them, one after the other for each chat, different chats side by side."""

    def __init__(
        self,
        database: Database,
        house: House,
        features: Features,
        boot: str,
        hand: Callable[[Sequence[claims.Claimed], bool], None],
        acknowledge: Acknowledge,
    ) -> None:
        self.database = database
        self.house = house
        self.features = features
        self.boot = boot
        self.in_hand: set[int] = set()  # inbox ids, for the watchdog
        self._hand = hand
        self._presses = Presses(acknowledge)
        self._lexicon = Lexicon.of(house.texts)
        self._mailboxes: dict[tuple[int, bool], deque[inbox.Item]] = {}
        self._counted: set[int] = set()  # inbox ids of what runs aside, whose beginning was counted against it
        self._stopping = asyncio.Event()
        self._suspects = {aside: asyncio.Lock() for aside in (False, True)}  # a long download holds up its like alone
        self._tasks = Tasks()

    # -- in

    async def receive(self, messages: Sequence[Message]) -> None:
        """Takes messages in. On return they are committed; those that came before are dropped.

        A caller that is cancelled meanwhile leaves nothing behind that is committed and in nobody's mailbox.
        """
        task = self._tasks.start(self._take_in(messages))
        await asyncio.shield(task)

    async def _take_in(self, messages: Sequence[Message]) -> None:
        log.debug("taking in", messages=len(messages))
        clean = [cleaned(message) for message in messages]
        now = micros(self.house.clock())
        try:
            a_minute = self.house.limits.messages_a_minute
            results = await self.database.write(
                [part for message in clean for part in inbox.accept(message, now, a_minute)]
            )
        except DatabaseTroubleError:
            raise
        except StorageError as error:
            await self._take_in_singly(messages, error)
            return
        log.debug("taken in")
        items = inbox.accepted(clean, results)
        for item in items:
            if isinstance(item.content, Message) and item.content.press:
                self._tasks.start(self._presses.answer(item.inbox_id, item.content))
        self.deliver(items)
        await self._slow_down({item.address_id for item in items if item.due_at > now}, now)

    async def _slow_down(self, addresses: Iterable[int], now: int) -> None:
        """Tells whoever writes faster than they are read, once in a while, that nothing of it is lost."""
        for address_id in addresses:
            row = outbox.Outgoing(address_id, 0, body(Bundle([Said(Phrase("talk.slowly"))])))
            cause = f"pace:{address_id}:{now // TOLD_AGAIN}"
            self._pass_on(await self.database.write(self._adding(cause, [row])), [row])

    async def _take_in_singly(self, messages: Sequence[Message], error: StorageError) -> None:
        """Leaves out what no database takes: it would come again for ever, and everything else with it."""
        if len(messages) > 1:
            for message in messages:
                await self._take_in([message])
        else:
            log.error("a message cannot be kept", channel=messages[0].channel, why=type(error).__name__)

    async def recover(self) -> None:
        """Takes up what an earlier process left undone."""
        items = await inbox.left_over(self.database)
        if items:
            log.info("taking up what was left", rows=len(items))
        self.deliver(items)

    def deliver(self, items: Sequence[inbox.Item]) -> None:
        """Puts items into the mailboxes of their chats."""
        for item in items:
            lane = (item.address_id, self._aside(item))
            mailbox = self._mailboxes.get(lane)
            if mailbox is not None:
                mailbox.append(item)
                continue
            self._mailboxes[lane] = deque([item])
            self._tasks.start(self._work(lane))

    def _aside(self, item: inbox.Item) -> bool:
        """Whether an item goes beside what its chat says."""
        job = self.features.job(item.content.name) if isinstance(item.content, inbox.DueJob) else None
        return job is not None and job.aside

    @property
    def busy(self) -> bool:
        """Whether any turn is in hand."""
        return self._tasks.busy

    async def idle(self) -> None:
        """Returns when every mailbox is empty."""
        await self._tasks.idle()

    async def stop(self, seconds: float) -> None:
        """Finishes the turns in hand, as far as the time allows; what is left stays in the inbox."""
        for mailbox in self._mailboxes.values():
            mailbox.clear()
        self._presses.release()
        self._stopping.set()
        await self._tasks.finish(seconds)
        if self._counted:  # what runs aside may take long: that a stop came first is not its doing
            await self.database.write([inbox.forgive(inbox_id) for inbox_id in self._counted])

    # -- one mailbox

    async def _work(self, lane: tuple[int, bool]) -> None:
        mailbox = self._mailboxes[lane]
        try:
            while mailbox:
                item = mailbox.popleft()
                if not await self._may_be_read(item):
                    break
                try:
                    if item.taken_up:  # one of these may have ended the process: only that one shall count it
                        async with self._suspects[lane[1]]:
                            await self._finish(item)
                    else:
                        await self._finish(item)
                except Exception as error:  # noqa: BLE001 the next message is served; the next start tries this again
                    log.error("a turn stays undone", inbox=item.inbox_id, where=frames(error))
        finally:
            del self._mailboxes[lane]

    async def _may_be_read(self, item: inbox.Item) -> bool:
        """Waits until an item may be read; False where the bot stops before, and it stays in the inbox."""
        while (left := item.due_at - micros(self.house.clock())) > 0 and not self._stopping.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left / 1e6, LOOK_AGAIN)):
                    await self._stopping.wait()
        return not self._stopping.is_set()

    async def _finish(self, item: inbox.Item) -> None:
        """Does the turn of an item, however often the database must be tried."""
        tries = 0
        self.in_hand.add(item.inbox_id)
        try:
            while True:
                try:
                    if item.taken_up is not None:
                        if await self._is_elsewhere(item):
                            return None
                        if self._aside(item):
                            self._counted.add(item.inbox_id)
                        if not await inbox.take_up(self.database, item.inbox_id):
                            return await self._apologise(item, InterruptedError())
                        item = replace(item, taken_up=None)
                    return await self._turn(item)
                except DatabaseTroubleError as trouble:
                    pause = PAUSES[min(tries, len(PAUSES) - 1)]
                    log.error(
                        "the database cannot work; the turn waits", inbox=item.inbox_id, why=str(trouble), seconds=pause
                    )
                    tries += 1
                    await asyncio.sleep(pause)
        finally:
            self.in_hand.discard(item.inbox_id)
            if not self._stopping.is_set():
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
            access = Access(self.database, stack, holds=not self._aside(item))
            run = Run(self.house, self.features, opening, access.begin, access.look, access.again)
            run.lexicon = self._lexicon
            await run.go(item.content)
            able = self.house.channels[opening.channel]
            said = [*run.closed, *run.said] if able.edits else run.said
            rows = bodies(opening, said, able, micros(self.house.clock()), quiet=run.quiet)
            rows += notices(run.told, len(rows))
            unit = [inbox.finish(item.inbox_id), *run.writes(), *self._adding(f"turn:{opening.inbox_id}", rows)]
            results = await (self.database.write(unit) if access.tx is None else access.tx.finish(unit))
        log.debug("a turn ends", inbox=item.inbox_id)
        self._presses.note(item.inbox_id, run.notice)
        self._pass_on(results, rows)

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
        now = micros(self.house.clock())
        adds = [statement for row in rows for statement in outbox.add(cause, row, self.boot, now)]
        return [*adds, claims.of_cause(cause, self.boot)]

    def _pass_on(self, results: Sequence[Result], rows: Sequence[outbox.Outgoing]) -> None:
        """Gives the sender what is leased, and tells it of what must wait."""
        leased = claims.rows_of(results)
        self._hand(leased, len(leased) < len(rows))

    async def _apologise(self, item: inbox.Item, error: Exception) -> None:
        """Gives a turn up: its row stays as failed, and the person is told."""
        number = secrets.token_hex(3)
        log.error("a turn failed", inbox=item.inbox_id, error_id=number, where=frames(error))
        said = [Said(Phrase("talk.apology", {"number": number}))]
        opening = await self._opening(item)
        if opening is None:
            return
        rows = bodies(opening, said, self.house.channels[opening.channel], micros(self.house.clock()), quiet=False)
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

    One that does not hold a snapshot reads what is there at each look: others would wait for the connection.
    """

    def __init__(self, database: Database, stack: AsyncExitStack, *, holds: bool = True) -> None:
        self.tx: Transaction | None = None
        self._reader: Reader | None = None
        self._database = database
        self._stack = stack
        self._holds = holds

    async def begin(self) -> Transaction:
        """The transaction of the turn. It ends with the turn."""
        if self.tx is None:
            self.tx = await self._stack.enter_async_context(self._database.transaction(at_once=False))
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


def cleaned(message: Message) -> Message:
    """The message with nothing in it that a database refuses."""
    return Message.from_json(readable_all(message.to_json()))


def readable_all(value: Json) -> Json:
    """The JSON with every text in it made readable."""
    match value:
        case str():
            return readable(value)
        case dict():
            return {name: readable_all(item) for name, item in value.items()}
        case list():
            return [readable_all(item) for item in value]
        case _:
            return value


_PATH = re.compile(r"^.*/(?=bot/|handlers/|storage/)")


def frames(error: BaseException) -> str:
    """Where an error came from, by file and line: its message may hold what somebody wrote."""
    lines = [type(error).__name__]
    trace = error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        lines.append(f"{_PATH.sub('', code.co_filename)}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " < ".join(lines)
