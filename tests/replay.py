"""Replays: every open conversation run once more in another world must stand exactly where it stood."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import timedelta
from typing import NoReturn

from bot.feature import Conversation, Features
from bot.state import State
from bot.talk import Talk, Waiting
from bot.turn import House, Person, Where
from storage.database import Reader, Row, Statement, Transaction
from tests.player import Town

LATER = timedelta(days=1)
NOWHERE = Where(0, 0, "buttons", "vi", None, "")

_OPEN = """
SELECT c.address_id, c.serial, c.name, c.state, a.channel, a.language, a.person_id, p.age_band, p.place,
       p.former_place, s.role
FROM conversations c
JOIN addresses a ON a.id = c.address_id
LEFT JOIN people p ON p.id = a.person_id
LEFT JOIN staff s ON s.person_id = a.person_id
WHERE c.status = 'open'
"""


async def replay_all(town: Town, features: Features) -> int:
    """Replays every open conversation; gives how many. Fails where one would change or do anything."""
    [rows] = await town.bot.database.read(Statement(_OPEN))
    for row in rows:
        await replay(town, features, row)
    return len(rows)


async def replay(town: Town, features: Features, row: Row) -> None:
    feature = features.find(row["name"])
    assert isinstance(feature, Conversation)
    snapshot = await town.bot.database.snapshot()
    drawn = random.getstate()
    random.seed(row["serial"])
    try:
        talk = talk_of(
            later(town.bot.house), State.from_json(json.loads(row["state"])), row["serial"], where(row), snapshot
        )
        await stands(feature, talk, json.loads(row["state"]))
    finally:
        random.setstate(drawn)
        await snapshot.close()


async def stands(feature: Conversation, talk: Talk, stored: dict[str, object]) -> None:
    """Runs the feature: the same keys are met up to the same question, and nothing is left changed."""
    try:
        await feature.run(talk)
    except Waiting:
        talk.state.order(talk.met)
    else:
        raise AssertionError(f"{feature.name} came to its end in a replay")
    assert talk.state.to_json() == stored, f"{feature.name} went another way in a replay: {talk.met}"


def later(house: House) -> House:
    """The house a day on."""
    clock = house.clock
    return replace(house, clock=lambda: clock() + LATER)


def talk_of(house: House, state: State, serial: int, where: Where = NOWHERE, reader: Reader | None = None) -> Talk:
    """A talk that may look but do nothing."""

    async def look() -> Reader:
        assert reader is not None, "this talk has nothing to look at"
        return reader

    async def begin() -> Transaction:
        return refuse()

    return Talk(house, where, "", begin, look).join(state, serial)


def refuse() -> NoReturn:
    raise AssertionError("a replay did something that lasts")


def where(row: Row) -> Where:
    person = None
    if row["person_id"] is not None:
        person = Person(row["person_id"], row["age_band"] or "", row["place"] or "", row["former_place"] or "")
    return Where(0, row["address_id"], row["channel"], row["language"], person, row["role"] or "")
