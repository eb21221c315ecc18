"""Hearings: proposals that were only spoken, from the voice message to the words that somebody typed."""

from __future__ import annotations

from storage.database import Reader, Statement, Value, one

OPEN = ("waiting", "unclear")  # nobody has typed it


def wait(code: str, now: int) -> Statement:
    """Notes that a proposal waits to be heard; one that was typed before waits anew."""
    return Statement(
        "INSERT INTO hearings (proposal_id, state, at) SELECT id, 'waiting', :now FROM proposals WHERE code = :code"
        " ON CONFLICT (proposal_id) DO UPDATE SET state = 'waiting', held_until = 0, at = excluded.at"
        " WHERE hearings.state <> 'waiting'",
        {"code": code, "now": now},
    )


def worded(code: str) -> list[Statement]:
    """Notes that its author has put it in words: what was typed is corrected, and nobody needs to listen any more."""
    which = "proposal_id = (SELECT id FROM proposals WHERE code = :code)"
    return [
        Statement(f"DELETE FROM hearings WHERE {which} AND state IN ('waiting', 'unclear')", {"code": code}),
        Statement(
            f"UPDATE hearings SET state = 'corrected' WHERE {which} AND state IN ('typed', 'confirmed')", {"code": code}
        ),
    ]


_FREE = (
    "FROM hearings h JOIN proposals p ON p.id = h.proposal_id WHERE h.state = 'waiting' AND p.state <> 'withdrawn'"
    " AND (:all = 1 OR p.only_province = 0) AND EXISTS (SELECT 1 FROM proposal_files f"
    " WHERE f.proposal_id = p.id AND f.kind = 'voice' AND f.digest IS NOT NULL)"
)


async def next_waiting(reader: Reader, address_id: int, now: int, *, reads_all: bool) -> str:
    """The code of the one that has waited longest and that nobody else listens to; "" where there is none."""
    row = await one(
        reader,
        f"SELECT p.code {_FREE} AND (h.held_until <= :now OR h.address_id = :me) ORDER BY h.at, h.proposal_id LIMIT 1",
        {"me": address_id, "now": now, "all": int(reads_all)},
    )
    return str(row["code"]) if row else ""


async def count_waiting(reader: Reader, *, reads_all: bool) -> int:
    """How many wait, be it that somebody listens to them now."""
    [row] = await reader.rows(f"SELECT count(*) AS n {_FREE}", {"all": int(reads_all)})
    return int(row["n"])


async def is_held(reader: Reader, proposal_id: int, address_id: int, now: int) -> bool:
    """Whether somebody else listens to it now."""
    row = await one(
        reader,
        "SELECT 1 FROM hearings WHERE proposal_id = :id AND held_until > :now AND address_id <> :me",
        {"id": proposal_id, "me": address_id, "now": now},
    )
    return row is not None


def hold(proposal_id: int, address_id: int, until: int) -> Statement:
    """Notes who listens to it."""
    return Statement(
        "UPDATE hearings SET address_id = :me, held_until = :until WHERE proposal_id = :id",
        {"id": proposal_id, "me": address_id, "until": until},
        changes=1,
    )


def let_go(proposal_id: int, address_id: int) -> Statement:
    """Leaves it to others."""
    return Statement(
        "UPDATE hearings SET held_until = 0 WHERE proposal_id = :id AND address_id = :me",
        {"id": proposal_id, "me": address_id},
    )


def settle(proposal_id: int, state: str, address_id: int, now: int, text: str = "") -> Statement:
    """Notes what came of listening; stale where somebody was faster."""
    values: dict[str, Value] = {"id": proposal_id, "state": state, "me": address_id, "now": now, "text": text}
    return Statement(
        "UPDATE hearings SET state = :state, text = :text, address_id = :me, held_until = 0, at = :now"
        " WHERE proposal_id = :id AND state IN ('waiting', 'unclear')",
        values,
        changes=1,
    )


def answer(proposal_id: int, state: str, now: int) -> Statement:
    """Notes what its author said to what was typed; stale where it was not typed, or was answered already."""
    return Statement(
        "UPDATE hearings SET state = :state, at = :now WHERE proposal_id = :id AND state IN ('typed', 'confirmed')",
        {"id": proposal_id, "state": state, "now": now},
        changes=1,
    )
