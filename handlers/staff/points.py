"""The bridge points of an event: who has said nothing yet, and filling one in."""

from __future__ import annotations

import re

from bot.errors import InvalidError
from bot.feature import command, conversation
from bot.model import Json, Phrase
from bot.state import Answer
from bot.talk import Talk
from bot.turn import Choice, Turn
from handlers.acts import bridges as acts
from handlers.acts.bridges import may_fill
from handlers.acts.events import By
from handlers.acts.rights import Right
from handlers.occasion import when
from handlers.staff.event_card import place_of
from handlers.staff.manage import turning
from storage import bridges, events
from storage.bridges import Filling, Point
from storage.database import Reader, micros
from storage.events import Event, State

PAGE = 10
LONGEST = 150  # characters
_ARGUMENT = re.compile(r"(\d{1,9})(?: (silent))?(?: p(\d{1,6}))?", re.ASCII)
_POINT = re.compile(r"(\d{1,9})-(\w{1,16})", re.ASCII)


def by(turn: Turn) -> By:
    return By(turn.where.role, turn.where.address_id, turn.where.scope)


async def event_with_points(reader: Reader, number: int, now: int) -> Event | None:
    """The event of a number, or without one the next, if it has bridge points."""
    found = await events.get(reader, number) if number else None
    if not number:
        found = next((one for one in await events.coming(reader, now) if one.plan.has_points), None)
    return found if found and found.plan.has_points and found.state is State.PUBLISHED else None


@command("points", may=Right.BRIDGE)
async def points(turn: Turn) -> None:
    """Lists the bridge points of an event, one's own first, then those that have said nothing: "ID", "ID silent", "pN" for a page."""
    wanted = _ARGUMENT.fullmatch(turn.argument)
    reader = await turn.read()
    event = await event_with_points(reader, int(wanted[1]) if wanted else 0, micros(turn.now))
    if event is None:
        return turn.say("points.none")
    only = bool(wanted and wanted[2])
    every = sorted(await bridges.every(reader, event.id), key=lambda one: not may_fill(by(turn), one.place))
    found = [one for one in every if one.filled_at is None] if only else every
    pages = max(-(-len(found) // PAGE), 1)
    number = min(max(int(wanted[3] or 1) if wanted else 1, 1), pages)
    shown = found[(number - 1) * PAGE : number * PAGE]
    rows = [
        [Choice(Phrase("points.fill", {"name": one.name}), f"/point {event.id}-{one.place}")]
        for one in shown
        if may_fill(by(turn), one.place)
    ]
    other = Choice(Phrase("points.all" if only else "points.silent"), f"/points {event.id}{'' if only else ' silent'}")
    data = f"/points {event.id}{' silent' if only else ''} p{{page}}"
    return turn.say(
        "points.page",
        title=event.plan.title,
        ready=sum(one.filling.is_ready for one in every),
        silent=sum(one.filled_at is None for one in every),
        total=len(every),
        items=[item(one) for one in shown] or [Phrase("points.all_said")],
        page=number,
        pages=pages,
        buttons=[*rows, *turning(data, number, pages), [other]],
        slot=f"points {event.id}",
    )


def item(one: Point) -> Phrase:
    """A bridge point in a line or two."""
    if one.filled_at is None:
        return Phrase("points.item_silent", {"name": one.name})
    return Phrase("points.item_ready" if one.filling.is_ready else "points.item", values(one))


def values(one: Point) -> dict[str, str]:
    filling = one.filling
    return {"name": one.name, "room": filling.room, "opens": filling.opens, "technician": filling.technician}


# -- filling one in


@conversation("point", may=Right.BRIDGE, takes="which0", payload=True)
async def point(talk: Talk) -> None:
    """Asks for the room, the hour, the technician and whether all is ready; a button names the point, else it is asked."""
    found = await talk.keep("event", lambda: given(talk))
    if not found:
        talk.forget()
        return talk.say("points.none")
    place = found["place"] or await talk.ask("which0", "points.which", lambda answer: place_of(talk.house, answer.text))
    standing = await talk.keep("point", lambda: stands(talk, found["id"], place))
    if not standing:
        return talk.say("points.not_yours")
    shown = {"name": standing["name"], "when": standing["when"]}
    room = await talk.ask("room", "points.room_ask", said, name=shown["name"], when=Phrase.from_json(shown["when"]))
    opens = await talk.ask("opens", "points.opens_ask", said)
    technician = await talk.ask("technician", "points.technician_ask", said)
    ready = await talk.choose("ready", "points.ready_ask", {"yes": "points.ready_yes", "no": "points.ready_no"})
    filling = Filling(room, opens, technician, ready == "yes")
    done = await talk.once("filled", lambda tx: acts.fill(tx, by(talk), found["id"], place, filling, micros(talk.now)))
    listing = [[Choice(Phrase("points.list"), f"/points {found['id']}")]]
    return talk.say("points.filled" if done else "points.not_yours", name=shown["name"], buttons=listing)


async def given(talk: Talk) -> Json:
    """The event, and the place where a button named one; None where there is nothing to fill in."""
    named = _POINT.fullmatch(talk.argument)
    event = await event_with_points(await talk.read(), int(named[1]) if named else 0, micros(talk.now))
    return {"id": event.id, "place": named[2] if named else ""} if event else None


async def stands(talk: Talk, event_id: int, place: str) -> Json:
    """The point as it is called, and when its event is; None where it is not this person's to fill in."""
    reader = await talk.read()
    one, event = await bridges.of_place(reader, event_id, place), await events.get(reader, event_id)
    if one is None or event is None or not may_fill(by(talk), place):
        return None
    return {"name": one.name, "when": when(talk.house, event.plan).to_json()}


def said(answer: Answer) -> str:
    """Something short in one line."""
    text = " ".join(answer.text.split())
    if not text or len(text) > LONGEST:
        raise InvalidError("points.length", most=LONGEST)
    return text
