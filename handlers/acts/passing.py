"""Taking a proposal from the province's dialogue to a commune's, or back."""

from __future__ import annotations

from enum import StrEnum

from handlers.acts import cases as acts
from handlers.acts.cases import GROWING
from handlers.acts.rights import Right, Standing, allows
from storage import dialogues, passings, record
from storage.cases import Case
from storage.database import Reader, Transaction
from storage.dialogues import PROVINCE


class Obstacle(StrEnum):
    """Why a proposal cannot go to another dialogue."""

    UNKNOWN = "unknown"  # there is none that they may see
    SETTLED = "settled"  # it was answered or withdrawn
    ONLY_PROVINCE = "only_province"  # its author keeps it from the communes
    NOT_YOURS = "not_yours"  # a locality takes nothing out of the province's dialogue
    NO_DIALOGUE = "no_dialogue"
    THERE = "there"  # it is in that one


async def obstacle(reader: Reader, by: Standing, code: str, scope: str) -> Obstacle | None:
    """Why the proposal of a code cannot go to the current dialogue of a scope."""
    case = await passable(reader, by, code)
    if isinstance(case, Obstacle):
        return case
    if scope != PROVINCE and case.content.only_province:
        return Obstacle.ONLY_PROVINCE
    target = await dialogues.current(reader, scope)
    if target is None:
        return Obstacle.NO_DIALOGUE
    return Obstacle.THERE if target.id == case.dialogue_id else None


async def passable(reader: Reader, by: Standing, code: str) -> Case | Obstacle:
    """The proposal of a code if they may pass it on at all, or why not."""
    case = await acts.seen(reader, by, code) if allows(by.role, Right.MOVE) else None
    if case is None:
        return Obstacle.UNKNOWN
    if case.state not in GROWING:
        return Obstacle.SETTLED
    return case if by.holds(case.scope) else Obstacle.NOT_YOURS


async def pass_on(tx: Transaction, by: Standing, address_id: int, code: str, scope: str, now: int) -> Case | Obstacle:
    """Takes a proposal to the current dialogue of a scope; gives it as it was before, or why it cannot go there."""
    await acts.alone_with(tx, code)
    if found := await obstacle(tx, by, code, scope):
        return found
    case = await acts.seen(tx, by, code)
    target = await dialogues.current(tx, scope)
    source = await dialogues.by_id(tx, case.dialogue_id) if case else None
    if case is None or target is None or source is None:
        return Obstacle.UNKNOWN
    tx.add(*passings.pass_on(case, source, target, address_id, now))
    tx.add(record.note("pass on", address_id, now, f"{code} {target.code}"))
    return case
