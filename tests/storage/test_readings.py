"""What was read in proposals, found again by terms and kept in groups: the same on both databases."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.errors import StaleError
from storage import dialogues, groups, place_aliases, proposals, readings, showings, supporters, topic_models
from storage.database import Database, Statement, micros
from storage.proposals import Content, Filter, New, Tag
from storage.readings import Read, Unread
from storage.topic_models import Trained
from tests.player import START

NOW = micros(START)
FOLDING = frozenset({"advert", "copy"})


@dataclass
class Books:
    """A dialogue and what was sent to it."""

    database: Database
    dialogue: int
    sent: int = 0

    async def send(self, text: str, *, only_province: bool = False, topic: str = "von", by: str = "author") -> int:
        self.sent += 1
        content = Content(
            text,
            "",
            "question",
            (Tag(topic, 1000, by, "v1"),),
            "",
            "",
            "18-22",
            "",
            only_province=only_province,
            files=(),
        )
        new = New(content, f"LS-2026-{self.sent:05d}", self.sent, self.dialogue, None, None, "key", "received", NOW)
        async with self.database.transaction() as tx:
            await proposals.add(tx, new)
        return self.sent

    async def unread(self) -> list[Unread]:
        reader = await self.database.snapshot()
        try:
            return await readings.unread(reader, 100)
        finally:
            await reader.close()

    async def read(
        self, *terms: str, flags: tuple[str, ...] = (), urgency: int = 0, group: int = 0, **near: int
    ) -> Unread:
        """Reads the next one."""
        one = (await self.unread())[0]
        found = Read("vi", urgency, flags, FOLDING, " ".join(terms), terms, "old")
        closeness = {int(id_.removeprefix("p")): share for id_, share in near.items()}
        await self.database.write(readings.write(one, found, group, closeness))
        return one

    async def listed(self, **wanted: object) -> list[str]:
        reader = await self.database.snapshot()
        try:
            return [one.text for one in await proposals.newest(reader, self.dialogue, Filter(**wanted), 0, 50)]  # type: ignore[arg-type]
        finally:
            await reader.close()


@pytest.fixture
async def books(database: Database) -> Books:
    async with database.transaction() as tx:
        made = await dialogues.add(tx, "LS-2026", "", 2025, is_current=True, now=NOW)
    return Books(database, made.id)


async def test_what_was_sent_is_unread_until_it_is_read_and_again_when_it_changes(books: Books) -> None:
    await books.send("một")
    await books.send("hai")
    assert [one.text for one in await books.unread()] == ["một", "hai"]
    one = await books.read("vay")
    assert [one.text for one in await books.unread()] == ["hai"]
    await books.database.write([readings.unread_again(one.id)])
    assert [one.is_in_group for one in await books.unread()] == [True, False]


async def test_what_two_processes_read_at_once_is_written_by_one(books: Books) -> None:
    await books.send("một")
    [one] = await books.unread()
    found = Read("vi", 0, (), FOLDING, "", ("vay",), "old")
    await books.database.write(readings.write(one, found, 0, {}))
    with pytest.raises(StaleError):
        await books.database.write(readings.write(one, found, 0, {}))
    [rows] = await books.database.read(Statement("SELECT count(*) AS n FROM alike_groups"))
    assert rows[0]["n"] == 1


async def test_a_profile_is_made_anew_and_nothing_else_of_a_reading(books: Books) -> None:
    for text in ("a", "b"):
        await books.send(text)
    await books.read("vay", flags=("insult",), urgency=2)
    await books.read("vay", group=1)
    await books.database.write(readings.lift(1, NOW))
    reader = await books.database.snapshot()
    [second, first] = await readings.outdated(reader, "new", 10, 10)
    assert (second.text, first.text) == ("b", "a")
    assert await readings.outdated(reader, "new", second.id, 10) == [first]
    assert await readings.outdated(reader, "new", 10, 1) == [second]
    assert await readings.outdated(reader, "old", 10, 10) == []
    await reader.close()
    await books.database.write(readings.renew(first, "profile", ("lãi", "suất"), "new"))
    reader = await books.database.snapshot()
    assert [one.id for one in await readings.outdated(reader, "new", 10, 10)] == [2]
    assert await groups.frequencies(reader, books.dialogue, ["vay", "lãi", "suất"]) == {"vay": 1, "lãi": 1, "suất": 1}
    assert await groups.profiles(reader, books.dialogue) == [("1", "profile"), ("2", "vay")]
    assert await groups.numbers(reader, books.dialogue) == {"1": 1, "2": 1}
    assert await readings.flags(reader, 1) == []
    await reader.close()
    [rows] = await books.database.read(Statement("SELECT urgency, is_folded FROM readings WHERE proposal_id = 1"))
    assert [dict(row) for row in rows] == [{"urgency": 0, "is_folded": 0}]
    await books.database.write([Statement("UPDATE proposals SET revision = revision + 1 WHERE id = 2")])
    with pytest.raises(StaleError):
        await books.database.write(readings.renew(second, "profile", (), "new"))


async def test_terms_are_counted_and_lead_to_those_that_hold_most_of_them(books: Books) -> None:
    for _ in range(3):
        await books.send("x")
    for terms in (("vay", "vốn"), ("vay",), ("sóng",)):
        await books.read(*terms)
    reader = await books.database.snapshot()
    assert await groups.frequencies(reader, books.dialogue, ["vay", "vốn", "không"]) == {"vay": 2, "vốn": 1}
    assert await groups.frequencies(reader, books.dialogue, []) == {}
    held = await groups.holding(reader, books.dialogue, ["vay", "vốn"], 10)
    assert [one.id for one in sorted(held, key=lambda one: one.id)] == [1, 2]
    assert [one.id for one in await groups.holding(reader, books.dialogue, ["vay"], 10, without=1)] == [2]
    assert len(await groups.holding(reader, books.dialogue, ["vay", "sóng"], 2)) == 2
    assert await groups.holding(reader, books.dialogue + 1, ["vay"], 10) == []
    await reader.close()


async def test_what_came_from_another_dialogue_is_found_here_and_its_group_is_not(books: Books) -> None:
    await books.send("a")
    one = await books.read("vay")
    async with books.database.transaction() as tx:
        made = await dialogues.add(tx, "LS-2027", "", 2025, is_current=False, now=NOW)
    await books.database.write([Statement("UPDATE proposals SET dialogue_id = :id", {"id": made.id})])
    reader = await books.database.snapshot()
    [outdated] = await readings.outdated(reader, "new", 10, 10)
    await reader.close()
    await books.database.write(readings.renew(outdated, "profile", ("vay",), "new"))
    reader = await books.database.snapshot()
    assert await groups.holding(reader, books.dialogue, ["vay"], 10) == []
    assert await groups.holding(reader, made.id, ["vay"], 10) == [groups.Held(one.id, "profile", 0)]
    await reader.close()


async def test_a_new_one_joins_or_starts_a_group_and_nothing_moves(books: Books) -> None:
    for text in ("a", "b", "c"):
        await books.send(text)
    await books.read("x")
    await books.read("y")
    await books.read("x", group=1, p1=970)
    reader = await books.database.snapshot()
    assert await groups.numbers(reader, books.dialogue) == {"1": 1, "2": 2, "3": 1}
    [largest] = await groups.largest(reader, books.dialogue, 10, Filter())
    assert (largest.number, largest.count, largest.code) == (1, 2, "LS-2026-00001")
    assert await groups.others_in(reader, 1, None) == 2
    await reader.close()
    await books.database.write([readings.unread_again(3)])
    await books.read("z", group=2)
    reader = await books.database.snapshot()
    assert (await groups.numbers(reader, books.dialogue))["3"] == 1
    await reader.close()


async def test_the_most_typical_of_a_group_is_listed_first(books: Books) -> None:
    for text in ("a", "b", "c"):
        await books.send(text)
    await books.read("x")
    await books.read("x", group=1, p1=960)
    await books.read("x", group=1, p2=990)
    assert await books.listed(group=1) == ["b", "c", "a"]
    assert await books.listed() == ["c", "b", "a"]


async def test_groups_are_put_together_and_the_empty_ones_number_is_not_given_again(books: Books) -> None:
    for text in ("a", "b", "c"):
        await books.send(text)
    await books.read("x")
    await books.read("y")
    await books.database.write(groups.merge(books.dialogue, 2, 1))
    await books.read("z")
    reader = await books.database.snapshot()
    assert await groups.numbers(reader, books.dialogue) == {"1": 1, "2": 1, "3": 3}
    assert await groups.are_there(reader, books.dialogue, (1, 3))
    assert not await groups.are_there(reader, books.dialogue, (1, 2))
    await reader.close()


async def test_what_is_flagged_is_folded_until_it_is_lifted_and_danger_never_is(books: Books) -> None:
    for text in ("ads", "danger and ads", "plain"):
        await books.send(text)
    await books.read("x", flags=("advert",))
    await books.read("x", flags=("advert", "danger"), urgency=2)
    await books.read("x", flags=("foreign",))
    assert await books.listed() == ["danger and ads", "plain"]
    assert await books.listed(flag="advert") == ["danger and ads", "ads"]
    assert await books.listed(folded=True) == ["ads"]
    reader = await books.database.snapshot()
    assert await readings.folded(reader, books.dialogue, Filter()) == {"advert": 1}
    await reader.close()
    await books.database.write([*readings.lift(1, NOW), *readings.lift(2, NOW)])
    assert await books.listed() == ["plain", "danger and ads", "ads"]
    await books.database.write([readings.unread_again(1)])
    await books.read("x", flags=("advert",))
    assert await books.listed(flag="advert") == []
    assert "ads" in await books.listed()


async def test_what_is_erased_takes_all_that_was_read_with_it(books: Books) -> None:
    await books.send("a")
    await books.read("x", flags=("advert",))
    await books.database.write([showings.put(1, showings.SHOWN, "w", None, NOW), *_person(7)])
    await books.database.write([supporters.join(1, 7, 7, NOW)])
    await books.database.write(
        [Statement(f"DELETE FROM {table} WHERE proposal_id = 1") for table in ("proposal_topics", "steps")]
        + [Statement("DELETE FROM proposals WHERE id = 1")]
    )
    for table in ("readings", "terms", "proposal_flags", "showings", "supporters"):
        [rows] = await books.database.read(Statement(f"SELECT count(*) AS n FROM {table}"))
        assert rows[0]["n"] == 0, table


def _person(number: int) -> list[Statement]:
    values = {"id": number}
    return [
        Statement("INSERT INTO people (id, age_band, created_at) VALUES (:id, '18-22', 0)", values),
        Statement(
            "INSERT INTO addresses (id, channel, chat, person_id, last_written_at, created_at)"
            " VALUES (:id, 'console', 'c', :id, 0, 0)",
            values,
        ),
    ]


async def test_only_what_is_cleared_and_not_ones_own_is_visible(books: Books) -> None:
    for text, only in (("shown", False), ("asked", False), ("hidden", True)):
        await books.send(text, only_province=only)
        await books.read("x", group=0 if text == "shown" else 1)
    states = (showings.SHOWN, showings.ASKED, showings.SHOWN)
    await books.database.write([showings.put(id_, state, "", None, NOW) for id_, state in enumerate(states, 1)])
    reader = await books.database.snapshot()
    assert [one.text for one in await showings.among(reader, [3, 2, 1], 1, None, 3)] == ["shown"]
    assert await showings.visible(reader, "LS-2026-00002") is None
    assert await showings.visible(reader, "LS-2026-00003") is None
    await reader.close()


async def test_a_supporter_counts_once_and_is_told_once_a_revision(books: Books) -> None:
    await books.send("a")
    await books.database.write(_person(7))
    join = supporters.join(1, 7, 7, NOW)
    first, second = await books.database.write([join, join])
    assert (len(first), len(second)) == (1, 0)
    for revision in (1, 1, 2):
        await books.database.write([supporters.tell(1, revision, {"text": [], "buttons": [], "files": []}, NOW)])
    [rows] = await books.database.read(Statement("SELECT cause, kind FROM outbox ORDER BY id"))
    assert [(row["cause"], row["kind"]) for row in rows] == [("joined:1:1", "answer"), ("joined:1:2", "answer")]
    [gone] = await books.database.write([supporters.leave("LS-2026-00001", 7)])
    assert len(gone) == 1


async def test_a_name_that_is_added_again_gets_the_newer_meaning(books: Books) -> None:
    await books.database.write(_person(7))
    for unit in ("1", "2"):
        await books.database.write([place_aliases.add(2025, "Phố Chợ", "pho cho", unit, 7, NOW)])
    reader = await books.database.snapshot()
    assert [(one.name, one.unit) for one in await place_aliases.every(reader, 2025)] == [("Phố Chợ", "2")]
    assert await place_aliases.every(reader, 2021) == []
    await reader.close()


async def test_the_newest_model_that_is_kept_is_in_use_and_old_numbers_go(books: Books) -> None:
    for n, kept in enumerate((True, True, True, False)):
        tried = Trained(f"v{n}", "source", kept, 50 * n, 0.7, 0.8)
        await books.database.write(topic_models.add(tried, {"n": n}, NOW))
    reader = await books.database.snapshot()
    used, last = await topic_models.in_use(reader, "source"), await topic_models.newest(reader, "source")
    assert used is not None
    assert last is not None
    assert (used.version, last.version, used.after) == ("v2", "v3", 0.8)
    assert await topic_models.numbers(reader, "v2") == {"n": 2}
    assert await topic_models.numbers(reader, "v0") is None
    assert await topic_models.numbers(reader, "v3") is None
    assert await topic_models.in_use(reader, "another pack") is None
    await reader.close()


async def test_corrections_are_what_people_chose_and_did_not_withdraw(books: Books) -> None:
    await books.send("by the author", topic="von")
    await books.send("by a machine", topic="von", by="machine")
    await books.send("by staff", topic="dat_dai", by="staff")
    await books.send("withdrawn", topic="von")
    await books.database.write([Statement("UPDATE proposals SET state = 'withdrawn' WHERE id = 4")])
    reader = await books.database.snapshot()
    assert await topic_models.count_corrections(reader) == 2
    assert await topic_models.corrections(reader) == [
        ("by the author", ("von",), "author"),
        ("by staff", ("dat_dai",), "staff"),
    ]
    await reader.close()
