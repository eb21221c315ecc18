"""Taking a person in, and letting one go who does not agree or is too young."""

from __future__ import annotations

from dataclasses import dataclass

from storage import addresses, files, jobs, outbox, people, record, transcripts
from storage.database import Statement, Transaction
from storage.people import Consent, Place


@dataclass(frozen=True, slots=True)
class Joining:
    """What somebody agreed to and said of themselves; `person_id` is None where nobody stands behind the chat yet."""

    address_id: int
    person_id: int | None
    consent: Consent
    age_band: str


@dataclass(frozen=True, slots=True)
class Known:
    """A person who agreed and is old enough."""

    id: int
    age_band: str
    place: str
    former_place: str


async def join(tx: Transaction, joining: Joining, now: int) -> int:
    """Stores a person with the proof of their consent; gives the person's id."""
    person_id = joining.person_id or people.begin(tx, joining.address_id, now)
    await people.agree(tx, person_id, joining.consent)
    await people.tell_age(tx, person_id, joining.age_band, now)
    tx.add(record.note("consent", joining.address_id, now, joining.consent.version))
    return person_id


async def settle(tx: Transaction, person_id: int, place: Place, now: int) -> bool:
    """Stores where a person lives."""
    await people.live_in(tx, person_id, place, now)
    return True


async def tell_age(tx: Transaction, person_id: int, band: str, now: int) -> None:
    """Stores another age band."""
    await people.tell_age(tx, person_id, band, now)


async def belong(tx: Transaction, person_id: int, group: str) -> bool:
    """Stores the group that a person counts themselves to; "" is none."""
    tx.add(people.belong(person_id, group))
    return True


async def toggle(tx: Transaction, person_id: int, wish: str) -> bool:
    """Turns reminders or news off, or on again."""
    tx.add(people.toggle_news(person_id) if wish == "news" else people.toggle_reminders(person_id))
    return True


async def turn_away(tx: Transaction, address_id: int) -> None:
    """Keeps nothing of what somebody wrote who is not taken in."""
    tx.add(*left_behind(address_id))


def left_behind(address_id: int) -> list[Statement]:
    """What must go when somebody is not taken in; the chat itself goes an hour later."""
    return [*files.let_go(address_id), transcripts.erase_said(address_id), outbox.blank_sent(address_id)]


async def speak(tx: Transaction, address_id: int, language: str, now: int) -> None:
    """Sets the language of a chat, its menu included."""
    await tx.run_all([addresses.speak(address_id, language), jobs.offer_menu(address_id, now)])
