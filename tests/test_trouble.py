"""Trouble with the disk and the database, from the messenger to the answer: nothing is acknowledged, and it goes on."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest
from structlog.testing import capture_logs

from storage.database import Statement
from tests.conftest import EVERYWHERE
from tests.messengers.telegram import Phones
from tests.player import Player, Town, town

TEXT = "em muốn vay vốn mở quán cà phê thì hỏi ở đâu ạ. " * 80
PATIENCE = 20.0


@pytest.fixture(params=["telegram polling", "telegram webhook"])
async def lan(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Player]:
    async with town(tmp_path, join=EVERYWHERE[request.param]) as here:
        await here.settle()
        yield here.person("lan", "telegram")


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not so():  # noqa: ASYNC110 several parts work at once
            await asyncio.sleep(0.01)


@asynccontextmanager
async def full_disk(place: Town) -> AsyncIterator[None]:
    """No page more can be written in the block."""
    async with place.bot.database.transaction() as tx:
        [row] = await tx.rows("PRAGMA page_count")
        await tx.run(Statement(f"PRAGMA max_page_count = {row['page_count']}"))  # what is written does not fit one page
    yield
    async with place.bot.database.transaction() as tx:
        await tx.run(Statement("PRAGMA max_page_count = 1000000"))


@asynccontextmanager
async def locked(place: Town) -> AsyncIterator[None]:
    """Another program writes to the file all through the block."""
    async with place.bot.database.transaction() as tx:
        await tx.run(Statement("PRAGMA busy_timeout = 20"))
    other = sqlite3.connect(place.settings.database.location.path, isolation_level=None)  # type: ignore[union-attr]
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def waits_unacknowledged(lan: Player) -> list[str]:
    """Writes while nothing can be kept; gives the reasons that the log named."""
    updates = cast(Phones, lan.messenger).there.world.updates
    with capture_logs() as logs:
        await lan.send(TEXT, settle=False)
        await until(lambda: any("why" in entry for entry in logs))
        await asyncio.sleep(0.3)
    assert not updates.is_empty
    assert lan.screen.heard == 0
    return [str(entry.get("why", "")) for entry in logs]


async def test_on_a_locked_database_nothing_is_acknowledged_and_it_goes_on_after(lan: Player) -> None:
    async with locked(lan.town):
        reasons = await waits_unacknowledged(lan)
    await lan.town.settle()
    assert "Bạn đồng ý chứ" in lan.last
    assert any("locked" in why or "DatabaseTroubleError" in why for why in reasons)


async def test_on_a_full_disk_nothing_is_acknowledged_and_it_goes_on_after(lan: Player) -> None:
    async with full_disk(lan.town):
        reasons = await waits_unacknowledged(lan)
    await lan.town.settle()
    assert "Bạn đồng ý chứ" in lan.last
    assert any("full" in why or "DatabaseTroubleError" in why for why in reasons)


async def test_a_turn_that_meets_the_trouble_is_done_when_it_is_over(lan: Player) -> None:
    """The message is kept already; what its turn writes finds no room, and is written later."""
    await lan.send(TEXT)
    await lan.press("Đồng ý")
    async with locked(lan.town):
        await lan.press("18–22", settle=False)
        await asyncio.sleep(0.5)
    await lan.town.settle()
    assert "ở xã, phường nào" in lan.last
    [rows] = await lan.town.bot.database.read(Statement("SELECT status FROM inbox WHERE status <> 'done'"))
    assert rows == []
