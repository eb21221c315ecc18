"""Presses that wait for their acknowledgement: the waiting sign on a button ends with what its turn has to say."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.model import Message
from storage.database import Signals, Statement
from storage.signals import telling

TOPIC = "turn"  # the signal that the turn of a press has ended
SOON = 2.0  # seconds; messengers let a button wait a little, and then it must end

Acknowledge = Callable[[Message, str], Awaitable[None]]


class Presses:
    """The presses of the turns in hand, by inbox id."""

    def __init__(self, acknowledge: Acknowledge, signals: Signals) -> None:
        self._acknowledge = acknowledge
        self._waiting: dict[int, asyncio.Future[str]] = {}
        signals.listen(TOPIC, self._hear)

    def ended(self, inbox_id: int) -> list[Statement]:
        """What goes with the commit of a turn: the press may wait for it in another process."""
        return [] if inbox_id in self._waiting else [telling(TOPIC, str(inbox_id))]

    def _hear(self, payload: str) -> None:
        if payload:
            self.note(int(payload), "")

    async def answer(self, inbox_id: int, message: Message) -> None:
        """Acknowledges a press: with the notice of its turn where that ends soon, else with none."""
        noticed = self._waiting[inbox_id] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(SOON):
                notice = await noticed
        except TimeoutError:
            notice = ""
        finally:
            del self._waiting[inbox_id]
        await self._acknowledge(message, notice)

    def note(self, inbox_id: int, notice: str) -> None:
        """Says what a turn that ended has to say to its press."""
        waiting = self._waiting.get(inbox_id)
        if waiting and not waiting.done():
            waiting.set_result(notice)

    def release(self) -> None:
        """Lets every press go without a notice."""
        for inbox_id in self._waiting:
            self.note(inbox_id, "")
