"""Events as staff see them: the list, one with its figures, its door, its reminders, and what is asked."""

from __future__ import annotations

import re

from bot.feature import command
from bot.model import Phrase
from bot.turn import Choice, Turn
from handlers.acts.rights import Right
from handlers.occasion import DOOR, as_code, link, page, when
from handlers.shown import hour
from handlers.staff.event_card import planned, span
from storage import bridges, events, happenings, reminders, sign_ups
from storage.database import Reader, micros
from storage.events import Event, State
from storage.reminders import Figures
from storage.sign_ups import SignUp

PAGE = 5
COUNTED = (
    SignUp.GOING, SignUp.WAITING, SignUp.MAYBE, SignUp.NO, SignUp.APPLIED, SignUp.PICKED, SignUp.CHOSEN, SignUp.DECLINED,
)  # fmt: skip
_ARGUMENT = re.compile(r"(\d{1,9})(?: (door|reminders|live))?(?: p?(\d{1,6}))?", re.ASCII)
_PAGE = re.compile(r"p(\d{1,6})", re.ASCII)


@command("manage", may=Right.EVENTS)
async def manage(turn: Turn) -> None:
    """Lists events ("pN" for a page), or shows one: "ID", "ID door", "ID reminders", "ID live"."""
    wanted = _ARGUMENT.fullmatch(turn.argument)
    if not wanted:
        turned = _PAGE.fullmatch(turn.argument)
        return await show_list(turn, int(turned[1]) if turned else 1)
    reader = await turn.read()
    event = await events.get(reader, int(wanted[1]))
    if event is None:
        return turn.say("manage.unknown")
    match wanted[2]:
        case "door":
            return show_door(turn, event)
        case "reminders":
            return await show_reminders(turn, reader, event)
        case "live":
            return await show_asked(turn, reader, event, int(wanted[3] or 1))
        case _:
            return await show(turn, reader, event)


async def show_list(turn: Turn, number: int) -> None:
    reader = await turn.read()
    total = await events.count(reader)
    new = [[Choice(Phrase("manage.new"), "/make_event")]]
    if not total:
        return turn.say("manage.none", buttons=new)
    pages = -(-total // PAGE)
    number = min(max(number, 1), pages)
    found = await events.every(reader, (number - 1) * PAGE, PAGE)
    items = [
        Phrase(
            "manage.item",
            {
                "title": one.plan.title,
                "when": when(turn.house, one.plan),
                "state": Phrase(f"manage.is_{one.state}"),
                "counts": counted(await sign_ups.counts(reader, one.id)),
            },
        )
        for one in found
    ]
    rows = [[Choice(Phrase("event.open", {"title": one.plan.title}), f"/manage {one.id}")] for one in found]
    return turn.say(
        "manage.list", items=items, page=number, pages=pages, total=total, slot="manage",
        buttons=[*rows, *turning("/manage p{page}", number, pages), *new],
    )  # fmt: skip


def turning(data: str, number: int, pages: int) -> list[list[Choice]]:
    """The buttons to the pages before and after."""
    back = [Choice(Phrase("queue.newer"), data.format(page=number - 1))] if number > 1 else []
    on = [Choice(Phrase("queue.older"), data.format(page=number + 1))] if number < pages else []
    return [back + on] if back or on else []


def counted(found: dict[SignUp, int]) -> list[Phrase]:
    """How many people stand how, a line each; no line for none."""
    return [Phrase(f"manage.count_{state}", {"count": found[state]}) for state in COUNTED if found.get(state)] or [
        Phrase("manage.nobody")
    ]


async def show(turn: Turn, reader: Reader, event: Event) -> None:
    """One event with all its figures."""
    lines = [
        *planned(turn.house, event.plan),
        *counted(await sign_ups.counts(reader, event.id)),
        *await beside(reader, event),
    ]
    turn.say(
        "manage.event",
        state=Phrase(f"manage.is_{event.state}"),
        page=page(turn.house, event.plan),
        lines=lines,
        buttons=doing(event, micros(turn.now)),
        slot=f"manage {event.id}",
    )


async def beside(reader: Reader, event: Event) -> list[Phrase]:
    """Who is there, what was asked, which bridge points are ready."""
    lines = [Phrase("manage.there", {"count": await happenings.count_there(reader, event.id)})]
    if asked := await happenings.count_asked(reader, event.id):
        lines.append(Phrase("manage.asked", {"count": asked}))
    if event.plan.has_points:
        points = await bridges.every(reader, event.id)
        ready, silent = sum(one.filling.is_ready for one in points), sum(one.filled_at is None for one in points)
        lines.append(Phrase("manage.points_ready", {"ready": ready, "total": len(points), "silent": silent}))
    return lines


def doing(event: Event, now: int) -> list[list[Choice]]:
    """The buttons for what can be done about an event."""
    number = event.id
    again = [Choice(Phrase("planning.again"), f"/make_event {number}")]
    if event.state is State.DRAFT:
        return [[Choice(Phrase("manage.edit"), f"/edit_event {number}")]]
    figures = [
        Choice(Phrase("manage.reminders"), f"/manage {number} reminders"),
        Choice(Phrase("manage.live"), f"/manage {number} live"),
    ]
    rows = [
        *([[Choice(Phrase("manage.choose"), f"/choose {number}")]] if event.plan.is_selective else []),
        *([[Choice(Phrase("manage.points"), f"/points {number}")]] if event.plan.has_points else []),
        figures,
    ]
    if event.state is State.CANCELLED or event.plan.is_over_at <= now:
        return [*rows, again]
    change = [
        Choice(Phrase("manage.edit"), f"/edit_event {number}"),
        Choice(Phrase("manage.cancel"), f"/cancel_event {number}"),
    ]
    return [*rows, [Choice(Phrase("manage.door"), f"/manage {number} door")], change]


def back(event: Event) -> list[list[Choice]]:
    return [[Choice(Phrase("manage.open"), f"/manage {event.id}")]]


def show_door(turn: Turn, event: Event) -> None:
    """The four digits and the code for the hall."""
    address = link(turn.house, f"{DOOR}{event.token}")
    files = [as_code(turn.house, address, f"door-{event.id}.png")] if address else []
    turn.say("manage.door_code", title=event.plan.title, code=event.code, files=files)


async def show_reminders(turn: Turn, reader: Reader, event: Event) -> None:
    """How many reminders went out, were answered, were missed and why."""
    found = await reminders.figures(reader, event.id, micros(turn.now))
    lines = [line for one in found for line in of_span(one)] or [Phrase("manage.no_reminders")]
    turn.say("manage.reminded", title=event.plan.title, lines=lines, buttons=back(event))


def of_span(one: Figures) -> list[Phrase]:
    values = {"sent": one.sent, "pressed": one.pressed, "to_come": one.to_come, "missed": sum(one.missed.values())}
    whys = [Phrase("manage.missed", {"why": Phrase(f"manage.why_{why}"), "count": n}) for why, n in one.missed.items()]
    return [Phrase("manage.reminder", {"span": span(one.minutes_before), **values}), *whys]


async def show_asked(turn: Turn, reader: Reader, event: Event, number: int) -> None:
    """What was asked while it was on, the newest first."""
    total = await happenings.count_asked(reader, event.id)
    if not total:
        return turn.say("manage.nothing_asked", buttons=back(event))
    pages = -(-total // PAGE)
    number = min(max(number, 1), pages)
    house = turn.house
    items = [
        Phrase(
            "manage.question",
            {
                "text": one.text,
                "at": hour(house, one.asked_at),
                "place": house.pack.place(one.place, one.former_place, house.era),
            },
        )
        for one in await happenings.asked(reader, event.id, (number - 1) * PAGE, PAGE)
    ]
    data = f"/manage {event.id} live p{{page}}"
    return turn.say(
        "manage.questions", title=event.plan.title, items=items, page=number, pages=pages, slot=f"asked {event.id}",
        buttons=[*turning(data, number, pages), *back(event)],
    )  # fmt: skip
