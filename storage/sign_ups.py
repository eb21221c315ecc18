"""Who comes to an event, waits for a seat, applied for one, or does not come."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from bot.model import Json
from storage.database import Reader, Row, Statement, Transaction, Value, one
from storage.outbox import PRIORITY, Kind
from storage.reach import chat_of, is_blocked


class SignUp(StrEnum):
    """How somebody stands to an event."""

    GOING = "going"
    WAITING = "waiting"  # for a seat
    MAYBE = "maybe"
    NO = "no"
    APPLIED = "applied"
    PICKED = "picked"  # by staff, and not told yet
    CHOSEN = "chosen"  # and told, and still to confirm
    DECLINED = "declined"  # and told


NEAREST_FIRST = (
    SignUp.GOING,
    SignUp.CHOSEN,
    SignUp.PICKED,
    SignUp.WAITING,
    SignUp.APPLIED,
    SignUp.MAYBE,
    SignUp.DECLINED,
)  # to a seat; all others come last
SEATED = (SignUp.GOING, SignUp.PICKED, SignUp.CHOSEN)  # who has a seat or is to have one
REMINDED = (SignUp.GOING, SignUp.MAYBE, SignUp.CHOSEN)
SIGNED = (
    SignUp.GOING,
    SignUp.WAITING,
    SignUp.MAYBE,
    SignUp.APPLIED,
    SignUp.PICKED,
    SignUp.CHOSEN,
)  # who is told of changes
CHANGE = "change:"  # what the cause of a notice of changes begins with
UNDECIDED = (SignUp.APPLIED, SignUp.PICKED, SignUp.DECLINED)  # whom staff can still pick


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands to an event, and since when they want a seat."""

    id: int
    person_id: int
    state: SignUp
    line: str
    queued_at: int


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who applied, as staff see them: no name, for none was asked."""

    id: int
    state: SignUp
    line: str
    group: str
    place: str
    former_place: str
    age_band: str


_COLUMNS = "id, person_id, state, line, queued_at"


def _standing(row: Row) -> Standing:
    return Standing(row["id"], row["person_id"], SignUp(row["state"]), row["line"], row["queued_at"])


async def of_person(reader: Reader, event_id: int, person_id: int) -> Standing | None:
    """How a person stands to an event."""
    row = await one(
        reader,
        f"SELECT {_COLUMNS} FROM sign_ups WHERE event_id = :event AND person_id = :person",
        {"event": event_id, "person": person_id},
    )
    return _standing(row) if row else None


async def all_of_person(reader: Reader, person_id: int) -> dict[int, SignUp]:
    """How a person stands to each event that they answered, by its id."""
    rows = await reader.rows("SELECT event_id, state FROM sign_ups WHERE person_id = :id", {"id": person_id})
    return {row["event_id"]: SignUp(row["state"]) for row in rows}


async def get(reader: Reader, event_id: int, sign_up_id: int) -> Standing | None:
    """The sign-up of an id, if it is to that event."""
    row = await one(
        reader,
        f"SELECT {_COLUMNS} FROM sign_ups WHERE event_id = :event AND id = :id",
        {"event": event_id, "id": sign_up_id},
    )
    return _standing(row) if row else None


def put(event_id: int, person_id: int, state: SignUp, line: str, queued_at: int, now: int) -> Statement:
    """Writes how somebody stands to an event."""
    return Statement(
        "INSERT INTO sign_ups (event_id, person_id, state, line, queued_at, answered_at)"
        " VALUES (:event, :person, :state, :line, :queued_at, :now)"
        " ON CONFLICT (event_id, person_id) DO UPDATE SET state = excluded.state, line = excluded.line,"
        " queued_at = excluded.queued_at, answered_at = excluded.answered_at",
        {"event": event_id, "person": person_id, "state": state, "line": line, "queued_at": queued_at, "now": now},
    )


def move(sign_up_id: int, state: SignUp) -> Statement:
    """Puts somebody into another state by staff's doing."""
    return Statement("UPDATE sign_ups SET state = :state WHERE id = :id", {"id": sign_up_id, "state": state}, changes=1)


def move_all(event_id: int, before: SignUp, after: SignUp) -> Statement:
    """Puts everyone of a state into another one."""
    return Statement(
        "UPDATE sign_ups SET state = :after WHERE event_id = :event AND state = :before",
        {"event": event_id, "before": before, "after": after},
    )


async def counts(reader: Reader, event_id: int) -> dict[SignUp, int]:
    """How many people stand how to an event."""
    rows = await reader.rows(
        "SELECT state, count(*) AS n FROM sign_ups WHERE event_id = :id GROUP BY state", {"id": event_id}
    )
    return {SignUp(row["state"]): row["n"] for row in rows}


async def seated(reader: Reader, event_id: int) -> int:
    """How many seats are given away."""
    found = await counts(reader, event_id)
    return sum(found.get(state, 0) for state in SEATED)


async def waiting(reader: Reader, event_id: int, most: int) -> list[Standing]:
    """Who is next when seats become free, in the order in which they asked."""
    rows = await reader.rows(
        f"SELECT {_COLUMNS} FROM sign_ups WHERE event_id = :id AND state = 'waiting' ORDER BY queued_at, id LIMIT :most",
        {"id": event_id, "most": most},
    )
    return [_standing(row) for row in rows]


async def place_in_line(reader: Reader, event_id: int, person_id: int) -> int:
    """Which in line somebody is who waits; the first is 1."""
    [row] = await reader.rows(
        "SELECT count(*) AS n FROM sign_ups o JOIN sign_ups m ON m.event_id = o.event_id AND m.person_id = :person"
        " WHERE o.event_id = :event AND o.state = 'waiting'"
        " AND (o.queued_at < m.queued_at OR (o.queued_at = m.queued_at AND o.id <= m.id))",
        {"event": event_id, "person": person_id},
    )
    return int(row["n"])


# -- who applied

_APPLICANTS = "event_id = :event AND s.state IN ('applied', 'picked', 'chosen', 'declined')"


async def count_applicants(reader: Reader, event_id: int) -> int:
    """How many applied and did not decide otherwise."""
    [row] = await reader.rows(f"SELECT count(*) AS n FROM sign_ups s WHERE {_APPLICANTS}", {"event": event_id})
    return int(row["n"])


async def applicants(reader: Reader, event_id: int, offset: int, most: int) -> list[Applicant]:
    """Who applied, in the order in which they did."""
    rows = await reader.rows(
        "SELECT s.id, s.state, s.line, p.crowd, p.place, p.former_place, p.age_band FROM sign_ups s"
        f" JOIN people p ON p.id = s.person_id WHERE {_APPLICANTS} ORDER BY s.queued_at, s.id LIMIT :most OFFSET :offset",
        {"event": event_id, "offset": offset, "most": most},
    )
    return [
        Applicant(
            row["id"], SignUp(row["state"]), row["line"], row["crowd"], row["place"], row["former_place"],
            row["age_band"],
        )
        for row in rows
    ]  # fmt: skip


async def tallies(reader: Reader, event_id: int) -> tuple[dict[str, int], dict[str, int]]:
    """Of those who have a seat or are to have one: how many by group, and by place."""
    rows = await reader.rows(
        "SELECT p.crowd, p.place, count(*) AS n FROM sign_ups s JOIN people p ON p.id = s.person_id"
        " WHERE s.event_id = :event AND s.state IN ('going', 'picked', 'chosen') GROUP BY p.crowd, p.place",
        {"event": event_id},
    )
    groups: dict[str, int] = {}
    places: dict[str, int] = {}
    for row in rows:
        groups[row["crowd"]] = groups.get(row["crowd"], 0) + row["n"]
        places[row["place"]] = places.get(row["place"], 0) + row["n"]
    return groups, places


# -- telling them


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that everyone in some state to an event is told, once for each `cause`; `body` is its JSON."""

    event_id: int
    cause: str
    kind: Kind
    body: Json
    states: Collection[SignUp]


def tell(notice: Notice, now: int) -> Statement:
    """Puts a notice into the outbox for everyone it is for, each in the chat that they used last."""
    names: dict[str, Value] = {f"state_{n}": state for n, state in enumerate(notice.states)}
    blocked = is_blocked("s.person_id")
    choices = [button["data"] for row in notice.body["buttons"] for button in row]
    return Statement(
        "INSERT INTO outbox (cause, address_id, person_id, n, kind, priority, body, choices, status, due_at, error,"
        " created_at)"
        f" SELECT :cause, {chat_of('s.person_id')}, s.person_id, 0, :kind, :priority, :body, :choices,"
        f" CASE WHEN {blocked} = 1 THEN 'dropped' ELSE 'new' END, :now,"
        f" CASE WHEN {blocked} = 1 THEN 'blocked' ELSE '' END, :now"
        f" FROM sign_ups s WHERE s.event_id = :event AND s.state IN ({', '.join(f':{n}' for n in names)})"
        " AND EXISTS (SELECT 1 FROM addresses x WHERE x.person_id = s.person_id)"
        " ON CONFLICT DO NOTHING",
        {
            **names,
            "cause": f"event:{notice.event_id}:{notice.cause}",
            "kind": notice.kind,
            "priority": PRIORITY[notice.kind],
            "body": json.dumps(notice.body, ensure_ascii=False),
            "choices": json.dumps(choices) if choices else "",
            "event": notice.event_id,
            "now": now,
        },
    )


def supersede(event_id: int) -> Statement:
    """Gives up what was to be told of changes and has not gone out: what comes now says more."""
    return Statement(
        "UPDATE outbox SET status = 'replaced', body = '{}' WHERE status IN ('new', 'waiting') AND cause LIKE :causes",
        {"causes": f"event:{event_id}:{CHANGE}%"},
    )


async def of_both(reader: Reader, person_id: int, other_id: int) -> list[int]:
    """The events that two people both signed up for."""
    rows = await reader.rows(
        "SELECT s.event_id FROM sign_ups s JOIN sign_ups o ON o.event_id = s.event_id AND o.person_id = :other"
        " WHERE s.person_id = :person ORDER BY s.event_id",
        {"person": person_id, "other": other_id},
    )
    return [row["event_id"] for row in rows]


async def everybody(tx: Transaction, event_id: int, states: Collection[SignUp]) -> list[int]:
    """The people in some states to an event."""
    names: dict[str, Value] = {f"state_{n}": state for n, state in enumerate(states)}
    rows = await tx.rows(
        f"SELECT person_id FROM sign_ups WHERE event_id = :event AND state IN ({', '.join(f':{n}' for n in names)})"
        " ORDER BY queued_at, id",
        {"event": event_id, **names},
    )
    return [row["person_id"] for row in rows]
