"""What may go out by itself: counted once, within its limits, and what waits comes when it may."""

from __future__ import annotations

import pytest

from bot.channel import Policy
from storage import claims, outbox, quota
from storage.database import Statement
from storage.outbox import Kind
from storage.quota import DAY, HOUR, MONTH
from storage.sqlite import SqliteDatabase
from tests.storage.chats import BOOT, chat, row, rows, say


async def may_go(
    database: SqliteDatabase, address: int, policy: Policy, now: int, kind: Kind = Kind.ALERT, cause: str = ""
) -> bool:
    """Whether something that is said now may go out at once."""
    [claimed] = await say(database, address, cause or f"news:{now}", now, kind=kind)
    waits = await quota.must_wait(database, claimed, policy, now)
    if not waits:
        await database.write([outbox.sent(claimed.id, "r", now)])
    return not waits


async def statuses(database: SqliteDatabase) -> list[str]:
    return [one["status"] for one in await rows(database, "SELECT status FROM outbox ORDER BY id")]


async def test_a_reply_and_what_has_no_limit_never_wait(database: SqliteDatabase) -> None:
    address = await chat(database)
    assert await may_go(database, address, Policy(1, 1, 1), 9 * DAY, Kind.REPLY)
    assert await may_go(database, address, Policy(), 9 * DAY + 1)
    assert await rows(database, "SELECT * FROM unasked") == []


async def test_after_so_many_hours_it_waits_until_the_person_writes(database: SqliteDatabase) -> None:
    address, policy = await chat(database, now=0), Policy(hours=48)
    assert await may_go(database, address, policy, 48 * HOUR)
    assert not await may_go(database, address, policy, 48 * HOUR + 1)
    assert await statuses(database) == ["sent", "waiting"]
    await database.write([quota.renew(400 * DAY)])
    assert await statuses(database) == ["sent", "waiting"]
    await chat(database, now=60 * HOUR)
    await database.write(quota.release(address, 60 * HOUR))
    [claimed] = await claims.claim(database, BOOT, 60 * HOUR)
    assert not await quota.must_wait(database, claimed, policy, 60 * HOUR)


@pytest.mark.parametrize(("policy", "span"), [(Policy(per_day=2), DAY), (Policy(per_month=2), MONTH)])
async def test_of_more_than_the_limit_the_rest_waits_for_room(
    database: SqliteDatabase, policy: Policy, span: int
) -> None:
    here, there = await chat(database), await chat(database, "c2")
    assert await may_go(database, here, policy, 10)
    assert await may_go(database, there, policy, 20)
    assert not await may_go(database, here, policy, 30)
    waiting = await row(database, "SELECT due_at FROM outbox WHERE status = 'waiting'")
    assert waiting["due_at"] == 10 + span + 1
    await database.write([quota.renew(10 + span)])
    assert "waiting" in await statuses(database)
    await database.write([quota.renew(10 + span + 1)])
    [claimed] = await claims.claim(database, BOOT, 10 + span + 1)
    assert not await quota.must_wait(database, claimed, policy, 10 + span + 1)


async def test_what_is_tried_again_counts_once(database: SqliteDatabase) -> None:
    address, policy = await chat(database), Policy(per_day=1)
    [claimed] = await say(database, address, "news:1", 10, kind=Kind.ALERT)
    for now in (10, 20, 30):
        assert not await quota.must_wait(database, claimed, policy, now)
    assert len(await rows(database, "SELECT * FROM unasked")) == 1


async def test_another_messenger_has_a_count_of_its_own(database: SqliteDatabase) -> None:
    here, there = await chat(database), await chat(database, "c2", "zalo")
    assert await may_go(database, here, Policy(per_day=1), 10)
    assert await may_go(database, there, Policy(per_day=1), 20)


async def test_what_was_waited_for_counts_for_nothing(database: SqliteDatabase) -> None:
    address, policy = await chat(database), Policy(per_day=1)
    assert await may_go(database, address, policy, 10)
    assert not await may_go(database, address, policy, 20)
    await database.write(quota.release(address, 30))
    [claimed] = await claims.claim(database, BOOT, 30)
    assert not await quota.must_wait(database, claimed, policy, 30)
    assert (await row(database, "SELECT count(*) AS n FROM unasked WHERE at > 0"))["n"] == 1


async def test_it_counts_although_its_person_is_gone(database: SqliteDatabase) -> None:
    here, there = await chat(database), await chat(database, "c2")
    assert await may_go(database, here, Policy(per_day=1), 10)
    await database.write([Statement("DELETE FROM addresses WHERE id = :id", {"id": here})])
    assert not await may_go(database, there, Policy(per_day=1), 20)


async def test_what_waits_holds_up_nothing_and_keeps_its_words(database: SqliteDatabase) -> None:
    address = await chat(database)
    assert not await may_go(database, address, Policy(hours=1), 2 * HOUR)
    assert await claims.next_due(database) is None
    [reply] = await say(database, address, "turn:1", 3 * HOUR)
    assert reply.kind is Kind.REPLY
    await database.write([outbox.blank(9 * DAY), outbox.blank_sent(address)])
    assert (await row(database, "SELECT body FROM outbox WHERE status = 'waiting'"))["body"] != "{}"


async def test_who_never_writes_is_waited_for_no_longer_than_two_months(database: SqliteDatabase) -> None:
    address = await chat(database)
    assert not await may_go(database, address, Policy(hours=1), 2 * HOUR)
    assert await may_go(database, address, Policy(per_day=9), 3 * HOUR)
    await database.write(quota.expire(2 * HOUR))
    assert "waiting" in await statuses(database)
    await database.write(quota.expire(4 * HOUR))
    assert await statuses(database) == ["failed", "sent"]
    assert await rows(database, "SELECT * FROM unasked") == []


async def test_at_a_start_everything_is_looked_at_anew(database: SqliteDatabase) -> None:
    address = await chat(database)
    assert not await may_go(database, address, Policy(hours=1), 2 * HOUR)
    await database.write([quota.reconsider()])
    assert await statuses(database) == ["new"]
