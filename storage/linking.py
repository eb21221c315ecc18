"""One person on several channels: codes and requests by which chats are linked, and what goes along with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage import people
from storage.database import Reader, Row, Statement, Transaction, Value, moment, one
from storage.sign_ups import NEAREST_FIRST, REMINDED

OWNED: Mapping[str, Sequence[str]] = {
    "proposals": (),
    "live_questions": (),
    "supporters": ("proposal_id",),
    "sign_ups": ("event_id",),
    "check_ins": ("event_id",),
    "reminders": ("event_id", "start_at", "minutes_before"),
}  # tables whose rows go along, and by what a person has but one of them: of two, the one of who stays counts
COUNTS = {"reminders": "k.state <> 'void'"}  # which of those that are there are one that counts
SENT = ("proposals", "supporters")  # those of them that name the chat: what was sent from it stays with it
WORK = {"broadcasts": "author_id", "articles": "author_id", "broadcast_steps": "person_id"}  # goes where the role goes
KEPT = ("consents", "outbox")  # tables that name a person and stay as they are


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat of a person. `person_id` is None for one behind which nobody stands yet."""

    address_id: int
    channel: str
    person_id: int | None
    is_known: bool  # the person has agreed and said how old they are
    role: str
    last_written_at: datetime


_CHAT = (
    "SELECT a.id, a.channel, a.person_id, a.last_written_at, p.age_band, s.role FROM addresses a"
    " LEFT JOIN people p ON p.id = a.person_id LEFT JOIN staff s ON s.person_id = a.person_id "
)


def _chat(row: Row) -> Chat:
    return Chat(
        address_id=row["id"],
        channel=row["channel"],
        person_id=row["person_id"],
        is_known=bool(row["age_band"]),
        role=row["role"] or "",
        last_written_at=moment(row["last_written_at"]),
    )


async def chat(reader: Reader, address_id: int) -> Chat | None:
    """A chat by its id."""
    row = await one(reader, f"{_CHAT} WHERE a.id = :id", {"id": address_id})
    return _chat(row) if row else None


async def chats(reader: Reader, person_id: int) -> list[Chat]:
    """A person's chats, the one used last first."""
    rows = await reader.rows(
        f"{_CHAT} WHERE a.person_id = :id ORDER BY a.last_written_at DESC, a.id DESC", {"id": person_id}
    )
    return [_chat(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Belongings:
    """What goes along with a person: how many proposals, and drafts in how many conversations."""

    proposals: int
    drafts: int


async def belongings(reader: Reader, chat: Chat) -> Belongings:
    """What a chat would bring along."""
    values: dict[str, Value] = {"person": chat.person_id, "address": chat.address_id}
    [row] = await reader.rows(
        "SELECT (SELECT count(*) FROM proposals p WHERE p.person_id = :person) AS proposals,"
        " (SELECT count(*) FROM conversations c JOIN addresses a ON a.id = c.address_id"
        "   WHERE c.status = 'parked' AND (a.id = :address OR a.person_id = :person)) AS drafts",
        values,
    )
    return Belongings(**row)


# -- codes and requests


def offer(code_hash: str, address_id: int, expires_at: int) -> list[Statement]:
    """Keeps a code that a chat shows; an earlier one of it ends."""
    return [
        Statement("DELETE FROM link_codes WHERE address_id = :id", {"id": address_id}),
        Statement(
            "INSERT INTO link_codes (code_hash, address_id, expires_at) VALUES (:hash, :id, :expires_at)",
            {"hash": code_hash, "id": address_id, "expires_at": expires_at},
        ),
    ]


async def shower(reader: Reader, code_hash: str, now: int) -> int | None:
    """The chat that shows a code which still counts."""
    row = await one(
        reader,
        "SELECT address_id FROM link_codes WHERE code_hash = :hash AND expires_at > :now",
        {"hash": code_hash, "now": now},
    )
    return int(row["address_id"]) if row else None


def use_up(code_hash: str) -> Statement:
    """Ends a code; stale where somebody else was faster."""
    return Statement("DELETE FROM link_codes WHERE code_hash = :hash", {"hash": code_hash}, changes=1)


@dataclass(frozen=True, slots=True)
class Request:
    """Two chats that are to be one person's. `is_agreed` says that the chat which entered the code has agreed."""

    id: int
    shown_by: int
    entered_by: int
    is_agreed: bool


async def ask(tx: Transaction, shown_by: int, entered_by: int, expires_at: int) -> int:
    """Writes down that a code was entered; an earlier request of the same two ends. Gives its id."""
    values: dict[str, Value] = {"shown": shown_by, "entered": entered_by, "expires_at": expires_at}
    await tx.run(
        Statement("DELETE FROM link_requests WHERE shown_by = :shown OR entered_by = :entered", values)
    )  # one at a time, so that nobody is asked about what they have forgotten
    [row] = await tx.run(
        Statement(
            "INSERT INTO link_requests (shown_by, entered_by, state, expires_at)"
            " VALUES (:shown, :entered, 'entered', :expires_at) RETURNING id",
            values,
        )
    )
    return int(row["id"])


async def request(reader: Reader, request_id: int, address_id: int, now: int) -> Request | None:
    """A request that still counts and concerns this chat."""
    row = await one(
        reader,
        "SELECT id, shown_by, entered_by, state FROM link_requests WHERE id = :id AND expires_at > :now"
        " AND (shown_by = :address OR entered_by = :address)",
        {"id": request_id, "address": address_id, "now": now},
    )
    return Request(row["id"], row["shown_by"], row["entered_by"], row["state"] == "agreed") if row else None


def agree(request_id: int, expires_at: int) -> Statement:
    """Notes that the chat which entered the code agrees."""
    return Statement(
        "UPDATE link_requests SET state = 'agreed', expires_at = :expires_at WHERE id = :id AND state = 'entered'",
        {"id": request_id, "expires_at": expires_at},
        changes=1,
    )


def settle(request_id: int) -> Statement:
    """Ends a request, whatever came of it."""
    return Statement("DELETE FROM link_requests WHERE id = :id", {"id": request_id}, changes=1)


def expire(now: int) -> list[Statement]:
    """Forgets codes and requests that count no more."""
    return [
        Statement("DELETE FROM link_codes WHERE expires_at <= :now", {"now": now}),
        Statement("DELETE FROM link_requests WHERE expires_at <= :now", {"now": now}),
    ]


# -- joined and parted


def end_role(person_id: int) -> Statement:
    """Takes a person's role away."""
    return Statement("DELETE FROM staff WHERE person_id = :id", {"id": person_id})


async def join(tx: Transaction, person_id: int, coming: Sequence[Chat]) -> None:
    """Lets chats be this person's: those of one other person, all of them, or one behind which nobody stands."""
    [former] = {chat.person_id for chat in coming}
    for chat in coming:
        tx.add(
            Statement(
                "UPDATE addresses SET home_id = coalesce(home_id, person_id), person_id = :person WHERE id = :id",
                {"id": chat.address_id, "person": person_id},
                changes=1,
            )
        )
    if former is not None:
        tx.add(*_bring(former, person_id))
    tx.add(_share_mailbox(person_id), _reconsider(person_id))


def _bring(former: int, person_id: int) -> list[Statement]:
    """What goes along. A role does unless there is one already; then it ends."""
    values: dict[str, Value] = {"former": former, "person": person_id}
    moved = [sql for table, keys in OWNED.items() for sql in _moved(table, keys)]
    return [
        _give_way(values),
        _remind_once(values),
        *(Statement(sql, values) for sql in moved),
        _remind_none(values),
        Statement(
            "DELETE FROM supporters WHERE person_id = :person AND proposal_id IN"
            " (SELECT p.id FROM proposals p WHERE p.person_id = :person)",
            values,
        ),  # nobody joins what they asked for themselves
        *_work("former", "person", values),
        Statement(
            "UPDATE staff SET person_id = :person WHERE person_id = :former"
            " AND NOT EXISTS (SELECT 1 FROM staff s WHERE s.person_id = :person)",
            values,
        ),
        Statement("DELETE FROM staff WHERE person_id = :former", values),
        Statement("UPDATE people SET joined_to = :person WHERE id = :former OR joined_to = :former", values),
    ]


def _work(whose: str, by: str, values: Mapping[str, Value], only: str = "") -> list[Statement]:
    """What somebody made as staff is another person's from now on, so that nobody lets their own broadcast out."""
    return [
        Statement(f"UPDATE {table} SET {column} = :{by} WHERE {column} = :{whose}{only}", values)
        for table, column in WORK.items()
    ]


def _moved(table: str, keys: Sequence[str]) -> list[str]:
    same = " AND ".join(f"k.{key} = {table}.{key}" for key in keys)
    counts = f" AND {COUNTS[table]}" if table in COUNTS else ""
    twice = f" AND EXISTS (SELECT 1 FROM {table} k WHERE k.person_id = :person AND {same}{counts})"
    return [
        *([f"DELETE FROM {table} WHERE person_id = :former{twice}"] if keys else []),
        f"UPDATE {table} SET person_id = :person WHERE person_id = :former",
    ]


def _give_way(values: dict[str, Value]) -> Statement:
    """Of two answers to an event the one that is nearer to a seat counts: nobody loses theirs by being joined."""
    nearer = f"{_nearness('f')} < {_nearness('sign_ups')}"
    earlier = f"({_nearness('f')} = {_nearness('sign_ups')} AND f.queued_at < sign_ups.queued_at)"
    return Statement(
        "DELETE FROM sign_ups WHERE person_id = :person AND EXISTS (SELECT 1 FROM sign_ups f"
        f" WHERE f.person_id = :former AND f.event_id = sign_ups.event_id AND ({nearer} OR {earlier}))",
        values,
    )


def _nearness(row: str) -> str:
    """SQL for how far an answer is from a seat; 0 is the nearest."""
    states = " ".join(f"WHEN '{state}' THEN {n}" for n, state in enumerate(NEAREST_FIRST))
    return f"CASE {row}.state {states} ELSE {len(NEAREST_FIRST)} END"


def _remind_once(values: dict[str, Value]) -> Statement:
    """Takes back a reminder that is under way to one who is reminded of the same as the other."""
    return Statement(
        "UPDATE outbox SET status = 'dropped', error = 'twice' WHERE status IN ('new', 'waiting', 'paused')"
        " AND reminder_id IN (SELECT r.id FROM reminders r JOIN reminders k ON k.event_id = r.event_id"
        " AND k.start_at = r.start_at AND k.minutes_before = r.minutes_before AND k.person_id = :person"
        " WHERE r.person_id = :former AND k.state <> 'void')",
        values,
    )


def _remind_none(values: dict[str, Value]) -> Statement:
    """Calls off reminders that came along to an event for which somebody waits, or to which they do not come."""
    reminded = ", ".join(f"'{state}'" for state in REMINDED)
    return Statement(
        "UPDATE reminders SET state = 'void' WHERE person_id = :person AND state = 'waiting' AND EXISTS (SELECT 1"
        " FROM sign_ups s WHERE s.event_id = reminders.event_id AND s.person_id = :person"
        f" AND s.state NOT IN ({reminded}))",
        values,
    )


async def part(tx: Transaction, chat: Chat, now: int) -> int:
    """Lets a chat be a person's own again, with what was sent from it; gives the id of that person.

    It is who stood behind it before, unless another chat has become theirs; then somebody new with the same settings.
    """
    values: dict[str, Value] = {"id": chat.address_id, "joint": chat.person_id, "now": now}
    home = await one(
        tx,
        "SELECT home_id FROM addresses WHERE id = :id AND home_id IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM addresses o WHERE o.person_id = addresses.home_id)",
        {"id": chat.address_id},
    )
    person_id = int(home["home_id"]) if home else people.drawn_id()
    values |= {"person": person_id}
    tx.add(
        *([Statement("UPDATE people SET joined_to = NULL WHERE id = :person", values)] if home else _copied(values)),
        Statement("UPDATE addresses SET person_id = :person, home_id = NULL, mailbox = NULL WHERE id = :id", values),
        *(
            Statement(f"UPDATE {table} SET person_id = :person WHERE person_id = :joint AND address_id = :id", values)
            for table in (*SENT, "staff")
        ),
        *_work("joint", "person", values, " AND EXISTS (SELECT 1 FROM staff s WHERE s.person_id = :person)"),
        _share_mailbox(chat.person_id),
    )
    return person_id


def leave(address_id: int, person_id: int) -> list[Statement]:
    """Lets nobody stand behind a chat any more that is one of several of a person."""
    return [
        Statement(
            "UPDATE addresses SET person_id = NULL, home_id = NULL, mailbox = NULL WHERE id = :id"
            " AND person_id = :person AND EXISTS"
            " (SELECT 1 FROM addresses o WHERE o.person_id = :person AND o.id <> addresses.id)",
            {"id": address_id, "person": person_id},
        ),
        _share_mailbox(person_id),
    ]


def _copied(values: dict[str, Value]) -> list[Statement]:
    """Somebody new who has agreed to the same and has the same settings."""
    settings = (
        "place, former_place, typed_place, place_told_at, age_band, age_told_at, crowd, wants_reminders, wants_news"
    )
    return [
        Statement(
            f"INSERT INTO people (id, {settings}, created_at) SELECT :person, {settings}, :now FROM people"
            " WHERE id = :joint",
            values,
        ),
        Statement(
            "INSERT INTO consents (person_id, version, language, channel, given_at)"
            " SELECT :person, version, language, channel, given_at FROM consents WHERE person_id = :joint",
            values,
        ),
    ]


_FIRST = "(SELECT min(f.id) FROM addresses f WHERE f.person_id = :person)"


def _share_mailbox(person_id: int | None) -> Statement:
    """Lets all chats of a person go through one mailbox, that of the oldest."""
    return Statement(
        f"UPDATE addresses SET mailbox = CASE WHEN id = {_FIRST} THEN NULL ELSE {_FIRST} END WHERE person_id = :person",
        {"person": person_id},
    )


def _reconsider(person_id: int) -> Statement:
    """Lets what waits for a messenger be looked at anew: another chat may reach them."""
    return Statement(
        "UPDATE outbox SET status = 'new' WHERE status = 'waiting'"
        " AND address_id IN (SELECT a.id FROM addresses a WHERE a.person_id = :person)",
        {"person": person_id},
    )
