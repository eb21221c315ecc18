"""Whether the bot is well, as a machine asks: 200 where all parts beat, else 503 with what stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.health import Health, Pulse
from bot.model import Json
from bot.server import Server
from storage import outbox
from storage.database import micros
from storage.outbox import Outgoing
from storage.sqlite import SqliteDatabase
from tests.player import Town
from tests.storage.chats import BODY


@asynccontextmanager
async def asked(health: Health) -> AsyncIterator[tuple[int, Json]]:
    server = Server(health.routes())
    await server.start("127.0.0.1:0")
    try:
        async with ClientSession() as session, session.get(f"http://127.0.0.1:{server.port}/readyz") as response:
            yield response.status, await response.json()
    finally:
        await server.stop()


@pytest.fixture
async def well(place: Town) -> Health:
    """The health of a bot whose parts have just beaten, and beat no more."""
    pulses = {name: Pulse(pulse.patience) for name, pulse in place.bot.health.pulses.items()}
    for pulse in pulses.values():
        pulse.beat()
    return replace(place.bot.health, pulses=pulses)


async def test_a_bot_that_is_well_is_ready(well: Health) -> None:
    async with asked(well) as (status, said):
        assert (status, said["ready"], said["database"]) == (200, True, True)
        assert set(said["parts"]) == {"clock", "loop", "sender"}
        assert all(part["ok"] and part["age"] < 10 for part in said["parts"].values())
        assert said["disk_free_mb"] > 0


@pytest.mark.parametrize("part", ["clock", "loop", "sender"])
async def test_a_part_that_stands_still_is_named(well: Health, part: str) -> None:
    beaten_at = well.pulses[part].beaten_at
    assert beaten_at
    well.pulses[part].beaten_at = beaten_at - 1000
    async with asked(well) as (status, said):
        assert (status, said["ready"]) == (503, False)
        assert [name for name, one in said["parts"].items() if not one["ok"]] == [part]


async def test_a_part_that_never_beat_is_not_well() -> None:
    assert not Pulse(patience=10).is_well
    assert Pulse(patience=0).is_well


async def test_a_database_that_does_not_answer_is_said(well: Health, tmp_path: Path) -> None:
    closed = await SqliteDatabase.open(tmp_path / "other.db")
    await closed.close()
    health = Health(closed, tmp_path, well.clock, well.pulses)
    async with asked(health) as (status, said):
        assert (status, said["database"]) == (503, False)


async def test_what_waits_too_long_for_the_sender_is_said(place: Town, well: Health) -> None:
    lan = place.person("lan")
    await lan.send("chào")
    begun = micros(place.clock())
    await place.bot.database.write(outbox.add("turn:x", Outgoing(1, 0, BODY), "", begun))
    place.clock.forward(minutes=5)
    async with asked(well) as (status, said):
        assert status == 503
        assert said["outbox_lag"] > 290


async def test_nothing_of_anybody_stands_in_it(place: Town, well: Health) -> None:
    await place.person("lan").send("em tên là Lan")
    async with asked(well) as (_, said):
        assert "lan" not in str(said).lower().replace("balance", "")
