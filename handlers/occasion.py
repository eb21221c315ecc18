"""How an event is shown: to whoever it is for, in an invitation, to staff, in a calendar."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from bot.exports import calendar
from bot.exports.links import web_link
from bot.exports.qr import qr_png
from bot.insight.dates import Read, spoken_reading
from bot.model import Json, OutgoingFile, Phrase
from bot.outgoing import Bundle, body
from bot.reminding import places
from bot.turn import Choice, House, Said, Turn
from handlers.acts.attendance import is_live, is_open
from handlers.acts.timing import Timing
from storage import events, reach
from storage.bridges import Point
from storage.database import Transaction, micros, moment
from storage.events import Event, Plan, State
from storage.outbox import Kind
from storage.sign_ups import SignUp

EVENT = "e_"  # what a link begins with that leads to an event
DOOR = "c_"  # and one that checks somebody in
NOWHERE = "youth-dialogue.invalid"  # in the names of events where there are no pages
CODE_PIXELS = 600
Buttons = list[list[Choice]]


def timing(turn: Turn) -> Timing:
    """The time of a turn, and when nothing is said."""
    return Timing(turn.now, turn.house.pack.facts.quiet, turn.house.pack.zone)


def host(house: House) -> str:
    """What makes the names of our events the only ones of their kind."""
    return urlsplit(house.ways.pages).hostname or NOWHERE


def when(house: House, plan: Plan) -> Phrase:
    """From when to when, in full words."""
    end = moment(plan.end_at) if plan.end_at else None
    return spoken_reading(Read(moment(plan.start_at), end), house.zone)


def page(house: House, plan: Plan, point: Point | None = None) -> Phrase:
    """An event with when and where; `point` is one's own bridge point."""
    name, room = (point.name, point.filling.room) if point else ("", "")
    lines = [
        Phrase("event.when", {"when": when(house, plan)}),
        *places(plan.hall, plan.link, name, room),
        *([Phrase("event.opens", {"opens": point.filling.opens})] if point and point.filling.opens else []),
        *([Phrase("event.about", {"about": plan.about})] if plan.about else []),
    ]
    return Phrase("event.page", {"title": plan.title, "lines": lines})


def asking(event: Event, state: SignUp | None, spot: str = "") -> Buttons:
    """The buttons by which somebody answers, as they stand; `spot` names the showing that is redrawn."""
    number = event.id

    def answering(label: str, said: str) -> Choice:
        return Choice(Phrase(label), f"/attend {number} {said}{f' s{spot}' if spot else ''}")

    no = answering("event.cannot", "no")
    if not event.plan.is_selective:
        yes = [] if state in (SignUp.GOING, SignUp.WAITING) else [answering("event.yes", "yes")]
        maybe = [] if state is SignUp.MAYBE else [answering("event.maybe", "maybe")]
        not_coming = [] if state is SignUp.NO else [answering("event.no", "no")]
        return [row for row in (yes, maybe + not_coming) if row]
    if state is SignUp.CHOSEN:
        return [[answering("event.confirm", "yes"), no]]
    if state is SignUp.GOING:
        return [[no]]
    applied = state in (SignUp.APPLIED, SignUp.PICKED)
    again = [[no]] if applied else []
    return [[Choice(Phrase("event.apply_again" if applied else "event.apply"), f"/apply {number}")], *again]


def buttons(event: Event, state: SignUp | None, now: datetime, spot: str) -> Buttons:
    """All that somebody can do about an event now."""
    number = event.id
    if event.state is not State.PUBLISHED:
        return [[Choice(Phrase("event.save"), f"/save_date {number}")]]
    begun = event.plan.start_at <= micros(now)
    day = [
        *([[Choice(Phrase("event.ask_now"), f"/ask_now {number}")]] if is_live(event, now) else []),
        *([[Choice(Phrase("event.check_in"), f"/check_in e{number}")]] if is_open(event, now) else []),
    ]
    keep = [Choice(Phrase("event.save"), f"/save_date {number}"), Choice(Phrase("event.share"), f"/share {number}")]
    return [*day, *([] if begun else asking(event, state, spot)), keep]


def invitation(house: House, event: Event) -> dict[str, Json]:
    """What whoever is invited is told, by language: its words are put into their own when it goes out."""
    keep = [Choice(Phrase("event.save"), f"/save_date {event.id}")]
    said = Said(Phrase("event.invited", {"page": page(house, event.plan)}), [*asking(event, None), keep])
    return {house.texts.source: body(Bundle([said]))}


def moved(house: House, event: Event) -> Json:
    """What whoever signed up is told of a change."""
    said = Phrase("event.moved", {"page": page(house, event.plan)})
    rows = [
        [Choice(Phrase("event.see"), f"/events {event.id}"), Choice(Phrase("event.save"), f"/save_date {event.id}")],
        [Choice(Phrase("event.cannot"), f"/attend {event.id} no")],
    ]
    return body(Bundle([Said(said, rows)]))


def cancelled(house: House, event: Event) -> Json:
    """What whoever signed up is told when an event is called off."""
    said = Phrase("event.cancelled", {"title": event.plan.title, "when": when(house, event.plan)})
    return body(Bundle([Said(said, [[Choice(Phrase("event.unsave"), f"/save_date {event.id}")]])]))


def told(house: House, event: Event, key: str, rows: Buttons) -> Json:
    """A text about an event with its title and time."""
    return body(Bundle([Said(Phrase(key, {"title": event.plan.title, "when": when(house, event.plan)}), rows)]))


async def tell_seated(tx: Transaction, turn: Turn, event_id: int, people: Sequence[int]) -> None:
    """Tells those who waited that they have a seat now."""
    event = await events.get(tx, event_id) if people else None
    for person_id in people if event else ():
        if event and (chat := await reach.chat(tx, person_id)) is not None:
            turn.tell(
                chat, "event.got_seat", kind=Kind.ANSWER, title=event.plan.title, when=when(turn.house, event.plan),
                buttons=[
                    [Choice(Phrase("event.see"), f"/events {event_id}")],
                    [Choice(Phrase("event.cannot"), f"/attend {event_id} no")],
                ],
            )  # fmt: skip


# -- files


def to_calendar(house: House, event: Event, point: Point | None) -> OutgoingFile:
    """The event as a file for a calendar, with one's own bridge point as its place."""
    name, _, domain = event.uid.partition("@")
    plan = event.plan
    where = ", ".join(filter(None, (point.name, point.filling.room))) if point else plan.hall
    content = calendar.calendar_file(
        calendar.Event(
            id=name,
            domain=domain,
            changes=event.revision,
            changed_at=moment(event.changed_at),
            start=moment(plan.start_at),
            end=moment(plan.end_at) if plan.end_at else None,
            title=plan.title,
            place=where,
            link=plan.link,
            description=plan.about,
            is_cancelled=event.state is State.CANCELLED,
        ),
        house.pack.zone,
    )
    return written(house, content, f"event-{event.id}.ics", calendar.MEDIA_TYPE)


def link(house: House, payload: str) -> str:
    """An address that opens the bot and hands it a payload; "" where people have none."""
    if house.ways.pages:
        return web_link(house.ways.pages, payload)
    to = house.ways.telegram
    return f"{to}{'&' if '?' in to else '?'}start={payload}" if to else ""


def as_code(house: House, address: str, name: str) -> OutgoingFile:
    """An address as a QR code."""
    return written(house, qr_png(address, CODE_PIXELS), name, "image/png")


def written(house: House, content: bytes, name: str, media_type: str) -> OutgoingFile:
    """A file to be sent; it lies ready for a day, as exports do."""
    out = house.exports / secrets.token_hex(8) / name
    out.parent.mkdir(parents=True)
    out.write_bytes(content)
    return OutgoingFile(out, name, media_type)
