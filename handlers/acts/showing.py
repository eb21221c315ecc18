"""Clearing a proposal for other young people: in its author's words where the author agrees, or in the words of staff."""

from __future__ import annotations

from handlers.acts.cases import State, own, seen
from handlers.acts.rights import Right, Standing, allows
from storage import readings, record, showings
from storage.cases import Case
from storage.database import Reader, Transaction
from storage.showings import ASKED, REFUSED, SHOWN, Showing


async def state_of(reader: Reader, proposal_id: int) -> Showing | None:
    """How it stands with showing a proposal to others."""
    return await showings.of(reader, proposal_id)


async def clear(tx: Transaction, by: Standing, address_id: int, code: str, wording: str, now: int) -> Case | None:
    """Clears a proposal in the words of staff, or else asks its author; None where that cannot be.

    What only the province reads is shown to nobody.
    """
    case = await _to_be_decided(tx, by, code)
    if case is None or case.content.only_province or (not wording and case.address_id is None):
        return None
    state = SHOWN if wording else ASKED
    tx.add(showings.put(case.id, state, wording, address_id, now), record.note(f"clear {state}", address_id, now, code))
    return case


async def hide(tx: Transaction, by: Standing, address_id: int, code: str, now: int) -> Case | None:
    """Shows a proposal to nobody any more."""
    case = await _to_be_decided(tx, by, code)
    if case is not None:
        tx.add(showings.hide(case.id), record.note("hide", address_id, now, code))
    return case


async def _to_be_decided(tx: Transaction, by: Standing, code: str) -> Case | None:
    await tx.alone(f"proposal {code}")
    case = await seen(tx, by, code) if allows(by.role, Right.TRIAGE) else None
    return None if case is None or case.state == State.WITHDRAWN else case


async def answer(tx: Transaction, person_id: int, address_id: int, code: str, agrees: bool, now: int) -> Showing | None:
    """Lets others see one's own words, or not, whichever was said before; None where nobody of staff asked."""
    await tx.alone(f"proposal {code}")
    case = await own(tx, person_id, code)
    asked = await showings.of(tx, case.id) if case else None
    if case is None or asked is None or asked.wording:
        return None
    state = SHOWN if agrees else REFUSED
    tx.add(showings.put(case.id, state, "", asked.address_id, now), record.note(state, address_id, now, code))
    return asked


async def lift(tx: Transaction, by: Standing, address_id: int, code: str, now: int) -> bool:
    """Notes that a proposal is none of what it was flagged for."""
    case = await _to_be_decided(tx, by, code)
    if case is None or not await readings.flags(tx, case.id):
        return False
    tx.add(*readings.lift(case.id, now), record.note("lift flags", address_id, now, code))
    return True
