"""An invitation is good for one person and for a while."""

from __future__ import annotations

import asyncio

from storage import people, staff
from storage.database import Database, Statement
from storage.staff import Office
from tests.storage.chats import chat, rows


async def redeem(database: Database, code: str, now: int) -> str:
    async with database.transaction() as tx:
        office = await staff.redeem(tx, code, now)
        return office.role if office else ""


async def test_an_invitation_is_good_once_however_many_use_it_at_once(database: Database) -> None:
    await database.write([staff.invite("hash", "owner", expires_at=100)])
    roles = await asyncio.gather(*(redeem(database, "hash", 50) for _ in range(8)))
    assert sorted(roles) == [""] * 7 + ["owner"]


async def test_an_invitation_ends(database: Database) -> None:
    await database.write([staff.invite("hash", "owner", expires_at=100)])
    assert await redeem(database, "hash", 100) == ""
    assert await redeem(database, "other", 50) == ""
    assert await redeem(database, "hash", 99) == "owner"


async def test_an_invitation_redeemed_in_a_turn_that_fails_can_still_be_used(database: Database) -> None:
    await database.write([staff.invite("hash", "owner", expires_at=100)])

    async def fail() -> None:
        async with database.transaction() as tx:
            assert await staff.redeem(tx, "hash", 50) == Office("owner")
            raise LookupError

    await asyncio.gather(fail(), return_exceptions=True)
    assert await redeem(database, "hash", 60) == "owner"


async def test_the_settings_take_away_only_what_they_gave(database: Database) -> None:
    ids = [await chat(database, name) for name in ("named", "no longer", "invited")]
    async with database.transaction() as tx:
        named, gone, invited = [await people.of_address(tx, one, 0) for one in ids]
        for person, source in ((named, "settings"), (gone, "settings"), (invited, "invite")):
            await staff.appoint(tx, person, ids[0], "owner", source, 0)
        await staff.dismiss_others(tx, "settings", [named])
    found = await rows(database, "SELECT person_id FROM staff")
    assert {row["person_id"] for row in found} == {named, invited}


async def test_a_chat_has_one_person(database: Database) -> None:
    address = await chat(database)
    async with database.transaction() as tx:
        assert await people.of_address(tx, address, 0) == await people.of_address(tx, address, 1)
    assert await rows(database, "SELECT count(*) AS n FROM people") == [{"n": 1}]


async def test_a_person_who_goes_takes_their_role_along(database: Database) -> None:
    address = await chat(database)
    async with database.transaction() as tx:
        await staff.appoint(tx, await people.of_address(tx, address, 0), address, "owner", "invite", 0)
    await database.write([Statement("DELETE FROM people")])
    assert await rows(database, "SELECT * FROM staff") == []
