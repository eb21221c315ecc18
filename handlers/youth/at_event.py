"""What one says about an event in words: why one would come, the code at the door, a question while it is on."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from itertools import count

from bot.errors import InvalidError
from bot.feature import conversation
from bot.model import Json, Phrase
from bot.state import Answer
from bot.talk import Talk
from bot.turn import Choice, Person
from handlers.acts import attendance as acts
from handlers.acts.attendance import LONGEST_LINE, LONGEST_QUESTION, Door, is_live, is_open
from handlers.acts.people import Known
from handlers.acts.rights import TABLE, Right
from handlers.cards import FEWEST, letters
from handlers.occasion import DOOR, EVENT, timing
from handlers.youth.events import known, show
from storage import events, reach
from storage.database import Transaction, micros

_CODE = re.compile(r"\d{4}", re.ASCII)
_NUMBER = re.compile(r"e?(\d{1,9})", re.ASCII)


def seeing(event_id: int) -> list[list[Choice]]:
    """The button that shows an event."""
    return [[Choice(Phrase("event.see"), f"/events {event_id}")]]


def words(most: int) -> Callable[[Answer], str]:
    """Reads some words that are neither too few nor too many."""

    def parse(answer: Answer) -> str:
        text = " ".join(answer.text.split())
        if letters(text) < FEWEST or len(text) > most:
            raise InvalidError("event.words", most=most)
        return text

    return parse


def number_of(talk: Talk) -> int:
    """The event that a button or a command named, 0 for none."""
    named = _NUMBER.fullmatch(talk.argument)
    return int(named[1]) if named else 0


# -- one line


@conversation("apply", may=Right.ATTEND, takes="line", payload=True)
async def apply(talk: Talk) -> None:
    """Applies in one line for an event whose guests staff choose."""
    person, event_id = known(talk), number_of(talk)
    if person is None:
        return None
    title = await talk.keep("title", lambda: open_title(talk, person, event_id))
    if not title:
        talk.forget()
        return talk.say("event.too_late")
    line = await talk.ask("line", "event.line_ask", words(LONGEST_LINE), title=title, most=LONGEST_LINE)
    done = await talk.once("applied", lambda tx: acts.apply(tx, person.id, event_id, line, timing(talk)))
    return talk.say("event.applied" if done else "event.too_late", title=title, buttons=seeing(event_id))


async def open_title(talk: Talk, person: Person, event_id: int) -> str:
    """The title of an event that takes applications, or ""."""
    event = await acts.visible(await talk.read(), person.id, event_id)
    takes = event and event.plan.is_selective and event.plan.start_at > micros(talk.now)
    return event.plan.title if event and takes and event.state is events.State.PUBLISHED else ""


# -- at the door


@conversation("check_in", may=Right.ATTEND, takes="code0", payload=True)
async def check_in(talk: Talk) -> None:
    """Checks in by the four digits that are shown in the hall; a button names the event, a code may come at once."""
    person = known(talk)
    if person is None:
        return None
    given = talk.argument if _CODE.fullmatch(talk.argument) else ""
    event_id = await talk.keep("event", lambda: open_event(talk, person, given))
    if not event_id:
        talk.forget()
        return talk.say("event.door_closed")
    for n in count():
        code = given if given and not n else await talk.ask(f"code{n}", "event.code_ask", four_digits)
        door = await talk.once(f"door{n}", partial(try_door, talk, person.id, event_id, code))
        if door != Door.WRONG:
            return talk.say(f"event.door_{door}", buttons=seeing(event_id))
        talk.say("event.door_wrong")
    return None


async def try_door(talk: Talk, person_id: int, event_id: int, code: str, tx: Transaction) -> str:
    return await acts.check_in(tx, person_id, event_id, code, talk.now)


def four_digits(answer: Answer) -> str:
    """A code as it is typed: "1234", "12 34"."""
    digits = re.sub(r"[\s.-]", "", answer.text)
    if not _CODE.fullmatch(digits):
        raise InvalidError("event.four_digits")
    return digits


async def open_event(talk: Talk, person: Person, code: str) -> int:
    """The event that somebody can check in to: the one that was named, or the only one there is; 0 for none."""
    reader = await talk.read()
    named = 0 if code else number_of(talk)
    found = [
        one
        for one in await events.coming(reader, micros(talk.now))
        if is_open(one, talk.now) and await acts.visible(reader, person.id, one.id)
    ]
    if named:
        found = [one for one in found if one.id == named]
    right = [one for one in found if one.code == code]
    return next((one.id for one in (*right, *found)), 0)


# -- while it is on


@conversation("ask_now", may=Right.ATTEND, takes="question", payload=True)
async def ask_now(talk: Talk) -> None:
    """Takes a question that staff get at once, marked as live."""
    person = known(talk)
    if person is None:
        return None
    on = await talk.keep("event", lambda: live_event(talk, person))
    if not on:
        talk.forget()
        return talk.say("event.not_live", buttons=[[Choice(Phrase("help.propose"), "/propose")]])
    event_id, title = on
    text = await talk.ask("question", "event.live_ask", words(LONGEST_QUESTION), title=title)
    asked = await talk.once("asked", lambda tx: pass_on(tx, talk, person, event_id, title, text))
    again = [[Choice(Phrase("event.ask_again"), f"/ask_now {event_id}")]]
    return talk.say("event.live_done" if asked else "event.not_live", buttons=again if asked else [])


async def live_event(talk: Talk, person: Person) -> Json:
    """The event that is on: the one that was named, or the first that is for this person; with its title."""
    reader, named = await talk.read(), number_of(talk)
    for one in await events.coming(reader, micros(talk.now)):
        if is_live(one, talk.now) and named in (0, one.id) and await acts.visible(reader, person.id, one.id):
            return [one.id, one.plan.title]
    return None


async def pass_on(tx: Transaction, talk: Talk, person: Person, event_id: int, title: str, text: str) -> bool:
    """Stores a question and tells everyone who leads the event."""
    if not await acts.ask(tx, person.id, talk.where.address_id, event_id, text, talk.now):
        return False
    place = talk.house.pack.place(person.place, person.former_place, talk.house.era)
    listing = [[Choice(Phrase("manage.live"), f"/manage {event_id} live")]]
    for chat in await reach.staff(tx, [role for role, rights in TABLE.items() if Right.EVENTS in rights]):
        talk.tell(chat, "event.live_told", title=title, text=text, place=place, buttons=listing)
    return True


# -- where a link leads


async def arrive(talk: Talk, person: Known) -> bool:
    """Shows the event, or checks in, where a link that was followed says so; False where it says nothing of the kind."""
    said = talk.argument
    if said.startswith(DOOR):
        token = said.removeprefix(DOOR)
        door, event_id = await talk.once("door", lambda tx: through(tx, talk, person.id, token))
        talk.say(f"event.door_{door}", buttons=seeing(event_id) if event_id else [])
        return True
    if not re.fullmatch(EVENT + r"\d{1,9}", said, re.ASCII):
        return False
    here = Person(person.id, person.age_band, person.place, person.former_place)
    await show(talk, here, int(said.removeprefix(EVENT)))
    return True


async def through(tx: Transaction, talk: Talk, person_id: int, token: str) -> Json:
    door, event = await acts.enter_by_link(tx, person_id, token, talk.now)
    return [door, event.id if event else 0]
