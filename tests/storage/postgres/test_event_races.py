"""Events with two processes at once: a seat for one, a reminder once, a change that nobody undoes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.pack import Quiet
from handlers.acts import attendance, events
from handlers.acts.attendance import Answer
from handlers.acts.events import By
from handlers.acts.rights import Role
from handlers.acts.timing import Timing
from storage import claims, happenings, reminders
from storage import events as stored
from storage.database import Database, Transaction, micros
from storage.events import Marks, Plan, State
from storage.reminders import Due
from storage.sign_ups import SignUp
from tests.storage.chats import BOOT, chat, rows
from tests.storage.postgres.test_races import in_turn
from tests.storage.test_reminders import person

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
TIMING = Timing(NOW, Quiet(time(21), time(7)), ZoneInfo("Asia/Ho_Chi_Minh"))
START = micros(NOW + timedelta(days=3))
PLAN = Plan("Gặp mặt", START, hall="A", seats=1, offsets=(1440,))
BODY: dict[str, list[str]] = {"text": [], "buttons": [], "files": []}


async def held(database: Database, plan: Plan = PLAN) -> int:
    address = await chat(database, "office")
    async with database.transaction() as tx:
        event_id = await stored.add(tx, plan, Marks("u@example.org", "0427", "t"), address, 0)
        tx.add(stored.change(event_id, plan, State.PUBLISHED, 0, 0))
    return event_id


async def test_the_last_seat_is_given_to_one_of_two(database: Database, other: Database) -> None:
    event_id = await held(database)
    lan, hoa = await person(database, "lan"), await person(database, "hoa")

    async def come(tx: Transaction, who: int) -> SignUp | None:
        return (await attendance.answer(tx, who, event_id, Answer.YES, TIMING)).state

    first, then = await in_turn(database, other, lambda tx: come(tx, lan), lambda tx: come(tx, hoa))
    assert (first, then) == (SignUp.GOING, SignUp.WAITING)


async def test_of_two_changes_the_second_is_refused(database: Database, other: Database) -> None:
    event_id = await held(database)

    async def move(tx: Transaction, hall: str) -> bool:
        plan, by = replace(PLAN, hall=hall), By(Role.OWNER, 1)
        done = await events.change(tx, by, event_id, 0, plan, [], lambda _: {"vi": BODY}, lambda _: BODY, TIMING)
        return done is not None

    assert await in_turn(database, other, lambda tx: move(tx, "B"), lambda tx: move(tx, "C")) == (True, False)


async def test_who_signs_up_while_it_moves_is_reminded_of_the_new_time(database: Database, other: Database) -> None:
    event_id, lan = await held(database), await person(database, "lan")
    later = replace(PLAN, start_at=START + 86_400_000_000)

    async def move(tx: Transaction) -> None:
        by = By(Role.OWNER, 1)
        assert await events.change(tx, by, event_id, 0, later, [], lambda _: {"vi": BODY}, lambda _: BODY, TIMING)

    async def come(tx: Transaction) -> None:
        await attendance.answer(tx, lan, event_id, Answer.YES, TIMING)

    await in_turn(database, other, move, come)
    found = await rows(database, "SELECT start_at FROM reminders WHERE state = 'waiting'")
    assert [row["start_at"] for row in found] == [later.start_at]


async def test_two_clocks_remind_once(database: Database, other: Database) -> None:
    event_id = await held(database, replace(PLAN, seats=0))
    due = Due(1440, START - 86_400_000_000)
    for n in range(20):
        who = await person(database, f"p{n}")
        async with database.transaction() as tx:
            await attendance.answer(tx, who, event_id, Answer.YES, TIMING)
    made = await asyncio.gather(*(reminders.step(one, due.at) for one in (database, other) for _ in range(3)))
    assert sum(made) == 20
    claimed = await claims.claim(database, BOOT, due.at)
    assert len({row.reminded.id for row in claimed if row.reminded}) == 20


async def test_somebody_is_checked_in_once(database: Database, other: Database) -> None:
    event_id, lan = await held(database), await person(database, "lan")

    async def enter(store: Database) -> int:
        async with store.transaction() as tx:
            return len(await tx.run(happenings.check_in(event_id, lan, "code", 0)))

    assert sorted(await asyncio.gather(enter(database), enter(other))) == [0, 1]
