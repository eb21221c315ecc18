"""Proposals that go from one dialogue to another: the province's to a commune's, or back."""

from __future__ import annotations

from storage.cases import Case
from storage.database import Statement, Value
from storage.dialogues import Dialogue


def number_in(code: str, dialogue_code: str, proposal_id: int) -> int:
    """The number of a proposal within a dialogue: its code's in the one it was sent to, and none of the counted elsewhere."""
    begins, _, number = code.rpartition("-")
    return int(number) if begins == dialogue_code else -proposal_id


def pass_on(case: Case, source: Dialogue, target: Dialogue, address_id: int, now: int) -> list[Statement]:
    """Takes a proposal from one dialogue to another, its code as it is; stale where somebody else was faster."""
    values: dict[str, Value] = {"id": case.id, "from": source.id, "to": target.id}
    return [
        Statement(
            "UPDATE proposals SET dialogue_id = :to, number = :number WHERE id = :id AND dialogue_id = :from",
            {**values, "number": number_in(case.code, target.code, case.id)},
            changes=1,
        ),
        Statement(
            "INSERT INTO passings (proposal_id, from_id, to_id, address_id, at) VALUES (:id, :from, :to, :address_id, :now)",
            {**values, "address_id": address_id, "now": now},
        ),
    ]
