"""Proposals: what young people sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.model import Attachment
from storage.database import Reader, Row, Statement, Transaction, Value, each, moment
from storage.files import arriving


@dataclass(frozen=True, slots=True)
class Listed:
    """One proposal as staff lists and exports show it.

    `place` is the code of a unit of the dialogue's era, `former_place` that of the old unit the person named; both
    may be empty. `topics` has the main topic first. `name` is empty for an anonymous proposal. `files` counts files.
    `group` is the number of those that ask for the same, 0 where it was not read yet.
    """

    code: str
    text: str
    lead: str
    kind: str
    topics: tuple[str, ...]
    place: str
    former_place: str
    age_band: str
    name: str
    only_province: bool
    state: str
    created_at: datetime
    files: int
    group: int = 0
    typed_place: str = ""
    flags: tuple[str, ...] = ()  # which nobody lifted
    hearing: str = ""  # where a spoken one stands: waiting, unclear, typed, confirmed, corrected; "" for all others


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic of a proposal. `score` is in thousandths; `chosen_by` is machine, author or staff.

    `version` is that of the model in use when it was given.
    """

    topic: str
    score: int
    chosen_by: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """A proposal as its author made it. `tags` has the main topic first; `name` is empty for an anonymous one.

    `typed_place` is what the author called the place; empty where it is the author's own and was told before.
    """

    text: str
    lead: str
    kind: str
    tags: tuple[Tag, ...]
    place: str
    former_place: str
    age_band: str
    name: str
    only_province: bool
    files: tuple[Attachment, ...]
    typed_place: str = ""


@dataclass(frozen=True, slots=True)
class New:
    """A proposal to be stored: what it says, whose it is, and the code it goes by."""

    content: Content
    code: str
    number: int
    dialogue_id: int
    person_id: int | None
    address_id: int | None
    key_hash: str
    state: str
    created_at: int


TYPED = (  # a place that was told once and for all was named then
    "CASE WHEN :typed_place <> '' THEN :typed_place ELSE coalesce((SELECT typed_place FROM people WHERE id = :person_id"
    " AND place = :place AND former_place = :former_place), '') END"
)


async def add(tx: Transaction, new: New) -> None:
    """Stores a proposal with its topics and files."""
    said = {name: getattr(new.content, name) for name in Content.__slots__ if name not in ("tags", "files")}
    plain = said | {name: getattr(new, name) for name in New.__slots__ if name != "content"}
    tx.add(
        Statement(
            "INSERT INTO proposals (code, dialogue_id, person_id, address_id, number, key_hash, text, lead, kind, place,"
            " former_place, typed_place, age_band, name, only_province, state, created_at)"
            " VALUES (:code, :dialogue_id, :person_id, :address_id, :number, :key_hash, :text, :lead, :kind, :place,"
            f" :former_place, {TYPED}, :age_band, :name, :only_province, :state, :created_at)",
            {**plain, "only_province": int(new.content.only_province)},
        ),
        *tags(new.code, new.content.tags),
        *files(new.code, new.address_id, new.content.files),
        Statement(
            f"INSERT INTO steps (proposal_id, state, address_id, at) VALUES ({_ID}, :state, :address_id, :created_at)",
            {name: plain[name] for name in ("code", "state", "address_id", "created_at")},
        ),
    )


_ID = "(SELECT id FROM proposals WHERE code = :code)"  # so that nobody has to wait for it


def tags(code: str, chosen: Sequence[Tag]) -> list[Statement]:
    """Writes the topics of a proposal that has none."""
    sql = (
        "INSERT INTO proposal_topics (proposal_id, rank, topic, score, chosen_by, version)"
        f" VALUES ({_ID}, :rank, :topic, :score, :by, :version)"
    )
    return [
        Statement(
            sql,
            {
                "code": code,
                "rank": rank,
                "topic": tag.topic,
                "score": tag.score,
                "by": tag.chosen_by,
                "version": tag.version,
            },
        )
        for rank, tag in enumerate(chosen)
    ]


def files(code: str, address_id: int | None, given: Sequence[Attachment], first: int = 0) -> list[Statement]:
    """Writes the files of a proposal, counted from `first`.

    One that is still with the messenger gets its digest when it was fetched.
    """
    sql = (
        "INSERT INTO proposal_files (proposal_id, n, digest, reference, kind, name, seconds)"
        f" VALUES ({_ID}, :n, coalesce(:digest,"
        " (SELECT digest FROM fetches WHERE address_id = :address_id AND reference = :reference)),"
        " :reference, :kind, :name, :seconds)"
    )
    is_waiting = any(not file.digest for file in given)
    return [
        *([arriving(address_id)] if address_id is not None and is_waiting else []),
        *(
            Statement(
                sql,
                {
                    "code": code,
                    "n": n,
                    "digest": file.digest or None,
                    "address_id": address_id,
                    "reference": file.reference,
                    "kind": file.kind,
                    "name": file.name,
                    "seconds": file.seconds,
                },
            )
            for n, file in enumerate(given, first)
        ),
    ]


_TOPIC = "(SELECT t.topic FROM proposal_topics t WHERE t.proposal_id = p.id AND t.rank = {rank})"
_LISTED = (
    "SELECT p.code, p.text, p.lead, p.kind, p.place, p.former_place, p.typed_place, p.age_band, p.name, p.only_province, p.state,"
    f" p.created_at, {_TOPIC.format(rank=0)} AS first, {_TOPIC.format(rank=1)} AS second,"
    f" {_TOPIC.format(rank=2)} AS third,"
    " (SELECT count(*) FROM proposal_files f WHERE f.proposal_id = p.id) AS files, g.number AS group_number,"
    " (SELECT h.state FROM hearings h WHERE h.proposal_id = p.id) AS hearing"
)
_READ = " LEFT JOIN readings r ON r.proposal_id = p.id LEFT JOIN alike_groups g ON g.id = r.group_id "


def _listed(row: Row) -> Listed:
    return Listed(
        code=row["code"],
        text=row["text"],
        lead=row["lead"],
        kind=row["kind"],
        topics=tuple(row[n] for n in ("first", "second", "third") if row[n]),
        place=row["place"],
        former_place=row["former_place"],
        age_band=row["age_band"],
        name=row["name"],
        only_province=bool(row["only_province"]),
        state=row["state"],
        created_at=moment(row["created_at"]),
        files=row["files"],
        group=row["group_number"] or 0,
        typed_place=row["typed_place"],
        hearing=row["hearing"] or "",
    )


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; what is empty or 0 lets everything pass, but for what was withdrawn or is folded.

    `place` is the code of a unit of the dialogue's era. Of `district` either the former unit is one of the first, or none
    is known and the unit is one of the second. What has a `flag` that is asked for is listed, folded or not. `since` and `until` are microseconds UTC; `until` is no more in it.
    """

    state: str = ""
    topic: str = ""
    place: str = ""
    since: int = 0
    until: int = 0
    for_all_readers: bool = False  # leaves out what only the province reads
    within: tuple[str, ...] | None = None  # communes: only their proposals, and those in a dialogue of theirs
    group: int = 0
    flag: str = ""
    folded: bool = False  # only what is
    district: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


_TESTS = {
    "state": "p.state = :state",
    "topic": "EXISTS (SELECT 1 FROM proposal_topics t WHERE t.proposal_id = p.id AND t.topic = :topic)",
    "place": "p.place = :place",
    "since": "p.created_at >= :since",
    "until": "p.created_at < :until",
    "group": "g.number = :group",
    "flag": "EXISTS (SELECT 1 FROM proposal_flags f WHERE f.proposal_id = p.id AND f.flag = :flag AND f.lifted_at IS NULL)",
}
_URGENT = "CASE WHEN p.state = 'received' THEN coalesce(r.urgency, 0) ELSE 0 END DESC"
_ORDER = {False: f"{_URGENT}, p.id DESC", True: "r.closeness DESC, p.id"}  # by whether it is one group


def _narrowed(dialogue_id: int, wanted: Filter) -> tuple[str, dict[str, Value]]:
    """The WHERE of a dialogue's proposals that a filter lets pass, and its values."""
    values: dict[str, Value] = {name: getattr(wanted, name) for name in _TESTS if getattr(wanted, name)}
    tests = ["p.dialogue_id = :id", *(_TESTS[name] for name in values)]
    tests += [] if wanted.state else ["p.state <> 'withdrawn'"]
    inside, of_inside = readable(wanted)
    tests += inside
    tests += [] if wanted.flag else [f"coalesce(r.is_folded, 0) = {int(wanted.folded)}"]
    if any(wanted.district):
        (formers, of_formers), (units, of_units) = (
            _listed_as(n, codes) for n, codes in zip(("former", "unit"), wanted.district, strict=True)
        )
        tests.append(f"(p.former_place IN ({formers}) OR (p.former_place = '' AND p.place IN ({units})))")
        values |= {**of_formers, **of_units}
    return f"{_READ}WHERE " + " AND ".join(tests), {**values, **of_inside, "id": dialogue_id}


def readable(wanted: Filter) -> tuple[list[str], dict[str, Value]]:
    """The tests that the readers of a filter may see a proposal `p`, and their values."""
    tests = ["p.only_province = 0"] if wanted.for_all_readers else []
    if wanted.within is None:
        return tests, {}
    listed, values = _listed_as("within", wanted.within)
    passed = f"EXISTS (SELECT 1 FROM dialogues d WHERE d.id = p.dialogue_id AND d.scope IN ({listed}))"
    return [*tests, f"(p.place IN ({listed}) OR {passed})"], values


def _listed_as(name: str, codes: Sequence[str]) -> tuple[str, dict[str, Value]]:
    """The names of some codes in a statement, and their values."""
    values: dict[str, Value] = {f"{name}{n}": code for n, code in enumerate(codes or ["-"])}
    return ", ".join(f":{one}" for one in values), values


async def newest(reader: Reader, dialogue_id: int, wanted: Filter, offset: int, most: int) -> list[Listed]:
    """A page of a dialogue's proposals: people in danger first, then the newest; of one group the most typical first."""
    where, values = _narrowed(dialogue_id, wanted)
    order = _ORDER[bool(wanted.group)]
    page = f"SELECT p.id FROM proposals p{where} ORDER BY {order} LIMIT :most OFFSET :offset"
    rows = await reader.rows(
        f"{_LISTED} FROM proposals p{_READ}WHERE p.id IN ({page}) ORDER BY {order}",
        {**values, "most": most, "offset": offset},
    )
    flags = await _flags(reader, [row["code"] for row in rows])
    return [replace(_listed(row), flags=flags.get(row["code"], ())) for row in rows]


async def _flags(reader: Reader, codes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The flags of some proposals that nobody lifted, by code."""
    names, values = _listed_as("c", codes)
    rows = await reader.rows(
        "SELECT p.code, f.flag FROM proposals p JOIN proposal_flags f ON f.proposal_id = p.id AND f.lifted_at IS NULL"
        f" WHERE p.code IN ({names}) ORDER BY p.code, f.flag",
        values,
    )
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        found[row["code"]] = (*found.get(row["code"], ()), row["flag"])
    return found


async def count(reader: Reader, dialogue_id: int, wanted: Filter) -> int:
    """How many proposals of a dialogue a filter lets pass."""
    where, values = _narrowed(dialogue_id, wanted)
    [row] = await reader.rows(f"SELECT count(*) AS n FROM proposals p{where}", values)
    return int(row["n"])


async def by_place(reader: Reader, dialogue_id: int, since: int, *, without_hidden: bool) -> dict[str, tuple[int, int]]:
    """How many proposals of a dialogue came from each commune, in all and since a time; without what was withdrawn.

    `without_hidden` leaves out what only the province reads.
    """
    rows = await reader.rows(
        "SELECT place, count(*) AS whole, sum(CASE WHEN created_at >= :since THEN 1 ELSE 0 END) AS recent FROM proposals"
        " WHERE dialogue_id = :id AND state <> 'withdrawn' AND (only_province = 0 OR :hidden = 0) GROUP BY place",
        {"id": dialogue_id, "since": since, "hidden": int(without_hidden)},
    )
    return {row["place"]: (int(row["whole"]), int(row["recent"])) for row in rows}


async def of_dialogue(reader: Reader, dialogue_id: int) -> AsyncIterator[Listed]:
    """All proposals of a dialogue, in the order of main topic, place and code."""
    ordered = (
        f"{_LISTED} FROM proposals p{_READ}WHERE p.dialogue_id = :id ORDER BY"
        f" {_TOPIC.format(rank=0)}, p.place, p.id"
        " LIMIT :limit OFFSET :offset"
    )
    async for row in each(reader, ordered, {"id": dialogue_id}):
        yield _listed(row)
