"""What was read in proposals: language, flags, the profile they are compared by, and the group that asks for the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Reader, Statement, Value, alone, moment
from storage.proposals import Filter, readable


@dataclass(frozen=True, slots=True)
class Unread:
    """A proposal, or what it says now, that was not read yet. `more` is what its author added; `is_in_group`: it has one."""

    id: int
    dialogue_id: int
    person_id: int | None
    revision: int
    text: str
    more: tuple[str, ...]
    created_at: datetime
    is_in_group: bool


@dataclass(frozen=True, slots=True)
class Read:
    """What a text was found to say. `flags` are in no order; one with a flag of `folding` is listed only where asked for.

    `made_by` tells what made the profile: only those that were made by the same are comparable in all that they hold.
    """

    language: str
    urgency: int
    flags: tuple[str, ...]
    folding: frozenset[str]
    profile: str
    terms: tuple[str, ...]
    made_by: str


@dataclass(frozen=True, slots=True)
class Outdated:
    """A proposal that was read, but whose profile was made by something else than is in use; `text` as it is now."""

    id: int
    revision: int
    text: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """A text that came before another one: how many seconds, and whether from the same person."""

    text: str
    seconds: float
    is_own: bool


# -- reading


async def unread(reader: Reader, most: int) -> list[Unread]:
    """What has to be read, oldest first."""
    rows = await reader.rows(
        "SELECT p.id, p.dialogue_id, p.person_id, p.revision, p.lead, p.text, p.created_at, r.group_id FROM proposals p"
        " LEFT JOIN readings r ON r.proposal_id = p.id WHERE p.read_revision <> p.revision ORDER BY p.id LIMIT :most",
        {"most": most},
    )
    return [await _unread(reader, row) for row in rows]


async def outdated(reader: Reader, made_by: str, below: int, most: int) -> list[Outdated]:
    """What has a profile that was made by something else, of ids below one, the newest first."""
    rows = await reader.rows(
        "SELECT p.id, p.revision, p.lead, p.text FROM readings r JOIN proposals p ON p.id = r.proposal_id"
        " WHERE r.made_by <> :made_by AND r.proposal_id < :below ORDER BY r.proposal_id DESC LIMIT :most",
        {"made_by": made_by, "below": below, "most": most},
    )
    return [Outdated(row["id"], row["revision"], _said(row)) for row in rows]


def _said(row: Mapping[str, object]) -> str:
    return "\n".join(str(text) for text in (row["lead"], row["text"]) if text)


async def _unread(reader: Reader, row: Mapping[str, object]) -> Unread:
    parts = await reader.rows(
        "SELECT text FROM parts WHERE proposal_id = :id AND kind <> 'asked' ORDER BY id", {"id": _int(row["id"])}
    )
    return Unread(
        id=_int(row["id"]),
        dialogue_id=_int(row["dialogue_id"]),
        person_id=None if row["person_id"] is None else _int(row["person_id"]),
        revision=_int(row["revision"]),
        text=_said(row),
        more=tuple(part["text"] for part in parts),
        created_at=moment(_int(row["created_at"])),
        is_in_group=row["group_id"] is not None,
    )


def _int(value: object) -> int:
    return int(str(value))


def unread_again(proposal_id: int) -> Statement:
    """Has a proposal read once more, since more was said about it."""
    return Statement("UPDATE proposals SET read_revision = 0 WHERE id = :id", {"id": proposal_id})


async def earlier(reader: Reader, proposal: Unread, alike: Iterable[int], since: int, most: int = 30) -> list[Earlier]:
    """The texts among `alike` that came before a proposal, and what else its person sent since a time."""
    names, values = _list("a", list(alike))
    rows = await reader.rows(
        "SELECT p.text, p.created_at, p.person_id FROM proposals p WHERE p.id < :id AND"
        f" (p.id IN ({names}) OR (p.person_id = :person AND p.created_at >= :since)) ORDER BY p.id DESC LIMIT :most",
        {**values, "id": proposal.id, "person": proposal.person_id, "since": since, "most": most},
    )
    return [
        Earlier(
            row["text"],
            (proposal.created_at - moment(row["created_at"])).total_seconds(),
            proposal.person_id is not None and row["person_id"] == proposal.person_id,
        )
        for row in rows
    ]


def _list(prefix: str, found: Sequence[Value]) -> tuple[str, dict[str, Value]]:
    """The names of a list's values in a statement, and the values; a list of nothing holds a 0 that no id is."""
    values = {f"{prefix}{n}": value for n, value in enumerate(found or [0])}
    return ", ".join(f":{name}" for name in values), values


def write(proposal: Unread, read: Read, group: int, closeness: Mapping[int, int]) -> list[Statement]:
    """Writes down what was read; stale where it was done already, or the proposal says something else by now.

    `group` is the one it joins, 0 for one of its own; one that has a group stays there. `closeness` is how near it is to
    others of that group, in thousandths.
    """
    folding, values = _list("f", sorted(read.folding))
    reading: dict[str, Value] = {
        "id": proposal.id, "language": read.language, "urgency": read.urgency, "profile": read.profile,
        "made_by": read.made_by,
    }  # fmt: skip
    return [
        Statement(
            "UPDATE proposals SET read_revision = :revision"
            " WHERE id = :id AND revision = :revision AND read_revision <> :revision",
            {"id": proposal.id, "revision": proposal.revision},
            changes=1,
        ),
        *_flagged(proposal.id, read.flags),
        Statement(
            "INSERT INTO readings (proposal_id, language, urgency, is_folded, profile, made_by)"
            " VALUES (:id, :language, :urgency, 0, :profile, :made_by) ON CONFLICT (proposal_id) DO UPDATE SET"
            " language = excluded.language, urgency = excluded.urgency, profile = excluded.profile,"
            " made_by = excluded.made_by",
            reading,
        ),
        _fold(proposal.id, folding, values),
        *_found_under(proposal.id, read.terms),
        *([] if proposal.is_in_group else _joining(proposal, group, closeness)),
    ]


def renew(outdated: Outdated, profile: str, terms: Sequence[str], made_by: str) -> list[Statement]:
    """Puts down a profile that was made anew; what else was read, flags and the group stay. Stale where it changed."""
    return [
        Statement(
            "UPDATE readings SET profile = :profile, made_by = :made_by WHERE proposal_id ="
            " (SELECT id FROM proposals WHERE id = :id AND revision = :revision)",
            {"id": outdated.id, "revision": outdated.revision, "profile": profile, "made_by": made_by},
            changes=1,
        ),
        *_found_under(outdated.id, terms),
    ]


def _found_under(proposal_id: int, terms: Sequence[str]) -> list[Statement]:
    """Has a proposal found in its dialogue under these terms and no others."""
    return [
        Statement("DELETE FROM terms WHERE proposal_id = :id", {"id": proposal_id}),
        *(
            Statement(
                "INSERT INTO terms (dialogue_id, term, proposal_id) SELECT dialogue_id, :term, id FROM proposals WHERE id = :id",
                {"id": proposal_id, "term": term},
            )
            for term in terms
        ),
    ]


def _joining(proposal: Unread, group: int, closeness: Mapping[int, int]) -> list[Statement]:
    """Puts a proposal into a group, or into a new one."""
    values: dict[str, Value] = {"id": proposal.id, "dialogue": proposal.dialogue_id, "group": group}
    newest = (
        "(SELECT id FROM alike_groups WHERE dialogue_id = :dialogue"
        " AND number = (SELECT max(number) FROM alike_groups WHERE dialogue_id = :dialogue))"
    )
    begun = [
        alone(f"groups of {proposal.dialogue_id}"),
        Statement(
            "INSERT INTO alike_groups (dialogue_id, number) SELECT :dialogue, coalesce(max(number), 0) + 1"
            " FROM alike_groups WHERE dialogue_id = :dialogue",
            values,
        ),
    ]
    return [
        *([] if group else begun),
        Statement(
            f"UPDATE readings SET group_id = {':group' if group else newest}, closeness = :closeness"
            " WHERE proposal_id = :id",
            {**values, "closeness": sum(closeness.values())},
        ),
        *(nearer(other, more) for other, more in closeness.items()),
    ]


def nearer(proposal_id: int, more: int) -> Statement:
    """Makes a proposal more typical of its group."""
    return Statement(
        "UPDATE readings SET closeness = closeness + :more WHERE proposal_id = :id", {"id": proposal_id, "more": more}
    )


def _flagged(proposal_id: int, flags: Sequence[str]) -> list[Statement]:
    """Sets the flags of a proposal; what staff lifted stays so."""
    names, values = _list("f", flags or [""])
    return [
        Statement(
            f"DELETE FROM proposal_flags WHERE proposal_id = :id AND lifted_at IS NULL AND flag NOT IN ({names})",
            {**values, "id": proposal_id},
        ),
        *(
            Statement(
                "INSERT INTO proposal_flags (proposal_id, flag) VALUES (:id, :flag)"
                " ON CONFLICT (proposal_id, flag) DO NOTHING",
                {"id": proposal_id, "flag": flag},
            )
            for flag in flags
        ),
    ]


def _fold(proposal_id: int, names: str, values: Mapping[str, Value]) -> Statement:
    """Folds a proposal that has one of the flags; never one that may be of somebody in danger."""
    return Statement(
        "UPDATE readings SET is_folded = CASE WHEN urgency = 0 AND EXISTS (SELECT 1 FROM proposal_flags g"
        f" WHERE g.proposal_id = :id AND g.lifted_at IS NULL AND g.flag IN ({names})) THEN 1 ELSE 0 END"
        " WHERE proposal_id = :id",
        {**values, "id": proposal_id},
    )


def lift(proposal_id: int, now: int) -> list[Statement]:
    """Notes that staff looked, and that none of the flags holds."""
    return [
        Statement(
            "UPDATE proposal_flags SET lifted_at = :now WHERE proposal_id = :id AND lifted_at IS NULL",
            {"id": proposal_id, "now": now},
        ),
        Statement("UPDATE readings SET is_folded = 0, urgency = 0 WHERE proposal_id = :id", {"id": proposal_id}),
    ]


async def flags(reader: Reader, proposal_id: int) -> list[str]:
    """The flags that a proposal has now."""
    rows = await reader.rows(
        "SELECT flag FROM proposal_flags WHERE proposal_id = :id AND lifted_at IS NULL ORDER BY flag",
        {"id": proposal_id},
    )
    return [row["flag"] for row in rows]


async def folded(reader: Reader, dialogue_id: int, readers: Filter) -> dict[str, int]:
    """How many proposals that the readers of a filter may see are folded for which flag; one may count for several."""
    tests, values = readable(readers)
    hidden = "".join(f" AND {test}" for test in tests)
    rows = await reader.rows(
        "SELECT f.flag, count(*) AS n FROM proposals p JOIN readings r ON r.proposal_id = p.id"
        " JOIN proposal_flags f ON f.proposal_id = p.id AND f.lifted_at IS NULL"
        f" WHERE p.dialogue_id = :id AND r.is_folded = 1 AND p.state <> 'withdrawn'{hidden} GROUP BY f.flag ORDER BY f.flag",
        {**values, "id": dialogue_id},
    )
    return {row["flag"]: int(row["n"]) for row in rows}
