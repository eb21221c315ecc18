"""Connections that are lent out, opened when they are needed and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Protocol

from bot.errors import DatabaseTroubleError, StorageError
from storage.postgres.line import Line

PATIENCE = 3.0  # seconds until a connection must be free


class Lender(Protocol):
    """Who lends a connection to one borrower at a time."""

    async def borrow(self) -> Line:
        """A connection. Raises DatabaseTroubleError where there is none."""

    async def give_back(self, line: Line) -> None:
        """Takes it back; one that is not fit for another borrower is closed."""


class Pool:
    """At most so many connections. One that the server ended meanwhile is not lent any more."""

    def __init__(self, open_line: Callable[[], Awaitable[Line]], most: int) -> None:
        self._open_line = open_line
        self._places = asyncio.Semaphore(most)
        self._free: list[Line] = []
        self._is_closed = False

    async def borrow(self) -> Line:
        if self._is_closed:
            raise StorageError("the database is closed")
        await self._place()
        try:
            return await self._kept() or await self._open_line()
        except BaseException:
            self._places.release()
            raise

    async def give_back(self, line: Line) -> None:
        try:
            if line.is_idle and not self._is_closed:
                self._free.append(line)
            else:
                await line.close()
        finally:
            self._places.release()

    async def close(self) -> None:
        """Closes what nobody uses now, and the rest when it comes back."""
        self._is_closed = True
        while self._free:
            await self._free.pop().close()

    async def _place(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE) if self._places.locked() else nullcontext():
                await self._places.acquire()
        except TimeoutError:
            raise DatabaseTroubleError("every connection to the database is busy") from None

    async def _kept(self) -> Line | None:
        """One that was used before, the latest first: it knows the most statements."""
        while self._free:
            line = self._free.pop()
            if line.is_alive():
                return line
            await line.close()
        return None
