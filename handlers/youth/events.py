"""Events for oneself: what there is, saying whether one comes, keeping the day, passing it on."""

from __future__ import annotations

import re

from bot.feature import command
from bot.model import Phrase, PhraseValue
from bot.turn import Choice, Person, Turn
from handlers.acts import attendance as acts
from handlers.acts.attendance import Answer, Answered
from handlers.acts.rights import Right
from handlers.occasion import EVENT, as_code, buttons, link, page, tell_seated, timing, to_calendar, when
from storage import bridges, events, reminders, sign_ups
from storage.bridges import Point
from storage.database import Reader, Transaction, micros
from storage.events import Event
from storage.sign_ups import SignUp

MOST = 20  # events in a list
_SHOWING = re.compile(r"(\d{1,9})(?: r(\d{1,15}))?", re.ASCII)
_ANSWER = re.compile(r"(\d{1,9}) (yes|maybe|no)(?: ([rs])(\d{1,18}))?", re.ASCII)


def known(turn: Turn) -> Person | None:
    """Who asks, if they were taken in; else they are told how."""
    person = turn.where.person
    if person is not None and person.age_band:
        return person
    turn.say("event.first", buttons=[[Choice(Phrase("settings.start"), "/start")]])
    return None


@command("events", may=Right.ATTEND)
async def show_events(turn: Turn) -> None:
    """Lists what is for somebody, or shows one: "ID", or "ID rN" from the reminder N."""
    person = known(turn)
    if person is None:
        return None
    wanted = _SHOWING.fullmatch(turn.argument)
    if not wanted:
        return await show_list(turn, person.id)
    event_id = int(wanted[1])
    if wanted[2]:
        await turn.once("pressed", lambda tx: press(tx, turn, event_id, person.id, int(wanted[2])))
    return await show(turn, person, event_id)


async def press(tx: Transaction, turn: Turn, event_id: int, person_id: int, reminder_id: int) -> bool:
    """Notes that a reminder was answered."""
    tx.add(reminders.press(event_id, person_id, reminder_id, micros(turn.now)))
    return True


async def show_list(turn: Turn, person_id: int) -> None:
    reader = await turn.read()
    guest, states = await events.guest(reader, person_id), await sign_ups.all_of_person(reader, person_id)
    found = [
        one
        for one in await events.coming(reader, micros(turn.now))
        if one.id in states or events.is_for(one.plan.audience, guest)
    ][:MOST]
    if not found:
        return turn.say("event.none", buttons=[[Choice(Phrase("help.propose"), "/propose")]])
    opening = [[Choice(Phrase("event.open", {"title": one.plan.title}), f"/events {one.id}")] for one in found]
    items = [item(turn, one, states.get(one.id)) for one in found]
    return turn.say("event.list", items=items, buttons=opening, slot="events")


def item(turn: Turn, event: Event, state: SignUp | None) -> Phrase:
    """One event in the list."""
    values: dict[str, PhraseValue] = {
        "title": event.plan.title,
        "when": when(turn.house, event.plan),
        "standing": standing_in_short(state),
    }
    return Phrase("event.item", values)


def standing_in_short(state: SignUp | None) -> Phrase:
    return Phrase(f"event.short_{shown_state(state)}")


def shown_state(state: SignUp | None) -> str:
    """How somebody stands, as far as they may know: whom staff have picked so far is nobody's to hear."""
    return "open" if state is None else "applied" if state is SignUp.PICKED else str(state)


async def show(turn: Turn, person: Person, event_id: int, spot: str = "") -> None:
    """One event, how this person stands to it, and what they can do about it; `spot` is a showing to be redrawn."""
    spot = spot or str(turn.where.inbox_id)
    reader = await turn.read()
    event = await acts.visible(reader, person.id, event_id)
    if event is None:
        return turn.say("event.unknown")
    mine = await sign_ups.of_person(reader, event_id, person.id)
    state = mine.state if mine else None
    return turn.say(
        "event.shown",
        page=page(turn.house, event.plan, await own_point(reader, event, person)),
        standing=await standing(reader, event, person.id, state),
        buttons=buttons(event, state, turn.now, spot),
        slot=f"event {event_id} {spot}",
    )


async def own_point(reader: Reader, event: Event, person: Person) -> Point | None:
    """The bridge point of a person's place, where the event has some."""
    return await bridges.of_place(reader, event.id, person.place) if event.plan.has_points and person.place else None


async def standing(reader: Reader, event: Event, person_id: int, state: SignUp | None) -> Phrase:
    """How a person stands to an event, in a sentence."""
    if event.state is events.State.CANCELLED:
        return Phrase("event.is_off")
    if state is SignUp.WAITING:
        return Phrase("event.you_waiting", {"number": await sign_ups.place_in_line(reader, event.id, person_id)})
    if state is None:
        return Phrase("event.you_choose" if event.plan.is_selective else "event.you_open")
    return Phrase(f"event.you_{shown_state(state)}")


@command("attend", may=Right.ATTEND)
async def attend(turn: Turn) -> None:
    """Takes an answer: "ID yes", "maybe" or "no"; "rN" where it answers the reminder N, "sN" where a showing is redrawn."""
    person, said = known(turn), _ANSWER.fullmatch(turn.argument)
    if person is None:
        return None
    if said is None:
        return await show_list(turn, person.id)
    event_id, answer = int(said[1]), Answer(said[2])
    reminder = int(said[4]) if said[3] == "r" else 0
    answered = await turn.once("answer", lambda tx: take(tx, turn, person.id, event_id, answer, reminder))
    if answered.state is None:
        turn.say("event.too_late")
    return await show(turn, person, event_id, said[4] if said[3] == "s" else "")


async def take(tx: Transaction, turn: Turn, person_id: int, event_id: int, answer: Answer, reminder: int) -> Answered:
    answered = await acts.answer(tx, person_id, event_id, answer, timing(turn))
    if reminder:
        await press(tx, turn, event_id, person_id, reminder)
    await tell_seated(tx, turn, event_id, answered.seated)
    return answered


async def wanted_event(turn: Turn, person: Person) -> Event | None:
    """The event that is named; None is said where there is none."""
    number = turn.argument if re.fullmatch(r"\d{1,9}", turn.argument, re.ASCII) else ""
    event = await acts.visible(await turn.read(), person.id, int(number)) if number else None
    if event is None:
        turn.say("event.unknown")
    return event


@command("save_date", may=Right.ATTEND)
async def save_date(turn: Turn) -> None:
    """The event as a file for one's calendar: the same one anew after a change, or one that takes it out again."""
    person = known(turn)
    event = await wanted_event(turn, person) if person else None
    if person is None or event is None:
        return None
    file = to_calendar(turn.house, event, await own_point(await turn.read(), event, person))
    return turn.say("event.file_off" if event.state is events.State.CANCELLED else "event.file", files=[file])


@command("share", may=Right.ATTEND)
async def share(turn: Turn) -> None:
    """A QR code, and the link in it, that opens the bot with that event."""
    person = known(turn)
    event = await wanted_event(turn, person) if person else None
    if event is None:
        return None
    address = link(turn.house, f"{EVENT}{event.id}")
    if not address:
        return turn.say("event.no_link", start=f"{EVENT}{event.id}")
    code = as_code(turn.house, address, f"event-{event.id}.png")
    return turn.say("event.code", title=event.plan.title, link=address, files=[code])
