"""Drafts that nobody goes on with: each is spoken of once the next day, and once before no more is taken in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.model import Json
from storage.database import Database, Result, Statement
from storage.outbox import Kind, Outgoing, add

CHUNK = 200


class Occasion(StrEnum):
    """Why a draft is spoken of."""

    NEXT_DAY = "next_day"
    CLOSING = "closing"  # what comes in afterwards is not taken


@dataclass(frozen=True, slots=True)
class Idle:
    """A draft that nobody goes on with."""

    address_id: int
    serial: int
    state: Json


@dataclass(frozen=True, slots=True)
class Span:
    """Between which times, in microseconds, a draft was touched last."""

    since: int
    until: int


Body = Callable[[Idle, Occasion], Json | None]
"""The JSON of what is said; None where there is nothing in the draft."""


def _idle(name: str, occasion: Occasion, touched: Span) -> Statement:
    """The drafts that were touched last in that time; one that waits for its dialogue to open is left in peace."""
    return Statement(
        "SELECT c.address_id, c.serial, c.state FROM conversations c JOIN addresses a ON a.id = c.address_id"
        " WHERE c.name = :name AND c.updated_at > :since AND c.updated_at <= :until AND a.person_id IS NOT NULL AND a.blocked_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM nudges n WHERE n.address_id = c.address_id AND n.serial = c.serial"
        " AND n.occasion = :occasion) AND NOT EXISTS (SELECT 1 FROM waiting_drafts w"
        " WHERE w.address_id = c.address_id AND w.serial = c.serial) ORDER BY c.address_id, c.serial LIMIT :most",
        {"name": name, "occasion": occasion, "since": touched.since, "until": touched.until, "most": CHUNK},
    )


def _note(idle: Idle, occasion: Occasion, now: int) -> Statement:
    """Only one process speaks of it: the second is stale."""
    return Statement(
        "INSERT INTO nudges (address_id, serial, occasion, at) VALUES (:address, :serial, :occasion, :now)"
        " ON CONFLICT DO NOTHING",
        {"address": idle.address_id, "serial": idle.serial, "occasion": occasion, "now": now},
        changes=1,
    )


async def step(database: Database, name: str, occasion: Occasion, touched: Span, body: Body, now: int) -> int:
    """Speaks of drafts of a conversation that were touched last in that time; gives of how many."""
    [rows] = await database.read(_idle(name, occasion, touched))
    spoken = 0
    for idle in _all(rows):
        said = body(idle, occasion)
        unit = [_note(idle, occasion, now)]
        if said:
            cause = f"draft:{idle.serial}:{occasion}"
            unit += add(cause, Outgoing(idle.address_id, 0, said, kind=Kind.REMINDER, stays=True), "", now)
            spoken += 1
        await database.write(unit)
    return spoken


def _all(rows: Result) -> list[Idle]:
    return [Idle(row["address_id"], row["serial"], json.loads(row["state"])) for row in rows]
