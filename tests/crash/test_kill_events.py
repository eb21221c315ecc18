"""Killed at any moment while hundreds are reminded and told of changes: nobody is missed, nobody is told twice."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.pack import DEFAULT, Quiet
from handlers.acts import events as acts
from handlers.acts.events import By
from handlers.acts.rights import Role
from handlers.acts.timing import Timing
from storage import addresses, events, people, reminders, sign_ups
from storage.database import Statement, micros
from storage.events import Marks, Plan, State
from storage.migrate import migrate
from storage.people import Consent
from storage.reminders import Due
from storage.sign_ups import SignUp
from storage.sqlite import SqliteDatabase
from tests.crash.books import Books
from tests.crash.killing import chance, kill_and_start, kills
from tests.crash.process import BotProcess

PEOPLE = 200
SPANS = (60, 59, 58, 57)  # minutes before, each due at another moment of the test
A_KILL = 3.0  # seconds that one takes, about
DRAINED = 90.0
BODY = {"text": [{"$": "start.ready"}], "buttons": [], "files": []}
ZONE = ZoneInfo("UTC")

pytestmark = pytest.mark.crash


def awake_pack(folder: Path) -> Path:
    """The pack with a night of one minute, half a day away from now."""
    pack = folder / "pack"
    shutil.copytree(DEFAULT, pack)
    facts = (pack / "pack.toml").read_text("utf-8")
    zone = ZoneInfo(re.search(r'time_zone = "(.*?)"', facts)[1])  # type: ignore[index]
    night = datetime.now(zone) + timedelta(hours=12)
    hours = f"start = {night:%H:%M:00}\nend = {night + timedelta(minutes=1):%H:%M:00}\n"
    told = re.sub(r"(\[quiet\].*?\n)start.*\nend.*\neve.*\n", rf"\1{hours}", facts)
    assert told != facts
    (pack / "pack.toml").write_text(told, "utf-8")
    return pack


async def prepared(path: Path, seconds: float) -> tuple[SqliteDatabase, int]:
    """A database with an event in an hour, everyone signed up, and reminders due one after the other."""
    database = await SqliteDatabase.open(path)
    now = micros(datetime.now(UTC))
    await migrate(database, now)
    await database.write([addresses.seen("web", "office", "vi", now, wrote=True)])
    plan = Plan("Gặp mặt", now + 3600 * 1_000_000, hall="Hội trường 0")
    async with database.transaction() as tx:
        office = await addresses.find(tx, "web", "office")
        event_id = await events.add(tx, plan, Marks("u@example.org", "0427", "t"), office or 0, now)
        tx.add(events.change(event_id, plan, State.PUBLISHED, 0, now))
    for n in range(PEOPLE):
        await sign_up(database, event_id, f"p{n}", now)
    dues = [Due(span, now + int((n + 0.5) * seconds / len(SPANS) * 1e6)) for n, span in enumerate(SPANS)]
    await database.write(reminders.plan(event_id, plan.start_at, dues))
    return database, event_id


async def sign_up(database: SqliteDatabase, event_id: int, name: str, now: int) -> None:
    await database.write([addresses.seen("web", name, "vi", now, wrote=True)])
    async with database.transaction() as tx:
        address = await addresses.find(tx, "web", name)
        person = people.begin(tx, address or 0, now)
        await people.agree(tx, person, Consent("1", "vi", "web", now))
        await people.tell_age(tx, person, "18-22", now)
        tx.add(sign_ups.put(event_id, person, SignUp.GOING, "", now, now))


async def change_now_and_then(database: SqliteDatabase, event_id: int, stop: asyncio.Event) -> int:
    """Another hall every second or so, of which everyone is told; gives the last revision."""
    revision = 0
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 1.0)
        revision += 1
        now = datetime.now(UTC)
        async with database.transaction() as tx:
            event = await events.get(tx, event_id)
            assert event
            plan = replace(event.plan, hall=f"Hội trường {revision}", offsets=())
            done = await acts.change(
                tx, By(Role.OWNER, 1), event_id, event.revision, plan, [], lambda _: {"vi": BODY}, lambda _: BODY,
                Timing(now, Quiet(now.time(), now.time()), ZONE),
            )  # fmt: skip
            assert done
    return revision


async def test_nobody_is_missed_and_nobody_told_twice(tmp_path: Path) -> None:
    dice, times = chance(), kills("events")
    bot = BotProcess(tmp_path, {"BOT_PACK__PATH": str(awake_pack(tmp_path))})
    database, event_id = await prepared(bot.database, times * A_KILL)
    stop = asyncio.Event()
    try:
        await bot.start()
        changing = asyncio.create_task(change_now_and_then(database, event_id, stop))
        await kill_and_start(bot, times, dice, bot.answers)
        stop.set()
        last = await changing
        await drained(Books(bot.database, bot.files))
        assert await bot.end(signal.SIGTERM) == 0
        await check(database, event_id, last)
    finally:
        stop.set()
        await bot.end(signal.SIGKILL)
        await database.close()


async def drained(books: Books) -> None:
    """Returns when nothing waits, or nothing comes of waiting."""
    end = time.monotonic() + DRAINED
    while going(books) and time.monotonic() < end:  # noqa: ASYNC110 another process works
        await asyncio.sleep(0.2)


def going(books: Books) -> list[tuple[str, str, int]]:
    waiting = books.rows("SELECT 'reminders', state, count(*) FROM reminders WHERE state = 'waiting' GROUP BY 2")
    return [*(one for one in books.undone() if one[1] in ("new", "leased")), *waiting]


async def check(database: SqliteDatabase, event_id: int, last: int) -> None:
    """Each reminder arrived once, and so did the last change, unless nobody can know and the row says so."""
    [made, arrived, outbox] = await database.read(
        Statement("SELECT state, count(*) AS n FROM reminders GROUP BY state"),
        Statement("SELECT key, count(*) AS n FROM transcripts WHERE side = 'bot' GROUP BY address_id, key"),
        Statement("SELECT cause, address_id, status FROM outbox WHERE person_id IS NOT NULL"),
    )
    assert {row["state"]: row["n"] for row in made} == {"made": PEOPLE * len(SPANS)}
    assert {row["n"] for row in arrived} == {1}
    keys = {row["key"].rpartition(":")[0].rpartition(":")[0] for row in arrived}  # cause and chat
    statuses = Counter(row["status"] for row in outbox)
    for row in outbox:
        key, is_there = f"{row['cause']}:{row['address_id']}", f"{row['cause']}:{row['address_id']}" in keys
        if row["cause"].startswith("reminder:"):
            assert row["status"] == "sent", key
            assert is_there, key
        elif row["cause"] == f"event:{event_id}:change:{last}":
            assert row["status"] in ("sent", "unsure"), key
            assert is_there or row["status"] == "unsure", key
        else:
            assert row["status"] in ("sent", "unsure", "replaced"), key
            assert not (is_there and row["status"] == "replaced"), key
    told = [row for row in outbox if row["cause"] == f"event:{event_id}:change:{last}"]
    assert len({row["address_id"] for row in told}) == len(told) == PEOPLE
    print(last, "changes,", dict(statuses))
