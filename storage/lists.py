"""The list that a chat without buttons answers by number: the one under the last reply."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.model import Json
from storage.database import Reader, one


@dataclass(frozen=True, slots=True)
class Replied:
    """The last reply of a chat. `overtaken` says that something came by itself after it."""

    body: Json
    overtaken: bool


_LAST = """
SELECT o.body, EXISTS (
  SELECT 1 FROM outbox p WHERE p.address_id = o.address_id AND p.status = 'sent' AND p.kind <> 'reply'
  AND p.sent_at > o.sent_at) AS overtaken
FROM outbox o WHERE o.address_id = :id AND o.kind = 'reply' AND o.status = 'sent' ORDER BY o.id DESC LIMIT 1
"""


async def last(reader: Reader, address_id: int) -> Replied | None:
    """The last reply that a chat was sent; its body is {} where it was emptied."""
    row = await one(reader, _LAST, {"id": address_id})
    return Replied(json.loads(row["body"]), bool(row["overtaken"])) if row else None


async def said_last(reader: Reader, address_id: int) -> list[str]:
    """The keys of the texts that the last reply holds, be it on its way still."""
    row = await one(
        reader,
        "SELECT body FROM outbox WHERE address_id = :id AND kind = 'reply' AND status <> 'replaced'"
        " ORDER BY id DESC LIMIT 1",
        {"id": address_id},
    )
    return [phrase["$"] for phrase in json.loads(row["body"]).get("text", ())] if row else []
