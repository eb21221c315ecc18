"""Jobs that a messenger could not serve now: once more, later each time."""

from __future__ import annotations

import json

from bot.model import Json
from bot.turn import Turn
from storage import jobs
from storage.database import Transaction, micros

PAUSES = (2, 10, 60, 300, 1800, 7200)  # seconds between tries


async def put_off(turn: Turn, job: str, order: dict[str, Json]) -> bool:
    """Puts a job on the list once more; False where it was tried often enough. `order` counts its `tries`."""
    tries = int(order["tries"])
    if tries >= len(PAUSES):
        return False
    now = micros(turn.now)
    later = json.dumps(order | {"tries": tries + 1}, ensure_ascii=False)

    async def add(tx: Transaction) -> bool:
        await tx.run(jobs.add(job, turn.where.address_id, later, now + PAUSES[tries] * 1_000_000, now))
        return True

    return await turn.once("again", add)
