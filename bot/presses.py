"""Presses that wait for their acknowledgement: the waiting sign on a button ends with what its turn has to say."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.model import Message

SOON = 2.0  # seconds; messengers let a button wait a little, and then it must end

Acknowledge = Callable[[Message, str], Awaitable[None]]


class Presses:
    """The presses of the turns in hand, by inbox id."""

    def __init__(self, acknowledge: Acknowledge) -> None:
        self._acknowledge = acknowledge
        self._waiting: dict[int, asyncio.Future[str]] = {}

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
