"""Claims on addresses are locks that the server keeps for one connection of the process: they end with it."""

from __future__ import annotations

import asyncio

import structlog

from bot.errors import StorageError
from storage.database import Result, Statement
from storage.postgres.line import Line
from storage.postgres.server import Server

log = structlog.get_logger()

TAKE = "SELECT pg_try_advisory_lock(hashtextextended(:claim, 2)) AS is_ours"
LET_GO = "SELECT pg_advisory_unlock(hashtextextended(:claim, 2))"


def _lock(sql: str, address_id: int) -> Statement:
    return Statement(sql, {"claim": f"address {address_id}"})


class PostgresClaims:
    """The claims of this process."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._line: Line | None = None
        self._taken: set[int] = set()  # the server counts how often a lock is taken; here each is taken once
        self._turn = asyncio.Lock()

    def holds(self, address_id: int) -> bool:
        if not self._turn.locked() and self._line is not None and not self._line.is_alive():
            self._taken.clear()
        return address_id in self._taken

    async def take(self, address_id: int) -> bool:
        return await asyncio.shield(asyncio.ensure_future(self._take(address_id)))

    async def let_go(self, address_id: int) -> None:
        await asyncio.shield(asyncio.ensure_future(self._let_go(address_id)))

    async def take_and_look(self, address_id: int, look: Statement) -> Result | None:
        return await asyncio.shield(asyncio.ensure_future(self._take_and_look(address_id, look)))

    async def let_go_and_look(self, address_id: int, look: Statement) -> Result:
        return await asyncio.shield(asyncio.ensure_future(self._let_go_and_look(address_id, look)))

    async def close(self) -> None:
        """Ends every claim."""
        async with self._turn:
            await self._leave()

    async def _take(self, address_id: int) -> bool:
        async with self._turn:
            line = await self._connected()
            if address_id not in self._taken and await self._ask(line, TAKE, address_id):
                self._taken.add(address_id)
            return address_id in self._taken

    async def _take_and_look(self, address_id: int, look: Statement) -> Result | None:
        async with self._turn:
            line = await self._connected()
            if address_id in self._taken:
                [found] = await self._run(line, look)
                return found
            [[lock], found] = await self._run(line, _lock(TAKE, address_id), look)
            if not lock["is_ours"]:
                return None
            self._taken.add(address_id)
            return found

    async def _let_go_and_look(self, address_id: int, look: Statement) -> Result:
        async with self._turn:
            line = await self._connected()
            if address_id not in self._taken:
                [found] = await self._run(line, look)
                return found
            self._taken.remove(address_id)
            [_, found] = await self._run(line, _lock(LET_GO, address_id), look)
            return found

    async def _let_go(self, address_id: int) -> None:
        async with self._turn:
            if address_id not in self._taken or self._line is None:
                return
            self._taken.remove(address_id)
            try:
                await self._ask(self._line, LET_GO, address_id)
            except StorageError as error:  # all claims ended with the connection, this one too
                log.error("claims are lost", why=str(error))

    async def _connected(self) -> Line:
        """The connection, made anew where it was lost, and with it all claims."""
        if self._line is None or not self._line.is_alive():
            await self._leave()
            self._line = await self._server.open()
        return self._line

    async def _ask(self, line: Line, sql: str, address_id: int) -> bool:
        [[row]] = await self._run(line, _lock(sql, address_id))
        return bool(row.get("is_ours"))

    async def _run(self, line: Line, *statements: Statement) -> list[Result]:
        try:
            return await line.run(statements)
        except BaseException:
            await self._leave()  # nobody knows what became of the lock
            raise

    async def _leave(self) -> None:
        self._taken.clear()
        line, self._line = self._line, None
        if line is not None:
            await line.close()
