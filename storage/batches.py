"""Units of statements that wait for a connection and travel to it together: the way there costs more than they do."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence

from storage.connection import Connection
from storage.database import Result, Statement

Unit = Sequence[Statement]
Outcome = list[Result] | Exception
Waiting = tuple[Unit, asyncio.Future[list[Result]]]

MOST = 64  # units that may travel together


class Batches:
    """Runs units in the order they came, all that wait in one hop. `lock` keeps them waiting."""

    def __init__(
        self, connection: Connection, work: Callable[[sqlite3.Connection, Sequence[Unit]], list[Outcome]]
    ) -> None:
        self.connection = connection
        self.lock = asyncio.Lock()
        self._work = work
        self._waiting: deque[Waiting] = deque()
        self._flusher: asyncio.Task[None] | None = None

    def written(self, unit: Unit) -> None:
        """Hears of each unit that was run."""

    async def run(self, unit: Unit) -> list[Result]:
        """Runs a unit; also where its caller is cancelled meanwhile."""
        done: asyncio.Future[list[Result]] = asyncio.get_running_loop().create_future()
        self._waiting.append((unit, done))
        self._flush_soon()
        return await done

    def take(self) -> list[Waiting]:
        """Takes out what waits, for one hop; `tell` or `put_back` has to follow."""
        return [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]

    def put_back(self, batch: Sequence[Waiting]) -> None:
        """Lets what was taken out wait again, before what came since."""
        self._waiting.extendleft(reversed(batch))
        self._flush_soon()

    def _flush_soon(self) -> None:
        if self._waiting and (self._flusher is None or self._flusher.done()):
            self._flusher = asyncio.create_task(self._flush())

    async def _flush(self) -> None:
        while self._waiting:
            async with self.lock:
                if batch := self.take():
                    await self._run_batch(batch)

    async def _run_batch(self, batch: Sequence[Waiting]) -> None:
        outcomes: Sequence[Outcome]
        try:
            outcomes = await self.connection.run(lambda raw: self._work(raw, [unit for unit, _ in batch]))
        except Exception as error:  # noqa: BLE001 nobody may wait for ever for what went wrong here
            outcomes = [error] * len(batch)
        self.tell(batch, outcomes)

    def tell(self, batch: Sequence[Waiting], outcomes: Sequence[Outcome]) -> None:
        """Gives each unit's outcome to whoever still waits for it."""
        for (unit, done), outcome in zip(batch, outcomes, strict=True):
            if not isinstance(outcome, Exception):
                self.written(unit)
            if done.done():
                continue
            if isinstance(outcome, Exception):
                done.set_exception(outcome)
            else:
                done.set_result(outcome)
