"""Gets what a person sent from the messenger that still has it."""

from __future__ import annotations

import json

from bot.errors import DeliveryError, FileTooLargeError, RefusedError
from bot.feature import job
from bot.model import Attachment
from bot.turn import Turn
from handlers.retries import put_off
from storage import files
from storage.database import Transaction, micros
from storage.files import Stored


@job("fetch", aside=True)
async def fetch(turn: Turn) -> None:
    """Fetches one file; tries again while the messenger cannot give it, and says so where it never will."""
    order = json.loads(turn.argument)
    file = Attachment.from_json(order["file"])
    if not await files.wanted(await turn.read(), turn.where.address_id, file.reference):
        return
    try:
        stored = await turn.house.messengers.fetch(turn.where.channel, file.reference)
    except FileTooLargeError:
        turn.say("files.too_large", name=file.name, megabytes=turn.house.limits.file_bytes // 1_048_576)
    except RefusedError:
        turn.say("files.lost", name=file.name)
    except DeliveryError:
        if not await put_off(turn, "fetch", order):
            turn.say("files.lost", name=file.name)
    else:
        await turn.once("fetched", lambda tx: keep(tx, turn, file, stored))


async def keep(tx: Transaction, turn: Turn, file: Attachment, stored: Stored) -> None:
    """Writes the file down for the draft or the proposal that it came with."""
    now = micros(turn.now)
    await tx.run_all(
        [
            files.add(stored, file.media_type, now),
            *files.fetched(turn.where.address_id, file.reference, stored.digest),
        ]
    )
