"""People: what the bot knows of a person, which is as little as will do."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Statement, Transaction


@dataclass(frozen=True, slots=True)
class Place:
    """A unit's code, the code of the old unit that was named (or ""), and what was typed."""

    unit: str = ""
    former: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """That somebody agreed: to which text, in which language, on which channel, when (microseconds)."""

    version: str
    language: str
    channel: str
    given_at: int


async def of_address(tx: Transaction, address_id: int, now: int) -> int:
    """The id of the person behind an address, made when there is none."""
    values = {"id": address_id, "now": now}
    made, found = await tx.run_all(
        [
            Statement(
                "INSERT INTO people (created_at) SELECT :now FROM addresses WHERE id = :id AND person_id IS NULL"
                " RETURNING id",
                values,
            ),
            Statement("SELECT person_id FROM addresses WHERE id = :id", values),
        ]
    )
    if not made:
        return int(found[0]["person_id"])
    person_id = int(made[0]["id"])
    tx.add(
        Statement(
            "UPDATE addresses SET person_id = :person WHERE id = :id",
            {"person": person_id, "id": address_id},
            changes=1,
        )
    )
    return person_id


async def agree(tx: Transaction, person_id: int, consent: Consent) -> None:
    """Writes the proof of a consent."""
    tx.add(
        Statement(
            "INSERT INTO consents (person_id, version, language, channel, given_at)"
            " VALUES (:person, :version, :language, :channel, :given_at)",
            {
                "person": person_id,
                "version": consent.version,
                "language": consent.language,
                "channel": consent.channel,
                "given_at": consent.given_at,
            },
        )
    )


async def tell_age(tx: Transaction, person_id: int, band: str, now: int) -> None:
    """Sets the age band with the day it was told."""
    tx.add(
        Statement(
            "UPDATE people SET age_band = :band, age_told_at = :now WHERE id = :id",
            {"id": person_id, "band": band, "now": now},
            changes=1,
        )
    )


async def live_in(tx: Transaction, person_id: int, place: Place, now: int) -> None:
    """Sets a person's own place, which may be none, and that it was asked."""
    tx.add(
        Statement(
            "UPDATE people SET place = :unit, former_place = :former, typed_place = :typed,"
            " place_told_at = :now WHERE id = :id",
            {"id": person_id, "now": now, "unit": place.unit, "former": place.former, "typed": place.typed},
            changes=1,
        )
    )
