"""Signals over LISTEN and NOTIFY, heard on a connection of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from itertools import chain, repeat

import structlog

from bot.errors import DatabaseTroubleError
from storage.database import Result, Statement
from storage.postgres.errors import ours
from storage.postgres.line import Line, Unit
from storage.postgres.server import Server
from storage.signals import CHANNEL, Callbacks, telling, told

log = structlog.get_logger()

PAUSES = (0.2, 1.0, 2.0)  # seconds between tries to hear again


class PostgresSignals(Callbacks):
    """What this process tells the others, and hears from them and from itself."""

    def __init__(self, server: Server, write: Callable[[Unit], Awaitable[list[Result]]]) -> None:
        super().__init__()
        self._server = server
        self._write = write

    async def tell(self, topic: str, payload: str = "") -> None:
        await self._write([telling(topic, payload)])

    async def run(self) -> None:
        while True:
            for pause in chain(PAUSES, repeat(PAUSES[-1])):
                try:
                    line = await self._listening()
                    break
                except DatabaseTroubleError as trouble:
                    log.error("signals are not heard", why=str(trouble))
                    await asyncio.sleep(pause)
            self.call_all()
            try:
                await self._hear(line)
            except DatabaseTroubleError as trouble:
                log.error("signals are not heard", why=str(trouble))
            finally:
                await line.close()

    async def _listening(self) -> Line:
        line = await self._server.open()
        try:
            await line.run([Statement(f"LISTEN {CHANNEL}")])
        except BaseException:
            await line.close()
            raise
        return line

    async def _hear(self, line: Line) -> None:
        """Calls back until the connection is lost."""
        async with aclosing(line.raw.notifies()) as news:
            while True:
                with ours():
                    heard = await anext(news)
                self.call(*told(heard.payload))
