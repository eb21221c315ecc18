"""Reminders as rows: each once for each time of the event, too late ones missed, none silent."""

from __future__ import annotations

import pytest

from storage import claims, events, outbox, people, reminders, sign_ups
from storage.claims import Bar
from storage.database import Database, Statement
from storage.events import Marks, Plan, State
from storage.outbox import Kind
from storage.people import Consent
from storage.reminders import Due
from storage.sign_ups import SignUp
from tests.storage.chats import BOOT, chat, rows

MINUTE = reminders.MINUTE
HOUR = 60 * MINUTE
DAY = 24 * HOUR
START = 30 * DAY
PLAN = Plan("Gặp mặt", START, hall="Hội trường A", offsets=(1440,))
A_DAY = Due(1440, START - DAY)


async def person(database: Database, name: str) -> int:
    """Somebody who agreed, with a chat of that name."""
    address = await chat(database, name)
    async with database.transaction() as tx:
        person_id = people.begin(tx, address, 0)
        await people.agree(tx, person_id, Consent("1", "vi", "web", 0))
        await people.tell_age(tx, person_id, "18-22", 0)
    return person_id


async def event(database: Database, plan: Plan = PLAN, uid: str = "u@example.org") -> int:
    address = await chat(database, "office")
    async with database.transaction() as tx:
        event_id = await events.add(tx, plan, Marks(uid, "0427", f"token {uid}"), address, 0)
        tx.add(events.change(event_id, plan, State.PUBLISHED, 0, 0))
    return event_id


async def signed(database: Database, event_id: int, person_id: int, state: SignUp = SignUp.GOING) -> None:
    await database.write([sign_ups.put(event_id, person_id, state, "", 0, 0)])


async def standing(database: Database) -> list[tuple[int, str, str]]:
    """Of every reminder when it is due, its state and why."""
    found = await rows(database, "SELECT due_at, state, why FROM reminders ORDER BY id")
    return [(row["due_at"], row["state"], row["why"]) for row in found]


async def claimed(database: Database, now: int) -> list[claims.Claimed]:
    return await claims.claim(database, BOOT, now)


async def figures(database: Database, event_id: int, now: int) -> reminders.Figures:
    """What became of the reminders of the only span that there is."""
    snapshot = await database.snapshot()
    try:
        [found] = await reminders.figures(snapshot, event_id, now)
    finally:
        await snapshot.close()
    return found


async def one_due(database: Database) -> tuple[int, int]:
    """An event and somebody who will be reminded of it a day before."""
    event_id, lan = await event(database), await person(database, "lan")
    await signed(database, event_id, lan)
    await database.write(reminders.plan(event_id, START, [A_DAY]))
    return event_id, lan


async def test_a_reminder_is_due_at_its_minute_and_goes_out_once(database: Database) -> None:
    await one_due(database)
    assert await reminders.step(database, START - DAY - 1) == 0
    assert await reminders.step(database, START - DAY) == 1
    assert await reminders.step(database, START - DAY + MINUTE) == 0
    [row] = await claimed(database, START - DAY)
    assert (row.kind, row.bar, row.reminded and row.reminded.title) == (Kind.REMINDER, Bar.NONE, "Gặp mặt")


@pytest.mark.parametrize("state", list(SignUp))
async def test_only_who_comes_is_reminded(database: Database, state: SignUp) -> None:
    event_id, lan = await event(database), await person(database, "lan")
    await signed(database, event_id, lan, state)
    await database.write(reminders.plan(event_id, START, [A_DAY]))
    assert bool(await standing(database)) == (state in (SignUp.GOING, SignUp.MAYBE, SignUp.CHOSEN))


async def test_what_is_planned_twice_is_there_once(database: Database) -> None:
    event_id, lan = await one_due(database)
    await database.write([*reminders.plan(event_id, START, [A_DAY]), *reminders.plan(event_id, START, [A_DAY], lan)])
    assert await standing(database) == [(START - DAY, "waiting", "")]


async def test_moved_and_moved_back_reminds_once(database: Database) -> None:
    event_id, _ = await one_due(database)
    later = Due(1440, START)
    await database.write([reminders.void(event_id), *reminders.plan(event_id, START + DAY, [later])])
    await database.write([reminders.void(event_id), *reminders.plan(event_id, START, [A_DAY])])
    assert await reminders.step(database, START - DAY) == 1
    await database.write([reminders.void(event_id), *reminders.plan(event_id, START + DAY, [later])])
    [row] = await claimed(database, START - DAY)
    assert row.bar is Bar.CALLED_OFF, "it was made, and the event moved before it went out"


async def test_what_went_out_is_not_said_again_of_the_same_time(database: Database) -> None:
    event_id, _ = await one_due(database)
    await reminders.step(database, START - DAY)
    [row] = await claimed(database, START - DAY)
    await database.write([outbox.sent(row.id, "ref", START - DAY)])
    await database.write([reminders.void(event_id), *reminders.plan(event_id, START + DAY, [Due(1440, START)])])
    await database.write([reminders.void(event_id), *reminders.plan(event_id, START, [A_DAY])])
    assert await reminders.step(database, START - DAY + MINUTE) == 0


@pytest.mark.parametrize(
    ("minutes", "late", "why"),
    [
        (1440, 180 * MINUTE, ""),
        (1440, 180 * MINUTE + 1, "late"),
        (120, 60 * MINUTE, ""),
        (120, 60 * MINUTE + 1, "late"),
        (120, 120 * MINUTE, "begun"),
        (1440, 3 * DAY, "begun"),
    ],
)
async def test_too_late_is_missed_and_says_why(database: Database, minutes: int, late: int, why: str) -> None:
    event_id, lan = await event(database), await person(database, "lan")
    await signed(database, event_id, lan)
    due = START - minutes * MINUTE
    await database.write(reminders.plan(event_id, START, [Due(minutes, due)]))
    assert await reminders.step(database, due + late) == (0 if why else 1)
    assert await standing(database) == [(due, "missed" if why else "made", why)]
    found = await figures(database, event_id, due + late)
    assert found.missed == ({why: 1} if why else {})


@pytest.mark.parametrize(("late", "bar"), [(4 * HOUR, Bar.LATE), (DAY, Bar.BEGUN), (HOUR, Bar.NONE)])
async def test_what_waited_in_the_outbox_too_long_is_not_sent(database: Database, late: int, bar: Bar) -> None:
    await one_due(database)
    await reminders.step(database, START - DAY)
    [row] = await claimed(database, START - DAY + late)
    assert row.bar_at(START - DAY + late) is bar


async def test_it_says_how_the_event_stands_when_it_goes_out(database: Database) -> None:
    event_id, _ = await one_due(database)
    await reminders.step(database, START - DAY)
    plan = Plan("Gặp mặt", START, hall="Hội trường B", offsets=(1440,))
    await database.write([events.change(event_id, plan, State.PUBLISHED, 1, 0)])
    [row] = await claimed(database, START - DAY)
    assert row.reminded
    assert (row.reminded.hall, row.bar) == ("Hội trường B", Bar.NONE)


async def test_who_wants_no_reminders_gets_none_and_is_counted(database: Database) -> None:
    event_id, lan = await one_due(database)
    await database.write([people.toggle_reminders(lan)])
    await reminders.step(database, START - DAY)
    [row] = await claimed(database, START - DAY)
    assert row.bar is Bar.UNWANTED
    await database.write([outbox.give_up(row.id, row.bar, "dropped")])
    found = await figures(database, event_id, START)
    assert (found.sent, found.missed) == (0, {"unwanted": 1})


async def test_who_cannot_be_reached_is_counted(database: Database) -> None:
    event_id, lan = await one_due(database)
    hoa = await person(database, "hoa")
    await signed(database, event_id, hoa)
    await database.write(reminders.plan(event_id, START, [A_DAY]))
    await database.write(
        [
            Statement("UPDATE addresses SET person_id = NULL WHERE person_id = :id", {"id": lan}),
            Statement("UPDATE addresses SET blocked_at = 1 WHERE person_id = :id", {"id": hoa}),
        ]
    )
    await reminders.step(database, START - DAY)
    found = await figures(database, event_id, START)
    assert found.missed == {"nowhere": 1, "blocked": 1}


async def test_many_are_made_a_chunk_at_a_time(database: Database) -> None:
    event_id = await event(database)
    for n in range(7):
        await signed(database, event_id, await person(database, f"p{n}"))
    await database.write(reminders.plan(event_id, START, [A_DAY]))
    assert await reminders.step(database, START - DAY) == 7
    assert len(await claimed(database, START - DAY)) == 7


async def test_whoever_cancels_and_comes_again_is_reminded_once(database: Database) -> None:
    event_id, lan = await one_due(database)
    await database.write([reminders.void(event_id, lan)])
    assert await reminders.step(database, START - DAY - HOUR) == 0
    await database.write(reminders.plan(event_id, START, [A_DAY], lan))
    assert await reminders.step(database, START - DAY) == 1
    assert [state for _, state, _ in await standing(database)] == ["void", "made"]
