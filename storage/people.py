"""People: what the bot knows of a person, which is as little as will do."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from storage.database import Reader, Statement, Transaction, alone

_ID_BITS = 53


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
    await tx.alone(_person_of(address_id))
    found = await tx.rows("SELECT person_id FROM addresses WHERE id = :id", {"id": address_id})
    return found[0]["person_id"] or begin(tx, address_id, now)


def begin(tx: Transaction, address_id: int, now: int) -> int:
    """Makes a person behind an address that has none, or else is stale; gives the id."""
    person_id = drawn_id()
    values = {"person": person_id, "id": address_id, "now": now}
    tx.add(
        hold(address_id),
        Statement("INSERT INTO people (id, created_at) VALUES (:person, :now)", values),
        Statement("UPDATE addresses SET person_id = :person WHERE id = :id AND person_id IS NULL", values, changes=1),
    )
    return person_id


def drawn_id() -> int:
    """A new person's id.

    Ids are drawn, not counted: nobody has to wait for one, and they tell nothing of who came first. They are exact in
    JSON and in a workbook.
    """
    return secrets.randbits(_ID_BITS)


def _person_of(address_id: int) -> str:
    return f"person of {address_id}"


def hold(address_id: int) -> Statement:
    """Lets nobody else change who stands behind an address."""
    return alone(_person_of(address_id))


def stands_behind(address_id: int, person_id: int | None) -> list[Statement]:
    """Holds whoever stands behind an address; stale where that is somebody else by now."""
    return [
        hold(address_id),
        Statement(
            "UPDATE addresses SET person_id = person_id WHERE id = :id AND coalesce(person_id, -1) <> :person",
            {"id": address_id, "person": -1 if person_id is None else person_id},
            changes=0,
        ),
    ]


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


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person chose for themselves. `group` is one of the pack's, or ""."""

    place: str
    former_place: str
    group: str
    reminders: bool
    news: bool


async def chosen(reader: Reader, person_id: int) -> Chosen:
    """What a person chose for themselves."""
    [row] = await reader.rows(
        "SELECT place, former_place, crowd, wants_reminders, wants_news FROM people WHERE id = :id", {"id": person_id}
    )
    wishes = bool(row["wants_reminders"]), bool(row["wants_news"])
    return Chosen(row["place"], row["former_place"], row["crowd"], *wishes)


def belong(person_id: int, group: str) -> Statement:
    """Sets the group that a person counts themselves to; "" is none."""
    return Statement("UPDATE people SET crowd = :group WHERE id = :id", {"id": person_id, "group": group}, changes=1)


def toggle_reminders(person_id: int) -> Statement:
    """Turns reminders off, or on again."""
    return Statement(
        "UPDATE people SET wants_reminders = 1 - wants_reminders WHERE id = :id", {"id": person_id}, changes=1
    )


def toggle_news(person_id: int) -> Statement:
    """Turns news off, or on again."""
    return Statement("UPDATE people SET wants_news = 1 - wants_news WHERE id = :id", {"id": person_id}, changes=1)
