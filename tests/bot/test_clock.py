"""What happens by itself: due jobs become turns, and what was only kept for a while goes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from structlog.testing import capture_logs

from bot.clock import guarded
from bot.errors import DatabaseTroubleError
from bot.feature import job
from bot.turn import Turn
from handlers.features import FEATURES
from storage import jobs
from storage.database import Statement, micros
from tests.player import Town, town


@job("remind")
async def remind(turn: Turn) -> None:
    turn.say("place.plain", unit=turn.argument)


WITH_A_JOB = replace(FEATURES, jobs=[remind])


async def count(place: Town, table: str) -> int:
    [[row]] = await place.bot.database.read(Statement(f"SELECT count(*) AS n FROM {table}"))
    return int(row["n"])


async def test_a_job_is_done_when_its_time_has_come_and_once(tmp_path: Path) -> None:
    async with town(tmp_path, features=WITH_A_JOB) as place:
        lan = place.person("lan")
        await lan.send("chào")
        due, now = micros(place.clock() + timedelta(hours=2)), micros(place.clock())
        await place.bot.database.write([jobs.add("remind", 1, "mai nhé", due, now)])
        await place.bot.clock.take_jobs()
        assert "mai nhé" not in lan.last
        place.clock.forward(hours=2)
        await place.settle()
        assert lan.last == "mai nhé"
        place.clock.forward(hours=2)
        heard = lan.screen.heard
        await place.settle()
        assert lan.screen.heard == heard


async def test_a_stranger_and_all_they_said_are_gone_an_hour_later(place: Town) -> None:
    await place.person("lan").send("em muốn hỏi về vay vốn")
    place.clock.forward(minutes=59)
    await place.bot.clock.clean()
    assert await count(place, "addresses") == 1
    place.clock.forward(minutes=2)
    await place.bot.clock.clean()
    assert [await count(place, table) for table in ("addresses", "conversations", "outbox")] == [0, 0, 0]


async def test_a_person_stays_and_what_was_said_to_them_is_emptied_after_a_week(place: Town) -> None:
    lan = place.person("lan")
    await lan.send("em muốn hỏi về vay vốn")
    await lan.press("Đồng ý")
    await lan.press("18–22")
    place.clock.forward(days=8)
    await place.bot.clock.clean()
    assert await count(place, "addresses") == 1
    assert await count(place, "inbox") == 0
    assert await count(place, "outbox WHERE body <> '{}'") == 0


async def test_trouble_with_the_database_only_delays_a_tick() -> None:
    async def tick() -> None:
        raise DatabaseTroubleError

    with capture_logs() as logs:
        await guarded(tick)
    assert [entry["log_level"] for entry in logs] == ["error"]


async def test_a_tick_that_stands_still_is_given_up_and_named() -> None:
    async def tick() -> None:
        await asyncio.Event().wait()

    with capture_logs() as logs:
        await guarded(tick, still=0.05)
    assert [(entry["event"], entry["what"]) for entry in logs] == [("the clock stood still", "tick")]


async def test_a_tick_that_the_end_of_the_clock_cuts_short_is_no_error() -> None:
    begun = asyncio.Event()

    async def tick() -> None:
        begun.set()
        await asyncio.Event().wait()

    with capture_logs() as logs:
        cut = asyncio.create_task(guarded(tick))
        await begun.wait()
        cut.cancel()
        await cut
    assert [entry["log_level"] for entry in logs] == ["debug"]
