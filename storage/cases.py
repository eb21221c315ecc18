"""A proposal with all that became of it: its path, what it said before, what was added and asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from bot.model import Attachment, AttachmentKind
from storage import proposals
from storage.database import Reader, Row, Statement, Value, moment, one
from storage.files import arriving
from storage.proposals import Content, Tag


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of the path: from `at` on the proposal was in this state. `reason` is the key of a press, or ""."""

    state: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """Something said after the proposal was sent: added or replied by its author, asked by staff."""

    kind: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Passing:
    """That a proposal went from one dialogue to another: the scope of each, and when."""

    from_scope: str
    to_scope: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """A proposal as it stands. `person_id` and `address_id` are None where its author is gone.

    `scope` is that of its dialogue: the code of a commune, or empty.
    """

    id: int
    code: str
    dialogue_id: int
    scope: str
    state: str
    revision: int
    person_id: int | None
    address_id: int | None
    created_at: datetime
    content: Content
    steps: tuple[Step, ...]
    parts: tuple[Part, ...]
    passings: tuple[Passing, ...] = ()
    hearing: str = ""  # where a spoken one stands: waiting, unclear, typed, confirmed, corrected; "" for all others


@dataclass(frozen=True, slots=True)
class Own:
    """One of a person's own proposals in their list."""

    code: str
    state: str
    text: str
    created_at: datetime
    hearing: str = ""


async def of_code(reader: Reader, code: str) -> Case | None:
    """The proposal of a code."""
    row = await one(
        reader,
        "SELECT p.id, p.code, p.dialogue_id, d.scope, p.state, p.revision, p.person_id, p.address_id, p.created_at,"
        " p.text, p.lead, p.kind, p.place, p.former_place, p.age_band, p.name, p.only_province, p.typed_place,"
        " (SELECT h.state FROM hearings h WHERE h.proposal_id = p.id) AS hearing"
        " FROM proposals p JOIN dialogues d ON d.id = p.dialogue_id WHERE p.code = :code",
        {"code": code},
    )
    if row is None:
        return None
    values = {"id": row["id"]}
    topics = await reader.rows(
        "SELECT topic, score, chosen_by, version FROM proposal_topics WHERE proposal_id = :id ORDER BY rank", values
    )
    files = await reader.rows(
        "SELECT p.digest, p.reference, p.kind, p.name, p.seconds, f.media_type, f.size FROM proposal_files p"
        " LEFT JOIN files f ON f.digest = p.digest WHERE p.proposal_id = :id ORDER BY p.n",
        values,
    )
    steps = await reader.rows("SELECT state, reason, at FROM steps WHERE proposal_id = :id ORDER BY id", values)
    parts = await reader.rows("SELECT kind, text, at FROM parts WHERE proposal_id = :id ORDER BY id", values)
    passings = await reader.rows(
        "SELECT f.scope AS from_scope, t.scope AS to_scope, p.at FROM passings p JOIN dialogues f ON f.id = p.from_id"
        " JOIN dialogues t ON t.id = p.to_id WHERE p.proposal_id = :id ORDER BY p.id",
        values,
    )
    return Case(
        id=row["id"],
        code=row["code"],
        dialogue_id=row["dialogue_id"],
        scope=row["scope"],
        state=row["state"],
        revision=row["revision"],
        person_id=row["person_id"],
        address_id=row["address_id"],
        created_at=moment(row["created_at"]),
        content=_content(row, topics, files),
        steps=tuple(Step(step["state"], step["reason"], moment(step["at"])) for step in steps),
        parts=tuple(Part(part["kind"], part["text"], moment(part["at"])) for part in parts),
        hearing=row["hearing"] or "",
        passings=tuple(Passing(one["from_scope"], one["to_scope"], moment(one["at"])) for one in passings),
    )


def _content(row: Row, topics: Sequence[Row], files: Sequence[Row]) -> Content:
    return Content(
        text=row["text"],
        lead=row["lead"],
        kind=row["kind"],
        tags=tuple(Tag(topic["topic"], topic["score"], topic["chosen_by"], topic["version"]) for topic in topics),
        place=row["place"],
        former_place=row["former_place"],
        age_band=row["age_band"],
        name=row["name"],
        only_province=bool(row["only_province"]),
        files=tuple(
            Attachment(
                AttachmentKind(file["kind"]),
                file["name"],
                file["media_type"] or "",
                file["size"] or 0,
                file["digest"] or "",
                file["reference"],
                file["seconds"],
            )
            for file in files
        ),
        typed_place=row["typed_place"],
    )


async def own(reader: Reader, person_id: int, offset: int, most: int) -> list[Own]:
    """A page of a person's proposals, the newest first."""
    rows = await reader.rows(
        "SELECT code, state, text, created_at,"
        " coalesce((SELECT h.state FROM hearings h WHERE h.proposal_id = proposals.id), '') AS hearing"
        " FROM proposals WHERE person_id = :id"
        " ORDER BY id DESC LIMIT :most OFFSET :offset",
        {"id": person_id, "most": most, "offset": offset},
    )
    return [Own(row["code"], row["state"], row["text"], moment(row["created_at"]), row["hearing"]) for row in rows]


async def count_own(reader: Reader, person_id: int) -> int:
    """How many proposals a person has sent."""
    [row] = await reader.rows("SELECT count(*) AS n FROM proposals WHERE person_id = :id", {"id": person_id})
    return int(row["n"])


async def last_asker(reader: Reader, proposal_id: int) -> int | None:
    """The chat of whoever of staff asked its author last."""
    row = await one(
        reader,
        "SELECT address_id FROM parts WHERE proposal_id = :id AND kind = 'asked' ORDER BY id DESC LIMIT 1",
        {"id": proposal_id},
    )
    return row["address_id"] if row else None


# -- what changes it; each is stale where somebody else was faster


def replace(case: Case, content: Content, now: int) -> list[Statement]:
    """Puts other content in its place; what it said before is kept as a revision."""
    before = json.dumps(asdict(case.content), ensure_ascii=False)
    values: dict[str, Value] = {"id": case.id, "revision": case.revision, "state": case.state}
    said = {name: getattr(content, name) for name in Content.__slots__ if name not in ("tags", "files")}
    return [
        *([arriving(case.address_id)] if case.address_id is not None else []),  # before its files are taken in hand
        Statement(
            "UPDATE proposals SET text = :text, lead = :lead, kind = :kind, place = :place, former_place = :former_place,"
            " typed_place = :typed_place, age_band = :age_band, name = :name, only_province = :only_province,"
            " revision = revision + 1"
            " WHERE id = :id AND revision = :revision AND state = :state",
            {**values, **said, "only_province": int(content.only_province)},
            changes=1,
        ),
        Statement(
            "INSERT INTO revisions (proposal_id, revision, content, replaced_at) VALUES (:id, :revision, :content, :now)",
            {"id": case.id, "revision": case.revision, "content": before, "now": now},
        ),
        Statement("DELETE FROM proposal_topics WHERE proposal_id = :id", {"id": case.id}),
        Statement("DELETE FROM proposal_files WHERE proposal_id = :id", {"id": case.id}),
        *proposals.tags(case.code, content.tags),
        *proposals.files(case.code, case.address_id, content.files),
    ]


def move(case: Case, state: str, address_id: int, now: int, reason: str = "") -> list[Statement]:
    """Takes it a step further on its path."""
    return [
        Statement(
            "UPDATE proposals SET state = :state WHERE id = :id AND state = :before",
            {"id": case.id, "state": state, "before": case.state},
            changes=1,
        ),
        Statement(
            "INSERT INTO steps (proposal_id, state, reason, address_id, at) VALUES (:id, :state, :reason, :address_id, :now)",
            {"id": case.id, "state": state, "reason": reason, "address_id": address_id, "now": now},
        ),
    ]


def say(
    case: Case, kind: str, text: str, address_id: int, now: int, files: Sequence[Attachment] = ()
) -> list[Statement]:
    """Writes down what was said about it; files go to its others."""
    values: dict[str, Value] = {"id": case.id, "kind": kind, "text": text, "address_id": address_id, "now": now}
    part = Statement(
        "INSERT INTO parts (proposal_id, kind, text, address_id, at) VALUES (:id, :kind, :text, :address_id, :now)",
        values,
    )
    return [part, *proposals.files(case.code, address_id, files, len(case.content.files))]
