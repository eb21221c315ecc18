"""A post is a lock that the server keeps for one connection: whoever writes over it has the post."""

from __future__ import annotations

import asyncio

import structlog

from bot.errors import DatabaseTroubleError
from storage.database import Statement
from storage.postgres.desk import Desk
from storage.postgres.line import Line
from storage.postgres.server import Server

log = structlog.get_logger()

TRY_EVERY = 1.0  # seconds
TAKE = "SELECT pg_try_advisory_lock(hashtextextended(:post, 1)) AS is_ours"


class PostgresPost(Desk):
    """A post, and the connection that it is held by. Lost with the connection, it may be another process's at once."""

    def __init__(self, name: str, server: Server) -> None:
        super().__init__(self, self)
        self.name = name
        self._server = server
        self._line: Line | None = None
        self._is_ours = False
        self._turn = asyncio.Lock()

    @property
    def is_held(self) -> bool:
        return self._is_ours and self._line is not None and (self._turn.locked() or self._line.is_alive())

    async def hold(self) -> None:
        while not self.is_held:
            try:
                await self._try()
            except DatabaseTroubleError as trouble:
                log.error("a post waits for the database", post=self.name, why=str(trouble))
            if not self._is_ours:
                await asyncio.sleep(TRY_EVERY)

    async def borrow(self) -> Line:
        await self._turn.acquire()
        if self._line is None or not self._is_ours or not self._line.is_alive():
            self._turn.release()
            raise DatabaseTroubleError(f"the post of the {self.name} is not held")
        return self._line

    async def give_back(self, line: Line) -> None:
        try:
            if not line.is_idle:
                await self._leave()
        finally:
            self._turn.release()

    async def close(self) -> None:
        await self.settle()
        async with self._turn:
            await self._leave()

    async def _try(self) -> None:
        async with self._turn:
            if self._line is None or not self._line.is_alive():
                await self._leave()
                self._line = await self._server.open()
            if self._is_ours:  # held twice, it would have to be given up twice
                return
            try:
                [[row]] = await self._line.run([Statement(TAKE, {"post": self.name})])
            except BaseException:
                await self._leave()  # nobody knows whether it was taken
                raise
            self._is_ours = row["is_ours"]

    async def _leave(self) -> None:
        self._is_ours = False
        line, self._line = self._line, None
        if line is not None:
            await line.close()
