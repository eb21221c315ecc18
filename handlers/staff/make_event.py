"""Planning an event, publishing it, changing it, calling it off."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.feature import conversation
from bot.model import Json, Phrase
from bot.talk import Talk
from bot.turn import Choice
from handlers.acts import events as acts
from handlers.acts.events import By, Published
from handlers.acts.rights import Right
from handlers.occasion import cancelled, host, invitation, moved, tell_seated, timing, when
from handlers.staff.event_card import EventCard, WayOut, ask_title, ask_where
from handlers.when import ask_when
from storage import audiences, events, sign_ups
from storage.database import Transaction, micros
from storage.events import Marks, Plan, State
from storage.sign_ups import SIGNED


def by(talk: Talk) -> By:
    """Who does it."""
    return By(talk.where.role, talk.where.address_id)


def opening(event_id: int) -> list[list[Choice]]:
    """The button that shows an event to staff."""
    return [[Choice(Phrase("manage.open"), f"/manage {event_id}")]]


async def given(talk: Talk) -> Json:
    """The event whose number was given, with what it was read as; None where there is none."""
    number = talk.argument if re.fullmatch(r"\d{1,9}", talk.argument, re.ASCII) else "0"
    event = await events.get(await talk.read(), int(number))
    if event is None:
        return None
    return {"id": event.id, "plan": event.plan.to_json(), "state": event.state, "revision": event.revision}


# -- a new one


@conversation("make_event", may=Right.EVENTS, takes="title", payload=True)
async def make_event(talk: Talk) -> None:
    """Asks what an event needs, shows what people will see, and publishes or keeps it; "ID" makes an old one again."""
    old = await talk.keep("old", lambda: given(talk))
    title = old["plan"]["title"] if old else await ask_title(talk, "title")
    span = await ask_when(talk, "when", "planning.when_again" if old else "planning.when_ask")
    if old:
        plan = replace(Plan.from_json(old["plan"]), start_at=span.start, end_at=span.end)
    else:
        hall, link = await ask_where(talk, "where")
        rules = talk.house.pack.facts.events
        plan = Plan(title, span.start, span.end, hall, link, offsets=rules.reminders)
    done = await talk.card("card", EventCard(talk.house, plan, is_published=False))
    if done.way == WayOut.LEAVE:
        return talk.say("planning.dropped")
    marks = await talk.keep("marks", lambda: new_marks(talk))
    event_id = await talk.once("made", lambda tx: keep(tx, talk, done.draft, Marks(*marks)))
    if done.way == WayOut.SAVE:
        return talk.say("planning.saved", title=done.draft.title, buttons=opening(event_id))
    return await published(talk, event_id)


async def new_marks(talk: Talk) -> list[str]:
    marks = acts.new_marks(host(talk.house))
    return [marks.uid, marks.code, marks.token]


async def keep(tx: Transaction, talk: Talk, plan: Plan, marks: Marks) -> int:
    return await acts.draft(tx, by(talk), plan, marks, micros(talk.now)) or 0


async def published(talk: Talk, event_id: int) -> None:
    """Publishes a draft and says how many are invited."""
    invited = await talk.once("published", lambda tx: publish(tx, talk, event_id))
    if invited is None:
        return talk.say("planning.not_published", buttons=opening(event_id))
    return talk.say("planning.published", count=invited, buttons=opening(event_id))


async def publish(tx: Transaction, talk: Talk, event_id: int) -> int | None:
    house = talk.house
    points = house.pack.bridge_points(house.era)
    done = await acts.publish(tx, by(talk), event_id, points, lambda event: invitation(house, event), timing(talk))
    return await audiences.size(tx, done.event.plan.audience) if done else None


# -- one that is there


@conversation("edit_event", may=Right.EVENTS, takes="card", payload=True)
async def edit_event(talk: Talk) -> None:
    """Shows the card of an event: a draft is published or kept, of what is published people are told."""
    old = await talk.keep("old", lambda: given(talk))
    if not old or old["state"] == State.CANCELLED:
        talk.forget()
        return talk.say("manage.unknown")
    is_published = old["state"] == State.PUBLISHED
    done = await talk.card("card", EventCard(talk.house, Plan.from_json(old["plan"]), is_published=is_published))
    if done.way == WayOut.LEAVE:
        return await leave(talk, old["id"], is_published=is_published)
    if is_published:
        return await change(talk, old, done.draft)
    kept = await talk.once("kept", lambda tx: acts.redraft(tx, by(talk), old["id"], done.draft, micros(talk.now)))
    if kept and done.way == WayOut.PUBLISH:
        return await published(talk, old["id"])
    return talk.say("planning.saved" if kept else "manage.changed", title=done.draft.title, buttons=opening(old["id"]))


async def leave(talk: Talk, event_id: int, *, is_published: bool) -> None:
    """Leaves what is published as it is, and throws a draft away."""
    if is_published:
        return talk.say("planning.left", buttons=opening(event_id))
    await talk.once("dropped", lambda tx: acts.drop(tx, by(talk), event_id, micros(talk.now)))
    return talk.say("planning.dropped")


async def change(talk: Talk, old: Json, plan: Plan) -> None:
    """Writes another plan, and says who is told of it."""
    told = await talk.once("changed", lambda tx: write(tx, talk, old, plan))
    if told is None:
        return talk.say("manage.changed", buttons=opening(old["id"]))
    if not acts.matters(Plan.from_json(old["plan"]), plan):
        return talk.say("planning.changed_quietly", buttons=opening(old["id"]))
    return talk.say("planning.changed", count=told, when=when(talk.house, plan), buttons=opening(old["id"]))


async def write(tx: Transaction, talk: Talk, old: Json, plan: Plan) -> int | None:
    house, points = talk.house, talk.house.pack.bridge_points(talk.house.era)
    done = await acts.change(
        tx, by(talk), old["id"], old["revision"], plan, points,
        lambda event: invitation(house, event), lambda event: moved(house, event), timing(talk),
    )  # fmt: skip
    if done is None:
        return None
    await tell_seated(tx, talk, old["id"], done.seated)
    return await signed(tx, done)


async def signed(tx: Transaction, done: Published) -> int:
    """How many people are told of a change."""
    return len(await sign_ups.everybody(tx, done.event.id, SIGNED))


@conversation("cancel_event", may=Right.EVENTS, payload=True)
async def cancel_event(talk: Talk) -> None:
    """Calls an event off, once more asked."""
    old = await talk.keep("old", lambda: given(talk))
    if not old or old["state"] != State.PUBLISHED:
        return talk.say("manage.unknown")
    plan = Plan.from_json(old["plan"])
    ways = {"yes": "planning.cancel_yes", "no": "planning.cancel_no"}
    way = await talk.choose("sure", "planning.cancel_sure", ways, title=plan.title, when=when(talk.house, plan))
    if way == "no":
        return talk.say("planning.left", buttons=opening(old["id"]))
    told = await talk.once("cancelled", lambda tx: call_off(tx, talk, old["id"]))
    if told is None:
        return talk.say("manage.unknown")
    again = [[Choice(Phrase("planning.again"), f"/make_event {old['id']}")]]
    return talk.say("planning.cancelled", count=told, buttons=[*again, *opening(old["id"])])


async def call_off(tx: Transaction, talk: Talk, event_id: int) -> int | None:
    house = talk.house
    done = await acts.cancel(tx, by(talk), event_id, lambda event: cancelled(house, event), timing(talk))
    return await signed(tx, done) if done else None
