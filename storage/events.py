"""Events: what staff plan and young people come to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum

from bot.model import Json
from storage import broadcasts
from storage.audiences import Audience
from storage.database import Database, Reader, Row, Statement, Transaction, Value, one

LASTS = 4 * 3_600_000_000  # microseconds that an event is taken to last of which nobody said when it ends


class State(StrEnum):
    """Where an event stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Quotas:
    """How many may be chosen of which group and from which place; what is not named has no limit of its own."""

    groups: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.groups or self.places)


@dataclass(frozen=True, slots=True)
class Plan:
    """What staff decide of an event. Times are microseconds; `seats` 0 is as many as come; `offsets` are minutes."""

    title: str
    start_at: int
    end_at: int | None = None
    hall: str = ""
    link: str = ""
    about: str = ""
    audience: Audience = field(default_factory=Audience)
    is_selective: bool = False
    seats: int = 0
    quotas: Quotas = field(default_factory=Quotas)
    offsets: tuple[int, ...] = ()
    has_points: bool = False

    @property
    def is_over_at(self) -> int:
        return self.end_at or self.start_at + LASTS

    def to_json(self) -> Json:
        return {**asdict(self), "audience": self.audience.to_json(), "offsets": list(self.offsets)}

    @classmethod
    def from_json(cls, value: Mapping[str, Json]) -> Plan:
        return cls(
            **{
                **value,
                "audience": Audience.from_json(value["audience"]),
                "quotas": Quotas(**value["quotas"]),
                "offsets": tuple(value["offsets"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it stands."""

    id: int
    uid: str
    state: State
    revision: int
    plan: Plan
    code: str
    token: str
    broadcast_id: int | None
    changed_at: int


@dataclass(frozen=True, slots=True)
class Marks:
    """What an event is known by: to calendars, and at its door."""

    uid: str
    code: str
    token: str


_PLANNED = (
    "title", "start_at", "end_at", "hall", "link", "about", "audience", "is_selective", "seats", "quotas", "offsets",
    "has_points",
)  # fmt: skip
_COLUMNS = f"e.id, e.uid, e.state, e.revision, e.code, e.token, e.broadcast_id, e.changed_at, {', '.join(f'e.{name}' for name in _PLANNED)}"


def _values(plan: Plan) -> dict[str, Value]:
    said = plan.to_json()
    as_text = {name: json.dumps(said[name], ensure_ascii=False) for name in ("audience", "quotas", "offsets")}
    return {**said, **as_text, "is_selective": int(plan.is_selective), "has_points": int(plan.has_points)}


def _event(row: Row) -> Event:
    said = {name: row[name] for name in _PLANNED}
    read = {name: json.loads(row[name]) for name in ("audience", "quotas", "offsets")}
    flags = {name: bool(row[name]) for name in ("is_selective", "has_points")}
    return Event(
        id=row["id"],
        uid=row["uid"],
        state=State(row["state"]),
        revision=row["revision"],
        plan=Plan.from_json({**said, **read, **flags}),
        code=row["code"],
        token=row["token"],
        broadcast_id=row["broadcast_id"],
        changed_at=row["changed_at"],
    )


def alone(event_id: int) -> str:
    """What everyone who decides on an event and its seats is alone with."""
    return f"event {event_id}"


async def add(tx: Transaction, plan: Plan, marks: Marks, address_id: int | None, now: int) -> int:
    """Makes a draft; gives its id."""
    names = ", ".join(_PLANNED)
    places = ", ".join(f":{name}" for name in _PLANNED)
    [row] = await tx.run(
        Statement(
            f"INSERT INTO events (uid, state, code, token, address_id, created_at, changed_at, {names})"
            f" VALUES (:uid, 'draft', :code, :token, :address_id, :now, :now, {places}) RETURNING id",
            {**_values(plan), **asdict(marks), "address_id": address_id, "now": now},
        )
    )
    return int(row["id"])


def change(event_id: int, plan: Plan, state: State, revision: int, now: int) -> Statement:
    """Writes another plan and state; stale where another change came first."""
    planned = ", ".join(f"{name} = :{name}" for name in _PLANNED)
    return Statement(
        f"UPDATE events SET {planned}, state = :state, revision = :revision, changed_at = :now"
        " WHERE id = :id AND revision IN (:revision, :revision - 1)",
        {**_values(plan), "id": event_id, "state": state, "revision": revision, "now": now},
        changes=1,
    )


def drop(event_id: int) -> Statement:
    """Removes a draft."""
    return Statement("DELETE FROM events WHERE id = :id AND state = 'draft' RETURNING id", {"id": event_id})


def invited_by(event_id: int, broadcast_id: int) -> Statement:
    """Notes which broadcast is the invitation."""
    return Statement("UPDATE events SET broadcast_id = :b WHERE id = :id", {"id": event_id, "b": broadcast_id})


async def over_invited(database: Database, now: int) -> int:
    """Ends invitations to what has begun; gives how many."""
    [found] = await database.read(
        Statement(
            "SELECT b.id FROM broadcasts b JOIN events e ON e.broadcast_id = b.id"
            " WHERE b.status IN ('ready', 'running') AND e.start_at <= :now",
            {"now": now},
        )
    )
    for row in found:
        async with database.transaction() as tx:
            await broadcasts.cancel(tx, int(row["id"]), now)
    return len(found)


async def get(reader: Reader, event_id: int) -> Event | None:
    """The event of an id."""
    row = await one(reader, f"SELECT {_COLUMNS} FROM events e WHERE e.id = :id", {"id": event_id})
    return _event(row) if row else None


async def by_token(reader: Reader, token: str) -> Event | None:
    """The event whose door a link leads to."""
    row = await one(
        reader, f"SELECT {_COLUMNS} FROM events e WHERE e.token = :token AND e.state = 'published'", {"token": token}
    )
    return _event(row) if row else None


async def coming(reader: Reader, now: int) -> list[Event]:
    """What is published and not over, the next first."""
    rows = await reader.rows(
        f"SELECT {_COLUMNS} FROM events e WHERE e.state = 'published' AND coalesce(e.end_at, e.start_at + :lasts) > :now"
        " ORDER BY e.start_at, e.id",
        {"now": now, "lasts": LASTS},
    )
    return [_event(row) for row in rows]


async def every(reader: Reader, offset: int, most: int) -> list[Event]:
    """All events, those furthest ahead first."""
    rows = await reader.rows(
        f"SELECT {_COLUMNS} FROM events e ORDER BY e.start_at DESC, e.id DESC LIMIT :most OFFSET :offset",
        {"most": most, "offset": offset},
    )
    return [_event(row) for row in rows]


async def count(reader: Reader) -> int:
    """How many events there are."""
    [row] = await reader.rows("SELECT count(*) AS n FROM events")
    return int(row["n"])


# -- who is invited


@dataclass(frozen=True, slots=True)
class Guest:
    """What decides whether somebody is invited."""

    place: str
    group: str
    age_band: str
    topics: frozenset[str]
    languages: frozenset[str]


async def guest(reader: Reader, person_id: int) -> Guest:
    """What an audience looks at in a person."""
    [row] = await reader.rows("SELECT place, crowd, age_band FROM people WHERE id = :id", {"id": person_id})
    topics = await reader.rows(
        "SELECT DISTINCT t.topic FROM proposals q JOIN proposal_topics t ON t.proposal_id = q.id"
        " WHERE q.person_id = :id AND q.state <> 'withdrawn'",
        {"id": person_id},
    )
    spoken = await reader.rows("SELECT DISTINCT language FROM addresses WHERE person_id = :id", {"id": person_id})
    return Guest(
        row["place"], row["crowd"], row["age_band"], frozenset(t["topic"] for t in topics),
        frozenset(one["language"] for one in spoken),
    )  # fmt: skip


def is_for(audience: Audience, guest: Guest) -> bool:
    """Whether somebody is of an audience, as `audiences.condition` has it, but for whether they want news."""
    return (
        (not audience.places or guest.place in audience.places)
        and (not audience.groups or guest.group in audience.groups)
        and (not audience.age_bands or guest.age_band in audience.age_bands)
        and (not audience.topics or not guest.topics.isdisjoint(audience.topics))
        and (not audience.languages or not guest.languages.isdisjoint(audience.languages))
    )


def next_of(event: Event, plan: Plan, now: int) -> Event:
    """An event under another plan; calendars are told by the number."""
    return replace(event, plan=plan, revision=event.revision + 1, changed_at=now)
