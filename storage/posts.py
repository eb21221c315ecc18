"""Posts and claims where one process has them all: on SQLite, whose file is locked by the one that runs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from bot.errors import DatabaseTroubleError
from storage.database import Result, Statement, Store, Transaction


class SolePost:
    """A post that nobody else could have. It writes like the database does."""

    def __init__(self, name: str, database: Store) -> None:
        self.name = name
        self.is_held = False
        self._database = database

    async def hold(self) -> None:
        self.is_held = True

    async def read(self, *statements: Statement) -> list[Result]:
        return await self._held().read(*statements)

    async def write(self, unit: Sequence[Statement]) -> list[Result]:
        return await self._held().write(unit)

    def transaction(self, *, at_once: bool = True) -> AbstractAsyncContextManager[Transaction]:
        return self._held().transaction(at_once=at_once)

    async def close(self) -> None:
        self.is_held = False

    def _held(self) -> Store:
        if not self.is_held:
            raise DatabaseTroubleError(f"the post of the {self.name} is not held")
        return self._database


class SoleClaims:
    """Claims that nobody else could have."""

    def __init__(self, database: Store) -> None:
        self._database = database
        self._taken: set[int] = set()

    def holds(self, address_id: int) -> bool:
        return address_id in self._taken

    async def take(self, address_id: int) -> bool:
        self._taken.add(address_id)
        return True

    async def take_and_look(self, address_id: int, look: Statement) -> Result | None:
        await self.take(address_id)
        [found] = await self._database.read(look)
        return found

    async def let_go_and_look(self, address_id: int, look: Statement) -> Result:
        await self.let_go(address_id)
        [found] = await self._database.read(look)
        return found

    async def let_go(self, address_id: int) -> None:
        self._taken.discard(address_id)
