"""Broadcasts: a few rows at a time, each person once, held and called off at any moment."""

from __future__ import annotations

import pytest

from bot.model import Json
from storage import audiences, broadcasts, claims, events, outbox, reports, sign_ups
from storage.audiences import Audience
from storage.broadcasts import CHUNK, LOW, Broadcast, New, Progress, Status
from storage.claims import Bar, Wanted
from storage.database import Database, Statement
from storage.events import Marks, Plan
from storage.outbox import Kind
from storage.sign_ups import SignUp
from tests.storage.chats import chat, row, rows

BODIES: dict[str, Json] = {
    "vi": {"text": [{"$": "t", "text": "chào"}], "buttons": [], "files": []},
    "en": {"text": [{"$": "t", "text": "hello"}], "buttons": [], "files": []},
}


EVERYBODY = Audience()


async def person(database: Database, number: int, *names: str, now: int = 0, **more: str | int) -> int:
    """Somebody who agreed, with a chat of each name, the last one used last; gives their id."""
    told: dict[str, str | int] = {"age_band": "18-22", "place": "", "crowd": "", "wants_news": 1, **more}
    columns = ", ".join(told)
    await database.write(
        [
            Statement(
                f"INSERT INTO people (id, created_at, age_told_at, {columns}) VALUES (:id, :now, :now,"
                f" {', '.join(f':{name}' for name in told)})",
                {"id": number, "now": now, **told},
            )
        ]
    )
    for place, name in enumerate(names or (f"c{number}",)):
        address = await chat(database, name, now=now + place)
        link = "UPDATE addresses SET person_id = :person, language = 'vi' WHERE id = :id"
        await database.write([Statement(link, {"person": number, "id": address})])
    return number


async def begin(database: Database, due_at: int = 0, audience: Audience = EVERYBODY) -> int:
    async with database.transaction() as tx:
        return await broadcasts.add(tx, New(Kind.BROADCAST, BODIES, audience, due_at, None), 0)


async def get(database: Database, broadcast_id: int) -> Broadcast:
    snapshot = await database.snapshot()
    try:
        found = await broadcasts.get(snapshot, broadcast_id)
    finally:
        await snapshot.close()
    assert found
    return found


async def progress(database: Database, broadcast_id: int) -> Progress:
    snapshot = await database.snapshot()
    try:
        found = await broadcasts.get(snapshot, broadcast_id)
        assert found
        return await broadcasts.progress(snapshot, found)
    finally:
        await snapshot.close()


async def send_all(database: Database, now: int = 10) -> list[str]:
    """Claims and sends until nothing is due; gives the chats in their order."""
    chats: list[str] = []
    while found := await claims.claim(database, "boot", now):
        for one in found:
            assert not one.bar
            chats.append(one.chat)
            await database.write([outbox.sent(one.id, "1", now)])
    return chats


async def run_to_its_end(database: Database, broadcast_id: int) -> list[str]:
    chats: list[str] = []
    while (await get(database, broadcast_id)).status in (Status.READY, Status.RUNNING):
        await broadcasts.step(database, 10)
        chats += await send_all(database)
    return chats


async def test_everyone_gets_it_once_in_chunks(database: Database) -> None:
    many = 2 * CHUNK + 7
    await database.write(
        [
            Statement(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)"
                " INSERT INTO people (id, created_at, age_band, age_told_at) SELECT i * 7, 0, '18-22', 0 FROM n",
                {"many": many},
            ),
            Statement(
                "INSERT INTO addresses (channel, chat, person_id, last_written_at, created_at)"
                " SELECT 'web', 'c' || id, id, 0, 0 FROM people"
            ),
        ]
    )
    broadcast = await begin(database)
    assert await broadcasts.step(database, 10) == CHUNK
    assert await broadcasts.step(database, 10) == 0  # enough is waiting
    assert await progress(database, broadcast) == Progress(waiting=many)
    assert len(await claims.claim(database, "boot", 10, Wanted(0, CHUNK - LOW))) == CHUNK - LOW
    await database.write([Statement("UPDATE outbox SET status = 'sent' WHERE status = 'leased'")])
    assert await broadcasts.step(database, 10) == 0
    assert await progress(database, broadcast) == Progress(sent=CHUNK - LOW, waiting=many - CHUNK + LOW)
    await run_to_its_end(database, broadcast)
    assert (await get(database, broadcast)).status is Status.DONE
    assert await progress(database, broadcast) == Progress(sent=many)
    [once] = await rows(database, "SELECT count(*) AS n, count(DISTINCT person_id) AS people FROM outbox")
    assert once == {"n": many, "people": many}


async def test_it_begins_when_it_is_due(database: Database) -> None:
    await person(database, 1)
    broadcast = await begin(database, due_at=100)
    assert await broadcasts.step(database, 99) == 0
    assert (await get(database, broadcast)).status is Status.READY
    assert await broadcasts.step(database, 100) == 1
    assert (await get(database, broadcast)).started_at == 100


async def test_each_person_gets_it_in_the_chat_they_used_last(database: Database) -> None:
    await person(database, 1, "old", "new")
    await person(database, 2, "reached", "blocked")
    await database.write([Statement("UPDATE addresses SET blocked_at = 5 WHERE chat = 'blocked'")])
    assert await run_to_its_end(database, await begin(database)) == ["new", "reached"]


async def test_whoever_cannot_be_reached_is_counted(database: Database) -> None:
    await person(database, 1)
    await person(database, 2)
    await database.write([Statement("UPDATE addresses SET blocked_at = 5 WHERE chat = 'c1'")])
    broadcast = await begin(database)
    assert await run_to_its_end(database, broadcast) == ["c2"]
    assert await progress(database, broadcast) == Progress(sent=1, unreachable=1)


async def test_who_joins_meanwhile_gets_it_and_who_leaves_does_not(database: Database) -> None:
    for number in (10, 20, 30):
        await person(database, number)
    broadcast = await begin(database)
    await broadcasts.step(database, 10)
    await person(database, 5, now=11)  # before the last one by number, after the start by time
    await database.write([Statement("DELETE FROM addresses WHERE chat = 'c20'")])
    assert sorted(await run_to_its_end(database, broadcast)) == ["c10", "c30", "c5"]
    await person(database, 6, now=12)
    assert await broadcasts.step(database, 20) == 0


async def test_who_wants_no_news_is_left_out_also_at_the_last_moment(database: Database) -> None:
    await person(database, 1, wants_news=0)
    await person(database, 2)
    broadcast = await begin(database)
    assert await broadcasts.step(database, 10) == 1
    await database.write([Statement("UPDATE people SET wants_news = 0")])
    [claimed] = await claims.claim(database, "boot", 10)
    assert claimed.bar is Bar.UNWANTED
    await database.write([outbox.give_up(claimed.id, claimed.bar, "dropped")])
    assert await progress(database, broadcast) == Progress(stopped=1)


async def test_a_person_who_did_not_agree_gets_nothing(database: Database) -> None:
    await person(database, 1, age_band="")
    assert await run_to_its_end(database, await begin(database)) == []


async def test_what_is_said_comes_with_its_languages(database: Database) -> None:
    await person(database, 1)
    await begin(database)
    await broadcasts.step(database, 10)
    [claimed] = await claims.claim(database, "boot", 10)
    assert claimed.body == BODIES


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (Audience(places=("00001",)), ["c1"]),
        (Audience(places=("00001", "00002")), ["c1", "c2"]),
        (Audience(age_bands=("16-17",)), ["c2"]),
        (Audience(groups=("farmer",), places=("00002",)), []),
        (Audience(groups=("farmer",)), ["c1"]),
        (Audience(languages=("en",)), []),
        (Audience(topics=("von",)), []),
        (EVERYBODY, ["c1", "c2"]),
    ],
)
async def test_an_audience_is_narrowed(database: Database, audience: Audience, expected: list[str]) -> None:
    await person(database, 1, place="00001", crowd="farmer")
    await person(database, 2, place="00002", age_band="16-17")
    assert Audience.from_json(audience.to_json()) == audience
    assert await run_to_its_end(database, await begin(database, audience=audience)) == expected


# -- pause, resume, cancel


async def test_what_is_paused_waits_and_goes_on_where_it_was(database: Database) -> None:
    for number in (1, 2, 3):
        await person(database, number)
    broadcast = await begin(database)
    await broadcasts.step(database, 10)
    [in_hand] = await claims.claim(database, "boot", 10, Wanted(50, 1))
    async with database.transaction() as tx:
        assert await broadcasts.pause(tx, broadcast)
        assert not await broadcasts.pause(tx, broadcast)
    assert await claims.claim(database, "boot", 11) == []
    assert await broadcasts.step(database, 11) == 0
    await database.write([outbox.sent(in_hand.id, "1", 11)])
    assert await progress(database, broadcast) == Progress(sent=1, waiting=2)
    async with database.transaction() as tx:
        assert await broadcasts.resume(tx, broadcast)
        assert not await broadcasts.resume(tx, broadcast)
    assert await run_to_its_end(database, broadcast) == ["c2", "c3"]


async def test_what_comes_back_unsent_while_it_is_paused_is_not_sent(database: Database) -> None:
    await person(database, 1)
    broadcast = await begin(database)
    await broadcasts.step(database, 10)
    [in_hand] = await claims.claim(database, "boot", 10)
    async with database.transaction() as tx:
        await broadcasts.pause(tx, broadcast)
    await database.write([outbox.release(in_hand.id, in_hand.boot, 10)])
    [again] = await claims.claim(database, "boot", 12)
    assert again.bar is Bar.PAUSED
    await database.write([outbox.set_aside(again.id)])
    async with database.transaction() as tx:
        await broadcasts.resume(tx, broadcast)
    assert await run_to_its_end(database, broadcast) == ["c1"]


async def test_a_paused_one_that_had_not_begun_still_waits_for_its_time(database: Database) -> None:
    await person(database, 1)
    broadcast = await begin(database, due_at=100)
    async with database.transaction() as tx:
        await broadcasts.pause(tx, broadcast)
        await broadcasts.resume(tx, broadcast)
    assert (await get(database, broadcast)).status is Status.READY
    assert await broadcasts.step(database, 99) == 0


@pytest.mark.parametrize("paused", [False, True])
async def test_what_is_called_off_goes_to_nobody_else(database: Database, paused: bool) -> None:
    for number in (1, 2, 3):
        await person(database, number)
    broadcast = await begin(database)
    await broadcasts.step(database, 10)
    [in_hand] = await claims.claim(database, "boot", 10, Wanted(50, 1))
    async with database.transaction() as tx:
        if paused:
            await broadcasts.pause(tx, broadcast)
        assert await broadcasts.cancel(tx, broadcast, 12)
        assert not await broadcasts.cancel(tx, broadcast, 13)
        assert not await broadcasts.resume(tx, broadcast)
    assert await claims.claim(database, "boot", 14) == []
    assert await broadcasts.step(database, 14) == 0
    await database.write([outbox.sent(in_hand.id, "1", 14)])
    assert await progress(database, broadcast) == Progress(sent=1, stopped=2)
    assert (await get(database, broadcast)).ended_at == 12


async def test_what_was_in_hand_when_the_process_ended_is_unsure_and_not_sent_again(database: Database) -> None:
    await person(database, 1)
    await person(database, 2)
    broadcast = await begin(database)
    await broadcasts.step(database, 10)
    assert len(await claims.claim(database, "boot", 10, Wanted(50, 1))) == 1
    await database.write([claims.void_leases()])
    assert await run_to_its_end(database, broadcast) == ["c2"]
    assert await progress(database, broadcast) == Progress(sent=1, unsure=1)
    address = (await row(database, "SELECT address_id AS id FROM outbox WHERE status = 'unsure'"))["id"]
    snapshot = await database.snapshot()
    try:
        assert await outbox.unsure(snapshot, address) == [outbox.Unsure(BODIES, is_broadcast=True)]
    finally:
        await snapshot.close()


# -- staff, release, what waits for its person


async def staff_person(database: Database, number: int, role: str, scope: str = "") -> None:
    await person(database, number, age_band="", wants_news=0)
    await database.write(
        [
            Statement(
                "INSERT INTO staff (person_id, role, scope, source, given_at) VALUES (:id, :role, :scope, 'invite', 0)",
                {"id": number, "role": role, "scope": scope},
            )
        ]
    )


async def test_staff_get_what_is_for_their_role_and_place_whatever_they_wish(database: Database) -> None:
    await staff_person(database, 1, "locality", "00001 00003")
    await staff_person(database, 2, "locality", "00002 000015")
    await staff_person(database, 3, "viewer")
    await person(database, 4, place="00001")
    audience = Audience(places=("00001",), roles=("locality",))
    assert Audience.from_json(audience.to_json()) == audience
    async with database.transaction() as tx:
        broadcast = await broadcasts.add(tx, New(Kind.NOTICE, BODIES, audience, 0, None), 0)
    assert await run_to_its_end(database, broadcast) == ["c1"]


@pytest.mark.parametrize("change", ["DELETE FROM staff", "UPDATE staff SET role = 'locality'"])
async def test_who_is_no_such_staff_any_more_gets_nothing_that_is_for_them(database: Database, change: str) -> None:
    await staff_person(database, 1, "viewer")
    async with database.transaction() as tx:
        broadcast = await broadcasts.add(tx, New(Kind.NOTICE, BODIES, Audience(roles=("viewer",)), 0, None), 0)
    await broadcasts.step(database, 10)
    await database.write([Statement(change)])
    [claimed] = await claims.claim(database, "boot", 10)
    assert claimed.bar is Bar.NO_STAFF
    await database.write([outbox.give_up(claimed.id, claimed.bar, "dropped")])
    assert await progress(database, broadcast) == Progress(stopped=1)


async def test_what_was_not_released_goes_to_nobody(database: Database) -> None:
    await person(database, 1)
    async with database.transaction() as tx:
        new = New(Kind.BROADCAST, BODIES, EVERYBODY, 0, None, status=Status.UNRELEASED)
        broadcast = await broadcasts.add(tx, new, 0)
        assert not await broadcasts.pause(tx, broadcast)
    assert await broadcasts.step(database, 10) == 0
    assert await progress(database, broadcast) == Progress(waiting=1)
    async with database.transaction() as tx:
        assert await broadcasts.release(tx, broadcast, 5)
        assert not await broadcasts.release(tx, broadcast, 5)
    assert await run_to_its_end(database, broadcast) == ["c1"]


async def test_what_waits_for_its_person_is_counted_and_is_called_off_too(database: Database) -> None:
    await person(database, 1)
    broadcast = await begin(database)
    await broadcasts.step(database, 10)
    await database.write([Statement("UPDATE outbox SET status = 'waiting'")])
    assert await progress(database, broadcast) == Progress(waiting=1)
    async with database.transaction() as tx:
        assert await broadcasts.cancel(tx, broadcast, 12)
    assert await progress(database, broadcast) == Progress(stopped=1)


async def test_an_audience_is_counted_by_the_channel_on_which_each_is_reached(database: Database) -> None:
    await person(database, 1)
    await person(database, 2, "old", "new")
    await person(database, 3, wants_news=0)
    await database.write([Statement("UPDATE addresses SET channel = 'zalo' WHERE chat IN ('c1', 'old')")])
    snapshot = await database.snapshot()
    try:
        counts = await audiences.by_channel(snapshot, EVERYBODY)
        assert await audiences.size(snapshot, EVERYBODY) == 2
    finally:
        await snapshot.close()
    assert counts == {"web": 1, "zalo": 1}


async def test_the_end_is_told_once(database: Database) -> None:
    broadcast = await begin(database)
    async with database.transaction() as tx:
        assert await reports.end(tx, broadcast, 5)
        assert not await reports.end(tx, broadcast, 6)


async def test_who_signed_up_for_an_event_is_an_audience(database: Database) -> None:
    states = {1: SignUp.GOING, 2: SignUp.NO, 3: SignUp.WAITING}
    for number in (1, 2, 3, 4):
        await person(database, number)
    office = await chat(database, "office")
    async with database.transaction() as tx:
        plans = [(Plan(f"Gặp mặt {n}", 100), Marks(f"u{n}", f"000{n}", f"t{n}")) for n in (1, 2)]
        first, second = [await events.add(tx, plan, marks, office, 0) for plan, marks in plans]
        tx.add(*(sign_ups.put(first, number, state, "", 0, 0) for number, state in states.items()))
        tx.add(sign_ups.put(second, 4, SignUp.GOING, "", 0, 0))
    audience = Audience(events=(first,))
    assert Audience.from_json(audience.to_json()) == audience
    assert await run_to_its_end(database, await begin(database, audience=audience)) == ["c1", "c3"]
    both = Audience(events=(first, second))
    assert await run_to_its_end(database, await begin(database, audience=both)) == ["c1", "c3", "c4"]
