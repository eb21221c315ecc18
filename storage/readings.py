"""What was read in proposals: language, flags, the profile they are compared by, and the group that asks for the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Reader, Statement, Value, alone, moment, one

MOST_HELD = 3000  # proposals that are counted or looked at for one term
MOST_TERMS = 120  # of a text that are counted


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
    """What a text was found to say. `flags` are in no order; `is_folded` says that it is listed only where asked for."""

    language: str
    urgency: int
    flags: tuple[str, ...]
    folding: frozenset[str]
    profile: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A proposal found under some terms: its profile and its group, 0 where it has none yet."""

    id: int
    profile: str
    group: int


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


async def _unread(reader: Reader, row: Mapping[str, object]) -> Unread:
    parts = await reader.rows(
        "SELECT text FROM parts WHERE proposal_id = :id AND kind <> 'asked' ORDER BY id", {"id": _int(row["id"])}
    )
    return Unread(
        id=_int(row["id"]),
        dialogue_id=_int(row["dialogue_id"]),
        person_id=None if row["person_id"] is None else _int(row["person_id"]),
        revision=_int(row["revision"]),
        text="\n".join(str(text) for text in (row["lead"], row["text"]) if text),
        more=tuple(part["text"] for part in parts),
        created_at=moment(_int(row["created_at"])),
        is_in_group=row["group_id"] is not None,
    )


def _int(value: object) -> int:
    return int(str(value))


def unread_again(proposal_id: int) -> Statement:
    """Has a proposal read once more, since more was said about it."""
    return Statement("UPDATE proposals SET read_revision = 0 WHERE id = :id", {"id": proposal_id})


async def earlier(
    reader: Reader, proposal: Unread, alike: Iterable[int], since: int, most: int = 30
) -> list[Earlier]:
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
    known: dict[str, Value] = {"id": proposal.id, "dialogue": proposal.dialogue_id}
    reading: dict[str, Value] = {
        "id": proposal.id, "language": read.language, "urgency": read.urgency, "profile": read.profile,
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
            "INSERT INTO readings (proposal_id, language, urgency, is_folded, profile)"
            " VALUES (:id, :language, :urgency, 0, :profile) ON CONFLICT (proposal_id) DO UPDATE SET"
            " language = excluded.language, urgency = excluded.urgency, profile = excluded.profile",
            reading,
        ),
        _fold(proposal.id, folding, values),
        Statement("DELETE FROM terms WHERE proposal_id = :id", {"id": proposal.id}),
        *(
            Statement(
                "INSERT INTO terms (dialogue_id, term, proposal_id) VALUES (:dialogue, :term, :id)",
                {**known, "term": term},
            )
            for term in read.terms
        ),
        *([] if proposal.is_in_group else _joining(proposal, group, closeness)),
    ]


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


async def folded(reader: Reader, dialogue_id: int, *, for_all_readers: bool) -> dict[str, int]:
    """How many proposals are folded for which flag; one may count for several."""
    hidden = " AND p.only_province = 0" if for_all_readers else ""
    rows = await reader.rows(
        "SELECT f.flag, count(*) AS n FROM proposals p JOIN readings r ON r.proposal_id = p.id"
        " JOIN proposal_flags f ON f.proposal_id = p.id AND f.lifted_at IS NULL"
        f" WHERE p.dialogue_id = :id AND r.is_folded = 1 AND p.state <> 'withdrawn'{hidden} GROUP BY f.flag ORDER BY f.flag",
        {"id": dialogue_id},
    )
    return {row["flag"]: int(row["n"]) for row in rows}


# -- looking up


async def frequencies(reader: Reader, dialogue_id: int, terms: Sequence[str]) -> dict[str, int]:
    """How many proposals of a dialogue hold each term, counted up to a limit."""
    counted = terms[:MOST_TERMS]
    if not counted:
        return {}
    parts = (
        f"SELECT {n} AS term, (SELECT count(*) FROM (SELECT 1 FROM terms WHERE dialogue_id = :dialogue"
        f" AND term = :t{n} LIMIT :most) c{n}) AS held"
        for n in range(len(counted))
    )
    values: dict[str, Value] = {f"t{n}": term for n, term in enumerate(counted)}
    rows = await reader.rows(
        " UNION ALL ".join(parts), {**values, "dialogue": dialogue_id, "most": MOST_HELD}
    )
    return {counted[row["term"]]: int(row["held"]) for row in rows if row["held"]}


async def holding(
    reader: Reader, dialogue_id: int, terms: Sequence[str], most: int, without: int = 0
) -> list[Held]:
    """The proposals of a dialogue that hold most of the terms, the newest first; of a very common term the newest."""
    if not terms:
        return []
    parts = (
        "SELECT * FROM (SELECT proposal_id FROM terms WHERE dialogue_id = :dialogue"
        f" AND term = :t{n} ORDER BY proposal_id DESC LIMIT :newest) c{n}"
        for n in range(len(terms))
    )
    values: dict[str, Value] = {f"t{n}": term for n, term in enumerate(terms)}
    rows = await reader.rows(
        "SELECT r.proposal_id, r.profile, r.group_id FROM"
        f" (SELECT proposal_id, count(*) AS n FROM ({' UNION ALL '.join(parts)}) found WHERE proposal_id <> :without"
        " GROUP BY proposal_id ORDER BY n DESC, proposal_id DESC LIMIT :most) best"
        " JOIN readings r ON r.proposal_id = best.proposal_id",
        {**values, "dialogue": dialogue_id, "newest": MOST_HELD, "most": most, "without": without},
    )
    return [Held(row["proposal_id"], row["profile"], row["group_id"] or 0) for row in rows]


# -- groups


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


@dataclass(frozen=True, slots=True)
class Group:
    """Proposals that ask for the same: their number, how many there are, and the most typical of them."""

    id: int
    number: int
    count: int
    code: str
    text: str


_COUNTED = "p.state <> 'withdrawn'"


async def groups(reader: Reader, dialogue_id: int, most: int, *, for_all_readers: bool) -> list[Group]:
    """The groups of a dialogue that are more than one, the largest first."""
    counted = _COUNTED + (" AND p.only_province = 0" if for_all_readers else "")
    rows = await reader.rows(
        "SELECT g.id, g.number, count(*) AS n FROM alike_groups g JOIN readings r ON r.group_id = g.id"
        f" JOIN proposals p ON p.id = r.proposal_id WHERE g.dialogue_id = :id AND r.is_folded = 0 AND {counted}"
        " GROUP BY g.id, g.number HAVING count(*) > 1 ORDER BY n DESC, g.number LIMIT :most",
        {"id": dialogue_id, "most": most},
    )
    found = []
    for row in rows:
        typical = await one(
            reader,
            "SELECT p.code, p.lead, p.text FROM readings r JOIN proposals p ON p.id = r.proposal_id"
            f" WHERE r.group_id = :id AND r.is_folded = 0 AND {counted} ORDER BY r.closeness DESC, p.id LIMIT 1",
            {"id": row["id"]},
        )
        if typical:
            text = typical["lead"] or typical["text"]
            found.append(Group(row["id"], row["number"], int(row["n"]), typical["code"], text))
    return found


@dataclass(frozen=True, slots=True)
class Membership:
    """The group of a proposal: its number, and how many others it holds."""

    number: int
    others: int


async def membership(reader: Reader, proposal_id: int, *, for_all_readers: bool) -> Membership | None:
    """The group of a proposal, if it was read."""
    counted = _COUNTED + (" AND p.only_province = 0" if for_all_readers else "")
    row = await one(
        reader,
        "SELECT g.number, (SELECT count(*) FROM readings o JOIN proposals p ON p.id = o.proposal_id"
        f" WHERE o.group_id = g.id AND o.proposal_id <> :id AND {counted}) AS others"
        " FROM readings r JOIN alike_groups g ON g.id = r.group_id WHERE r.proposal_id = :id",
        {"id": proposal_id},
    )
    return Membership(row["number"], int(row["others"])) if row else None


async def others_in(reader: Reader, group: int, person_id: int | None) -> int:
    """How many other people wrote what is in a group; what only the province reads is not counted."""
    row = await one(
        reader,
        "SELECT count(DISTINCT coalesce(p.person_id, -p.id)) AS n FROM readings r"
        " JOIN proposals p ON p.id = r.proposal_id WHERE r.group_id = :group AND r.is_folded = 0"
        f" AND {_COUNTED} AND p.only_province = 0 AND (p.person_id IS NULL OR p.person_id <> :person)",
        {"group": group, "person": person_id or 0},
    )
    return int(row["n"]) if row else 0


async def profiles(reader: Reader, dialogue_id: int) -> list[tuple[str, str]]:
    """The id and profile of every proposal of a dialogue, for grouping all of them anew."""
    rows = await reader.rows(
        "SELECT r.proposal_id, r.profile FROM readings r JOIN proposals p ON p.id = r.proposal_id"
        f" WHERE p.dialogue_id = :id AND {_COUNTED} ORDER BY p.id",
        {"id": dialogue_id},
    )
    return [(str(row["proposal_id"]), row["profile"]) for row in rows]


async def group_of(reader: Reader, dialogue_id: int) -> dict[str, int]:
    """The number of the group of every proposal of a dialogue, by id."""
    rows = await reader.rows(
        "SELECT r.proposal_id, g.number FROM readings r JOIN alike_groups g ON g.id = r.group_id"
        " WHERE g.dialogue_id = :id",
        {"id": dialogue_id},
    )
    return {str(row["proposal_id"]): row["number"] for row in rows}


def merge(dialogue_id: int, number: int, into: int) -> list[Statement]:
    """Puts all of a group into another one; stale where either is not there. The empty one keeps its number."""
    values: dict[str, Value] = {"dialogue": dialogue_id, "number": number, "into": into}
    found = "(SELECT id FROM alike_groups WHERE dialogue_id = :dialogue AND number = :{})"
    return [
        Statement(
            f"UPDATE alike_groups SET number = number WHERE dialogue_id = :dialogue AND number IN (:number, :into)",
            values,
            changes=2,
        ),
        Statement(
            f"UPDATE readings SET group_id = {found.format('into')} WHERE group_id = {found.format('number')}", values
        ),
    ]
