"""Choosing who comes to an event: who applied, against the quotas, and telling everyone at once."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.feature import command
from bot.model import Phrase, PhraseValue
from bot.turn import Choice, House, Turn
from handlers.acts import attendance as acts
from handlers.acts.events import By
from handlers.acts.rights import Right
from handlers.occasion import timing, told
from handlers.staff.manage import back, turning
from storage import events, sign_ups
from storage.database import Transaction, micros
from storage.events import Event, Quotas
from storage.sign_ups import UNDECIDED, Applicant, SignUp

PAGE = 5
_ARGUMENT = re.compile(r"(\d{1,9})(?: p(\d{1,6}))?(?: (\d{1,15}|tell|tell!))?", re.ASCII)


@command("choose", may=Right.EVENTS)
async def choose(turn: Turn) -> None:
    """Shows who applied: "ID", "ID pN" for a page, with a number to pick one; "ID tell" asks, "ID tell!" tells all."""
    wanted = _ARGUMENT.fullmatch(turn.argument)
    event = await events.get(await turn.read(), int(wanted[1])) if wanted else None
    if wanted is None or event is None or not event.plan.is_selective:
        return turn.say("manage.unknown")
    number, what = int(wanted[2] or 1), wanted[3] or ""
    if what == "tell":
        return await ask_first(turn, event)
    if what == "tell!":
        return await announce(turn, event)
    if what:
        by = By(turn.where.role, turn.where.address_id)
        await turn.once("pick", lambda tx: acts.pick(tx, by, event.id, int(what), micros(turn.now)))
    return await show(turn, event, number)


async def show(turn: Turn, event: Event, number: int) -> None:
    """A page of those who applied, under the counters."""
    reader, house = await turn.read(), turn.house
    total = await sign_ups.count_applicants(reader, event.id)
    pages = max(-(-total // PAGE), 1)
    number = min(max(number, 1), pages)
    found = await sign_ups.applicants(reader, event.id, (number - 1) * PAGE, PAGE)
    counters = counted(house, event, *await sign_ups.tallies(reader, event.id))
    first = (number - 1) * PAGE + 1
    rows = [
        [Choice(Phrase("choose.let_go" if one.state is SignUp.PICKED else "choose.pick", {"n": n}),
                f"/choose {event.id} p{number} {one.id}")]
        for n, one in enumerate(found, first)
        if one.state in UNDECIDED
    ]  # fmt: skip
    counts = await sign_ups.counts(reader, event.id)
    waits = counts.get(SignUp.PICKED, 0) + counts.get(SignUp.APPLIED, 0)
    tell = [[Choice(Phrase("choose.tell"), f"/choose {event.id} tell")]] if waits else []
    return turn.say(
        "choose.page" if total else "choose.nobody",
        title=event.plan.title,
        counters=counters,
        items=[item(house, n, one) for n, one in enumerate(found, first)],
        page=number,
        pages=pages,
        buttons=[*rows, *turning(f"/choose {event.id} p{{page}}", number, pages), *tell, *back(event)],
        slot=f"choose {event.id}",
    )


def item(house: House, n: int, one: Applicant) -> Phrase:
    """Somebody who applied: what they say, their group, place and age; no name."""
    return Phrase(
        "choose.item",
        {
            "n": n,
            "state": Phrase(f"choose.is_{one.state}"),
            "line": one.line,
            "group": Phrase(f"group.{one.group}") if one.group else Phrase("place.none"),
            "place": house.pack.place(one.place, one.former_place, house.era),
            "age": Phrase(f"age.{one.age_band}"),
        },
    )


def counted(house: House, event: Event, groups: Mapping[str, int], places: Mapping[str, int]) -> list[Phrase]:
    """How many are chosen, of whom how many, against what the plan allows."""
    plan = event.plan
    lines = [line(Phrase("choose.all"), sum(groups.values()), plan.seats)]
    lines += [line(Phrase(f"group.{slug}"), groups.get(slug, 0), most) for slug, most in of_groups(plan.quotas, groups)]
    named = {**dict.fromkeys((code for code in places if code), 0), **plan.quotas.places}
    lines += [
        line(house.pack.place(code, "", house.era), places.get(code, 0), most) for code, most in sorted(named.items())
    ]
    return lines


def of_groups(quotas: Quotas, chosen: Mapping[str, int]) -> list[tuple[str, int]]:
    """The groups that have a quota, then those that somebody was chosen from; 0 is none."""
    others = [slug for slug in sorted(chosen) if slug and slug not in quotas.groups]
    return [*quotas.groups.items(), *((slug, 0) for slug in others)]


def line(who: Phrase, count: int, most: int) -> Phrase:
    """A counter; one above its quota says so."""
    values: dict[str, PhraseValue] = {"who": who, "count": count, "most": most}
    if not most:
        return Phrase("choose.count", values)
    return Phrase("choose.over" if count > most else "choose.of", values)


# -- telling them


async def ask_first(turn: Turn, event: Event) -> None:
    """Shows how many would be told what, before anybody is."""
    counts = await sign_ups.counts(await turn.read(), event.id)
    chosen, declined = counts.get(SignUp.PICKED, 0), counts.get(SignUp.APPLIED, 0)
    sure = [[Choice(Phrase("choose.tell_yes"), f"/choose {event.id} tell!")], *back(event)]
    turn.say("choose.sure", title=event.plan.title, chosen=chosen, declined=declined, buttons=sure)


async def announce(turn: Turn, event: Event) -> None:
    done = await turn.once("told", lambda tx: tell(tx, turn, event))
    if done is None:
        return turn.say("manage.unknown")
    return turn.say("choose.told", chosen=done[0], declined=done[1], buttons=back(event))


async def tell(tx: Transaction, turn: Turn, event: Event) -> tuple[int, int] | None:
    house, number = turn.house, event.id
    answers = [
        [
            Choice(Phrase("event.confirm"), f"/attend {number} yes"),
            Choice(Phrase("event.cannot"), f"/attend {number} no"),
        ]
    ]
    chosen = told(house, event, "event.chosen", answers)
    declined = told(house, event, "event.declined", [[Choice(Phrase("help.propose"), "/propose")]])
    return await acts.announce(tx, By(turn.where.role, turn.where.address_id), number, chosen, declined, timing(turn))
