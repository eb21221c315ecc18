"""The one table of who may do what."""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """Something that a person may do."""

    TALK = "talk"  # start, get help, choose a language, use an invitation up
    PROPOSE = "propose"
    READ_QUEUE = "read_queue"
    EXPORT = "export"


class Role(StrEnum):
    """What somebody is to the office; everyone else has none."""

    OWNER = "owner"
    PROVINCE = "province"
    LOCALITY = "locality"
    AGENCY = "agency"
    VIEWER = "viewer"


EVERYONE = frozenset({Right.TALK, Right.PROPOSE})
TABLE: dict[str, frozenset[Right]] = {
    "": EVERYONE,
    Role.OWNER: frozenset(Right),
    Role.PROVINCE: EVERYONE | {Right.READ_QUEUE, Right.EXPORT},
    Role.LOCALITY: EVERYONE,
    Role.AGENCY: EVERYONE,
    Role.VIEWER: EVERYONE,
}


def allows(role: str, right: StrEnum) -> bool:
    """Whether a role has a right. A role that the table does not know has none."""
    return right in TABLE.get(role, frozenset())
