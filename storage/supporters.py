"""Who joined somebody else's proposal: counted, and told when it is answered."""

from __future__ import annotations

import json

from bot.model import Json
from storage.database import Reader, Statement
from storage.outbox import PRIORITY, Kind


def join(proposal_id: int, person_id: int, address_id: int, now: int) -> Statement:
    """Counts a person; gives a row where they were not counted before."""
    return Statement(
        "INSERT INTO supporters (proposal_id, person_id, address_id, joined_at) VALUES (:id, :person, :address, :now)"
        " ON CONFLICT (proposal_id, person_id) DO NOTHING RETURNING proposal_id",
        {"id": proposal_id, "person": person_id, "address": address_id, "now": now},
    )


def leave(code: str, person_id: int) -> Statement:
    """Counts a person no more; gives a row where they were counted."""
    return Statement(
        "DELETE FROM supporters WHERE person_id = :person"
        " AND proposal_id = (SELECT id FROM proposals WHERE code = :code) RETURNING proposal_id",
        {"code": code, "person": person_id},
    )


async def count(reader: Reader, proposal_id: int) -> int:
    """How many people joined a proposal."""
    [row] = await reader.rows("SELECT count(*) AS n FROM supporters WHERE proposal_id = :id", {"id": proposal_id})
    return int(row["n"])


async def joined(reader: Reader, code: str, person_id: int) -> bool:
    """Whether a person joined the proposal of a code."""
    rows = await reader.rows(
        "SELECT 1 FROM supporters s JOIN proposals p ON p.id = s.proposal_id"
        " WHERE p.code = :code AND s.person_id = :person",
        {"code": code, "person": person_id},
    )
    return bool(rows)


def tell(proposal_id: int, revision: int, body: Json, now: int) -> Statement:
    """Tells everybody who joined: once for each revision of the answer, however often it is asked for.

    Of what only the province reads by now, or was taken back, nobody else hears any more.
    """
    return Statement(
        "INSERT INTO outbox (cause, address_id, n, kind, priority, slot, body, choices, status, due_at, boot,"
        " leased_until, created_at)"
        " SELECT :cause, s.address_id, 0, :kind, :priority, '', :body, '', 'new', :now, '', 0, :now"
        " FROM supporters s JOIN proposals p ON p.id = s.proposal_id WHERE p.id = :id AND p.only_province = 0"
        " AND p.state <> 'withdrawn' ON CONFLICT (cause, address_id, n) DO NOTHING",
        {
            "cause": f"joined:{proposal_id}:{revision}",
            "kind": Kind.ANSWER,
            "priority": PRIORITY[Kind.ANSWER],
            "body": json.dumps(body, ensure_ascii=False),
            "now": now,
            "id": proposal_id,
        },
    )
