"""Drafts that were to be sent before their dialogue opened: each is offered once it does."""

from __future__ import annotations

import json

from storage import jobs
from storage.database import Database, Statement

JOB = "opened"  # its argument is the number of the conversation that was put aside

_OPEN = (
    "SELECT w.address_id, w.serial FROM waiting_drafts w JOIN dialogues d ON d.id = w.dialogue_id"
    " WHERE d.opens_at IS NULL OR d.opens_at <= :now ORDER BY w.address_id, w.serial LIMIT :most"
)


def wait(address_id: int, serial: int, dialogue_id: int) -> Statement:
    """Notes that a draft waits for its dialogue to open."""
    return Statement(
        "INSERT INTO waiting_drafts (address_id, serial, dialogue_id) VALUES (:address_id, :serial, :dialogue_id)"
        " ON CONFLICT (address_id, serial) DO UPDATE SET dialogue_id = excluded.dialogue_id",
        {"address_id": address_id, "serial": serial, "dialogue_id": dialogue_id},
    )


def follow(address_id: int, serial: int, to_address: int, to_serial: int) -> Statement:
    """Notes that a draft that may wait goes on in another chat."""
    return Statement(
        "UPDATE waiting_drafts SET address_id = :to_address, serial = :to_serial"
        " WHERE address_id = :address_id AND serial = :serial",
        {"address_id": address_id, "serial": serial, "to_address": to_address, "to_serial": to_serial},
    )


async def step(database: Database, now: int, most: int = 500) -> int:
    """Makes a job for each draft whose dialogue has opened; gives how many."""
    [found] = await database.read(Statement(_OPEN, {"now": now, "most": 1}))
    if not found:
        return 0
    async with database.transaction() as tx:
        await tx.alone("waiting drafts")
        rows = await tx.rows(_OPEN, {"now": now, "most": most})
        for row in rows:
            values = {"address_id": row["address_id"], "serial": row["serial"]}
            gone = "DELETE FROM waiting_drafts WHERE address_id = :address_id AND serial = :serial"
            tx.add(Statement(gone, values, changes=1))
            tx.add(jobs.add(JOB, row["address_id"], json.dumps({"serial": row["serial"]}), now, now))
    return len(rows)
