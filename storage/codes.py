"""Codes: a letter and a digit that somebody sends instead of pressing a button under what they did not ask for."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import timedelta

from storage.database import Database, Reader, Statement, one

KEPT = timedelta(days=60)
LETTERS = "ABCDEGHKMNPRSTVXY"  # none that looks like a digit or sounds like another
DIGITS = "23456789"
SHAPE = re.compile(f"[{LETTERS}][{DIGITS}]")
EVERY = [letter + digit for letter in LETTERS for digit in DIGITS]


async def give(database: Database, address_id: int, outbox_id: int, choices: Sequence[str], now: int) -> list[str]:
    """The codes of a message's buttons, in their order: the same at each try of it.

    `choices` are the buttons' data. Where no code is free the oldest is taken from what it meant.
    """
    [rows] = await database.read(
        Statement("SELECT code, outbox_id FROM codes WHERE address_id = :id ORDER BY given_at, n", {"id": address_id})
    )
    mine = [row["code"] for row in rows if row["outbox_id"] == outbox_id]
    if len(mine) == len(choices):
        return mine
    codes = _drawn([row["code"] for row in rows], len(choices))
    given = zip(codes, choices, strict=True)
    await database.write([_give(address_id, outbox_id, n, code, data, now) for n, (code, data) in enumerate(given)])
    return codes


def _drawn(taken: Sequence[str], count: int) -> list[str]:
    """So many codes; those in use, the oldest first, only where there is no other."""
    free = [code for code in EVERY if code not in taken]
    secrets.SystemRandom().shuffle(free)
    return [*free, *taken][:count]


def _give(address_id: int, outbox_id: int, n: int, code: str, data: str, now: int) -> Statement:
    return Statement(
        "INSERT INTO codes (address_id, code, outbox_id, n, data, given_at)"
        " VALUES (:address_id, :code, :outbox_id, :n, :data, :now)"
        " ON CONFLICT (address_id, code) DO UPDATE SET outbox_id = :outbox_id, n = :n, data = :data,"
        " given_at = :now",
        {"address_id": address_id, "outbox_id": outbox_id, "n": n, "code": code, "data": data, "now": now},
    )


async def find(reader: Reader, address_id: int, code: str) -> str:
    """The data of the button that a code stands for in a chat, or ""."""
    row = await one(
        reader,
        "SELECT data FROM codes WHERE address_id = :id AND code = :code",
        {"id": address_id, "code": code},
    )
    return str(row["data"]) if row else ""


def expire(before: int) -> Statement:
    """Forgets codes that were given long ago."""
    return Statement("DELETE FROM codes WHERE given_at < :before", {"before": before})
