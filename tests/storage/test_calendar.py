"""The calendar on both databases: one current and one next of each chair, numbers, reminders, waiting drafts."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.errors import ConflictError, StaleError
from storage import addresses, conversations, dialogues, duties, people, staff, waiting
from storage.conversations import Open
from storage.database import Database, Statement, micros, moment
from storage.dialogues import Dates, Dialogue
from storage.duties import Readers, Wanted
from tests.storage.chats import chat, rows

DAY = timedelta(days=1)
NOON = moment(1_000_000_000_000_000)
READERS = Readers(("owner", "province"), "locality")


async def add(database: Database, code: str = "LS-2026", scope: str = "", *, is_next: bool = False) -> Dialogue:
    async with database.transaction() as tx:
        if is_next:
            return await dialogues.add_next(tx, code, "", 2025, now=0, scope=scope)
        return await dialogues.add(tx, code, "", 2025, is_current=True, now=0, scope=scope)


async def take(database: Database, now: int) -> str:
    """The code under which a proposal would be stored, or ""."""
    async with database.transaction() as tx:
        taken = await dialogues.take_number(tx, now)
    return f"{taken[0].code} {taken[1]}" if taken else ""


# -- dialogues


async def test_each_scope_has_one_current_and_one_next_dialogue(database: Database) -> None:
    await add(database)
    await add(database, "NS-2026", "06124")
    await add(database, "LS-2027", is_next=True)
    await add(database, "NS-2027", "06124", is_next=True)
    for code, scope, is_next in (
        ("A-1", "", False),
        ("A-2", "06124", False),
        ("A-3", "", True),
        ("A-4", "06124", True),
    ):
        with pytest.raises(ConflictError):
            await add(database, code, scope, is_next=is_next)


async def test_days_come_back_as_they_were_given(database: Database) -> None:
    dialogue = await add(database)
    dates = Dates(NOON, NOON + DAY, NOON + 2 * DAY, None, NOON + 4 * DAY)
    await database.write([dialogues.schedule(dialogue.id, dates)])
    snapshot = await database.snapshot()
    found = await dialogues.by_code(snapshot, "LS-2026")
    await snapshot.close()
    assert found
    assert found.dates == dates


async def test_the_next_takes_the_place_of_the_current_one(database: Database) -> None:
    first, second = await add(database), await add(database, "LS-2027", is_next=True)
    await database.write(dialogues.succeed(second, 5))
    snapshot = await database.snapshot()
    assert [(one.code, one.is_current, one.is_ended) for one in await dialogues.every(snapshot)] == [
        ("LS-2027", True, False),
        ("LS-2026", False, True),
    ]
    assert [one.code for one in await dialogues.live(snapshot)] == ["LS-2027"]
    await snapshot.close()
    with pytest.raises(StaleError):
        await database.write(dialogues.succeed(first, 6))


async def test_a_code_changes_only_while_nothing_bears_it(database: Database) -> None:
    dialogue = await add(database)
    await database.write([dialogues.rename(dialogue.id, "TN-2026")])
    assert await take(database, 0) == "TN-2026 1"
    with pytest.raises(StaleError):
        await database.write([dialogues.rename(dialogue.id, "LS-2026")])


async def test_the_dialogue_that_is_open_gives_the_number(database: Database) -> None:
    dialogue = await add(database)
    dates = Dates(opens=moment(100), closes=moment(200))
    await database.write([dialogues.schedule(dialogue.id, dates)])
    assert await take(database, 99) == ""
    assert await take(database, 100) == "LS-2026 1"
    assert await take(database, 199) == "LS-2026 2"
    assert await take(database, 200) == "", "there is no next one"
    await add(database, "LS-2027", is_next=True)
    assert await take(database, 199) == "LS-2026 3"
    assert await take(database, 200) == "LS-2027 1"
    assert await take(database, 99) == "", "the next takes nothing before the current one was open"


async def test_numbers_around_the_closing_have_no_gaps(database: Database) -> None:
    dialogue = await add(database)
    await add(database, "LS-2027", is_next=True)
    await database.write([dialogues.schedule(dialogue.id, Dates(closes=moment(10)))])
    taken = await asyncio.gather(*(take(database, now) for now in range(20)))
    assert sorted(taken) == sorted([*(f"LS-2026 {n}" for n in range(1, 11)), *(f"LS-2027 {n}" for n in range(1, 11))])


# -- reminders


async def member(database: Database, name: str, role: str, scope: str = "") -> int:
    """Somebody of staff; gives their chat."""
    address = await chat(database, name)
    async with database.transaction() as tx:
        await staff.appoint(tx, await people.of_address(tx, address, 0), address, role, "invite", 0, scope=scope)
    return address


def wanted(distance: int, duty: str = "publish") -> Wanted:
    return Wanted(duty, NOON, distance, NOON + distance * DAY)


async def told(database: Database) -> list[int]:
    """The chats that have a job, which are taken away."""
    found = [int(row["address_id"]) for row in await rows(database, "SELECT address_id FROM jobs ORDER BY address_id")]
    await database.write([Statement("DELETE FROM jobs")])
    return found


async def statuses(database: Database) -> list[tuple[int, str]]:
    found = await rows(database, "SELECT distance, status FROM staff_reminders ORDER BY due_at")
    return [(int(row["distance"]), str(row["status"])) for row in found]


async def test_each_reminder_is_told_once_however_many_look_at_once(database: Database) -> None:
    dialogue, boss = await add(database), await member(database, "boss", "province")
    await member(database, "viewer", "viewer")
    await database.write(duties.plan(dialogue.id, "publish", [wanted(0), wanted(1)]))
    assert await duties.step(database, micros(NOON) - 1, READERS) == 0
    counts = await asyncio.gather(*(duties.step(database, micros(NOON), READERS) for _ in range(5)))
    assert sorted(counts) == [0, 0, 0, 0, 1]
    assert await told(database) == [boss]
    assert await statuses(database) == [(0, "sent"), (1, "planned")]


async def test_of_several_that_are_overdue_the_last_is_late_and_the_others_are_missed(database: Database) -> None:
    dialogue, boss = await add(database), await member(database, "boss", "owner")
    await database.write(duties.plan(dialogue.id, "publish", [wanted(n) for n in (-7, -1, 0, 1)]))
    await database.write(duties.plan(dialogue.id, "close", [wanted(-7, "close")]))
    await duties.step(database, micros(NOON + DAY / 2), READERS)
    assert await told(database) == [boss, boss], "one for each duty"
    found = await statuses(database)
    assert sorted(found) == sorted([(-7, "missed"), (-7, "late"), (-1, "missed"), (0, "late"), (1, "planned")])


async def test_planning_anew_takes_away_only_what_was_not_told(database: Database) -> None:
    dialogue = await add(database)
    await member(database, "boss", "owner")
    plan = duties.plan(dialogue.id, "publish", [wanted(-1), wanted(0)])
    await database.write(plan)
    await duties.step(database, micros(NOON - DAY), READERS)
    for _ in range(2):
        await database.write(plan)
        assert await statuses(database) == [(-1, "sent"), (0, "planned")]
    await database.write(duties.tick_off(dialogue.id, "publish", await chat(database, "boss"), 0))
    assert await statuses(database) == [(-1, "sent")]


async def test_a_communes_staff_hear_of_their_own_dialogue_alone(database: Database) -> None:
    await add(database)
    own, other = await add(database, "NS-2026", "06124"), await add(database, "DK-2026", "05977")
    boss = await member(database, "boss", "province")
    na_sam = await member(database, "na sam", "locality", "06112 06124")
    await database.write(duties.plan(own.id, "publish", [wanted(0)]))
    await duties.step(database, micros(NOON), READERS)
    assert await told(database) == [na_sam]
    await database.write(duties.plan(other.id, "publish", [wanted(0)]))
    await duties.step(database, micros(NOON), READERS)
    assert await told(database) == [boss], "nobody there: it is the province's to see to"
    await database.write(duties.plan(own.id, duties.FIGURES, [wanted(0, duties.FIGURES)]))
    await duties.step(database, micros(NOON), READERS)
    assert await told(database) == [boss, na_sam], "figures are for all of them"


async def test_where_nobody_hears_it_is_missed(database: Database) -> None:
    dialogue = await add(database)
    blocked = await member(database, "blocked", "owner")
    await database.write([addresses.block(blocked, 5)])
    await database.write(duties.plan(dialogue.id, "publish", [wanted(0)]))
    await duties.step(database, micros(NOON), READERS)
    assert await statuses(database) == [(0, "missed")]


# -- waiting drafts


async def parked(database: Database, name: str, now: int = 0) -> int:
    """A chat with a draft that was put aside."""
    address = await chat(database, name)
    await database.write([conversations.begin(address, Open(1, "propose", {}, 0), now, "parked")])
    return address


async def test_a_draft_is_offered_once_when_its_dialogue_opens(database: Database) -> None:
    dialogue, address = await add(database), await parked(database, "lan")
    await database.write([dialogues.schedule(dialogue.id, Dates(opens=moment(100)))])
    await database.write([waiting.wait(address, 1, dialogue.id), waiting.wait(address, 1, dialogue.id)])
    assert await waiting.step(database, 99) == 0
    assert sorted(await asyncio.gather(*(waiting.step(database, 100) for _ in range(4)))) == [0, 0, 0, 1]
    assert await told(database) == [address]


async def test_what_waits_does_not_expire_with_other_drafts(database: Database) -> None:
    dialogue = await add(database)
    kept, gone = await parked(database, "kept"), await parked(database, "gone")
    await database.write([waiting.wait(kept, 1, dialogue.id)])
    await database.write([conversations.expire_parked(10)])
    assert [row["address_id"] for row in await rows(database, "SELECT address_id FROM conversations")] == [kept]
    assert gone


# -- staff


async def test_an_invitation_gives_its_scope_and_whoever_goes_takes_it_along(database: Database) -> None:
    await database.write([staff.invite("hash", "locality", 100, scope="06124 05977", label="the secretary")])
    address = await chat(database)
    async with database.transaction() as tx:
        office = await staff.redeem(tx, "hash", 1)
        assert office == staff.Office("locality", "06124 05977", "the secretary")
        person = await people.of_address(tx, address, 1)
        assert await staff.appoint(tx, person, address, "locality", "invite", 1, scope=office.scope, label=office.label)
        assert not await staff.appoint(tx, person, address, "locality", "invite", 2, scope=office.scope)
        assert await staff.appoint(tx, person, address, "locality", "invite", 3, scope="06124")
    snapshot = await database.snapshot()
    [found] = await staff.members(snapshot, 0, 10)
    assert (found.person_id, found.office.scope, found.channel) == (person, "06124", "web")
    assert await staff.count(snapshot) == 1
    await snapshot.close()
    async with database.transaction() as tx:
        assert await staff.dismiss(tx, person) == [address]
        assert await staff.member(tx, person) is None
