"""The one table of who may do what, and with which proposals and dialogues."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.turn import Where
from storage.dialogues import PROVINCE


class Right(StrEnum):
    """Something that a person may do."""

    TALK = "talk"  # start, get help, choose a language, use an invitation up
    PROPOSE = "propose"
    FOLLOW = "follow"  # one's own proposals: see, change, withdraw, add, reply; one's own settings; look up by key
    ATTEND = "attend"  # events: see those for oneself, answer, check in, ask while one is on
    READ = "read"  # any proposal within one's scope
    READ_QUEUE = "read_queue"
    TRIAGE = "triage"  # take up, correct, ask the author
    EXPORT = "export"
    CALENDAR = "calendar"  # the dialogues of one's scope: see, make, date, tick off what is done
    MOVE = "move"  # take a proposal from one dialogue to another
    APPOINT = "appoint"  # see who is staff, invite, end somebody's rights
    EVENTS = "events"  # plan, publish, move, cancel; see who comes and choose; get what is asked while one is on
    BRIDGE = "bridge"  # fill in bridge points
    REPAIR = "repair"  # see what failed; have it tried again or let it go


class Role(StrEnum):
    """What somebody is to the office; everyone else has none."""

    OWNER = "owner"
    PROVINCE = "province"
    LOCALITY = "locality"
    AGENCY = "agency"
    VIEWER = "viewer"


EVERYONE = frozenset({Right.TALK, Right.PROPOSE, Right.FOLLOW, Right.ATTEND})
TABLE: dict[str, frozenset[Right]] = {
    "": EVERYONE,
    Role.OWNER: frozenset(Right),
    Role.PROVINCE: EVERYONE
    | {
        Right.READ,
        Right.READ_QUEUE,
        Right.TRIAGE,
        Right.EXPORT,
        Right.CALENDAR,
        Right.MOVE,
        Right.EVENTS,
        Right.BRIDGE,
    },
    Role.LOCALITY: EVERYONE | {Right.READ, Right.READ_QUEUE, Right.CALENDAR, Right.MOVE, Right.BRIDGE},
    Role.AGENCY: EVERYONE,
    Role.VIEWER: EVERYONE | {Right.READ, Right.READ_QUEUE},
}


ONLY_PROVINCE = frozenset({Role.OWNER, Role.PROVINCE})  # who reads what its author keeps from all others
EVERYWHERE = frozenset({Role.OWNER, Role.PROVINCE, Role.VIEWER})  # whose scope is all of it


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is to the office: a role, and the communes of a locality or the name of an agency."""

    role: str
    scope: str = ""

    @property
    def places(self) -> tuple[str, ...] | None:
        """The communes whose proposals are theirs; None for all of them."""
        if self.role in EVERYWHERE:
            return None
        return tuple(self.scope.split()) if self.role == Role.LOCALITY else ()

    def reads(self, *, place: str, dialogue: str, only_province: bool) -> bool:
        """Whether they may read a proposal from a place, in the dialogue of a scope."""
        within = self.places is None or place in self.places or dialogue in self.places
        return reads(self.role, only_province=only_province) and within

    def holds(self, scope: str) -> bool:
        """Whether the dialogue of a scope is theirs to look after."""
        if not allows(self.role, Right.CALENDAR):
            return False
        return self.places is None or (scope != PROVINCE and scope in self.places)


def standing(where: Where) -> Standing:
    """What the person of a chat is to the office."""
    return Standing(where.role, where.scope)


def reads(role: str, *, only_province: bool) -> bool:
    """Whether a role may read a proposal that is within its scope."""
    return allows(role, Right.READ) and (role in ONLY_PROVINCE or not only_province)


def useful() -> list[Role]:
    """The roles that may do more than everyone may."""
    return [role for role in Role if TABLE[role] - EVERYONE]


def allows(role: str, right: StrEnum) -> bool:
    """Whether a role has a right. A role that the table does not know has none."""
    return right in TABLE.get(role, frozenset())
