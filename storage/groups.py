"""Proposals that ask for the same: found by their terms, and kept in groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.database import Reader, Statement, Value, alone, one
from storage.proposals import Filter, readable

MOST_HELD = 3000  # proposals that are counted or looked at for one term
MOST_TERMS = 120  # of a text that are counted


@dataclass(frozen=True, slots=True)
class Held:
    """A proposal found under some terms: its profile and its group, 0 where it has none yet."""

    id: int
    profile: str
    group: int


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
    rows = await reader.rows(" UNION ALL ".join(parts), {**values, "dialogue": dialogue_id, "most": MOST_HELD})
    return {counted[row["term"]]: int(row["held"]) for row in rows if row["held"]}


async def holding(reader: Reader, dialogue_id: int, terms: Sequence[str], most: int, without: int = 0) -> list[Held]:
    """The proposals of a dialogue that hold most of the terms, the newest first; of a very common term the newest.

    What came from another dialogue has no group here.
    """
    if not terms:
        return []
    parts = (
        "SELECT * FROM (SELECT proposal_id FROM terms WHERE dialogue_id = :dialogue"
        f" AND term = :t{n} ORDER BY proposal_id DESC LIMIT :newest) c{n}"
        for n in range(len(terms))
    )
    values: dict[str, Value] = {f"t{n}": term for n, term in enumerate(terms)}
    rows = await reader.rows(
        "SELECT r.proposal_id, r.profile, g.id AS group_id FROM"
        f" (SELECT proposal_id, count(*) AS n FROM ({' UNION ALL '.join(parts)}) found WHERE proposal_id <> :without"
        " GROUP BY proposal_id ORDER BY n DESC, proposal_id DESC LIMIT :most) best"
        " JOIN readings r ON r.proposal_id = best.proposal_id"
        " LEFT JOIN alike_groups g ON g.id = r.group_id AND g.dialogue_id = :dialogue",
        {**values, "dialogue": dialogue_id, "newest": MOST_HELD, "most": most, "without": without},
    )
    return [Held(row["proposal_id"], row["profile"], row["group_id"] or 0) for row in rows]


# -- groups


@dataclass(frozen=True, slots=True)
class Group:
    """Proposals that ask for the same: their number, how many there are, and the most typical of them."""

    id: int
    number: int
    count: int
    code: str
    text: str


_COUNTED = "p.state <> 'withdrawn'"


async def largest(reader: Reader, dialogue_id: int, most: int, readers: Filter) -> list[Group]:
    """The groups of a dialogue that are more than one for the readers of a filter, the largest first."""
    tests, values = readable(readers)
    counted = " AND ".join([_COUNTED, *tests])
    rows = await reader.rows(
        "SELECT g.id, g.number, count(*) AS n FROM alike_groups g JOIN readings r ON r.group_id = g.id"
        f" JOIN proposals p ON p.id = r.proposal_id WHERE g.dialogue_id = :id AND r.is_folded = 0 AND {counted}"
        " GROUP BY g.id, g.number HAVING count(*) > 1 ORDER BY n DESC, g.number LIMIT :most",
        {**values, "id": dialogue_id, "most": most},
    )
    found = []
    for row in rows:
        typical = await one(
            reader,
            "SELECT p.code, p.lead, p.text FROM readings r JOIN proposals p ON p.id = r.proposal_id"
            f" WHERE r.group_id = :id AND r.is_folded = 0 AND {counted} ORDER BY r.closeness DESC, p.id LIMIT 1",
            {**values, "id": row["id"]},
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


async def membership(reader: Reader, proposal_id: int, readers: Filter) -> Membership | None:
    """The group of a proposal, if it was read, and how many others of it the readers of a filter may see."""
    tests, values = readable(readers)
    counted = " AND ".join([_COUNTED, *tests])
    row = await one(
        reader,
        "SELECT g.number, (SELECT count(*) FROM readings o JOIN proposals p ON p.id = o.proposal_id"
        f" WHERE o.group_id = g.id AND o.proposal_id <> :id AND {counted}) AS others"
        " FROM readings r JOIN alike_groups g ON g.id = r.group_id WHERE r.proposal_id = :id",
        {**values, "id": proposal_id},
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


async def numbers(reader: Reader, dialogue_id: int) -> dict[str, int]:
    """The number of the group of every proposal of a dialogue, by id."""
    rows = await reader.rows(
        "SELECT r.proposal_id, g.number FROM readings r JOIN alike_groups g ON g.id = r.group_id"
        " WHERE g.dialogue_id = :id",
        {"id": dialogue_id},
    )
    return {str(row["proposal_id"]): row["number"] for row in rows}


async def are_there(reader: Reader, dialogue_id: int, wanted: Sequence[int]) -> bool:
    """Whether a dialogue has groups of all these numbers that hold something."""
    names, values = {f"n{n}": number for n, number in enumerate(wanted)}, {"id": dialogue_id}
    rows = await reader.rows(
        "SELECT g.number FROM alike_groups g WHERE g.dialogue_id = :id"
        f" AND g.number IN ({', '.join(f':{name}' for name in names)})"
        " AND EXISTS (SELECT 1 FROM readings r WHERE r.group_id = g.id)",
        {**values, **names},
    )
    return len(rows) == len(set(wanted))


def merge(dialogue_id: int, number: int, into: int) -> list[Statement]:
    """Puts all of a group into another one. The number of the empty one is not given again."""
    found = "(SELECT id FROM alike_groups WHERE dialogue_id = :dialogue AND number = :{})"
    return [
        alone(f"groups of {dialogue_id}"),
        Statement(
            f"UPDATE readings SET group_id = {found.format('into')} WHERE group_id = {found.format('number')}",
            {"dialogue": dialogue_id, "number": number, "into": into},
        ),
    ]
