"""What two processes do at the same moment comes out as if one had done it after the other."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from bot.errors import StaleError
from bot.model import Attachment, AttachmentKind, Message
from handlers.acts import cases as acts
from handlers.acts import lookup, people, proposals, staff
from handlers.acts.lookup import TRIES_OF_A_CODE, Ask
from handlers.acts.proposals import Sent
from handlers.acts.rights import Role, Standing
from storage import addresses, broadcasts, cases, dialogues, files, inbox, jobs, keys, linking, transcripts
from storage import people as persons
from storage.audiences import Audience
from storage.broadcasts import CHUNK
from storage.database import Database, Statement, Transaction, micros
from storage.files import Stored
from storage.outbox import Kind
from storage.people import Consent
from storage.proposals import Content
from storage.transcripts import Content as Shown
from tests.player import START
from tests.storage.chats import chat, receive, rows

T = TypeVar("T")

MEANWHILE = 0.15  # seconds in which another would have come through, if nothing held it up
NOW = micros(START)
CONTENT = Content("đường làng", "", "question", (), "", "", "18-22", "", False, ())


async def in_turn(
    one: Database,
    two: Database,
    first: Callable[[Transaction], Awaitable[T]],
    then: Callable[[Transaction], Awaitable[T]],
) -> tuple[T, T]:
    """Does something in one process, and before that has committed, something else in another one."""

    async def act(database: Database, what: Callable[[Transaction], Awaitable[T]]) -> T:
        async with database.transaction() as tx:
            return await what(tx)

    async with one.transaction() as tx:
        done = await first(tx)
        await tx.run_all([])  # what it only put on the way is done as well
        following = asyncio.create_task(act(two, then))
        await asyncio.sleep(MEANWHILE)
        assert not following.done()
    return done, await asyncio.wait_for(following, 5)


async def person(database: Database, name: str = "c1") -> tuple[int, int]:
    """A chat and the person behind it."""
    address = await chat(database, name)
    async with database.transaction() as tx:
        return address, await persons.of_address(tx, address, NOW)


async def proposal(database: Database, content: Content = CONTENT) -> tuple[str, int, int]:
    """A proposal that was sent: its code, its author, their chat."""
    address, author = await person(database)
    async with database.transaction() as tx:
        if not await dialogues.every(tx):
            await dialogues.add(tx, "LS-2026", "", 2025, is_current=True, now=NOW)
        return await send(tx, content, author, address), author, address


async def send(tx: Transaction, content: Content, author: int | None = None, address: int | None = None) -> str:
    """Sends a proposal; gives its code."""
    sent = await proposals.send(tx, content, "", author, address, NOW)
    assert isinstance(sent, Sent)
    return sent.code


async def test_no_number_is_given_twice_and_none_is_left_out(database: Database, other: Database) -> None:
    await proposal(database)

    async def one(store: Database, n: int) -> str:
        async with store.transaction() as tx:
            code = await send(tx, CONTENT)
            if n % 3 == 0:
                raise LookupError
            return code

    sending = [one(store, n) for n in range(20) for store in (database, other)]
    sent = [code for code in await asyncio.gather(*sending, return_exceptions=True) if isinstance(code, str)]
    assert sorted(sent) == [f"LS-2026-{n:05}" for n in range(2, 28)]


async def test_an_invitation_is_good_for_one_of_two_processes(database: Database, other: Database) -> None:
    code = await staff.invite(database, Role.OWNER, START)
    here, there = await chat(database, "here"), await chat(database, "there")
    roles = await in_turn(
        database,
        other,
        lambda tx: staff.redeem(tx, here, code, START),
        lambda tx: staff.redeem(tx, there, code, START),
    )
    assert roles == ("owner", "")


async def test_an_invitation_of_a_turn_that_failed_is_good_for_the_other(database: Database, other: Database) -> None:
    code = await staff.invite(database, Role.OWNER, START)
    here, there = await chat(database, "here"), await chat(database, "there")
    waiting: list[asyncio.Task[str]] = []

    async def redeem() -> str:
        async with other.transaction() as tx:
            return await staff.redeem(tx, there, code, START)

    async def fail() -> None:
        async with database.transaction() as tx:
            assert await staff.redeem(tx, here, code, START)
            waiting.append(asyncio.create_task(redeem()))
            await asyncio.sleep(MEANWHILE)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await asyncio.wait_for(waiting[0], 5) == "owner"


async def test_the_last_try_of_a_key_belongs_to_one_process(database: Database, other: Database) -> None:
    ask = Ask("LS-2026-00001", "ABCDEF", lookup.of_chat(1))
    for _ in range(TRIES_OF_A_CODE - 1):
        async with database.transaction() as tx:
            assert await lookup.count(tx, ask, START, wrong=True)
    elsewhere = Ask(ask.code, ask.key, lookup.of_chat(2))
    counted = await in_turn(
        database,
        other,
        lambda tx: lookup.count(tx, ask, START, wrong=True),
        lambda tx: lookup.count(tx, elsewhere, START + timedelta(seconds=1), wrong=True),
    )
    assert counted == (True, False)


async def test_an_address_gets_one_person(database: Database, other: Database) -> None:
    address = await chat(database)
    first, second = await in_turn(
        database,
        other,
        lambda tx: persons.of_address(tx, address, NOW),
        lambda tx: persons.of_address(tx, address, NOW),
    )
    assert first == second
    assert await rows(database, "SELECT count(*) AS n FROM people") == [{"n": 1}]


async def test_who_joins_while_they_are_made_an_owner_is_one_person(database: Database, other: Database) -> None:
    address = await chat(database)
    joining = people.Joining(address, None, Consent("1", "vi", "web", NOW), "18-22")

    async def appoint(tx: Transaction) -> int:
        await staff.appoint_owners(tx, ["web:c1"], START)
        return 0

    await in_turn(database, other, lambda tx: people.join(tx, joining, NOW), appoint)
    [found] = await rows(
        database, "SELECT a.person_id, s.role FROM addresses a JOIN staff s ON s.person_id = a.person_id"
    )
    assert found["role"] == "owner"


async def test_of_two_who_join_at_once_one_is_stale(database: Database, other: Database) -> None:
    address = await chat(database)
    joining = people.Joining(address, None, Consent("1", "vi", "web", NOW), "18-22")
    with pytest.raises(StaleError):
        await in_turn(
            database, other, lambda tx: people.join(tx, joining, NOW), lambda tx: people.join(tx, joining, NOW)
        )


# -- proposals


async def test_nothing_is_added_to_what_was_withdrawn_at_that_moment(database: Database, other: Database) -> None:
    code, author, address = await proposal(database)

    async def withdraw(tx: Transaction) -> bool:
        return await acts.withdraw(tx, author, address, code, "", NOW)

    async def add(tx: Transaction) -> bool:
        return await acts.add(tx, author, address, code, "thêm", (), NOW) is not None

    assert await in_turn(database, other, withdraw, add) == (True, False)
    assert await rows(database, "SELECT id FROM parts") == []


async def test_what_is_taken_up_cannot_be_changed_at_that_moment(database: Database, other: Database) -> None:
    code, author, address = await proposal(database)

    async def take_up(tx: Transaction) -> bool:
        return await acts.take_up(tx, Standing("owner"), address, code, NOW) is not None

    async def change(tx: Transaction) -> bool:
        return await acts.change(tx, author, address, code, CONTENT, NOW)

    assert await in_turn(database, other, take_up, change) == (True, False)


async def test_two_corrections_leave_one_revision_each(database: Database, other: Database) -> None:
    code, _, address = await proposal(database)

    def correct(kind: str) -> Callable[[Transaction], Awaitable[bool]]:
        return lambda tx: acts.correct(tx, Standing("owner"), address, code, acts.Correction(kind=kind), NOW)

    assert await in_turn(database, other, correct("suggestion"), correct("initiative")) == (True, True)
    snapshot = await database.snapshot()
    case = await cases.of_code(snapshot, code)
    await snapshot.close()
    assert case
    assert (case.revision, case.content.kind) == (3, "initiative")


@pytest.mark.parametrize("is_fetched_first", [True, False])
async def test_a_file_and_the_proposal_it_came_with_find_each_other(
    database: Database, other: Database, is_fetched_first: bool
) -> None:
    await proposal(database)
    address, author = await person(database)
    stored = Stored("ab" * 32, 5)
    photo = Attachment(AttachmentKind.PHOTO, "a.jpg", "image/jpeg", 5, "", "reference")
    await database.write([files.send_for(address, "reference", NOW)])

    async def fetch(tx: Transaction) -> str:
        await tx.run_all([files.add(stored, "image/jpeg", NOW), *files.fetched(address, "reference", stored.digest)])
        return ""

    async def propose(tx: Transaction) -> str:
        content = Content("đường", "", "question", (), "", "", "18-22", "", False, (photo,))
        return await send(tx, content, author, address)

    await in_turn(database, other, *((fetch, propose) if is_fetched_first else (propose, fetch)))
    assert await rows(database, "SELECT digest FROM proposal_files") == [{"digest": stored.digest}]


# -- by themselves


async def test_a_stranger_who_writes_at_that_moment_is_not_forgotten(database: Database, other: Database) -> None:
    address = await chat(database)
    press = Message("web", "c1", "m1", press="1.1.yes")
    async with other.transaction() as tx:
        results = await tx.run_all(inbox.accept(press, NOW))
        [item] = inbox.accepted([press], results)
        forgetting = asyncio.create_task(addresses.forget_strangers(database, NOW))
        await asyncio.sleep(MEANWHILE)
    assert await asyncio.wait_for(forgetting, 5) == 0
    assert item.address_id == address
    assert len(await inbox.left_over(database)) == 1


async def test_who_writes_while_they_are_forgotten_is_met_anew(database: Database, other: Database) -> None:
    await chat(database)
    async with database.transaction() as tx:
        await tx.run(Statement("DELETE FROM addresses"))
        receiving = asyncio.create_task(receive(other, Message("web", "c1", "m1", "xin chào"), now=NOW))
        await asyncio.sleep(MEANWHILE)
    [item] = await asyncio.wait_for(receiving, 5)
    assert [left.address_id for left in await inbox.left_over(database)] == [item.address_id]


async def test_the_same_message_is_taken_in_by_one_process(database: Database, other: Database) -> None:
    message = Message("web", "c1", "m1", "xin chào")
    taken = await asyncio.gather(*(receive(store, message) for store in (database, other) for _ in range(5)))
    assert sum(len(items) for items in taken) == 1


async def test_a_due_job_is_taken_by_one_process(database: Database, other: Database) -> None:
    address = await chat(database)
    await database.write([jobs.add("remind", address, str(n), 1, 0) for n in range(20)])
    taken = await asyncio.gather(*(inbox.take_jobs(store, 5, most=7) for store in (database, other) * 3))
    found = [item.inbox_id for items in taken for item in items]
    assert len(found) == len(set(found)) == 20


async def test_a_broadcast_that_two_processes_make_reaches_everybody_once(database: Database, other: Database) -> None:
    many = {"many": 5 * CHUNK}
    await database.write(
        [
            Statement(
                "INSERT INTO people (id, age_band, age_told_at, created_at)"
                " SELECT n, '18-22', 0, 0 FROM generate_series(1, :many) n",
                many,
            ),
            Statement(
                "INSERT INTO addresses (channel, chat, person_id, last_written_at, created_at)"
                " SELECT 'web', 'c' || n, n, 0, 0 FROM generate_series(1, :many) n",
                many,
            ),
        ]
    )
    async with database.transaction() as tx:
        new = broadcasts.New(Kind.NEWS, {"vi": {}}, Audience(), 0, None)
        id_ = await broadcasts.add(tx, new, 0)
    stores = (database, other) * 2
    await asyncio.gather(*(store.write([Statement("SELECT pg_sleep(0.1)")]) for store in stores))  # all are connected
    for processes in ((database,), stores, stores, stores, stores):
        await asyncio.gather(*(broadcasts.step(store, NOW) for store in processes))
        await database.write([Statement("UPDATE outbox SET status = 'sent'")])
    assert await rows(database, "SELECT count(*) AS n FROM outbox") == [{"n": 5 * CHUNK}]
    snapshot = await database.snapshot()
    broadcast = await broadcasts.get(snapshot, id_)
    await snapshot.close()
    assert broadcast
    assert broadcast.status == "done"


async def test_a_broadcast_is_released_once_and_what_was_called_off_is_not(database: Database, other: Database) -> None:
    async with database.transaction() as tx:
        held = broadcasts.New(Kind.NEWS, {"vi": {}}, Audience(), 0, None, status=broadcasts.Status.UNRELEASED)
        ids = [await broadcasts.add(tx, held, 0) for _ in range(2)]

    def release(tx: Transaction) -> Awaitable[bool]:
        return broadcasts.release(tx, ids[0], NOW)

    assert await in_turn(database, other, release, release) == (True, False)

    async def call_off(tx: Transaction) -> bool:
        return await broadcasts.cancel(tx, ids[1], NOW)

    async def let_out(tx: Transaction) -> bool:
        return await broadcasts.release(tx, ids[1], NOW)

    assert await in_turn(database, other, call_off, let_out) == (True, False)


async def test_changes_of_a_transcript_are_committed_in_the_order_of_their_numbers(
    database: Database, other: Database
) -> None:
    await chat(database)
    shown = [await database.write(transcripts.write_down("c1", "bot", key, Shown("chào"), 1)) for key in "ab"]
    references = [transcripts.reference(results) or 0 for results in shown]

    def strip(reference: int) -> Callable[[Transaction], Awaitable[int]]:
        async def stripped(tx: Transaction) -> int:
            _, [entry] = await tx.run_all(transcripts.strip("c1", reference, 5))
            return int(entry["change"])

        return stripped

    first, second = await in_turn(database, other, *map(strip, references))
    assert first < second


async def test_processes_that_start_at_once_share_their_keys(database: Database, other: Database) -> None:
    asked = [keys.shared(store, "cookies", os.urandom(32)) for store in (database, other) * 5]
    assert len(set(await asyncio.gather(*asked))) == 1


async def test_what_is_sent_while_its_chat_is_linked_belongs_to_whoever_it_is_then(
    database: Database, other: Database
) -> None:
    _, author, address = await proposal(database)
    _, joint = await person(database, "c2")

    async def send(tx: Transaction) -> None:
        tx.add(*persons.stands_behind(address, author))
        await proposals.send(tx, CONTENT, "", author, address, NOW)

    async def join(tx: Transaction) -> None:
        await tx.run(persons.hold(address))
        await linking.join(tx, joint, await linking.chats(tx, author))

    await in_turn(database, other, send, join)
    found = await rows(database, "SELECT person_id FROM proposals")
    assert [row["person_id"] for row in found] == [joint, joint]


async def test_a_turn_that_began_before_its_chat_was_linked_runs_again(database: Database, other: Database) -> None:
    _, author, address = await proposal(database)
    _, joint = await person(database, "c2")

    async def join(tx: Transaction) -> None:
        await tx.run(persons.hold(address))
        await linking.join(tx, joint, await linking.chats(tx, author))

    async def send(tx: Transaction) -> None:
        tx.add(*persons.stands_behind(address, author))
        await proposals.send(tx, CONTENT, "", author, address, NOW)

    with pytest.raises(StaleError):
        await in_turn(database, other, join, send)
    assert len(await rows(database, "SELECT id FROM proposals")) == 1
