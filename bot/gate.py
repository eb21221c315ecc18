"""Who of those that wait may send next: the most urgent first, as fast as the budget of their messenger allows."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from dataclasses import dataclass, field

from bot.budget import Purse

SHORT = 0.5  # seconds: whoever waited in vain comes back after so long at least


@dataclass(order=True)
class Ticket:
    """One message that waits. `left` is set to 0.0 when it may go, or to the seconds it should come back in."""

    urgency: int
    number: int
    chat: str = field(compare=False)
    left: asyncio.Future[float] = field(compare=False)


class Gate:
    """The way out to one messenger. Times are of the event loop's clock."""

    def __init__(self, purse: Purse) -> None:
        self._purse = purse
        self._ready: list[Ticket] = []
        self._later: list[tuple[float, Ticket]] = []  # chats that must wait for themselves, by the time they may go
        self._numbers = itertools.count()
        self._pump: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._is_closed = False

    async def enter(self, chat: str, urgency: int, patience: float) -> float:
        """Returns 0.0 once a message may go to that chat; the seconds until it may where that would be too long."""
        now = _now()
        wait = self._purse.wait(chat, now)
        if not wait and not self._ready and not self._is_closed:
            self._purse.take(chat, now)
            return 0.0
        if self._is_closed or wait > patience:
            return max(wait, SHORT)
        return await self._queue(Ticket(urgency, next(self._numbers), chat, _future()), patience)

    def try_enter(self, chat: str) -> bool:
        """Takes from the budget where nobody waits and there is room at once."""
        now = _now()
        if self._ready or self._is_closed or self._purse.wait(chat, now):
            return False
        self._purse.take(chat, now)
        return True

    def close(self) -> None:
        """Sends everyone away who waits; the budget is not touched any more."""
        self._is_closed = True
        for ticket in [*self._ready, *(ticket for _, ticket in self._later)]:
            _settle(ticket, SHORT)

    async def _queue(self, ticket: Ticket, patience: float) -> float:
        heapq.heappush(self._ready, ticket)
        self._news.set()
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._let_out())
        try:
            async with asyncio.timeout(patience):
                return await ticket.left  # whoever is cancelled here cancels it, and is passed over
        except TimeoutError:
            if not ticket.left.cancelled():  # let out in this very moment
                return ticket.left.result()
            return max(self._purse.wait(ticket.chat, _now()), SHORT)

    async def _let_out(self) -> None:
        while self._ready or self._later:
            pause = self._step(_now())
            self._news.clear()
            if pause is None:
                continue
            try:
                async with asyncio.timeout(pause):
                    await self._news.wait()
            except TimeoutError:
                continue

    def _step(self, now: float) -> float | None:
        """Lets one out, or puts one aside; gives the seconds until there is something to do, None for at once."""
        while self._later and self._later[0][0] <= now:
            heapq.heappush(self._ready, heapq.heappop(self._later)[1])
        while self._ready and self._ready[0].left.done():
            heapq.heappop(self._ready)
        if not self._ready:
            return max(self._later[0][0] - now, 0.001) if self._later else None
        if wait := self._purse.wait_of_all(now):
            return wait
        ticket = heapq.heappop(self._ready)
        if wait := self._purse.wait(ticket.chat, now):
            heapq.heappush(self._later, (now + wait, ticket))
        else:
            self._purse.take(ticket.chat, now)
            _settle(ticket, 0.0)
        return None


def _settle(ticket: Ticket, seconds: float) -> None:
    if not ticket.left.done():
        ticket.left.set_result(seconds)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _future() -> asyncio.Future[float]:
    return asyncio.get_running_loop().create_future()
