"""What comes in: made readable, committed, given to the mailboxes. Nothing is acknowledged before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

import structlog

from bot.errors import DatabaseTroubleError, StorageError
from bot.model import Json, Message, readable
from bot.presses import Presses
from bot.tasks import Tasks
from bot.turn import House
from storage import inbox
from storage.database import Database, micros
from storage.inbox import Item

log = structlog.get_logger()


class Intake:
    """Takes messages in. `deliver` gets what is new, `slow_down` the chats that write faster than they are read."""

    def __init__(
        self,
        database: Database,
        house: House,
        presses: Presses,
        tasks: Tasks,
        deliver: Callable[[Sequence[Item]], None],
        slow_down: Callable[[Iterable[int], int], Awaitable[None]],
    ) -> None:
        self._database = database
        self._house = house
        self._presses = presses
        self._tasks = tasks
        self._deliver = deliver
        self._slow_down = slow_down
        self._doubtful: set[tuple[str, str]] = set()  # messages of which nobody knows whether they are kept

    async def take_in(self, messages: Sequence[Message]) -> None:
        """Takes messages in. Raises DatabaseTroubleError where they must come again."""
        log.debug("taking in", messages=len(messages))
        clean = [cleaned(message) for message in messages]
        now, a_minute = micros(self._house.clock()), self._house.limits.messages_a_minute
        try:
            results = await self._database.write(
                [part for message in clean for part in inbox.accept(message, now, a_minute)]
            )
        except DatabaseTroubleError:  # whether they are kept, nobody knows; they are brought again
            self._doubtful.update((message.channel, message.id) for message in messages)
            raise
        except StorageError as error:
            await self._take_in_singly(messages, error)
            return
        log.debug("taken in")
        items = await self._undoubted(clean, inbox.accepted(clean, results))
        for item in items:
            if isinstance(item.content, Message) and item.content.press:
                self._tasks.start(self._presses.answer(item.inbox_id, item.content))
        self._deliver(items)
        await self._slow_down({item.address_id for item in items if item.due_at > now}, now)

    async def _undoubted(self, messages: Sequence[Message], items: list[Item]) -> list[Item]:
        """What is new, and what was kept before although its commit was lost on the way: nobody else knows of it."""
        again = [message for message in messages if (message.channel, message.id) in self._doubtful]
        if not again:
            return items
        new = {item.inbox_id for item in items}
        found = [item for item in await inbox.kept(self._database, again) if item.inbox_id not in new]
        self._doubtful -= {(message.channel, message.id) for message in again}
        return [*found, *items]

    async def _take_in_singly(self, messages: Sequence[Message], error: StorageError) -> None:
        """Leaves out what no database takes: it would come again for ever, and everything else with it."""
        if len(messages) > 1:
            for message in messages:
                await self.take_in([message])
        else:
            log.error("a message cannot be kept", channel=messages[0].channel, why=type(error).__name__)


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
