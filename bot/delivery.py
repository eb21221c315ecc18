"""One row of the outbox on its way: rendered, edited or sent in pieces, and what to write down of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo

import structlog

from bot import outgoing, reminding
from bot.channel import Channel
from bot.errors import (
    DeliveryError,
    MovedError,
    NotSentError,
    RefusedError,
    TooFastError,
    UnreachableError,
    UnsureError,
    frames,
)
from bot.gate import Gate
from bot.lists import Lists
from bot.model import Json, Reply
from bot.pieces import split
from bot.texts import Texts
from storage import addresses, outbox, routes
from storage.claims import Claimed, Shown
from storage.database import Statement
from storage.outbox import PRIORITY

log = structlog.get_logger()

PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
JITTER = 0.2  # of a pause, more or less: chats that failed together are not tried together
TRIES = 25  # ten minutes of pauses; then the row is failed and the chat's next one may go
REMEMBERED = 1000  # slots
PATIENCE = outbox.LEASE / 2e6  # seconds that a message waits in hand for its turn

Say = Callable[[Statement], None]


class Delivery:
    """Brings rows to the messengers. `gates` let messages of a channel out; what is sent is remembered until it is marked."""

    def __init__(
        self, channels: Mapping[str, Channel], gates: Mapping[str, Gate], texts: Texts, lists: Lists, zone: tzinfo = UTC
    ) -> None:
        self._channels = channels
        self._gates = gates
        self._texts = texts
        self._lists = lists
        self._zone = zone  # in which reminders name the hour
        self._shown: dict[tuple[int, str], Shown] = {}  # sent by this process, perhaps not yet marked
        self._through: dict[int, int] = {}  # rows of which some pieces have arrived, and how many
        self._dice = random.Random()  # noqa: S311 it only spreads retries

    async def send(self, row: Claimed) -> str:
        """Edits the message of the same slot if nothing came after it; else sends a new one; gives its reference."""
        channel = self._channels[row.channel]
        reply = await self.rendered(row)
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
        return await self._send_pieces(channel, row, pieces)

    async def rendered(self, row: Claimed) -> Reply:
        """The row in its person's language, as its channel can show it."""
        buttons = self._channels[row.channel].abilities.buttons
        reply = outgoing.render(self._texts, row.language, self.body(row), buttons=buttons)
        return reply if buttons else await self._lists.written(row, reply)

    def body(self, row: Claimed) -> Json:
        """What a row says: of a broadcast, in the person's language; of a reminder, as its event stands now."""
        if row.reminded:
            return reminding.body(row.reminded, self._zone)
        return row.body if row.broadcast_id is None else outgoing.in_language(row.body, row.language)

    async def _send_pieces(self, channel: Channel, row: Claimed, pieces: list[Reply]) -> str:
        key, reference = f"{row.cause}:{row.address_id}:{row.n}", ""
        for n, piece in list(enumerate(pieces))[self._through.get(row.id, 0) :]:
            if n and await self._gates[row.channel].enter(row.chat, PRIORITY[row.kind], PATIENCE):
                raise NotSentError("the rest must wait")
            reference = await channel.send(row.chat, piece, key=f"{key}:{n}")
            self._through[row.id] = n + 1
        del self._through[row.id]
        return reference

    async def _strip(self, channel: Channel, row: Claimed, shown: Shown) -> None:
        """Takes old buttons off where there is room for it: they do nothing any more, and no answer waits for that."""
        if not self._gates[row.channel].try_enter(row.chat):
            return
        try:
            await channel.strip(row.chat, shown.reference)
        except DeliveryError as error:
            log.info("old buttons stay", outbox=row.id, why=type(error).__name__)

    # -- what came of it

    def sent(self, row: Claimed, reference: str, now: int) -> Statement:
        """The mark of a row that was taken."""
        if row.slot:
            self._remember(row, Shown(reference, now))
        return outbox.sent(row.id, reference, now)

    def _remember(self, row: Claimed, shown: Shown) -> None:
        """Keeps what a slot shows now: a row claimed before the mark was written does not know it."""
        self._shown.pop((row.address_id, row.slot), None)
        self._shown[row.address_id, row.slot] = shown
        if len(self._shown) > REMEMBERED:
            del self._shown[next(iter(self._shown))]

    def failed(self, row: Claimed, error: Exception, now: int) -> tuple[list[Statement], bool]:
        """What to write down of a row that was not taken, and whether it is tried again."""
        log.info("not delivered", outbox=row.id, why=type(error).__name__, attempts=row.attempts)
        name = type(error).__name__
        match error:
            case RefusedError():
                return self._given_up(row, outbox.give_up(row.id, name))
            case UnreachableError():
                return self._given_up(row, addresses.block(row.address_id, now), routes.turned_away(row.id, name))
            case UnsureError() if row.kind in outbox.AT_MOST_ONCE:
                return self._given_up(row, outbox.give_up(row.id, name, "unsure"))
            case MovedError(chat=chat) if not row.attempts:  # where it stays, that chat is known as another one
                return [addresses.move(row.address_id, chat), outbox.retry(row.id, now, name)], True
            case TooFastError(seconds=seconds):  # no try that failed: the messenger only asks to wait
                until = now + int(seconds * 1e6)
                return [addresses.hold(row.address_id, until), outbox.release(row.id, row.boot, until)], True
            case DeliveryError():
                pass
            case _:
                log.error("a channel failed", outbox=row.id, where=frames(error))
        if row.attempts + 1 >= TRIES:
            return self._given_up(row, outbox.give_up(row.id, name))
        return [outbox.retry(row.id, now + self._pause(row.attempts), name)], True

    def _given_up(self, row: Claimed, *statements: Statement) -> tuple[list[Statement], bool]:
        self._through.pop(row.id, None)
        return list(statements), False

    def _pause(self, attempts: int) -> int:
        """Microseconds until the next try."""
        pause = PAUSES[min(attempts, len(PAUSES) - 1)]
        return int(pause * self._dice.uniform(1 - JITTER, 1 + JITTER) * 1e6)
