"""The dialogue of one's scope: its calendar as a short list, each day of it changed by a press."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.feature import command, conversation
from bot.insight.dates import spoken_day
from bot.model import Phrase, PhraseValue
from bot.talk import Talk
from bot.turn import Choice, House, Turn
from handlers.acts import calendar as acts
from handlers.acts.calendar import Duty, Rules, apart, due_day, is_too_soon
from handlers.acts.rights import Right, Standing, standing
from handlers.shown import hour, scope_name, spoken_end, spoken_start
from storage import dialogues, duties
from storage.database import Reader
from storage.dialogues import PROVINCE, Dialogue
from storage.duties import Reminder, Status

FIELDS = ("theme", "prefix", "era", "opens", "closes", "published", "held", "concludes")
PLANNABLE = "province"  # what stands for the province where a button names a scope
COMMUNES = "communes"  # the argument that lists those that hold a dialogue


def rules(house: House) -> Rules:
    """What a calendar is held against here."""
    return Rules(house.pack, house.refuses_late)


@command("dialogue", may=Right.CALENDAR, wordy=True)
async def dialogue(turn: Turn) -> None:
    """Shows the current dialogue of one's scope; "CODE", or a commune by code or name, shows that one."""
    reader, by, wanted = await turn.read(), standing(turn.where), turn.argument.strip()
    if wanted == COMMUNES and by.holds(PROVINCE):
        return await show_communes(turn, reader)
    if wanted and (found := await acts.held_by(reader, by, wanted.upper())):
        return await show(turn, reader, found)
    scope = place_of(by, wanted, turn.house) if wanted else own_scope(by)
    if scope is not None:
        return await show_scope(turn, reader, scope)
    if wanted:
        return turn.say("dialogue.unknown", code=wanted)
    if not by.places:
        return turn.say("dialogue.no_scope")
    return turn.say("dialogue.which", buttons=scopes(by, turn.house))


async def show_scope(turn: Turn, reader: Reader, scope: str) -> None:
    """The current dialogue of a scope, or the way to one."""
    if current := await dialogues.current(reader, scope):
        return await show(turn, reader, current)
    start = [[Choice(Phrase("dialogue.make"), f"/plan {scope or PLANNABLE}")]]
    return turn.say("dialogue.none", scope=scope_name(scope, turn.house), buttons=start)


def place_of(by: Standing, wanted: str, house: House) -> str | None:
    """The commune of a code or a name, if its dialogue is theirs to look after."""
    codes = [unit.code for unit in house.pack.units(house.era) if unit.code == wanted.upper()]
    found = codes or [one.unit.code for one in house.places.find(wanted)]
    return found[0] if len(found) == 1 and by.holds(found[0]) else None


def own_scope(by: Standing) -> str | None:
    """The scope that is somebody's own; None where it has to be asked, or there is none."""
    if by.places is None:
        return PROVINCE
    return by.places[0] if len(by.places) == 1 else None


async def show_communes(turn: Turn, reader: Reader) -> None:
    """The communes that hold a dialogue of their own, a press each."""
    ones = [one for one in await dialogues.live(reader) if one.scope and one.is_current]
    buttons = [
        [
            Choice(
                Phrase("dialogue.one_commune", {"code": one.code, "scope": scope_name(one.scope, turn.house)}),
                f"/dialogue {one.code}",
            )
        ]
        for one in ones
    ]
    turn.say("dialogue.communes", count=len(ones), all=len(turn.house.pack.units(turn.house.era)), buttons=buttons)


def scopes(by: Standing, house: House) -> list[list[Choice]]:
    """A button for each commune of a locality."""
    return [[Choice(scope_name(place, house), f"/dialogue {place}")] for place in by.places or ()]


async def show(turn: Turn, reader: Reader, found: Dialogue) -> None:
    """The calendar with what can be done about it."""
    house, done = turn.house, await duties.done(reader, found.id)
    told = await duties.of_dialogue(reader, found.id)
    turn.say(
        "dialogue.page",
        code=found.code,
        scope=scope_name(found.scope, house),
        standing=Phrase(
            f"dialogue.standing_{'current' if found.is_current else 'ended' if found.is_ended else 'next'}"
        ),
        lines=lines(found, house),
        duties=[duty_line(duty, found, done, told, turn) for duty in Duty],
        notes=await notes(reader, found, house),
        buttons=[
            *duty_buttons(found, done, house),
            *field_buttons(found, untouched=await dialogues.is_untouched(reader, found.id)),
            *await ways(reader, found),
        ],
        slot=f"dialogue {found.code}",
    )


def lines(found: Dialogue, house: House) -> list[Phrase]:
    """The theme and the days, a line each; what was not decided says so."""
    dates, none = found.dates, Phrase("dialogue.undecided")

    def day(at: datetime | None) -> Phrase:
        return spoken_day(at, house.zone) if at else none

    return [
        Phrase("dialogue.line_theme", {"theme": found.theme or none, "era": found.era}),
        Phrase("dialogue.line_published", {"day": day(dates.published)}),
        Phrase("dialogue.line_opens", {"day": spoken_start(dates.opens, house) if dates.opens else none}),
        Phrase("dialogue.line_closes", {"day": spoken_end(dates.closes, house) if dates.closes else none}),
        Phrase("dialogue.line_held", {"day": day(dates.held)}),
        Phrase("dialogue.line_concludes", {"day": day(dates.concludes)}),
    ]


def duty_line(duty: Duty, found: Dialogue, done: dict[str, datetime], told: Sequence[Reminder], turn: Turn) -> Phrase:
    """Whether a duty is done, by when it is due, and which of its reminders did not come as they should."""
    house, day = turn.house, due_day(duty, found.dates, rules(turn.house))
    what = Phrase(f"duty.{duty}")
    if duty in done:
        return Phrase("dialogue.duty_done", {"what": what, "at": hour(house, done[duty])})
    if day is None:
        return Phrase("dialogue.duty_undated", {"what": what})
    missed = sum(one.duty == duty and one.status in (Status.MISSED, Status.LATE) for one in told)
    values: dict[str, PhraseValue] = {"what": what, "day": day.strftime("%d/%m/%Y"), "missed": missed}
    is_over = day < turn.now.astimezone(house.zone).date()
    if missed:
        return Phrase("dialogue.duty_over_missed" if is_over else "dialogue.duty_due_missed", values)
    return Phrase("dialogue.duty_over" if is_over else "dialogue.duty_due", values)


async def notes(reader: Reader, found: Dialogue, house: House) -> list[Phrase]:
    """What the law says to these days, and for the province how many communes hold their own."""
    said = []
    if is_too_soon(found.dates, rules(house)):
        said.append(too_soon("dialogue.is_too_soon", found, house))
    if found.scope == PROVINCE:
        holding = {one.scope for one in await dialogues.live(reader) if one.scope and one.is_current}
        values = {"count": len(holding), "all": len(house.pack.units(house.era))}
        said.append(Phrase("dialogue.communes", values))
    return said


def too_soon(key: str, found: Dialogue, house: House) -> Phrase:
    """That the law wants more days, with its words."""
    days = apart(found.dates, rules(house)) or 0
    least = house.pack.facts.publication_lead_days
    return Phrase(key, {"days": days, "least": least, "rule": Phrase("pack.publication_rule")})


# -- buttons


def duty_buttons(found: Dialogue, done: dict[str, datetime], house: House) -> list[list[Choice]]:
    """A press for each duty that has a day: it is done, or it is not after all."""
    return [
        [
            Choice(
                Phrase("dialogue.take_back" if duty in done else "dialogue.tick", {"what": Phrase(f"duty.{duty}")}),
                f"/duty {found.code} {duty}{' undone' if duty in done else ''}",
            )
        ]
        for duty in Duty
        if duty in done or due_day(duty, found.dates, rules(house))
    ]


def field_buttons(found: Dialogue, *, untouched: bool) -> list[list[Choice]]:
    """A press for each thing that can be changed, two a row; the prefix stays once proposals bear it."""
    fields = [field for field in FIELDS if untouched or field != "prefix"]
    ones = [Choice(Phrase(f"dialogue.change_{field}"), f"/redate {found.code}-{field}") for field in fields]
    return [ones[n : n + 2] for n in range(0, len(ones), 2)]


async def ways(reader: Reader, found: Dialogue) -> list[list[Choice]]:
    """The ways to the other dialogue of the scope, or to making one."""
    if found.is_next:
        return [[Choice(Phrase("dialogue.succeed"), f"/succeed {found.code}")]]
    if not found.is_current:
        return []
    coming = await dialogues.coming(reader, found.scope)
    make = [Choice(Phrase("dialogue.make_next"), f"/plan {found.scope or PLANNABLE}")]
    seeing = [Choice(Phrase("dialogue.see", {"code": coming.code}), f"/dialogue {coming.code}")] if coming else []
    communes = [Choice(Phrase("dialogue.see_communes"), f"/dialogue {COMMUNES}")]
    rows = [seeing, [] if coming and coming.dates.held else make, [] if found.scope else communes]
    return [row for row in rows if row]


# -- presses


@command("duty", may=Right.CALENDAR)
async def duty(turn: Turn) -> None:
    """Ticks a duty off: "CODE duty", or with "undone" after it takes that back."""
    code, what, undone = [*turn.argument.split(), "", "", ""][:3]
    if what not in set(Duty):
        return turn.say("dialogue.unknown", code=code.upper())
    where = turn.where
    ticked = await turn.once(
        "ticked",
        lambda tx: acts.tick(
            tx, standing(where), where.address_id, code.upper(), Duty(what), rules(turn.house), turn.now,
            is_done=not undone,
        ),
    )  # fmt: skip
    found = await dialogues.by_code(await turn.read(), code.upper())
    if not ticked or found is None:
        return turn.say("dialogue.unknown", code=code.upper())
    return await show(turn, await turn.read(), found)


@conversation("succeed", may=Right.CALENDAR, payload=True)
async def succeed(talk: Talk) -> None:
    """Makes the next dialogue of a scope its current one."""
    code, where = talk.argument.upper(), talk.where
    found = await talk.keep("scope", lambda: next_scope(talk, code))
    if found is None:
        return talk.say("dialogue.unknown", code=code)
    sure = await talk.choose(
        "sure", "dialogue.succeed_ask", {"yes": "dialogue.succeed", "no": "dialogue.leave"}, code=code
    )
    back = [[Choice(Phrase("dialogue.see", {"code": code}), f"/dialogue {code}")]]
    if sure == "no":
        return talk.say("dialogue.left", buttons=back)
    done = await talk.once(
        "done", lambda tx: acts.succeed(tx, standing(where), where.address_id, code, rules(talk.house), talk.now)
    )
    return talk.say("dialogue.succeeded" if done else "dialogue.unknown", code=code, buttons=back)


async def next_scope(talk: Talk, code: str) -> str | None:
    """The scope of the next dialogue of a code; None where there is none that is theirs."""
    found = await acts.held_by(await talk.read(), standing(talk.where), code)
    return found.scope if found and found.is_next else None
