"""Which proposals other young people may see, in whose words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.database import Reader, Row, Statement, Value, one

ASKED, SHOWN, REFUSED = "asked", "shown", "refused"  # its author was; everybody may see it; its author does not want it
_VISIBLE = "s.state = 'shown' AND p.state <> 'withdrawn' AND p.only_province = 0"


@dataclass(frozen=True, slots=True)
class Showing:
    """How it stands with showing a proposal to others; `wording` is that of staff, "" its author's own."""

    state: str
    wording: str
    address_id: int | None


@dataclass(frozen=True, slots=True)
class Visible:
    """A proposal that others may see. `text` is in the words that were cleared, `person_id` whose it is."""

    id: int
    code: str
    text: str
    person_id: int | None
    state: str


async def of(reader: Reader, proposal_id: int) -> Showing | None:
    """How it stands with a proposal; None where nobody ever asked."""
    row = await one(
        reader, "SELECT state, wording, address_id FROM showings WHERE proposal_id = :id", {"id": proposal_id}
    )
    return Showing(row["state"], row["wording"], row["address_id"]) if row else None


def put(proposal_id: int, state: str, wording: str, address_id: int | None, now: int) -> Statement:
    """Sets how it stands, by whoever of staff decided."""
    return Statement(
        "INSERT INTO showings (proposal_id, state, wording, address_id, at) VALUES (:id, :state, :wording, :address, :now)"
        " ON CONFLICT (proposal_id) DO UPDATE SET state = excluded.state, wording = excluded.wording,"
        " address_id = excluded.address_id, at = excluded.at",
        {"id": proposal_id, "state": state, "wording": wording, "address": address_id, "now": now},
    )


def hide(proposal_id: int) -> Statement:
    """Shows it to nobody any more."""
    return Statement("DELETE FROM showings WHERE proposal_id = :id", {"id": proposal_id})


async def visible(reader: Reader, code: str) -> Visible | None:
    """The proposal of a code if others may see it."""
    rows = await reader.rows(f"{_SELECT} WHERE p.code = :code AND {_VISIBLE}", {"code": code})
    return _of_row(rows[0]) if rows else None


async def among(reader: Reader, ids: Sequence[int], group: int, person_id: int | None, most: int) -> list[Visible]:
    """What of some proposals and of a group others may see, but for a person's own; in the order of `ids`."""
    values: dict[str, Value] = {f"i{n}": id_ for n, id_ in enumerate(ids or [0])}
    names = ", ".join(f":{name}" for name in values)
    rows = await reader.rows(
        f"{_SELECT} JOIN readings r ON r.proposal_id = p.id WHERE (p.id IN ({names}) OR r.group_id = :group)"
        f" AND {_VISIBLE} AND (p.person_id IS NULL OR p.person_id <> :person) ORDER BY r.closeness DESC, p.id LIMIT 100",
        {**values, "group": group, "person": person_id or 0},
    )
    rank = {id_: n for n, id_ in enumerate(ids)}
    return sorted(map(_of_row, rows), key=lambda one: rank.get(one.id, len(rank)))[:most]


_SELECT = (
    "SELECT p.id, p.code, p.lead, p.text, p.person_id, p.state, s.wording FROM showings s"
    " JOIN proposals p ON p.id = s.proposal_id"
)


def _of_row(row: Row) -> Visible:
    return Visible(row["id"], row["code"], row["wording"] or row["lead"] or row["text"], row["person_id"], row["state"])
