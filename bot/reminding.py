"""What a reminder of an event says: the day in words, the hour, and where, as the event stands when it goes out."""

from __future__ import annotations

from datetime import tzinfo

from bot.insight.dates import spoken
from bot.model import Json, Phrase
from bot.outgoing import Bundle
from bot.outgoing import body as body_of
from bot.turn import Choice, Said
from storage.database import moment
from storage.reminders import Reminded


def body(reminded: Reminded, zone: tzinfo) -> Json:
    """The JSON of the message, with a button for whoever cannot come."""
    text = Phrase(
        "event.reminder",
        {"title": reminded.title, "when": spoken(moment(reminded.start_at), zone), "where": where(reminded)},
    )
    event = reminded.event_id
    buttons = [
        [Choice(Phrase("event.cannot"), f"/attend {event} no r{reminded.id}")],
        [Choice(Phrase("event.see"), f"/events {event} r{reminded.id}")],
    ]
    return body_of(Bundle([Said(text, buttons)]))


def where(reminded: Reminded) -> list[Phrase]:
    """The hall, the link and one's own bridge point, a line each."""
    return places(reminded.hall, reminded.link, reminded.point, reminded.room)


def places(hall: str, link: str, point: str, room: str) -> list[Phrase]:
    """Where an event is, a line each; `point` is one's own bridge point and `room` where in it, once that is known."""
    return [
        *([Phrase("event.hall", {"hall": hall})] if hall else []),
        *([Phrase("event.link", {"link": link})] if link else []),
        *([own_point(point, room)] if point else []),
    ]


def own_point(name: str, room: str) -> Phrase:
    """A person's own bridge point."""
    return Phrase("event.point_room", {"name": name, "room": room}) if room else Phrase("event.point", {"name": name})
