"""Chats that become one person's: what goes along, what comes back, which mailbox, and where notices go."""

from __future__ import annotations

import asyncio
import signal
import sys

import pytest

from bot.config import Location, SqliteFile
from bot.errors import StaleError
from bot.model import Message
from storage import addresses, broadcasts, claims, inbox, linking, outbox, people, routes
from storage.database import Database, Statement, Value
from storage.inbox import Item
from storage.outbox import Kind
from storage.routes import Routes
from tests.processes import environment
from tests.storage.chats import BOOT, chat, receive, row, rows, say
from tests.storage.test_broadcasts import begin, run_to_its_end

HOUR = 3_600_000_000
ROUTES = Routes(reaching=("telegram", "zalo"), waking=("web",), hours={"zalo": 48})
KILLED = """
import asyncio, os, signal, sys
from bot.config import database_location
from storage import linking
from storage.opening import open_database

async def main():
    database = await open_database(database_location(sys.argv[1]))
    async with database.transaction() as tx:
        coming = await linking.chats(tx, int(sys.argv[3]))
        await linking.join(tx, int(sys.argv[2]), coming)
        await tx.run_all([])
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def person(database: Database, name: str, channel: str = "web", now: int = 0, band: str = "18-22") -> int:
    """Somebody who agreed, with one chat; gives their id."""
    address = await chat(database, name, channel, now)
    async with database.transaction() as tx:
        found = await people.of_address(tx, address, now)
        await people.tell_age(tx, found, band, now)
        await people.agree(tx, found, people.Consent("1", "vi", channel, now))
    return found


async def join(database: Database, person_id: int, former: int) -> None:
    async with database.transaction() as tx:
        await linking.join(tx, person_id, await linking.chats(tx, former))


async def part(database: Database, name: str) -> int:
    [found] = await rows(database, "SELECT id FROM addresses WHERE chat = :chat", "", name)
    async with database.transaction() as tx:
        going = await linking.chat(tx, found["id"])
        assert going
        return await linking.part(tx, going, 0)


async def behind(database: Database) -> dict[str, int | None]:
    """Who stands behind each chat."""
    return {one["chat"]: one["person_id"] for one in await rows(database, "SELECT chat, person_id FROM addresses")}


async def propose(database: Database, name: str, number: int) -> None:
    """A proposal sent from a chat."""
    await database.write(
        [
            Statement(
                "INSERT INTO dialogues (code, theme, era, is_current, created_at) VALUES ('LS', '', 2025, 1, 0)"
                " ON CONFLICT DO NOTHING"
            ),
            Statement(
                "INSERT INTO proposals (code, dialogue_id, person_id, address_id, number, key_hash, text, kind, age_band,"
                " state, created_at) SELECT :code, d.id, a.person_id, a.id, :number, '', '', '', '', 'received', 0"
                " FROM addresses a, dialogues d WHERE a.chat = :chat",
                {"code": f"LS-{number}", "number": number, "chat": name},
            ),
        ]
    )


async def proposed(database: Database) -> dict[str, int]:
    """Whose each proposal is."""
    return {one["code"]: one["person_id"] for one in await rows(database, "SELECT code, person_id FROM proposals")}


async def test_what_was_sent_goes_along_and_stays_where_it_was_sent_from(database: Database) -> None:
    lan, hoa = await person(database, "lan"), await person(database, "hoa", band="23-30")
    await propose(database, "lan", 1)
    await propose(database, "hoa", 2)
    await join(database, lan, hoa)
    await propose(database, "hoa", 3)
    assert set((await proposed(database)).values()) == {lan}
    assert await part(database, "hoa") == hoa
    assert await proposed(database) == {"LS-1": lan, "LS-2": hoa, "LS-3": hoa}
    assert await behind(database) == {"lan": lan, "hoa": hoa}
    bands = await rows(database, "SELECT age_band, joined_to FROM people ORDER BY age_band")
    assert [(one["age_band"], one["joined_to"]) for one in bands] == [("18-22", None), ("23-30", None)]


async def test_the_chat_whose_settings_count_can_go_as_well(database: Database) -> None:
    lan, hoa = await person(database, "lan"), await person(database, "hoa")
    await propose(database, "lan", 1)
    await propose(database, "hoa", 2)
    await join(database, lan, hoa)
    new = await part(database, "lan")
    assert new not in (lan, hoa)
    assert await proposed(database) == {"LS-1": new, "LS-2": lan}
    settings = await rows(database, f"SELECT age_band FROM people WHERE id IN ({new}, {lan})")
    assert [one["age_band"] for one in settings] == ["18-22", "18-22"]
    assert len(await rows(database, f"SELECT id FROM consents WHERE person_id = {new}")) == 1


async def test_whoever_was_joined_before_is_joined_again_and_comes_back_as_they_were(database: Database) -> None:
    lan, hoa, minh = [await person(database, name, band=band) for name, band in
                      (("lan", "16-17"), ("hoa", "18-22"), ("minh", "23-30"))]  # fmt: skip
    await join(database, hoa, lan)
    await join(database, minh, hoa)
    assert set((await behind(database)).values()) == {minh}
    assert await part(database, "lan") == lan
    assert await part(database, "hoa") == hoa
    assert await behind(database) == {"lan": lan, "hoa": hoa, "minh": minh}


async def test_who_is_erased_takes_along_who_they_were(database: Database) -> None:
    lan, hoa = await person(database, "lan"), await person(database, "hoa")
    await join(database, lan, hoa)
    await database.write([Statement("DELETE FROM people WHERE id = :id", {"id": lan})])
    assert await rows(database, "SELECT id FROM people") == []


async def test_who_signed_up_twice_has_one_seat_and_one_reminder(database: Database) -> None:
    lan, hoa = await person(database, "lan"), await person(database, "hoa")
    await propose(database, "lan", 1)
    await database.write(
        [event(1), event(2), *signed_up(1, lan, "going"), *signed_up(1, hoa, "maybe"), *signed_up(2, hoa, "going")]
    )
    await join(database, lan, hoa)
    found = await rows(database, "SELECT event_id, person_id, state FROM sign_ups ORDER BY event_id")
    assert [tuple(one.values()) for one in found] == [(1, lan, "going"), (2, lan, "going")]
    found = await rows(database, "SELECT event_id, person_id FROM reminders ORDER BY event_id")
    assert [tuple(one.values()) for one in found] == [(1, lan), (2, lan)]


@pytest.mark.parametrize(
    ("stays", "comes", "left", "is_reminded"),
    [
        ("waiting", "going", "going", True),
        ("no", "going", "going", True),
        ("going", "no", "going", True),
        ("waiting", "maybe", "waiting", False),
        ("applied", "chosen", "chosen", True),
        ("no", "declined", "declined", False),
    ],
)
async def test_nobody_loses_a_seat_by_being_joined_nor_is_reminded_of_none(
    database: Database, stays: str, comes: str, left: str, is_reminded: bool
) -> None:
    lan, hoa = await person(database, "lan"), await person(database, "hoa")
    await propose(database, "lan", 1)
    await database.write([event(1), *signed_up(1, lan, stays), *signed_up(1, hoa, comes)])
    reminded = "('going', 'maybe', 'chosen')"
    await database.write(
        [Statement(
            "UPDATE reminders SET state = 'void' WHERE NOT EXISTS (SELECT 1 FROM sign_ups s"
            f" WHERE s.person_id = reminders.person_id AND s.state IN {reminded})"
        )]
    )  # fmt: skip
    await join(database, lan, hoa)
    assert [tuple(one.values()) for one in await rows(database, "SELECT person_id, state FROM sign_ups")] == [
        (lan, left)
    ]
    due = await rows(database, "SELECT person_id FROM reminders WHERE state = 'waiting'")
    assert due == ([{"person_id": lan}] if is_reminded else [])


def event(number: int) -> Statement:
    return Statement(
        "INSERT INTO events (id, uid, state, title, start_at, audience, quotas, offsets, code, token, created_at, changed_at)"
        " VALUES (:id, :uid, 'published', '', 9, '{}', '{}', '[]', '', '', 0, 0)",
        {"id": number, "uid": str(number)},
    )


def signed_up(event_id: int, person_id: int, state: str) -> list[Statement]:
    """Somebody's answer to an event, and their reminder."""
    values: dict[str, Value] = {"event": event_id, "person": person_id, "state": state}
    return [
        Statement(
            "INSERT INTO sign_ups (event_id, person_id, state, queued_at, answered_at) VALUES (:event, :person, :state, 0, 0)",
            values,
        ),
        Statement(
            "INSERT INTO reminders (event_id, person_id, start_at, minutes_before, due_at, state)"
            " VALUES (:event, :person, 9, 60, 8, 'waiting')",
            values,
        ),
    ]


async def test_every_table_that_names_a_person_is_dealt_with(database: Database) -> None:
    sql = (
        "SELECT table_name AS name FROM information_schema.columns WHERE column_name IN ('person_id', 'author_id')"
        " AND table_schema = 'public'"
        if database.is_shared
        else "SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE c.name IN ('person_id', 'author_id')"
    )
    named = {one["name"] for one in await rows(database, sql)}
    assert named == {*linking.OWNED, *linking.KEPT, *linking.WORK, "addresses", "staff"}


async def test_nobody_joins_their_own_and_who_joined_twice_counts_once(database: Database) -> None:
    lan, hoa = await person(database, "lan"), await person(database, "hoa")
    await person(database, "minh")
    for n, name in enumerate(("lan", "minh"), 1):
        await propose(database, name, n)
    joining = (
        "INSERT INTO supporters (proposal_id, person_id, address_id, joined_at) SELECT p.id, a.person_id, a.id, 0"
        " FROM proposals p, addresses a WHERE (p.code, a.chat) IN (('LS-1', 'hoa'), ('LS-2', 'hoa'), ('LS-2', 'lan'))"
    )
    await database.write([Statement(joining)])
    await join(database, lan, hoa)
    joined = "SELECT p.code, s.person_id FROM supporters s JOIN proposals p ON p.id = s.proposal_id"
    assert [tuple(one.values()) for one in await rows(database, joined)] == [("LS-2", lan)]


async def test_a_broadcast_is_its_authors_whichever_chat_the_role_goes_with(database: Database) -> None:
    lan, hoa = await person(database, "lan"), await person(database, "hoa")
    appointed = "INSERT INTO staff (person_id, address_id, role, source, given_at) SELECT a.person_id, a.id, 'province', 'invite', 0"
    written = (
        "INSERT INTO articles (section, topic, texts, links, words, profile, author_id, created_at, changed_at)"
        " VALUES ('jobs', '', '{}', '[]', '', '', :hoa, 0, 0)"
    )
    await database.write(
        [Statement(f"{appointed} FROM addresses a WHERE a.chat = 'hoa'"), Statement(written, {"hoa": hoa})]
    )
    author = "SELECT author_id FROM articles"
    await join(database, lan, hoa)
    assert await rows(database, author) == [{"author_id": lan}]
    assert await part(database, "hoa") == hoa
    assert await rows(database, author) == [{"author_id": hoa}]


async def test_a_process_that_is_killed_while_it_joins_has_joined_nothing(
    database: Database, location: Location
) -> None:
    lan, hoa = await person(database, "lan"), await person(database, "hoa")
    await propose(database, "hoa", 1)
    url = f"sqlite:///{location.path}" if isinstance(location, SqliteFile) else location.url
    before = [
        await rows(database, f"SELECT * FROM {table} ORDER BY id") for table in ("people", "addresses", "proposals")
    ]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, url, str(lan), str(hoa), env=environment()
    )
    assert await asyncio.wait_for(process.wait(), 30) == -signal.SIGKILL
    after = [
        await rows(database, f"SELECT * FROM {table} ORDER BY id") for table in ("people", "addresses", "proposals")
    ]
    assert after == before
    await join(database, lan, hoa)
    assert await proposed(database) == {"LS-1": lan}


async def test_a_turn_is_stale_where_somebody_else_stands_behind_its_chat_by_now(database: Database) -> None:
    lan, hoa = await person(database, "lan"), await person(database, "hoa")
    [found] = await rows(database, "SELECT id FROM addresses WHERE chat = 'hoa'")
    await database.write(people.stands_behind(found["id"], hoa))
    await join(database, lan, hoa)
    await database.write(people.stands_behind(found["id"], lan))
    with pytest.raises(StaleError):
        await database.write(people.stands_behind(found["id"], hoa))


# -- mailboxes


async def lanes(database: Database, *items: Item) -> list[int]:
    return [item.mailbox or item.address_id for item in items]


async def test_the_chats_of_a_person_share_a_mailbox_in_the_order_of_their_messages(database: Database) -> None:
    lan, hoa = await person(database, "lan"), await person(database, "hoa")
    await join(database, lan, hoa)
    sent = [Message("web", name, str(n), str(n)) for n, name in enumerate(("hoa", "lan", "hoa", "other"))]
    items = await receive(database, *sent, now=1)
    mailboxes = await lanes(database, *items)
    assert len(set(mailboxes[:3])) == 1
    assert mailboxes[3] not in mailboxes[:3]
    waiting = await database.read(inbox.waiting(mailboxes[0], 2, 9, is_aside=False))
    assert [inbox.item(one).content for one in waiting[0]] == sent[:3]
    assert await lanes(database, *await inbox.left_over(database)) == mailboxes
    assert await inbox.unserved(database, 2, 9) == [(mailboxes[0], False), (mailboxes[3], False)]
    await part(database, "lan")
    assert len(await inbox.unserved(database, 2, 9)) == 3


# -- where notices go


async def linked(database: Database, *chats: tuple[str, str, int]) -> dict[str, int]:
    """One person with chats of a name on a channel, each used last at a time; gives their addresses."""
    first, *others = [await person(database, name, channel, now) for name, channel, now in chats]
    for other in others:
        await join(database, first, other)
    return {one["chat"]: one["id"] for one in await rows(database, "SELECT id, chat FROM addresses")}


async def routed(database: Database, address_id: int, now: int, kind: Kind = Kind.ANSWER, **more: object) -> str:
    """The chat that something said in another one goes to."""
    await say(database, address_id, f"answer:{now}", now, kind=kind, **more)
    [found] = await claims.claim(database, BOOT, now, routes=ROUTES)
    await database.write([outbox.sent(found.id, "r", now)])
    return found.chat


async def test_it_goes_to_the_chat_used_last_that_reaches_somebody_away(database: Database) -> None:
    at = await linked(database, ("tele", "telegram", 5), ("zalo", "zalo", 7), ("page", "web", 9))
    assert await routed(database, at["page"], 10) == "zalo"
    assert await routed(database, at["tele"], 50 * HOUR) == "tele"
    await database.write([addresses.block(at["tele"], 0)])
    assert await routed(database, at["tele"], 50 * HOUR + 1) == "page"
    await database.write(
        [
            addresses.unblock(at["tele"]),
            Statement(
                "INSERT INTO subscriptions (endpoint, address_id, key, auth, created_at) VALUES ('e', :id, '', '', 0)",
                {"id": at["page"]},
            ),
        ]
    )
    assert await routed(database, at["tele"], 50 * HOUR + 2) == "page"


async def test_an_alert_is_routed_too_unless_it_is_for_that_chat(database: Database) -> None:
    at = await linked(database, ("tele", "telegram", 5), ("page", "web", 9))
    assert await routed(database, at["page"], 10, Kind.ALERT) == "tele"
    [stays] = await say(database, at["page"], "turn:9", 11, kind=Kind.ALERT, stays=True)
    assert stays.chat == "page"
    [reply] = await say(database, at["page"], "turn:10", 11)
    assert reply.chat == "page"


async def test_what_a_chat_refuses_goes_to_the_next(database: Database) -> None:
    at = await linked(database, ("tele", "telegram", 9), ("page", "web", 5))
    await say(database, at["tele"], "answer:1", 10, kind=Kind.ANSWER)
    [found] = await claims.claim(database, BOOT, 10, routes=ROUTES)
    assert found.chat == "tele"
    await database.write([addresses.block(at["tele"], 11), routes.turned_away(found.id, "UnreachableError")])
    [found] = await claims.claim(database, BOOT, 12, routes=ROUTES)
    assert found.chat == "page"
    await database.write([addresses.block(at["page"], 13), routes.turned_away(found.id, "UnreachableError")])
    assert (await row(database, "SELECT status FROM outbox"))["status"] == "failed"


async def test_a_broadcast_comes_once_to_whoever_is_joined_in_the_middle_of_it(database: Database) -> None:
    lan, hoa = await person(database, "lan", "telegram"), await person(database, "hoa", "zalo")
    broadcast = await begin(database)
    await broadcasts.step(database, 1)
    assert len(await rows(database, "SELECT id FROM outbox")) == 2
    await join(database, lan, hoa)
    came = []
    for one in await claims.claim(database, BOOT, 2, routes=ROUTES):
        came += [one.chat] if not one.bar else []
        await database.write([outbox.give_up(one.id, one.bar, "dropped") if one.bar else outbox.sent(one.id, "r", 2)])
    assert len(came) == 1
    assert await run_to_its_end(database, broadcast) == []
    assert sorted(one["status"] for one in await rows(database, "SELECT status FROM outbox")) == ["dropped", "sent"]


async def test_what_waits_for_a_messenger_is_looked_at_anew_when_another_chat_comes(database: Database) -> None:
    lan, hoa = await person(database, "lan", "zalo"), await person(database, "hoa", "telegram")
    [at] = await rows(database, "SELECT id FROM addresses WHERE chat = 'lan'")
    await say(database, at["id"], "answer:1", 1, kind=Kind.ANSWER)
    await database.write([Statement("UPDATE outbox SET status = 'waiting'")])
    await join(database, lan, hoa)
    [found] = await claims.claim(database, BOOT, 60 * HOUR, routes=ROUTES)
    assert found.chat == "hoa"
