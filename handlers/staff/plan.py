"""Making a dialogue step by step, and changing one thing of it: read back in full words before anything is saved."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from bot.errors import InvalidError
from bot.feature import conversation
from bot.insight.dates import spoken_day
from bot.insight.folding import fold
from bot.model import Json, Phrase
from bot.state import Answer
from bot.talk import Label, Talk
from bot.turn import Choice, House, Said
from handlers.acts import calendar as acts
from handlers.acts.calendar import Problem, Rules, Wish, problem
from handlers.acts.rights import Right, standing
from handlers.shown import scope_name
from handlers.staff.asked_days import When, ask_when, end_of, keys_of
from handlers.staff.dialogue import FIELDS, PLANNABLE, lines, rules, too_soon
from storage import dialogues
from storage.database import Transaction, micros, moment
from storage.dialogues import PROVINCE, Dates, Dialogue

PREFIX = re.compile(r"[A-Z]{1,8}")
THEME = 200  # characters
STEPS = ("published", "held", "opens", "closes", "concludes")


# -- a new one


@conversation("plan", may=Right.CALENDAR, payload=True)
async def plan(talk: Talk) -> None:
    """Takes a scope: the code of a commune, or the word for the province."""
    scope = PROVINCE if talk.argument.lower() == PLANNABLE else talk.argument.upper()
    if not talk.argument or not standing(talk.where).holds(scope) or not is_scope(scope, talk.house):
        return talk.say("dialogue.not_yours")
    before = await talk.keep("before", lambda: offered(talk, scope))
    wish = await ask_all(talk, before, scope)
    draft = as_dialogue(wish, before["code"] or wish.prefix, scope)
    way = await talk.choose(
        "save", "dialogue.review", {"save": "dialogue.save", "again": "dialogue.again", "leave": "dialogue.leave"},
        scope=scope_name(scope, talk.house), code=draft.code, lines=lines(draft, talk.house),
        notes=warnings(draft, talk.house),
    )  # fmt: skip
    if way == "again":
        await talk.again("theme", "prefix", "era", *(key for field in STEPS for key in keys_of(field)))
    if way == "leave":
        return talk.say("dialogue.left")
    made = await talk.once("made", lambda tx: make(tx, talk, scope, wish))
    if made["problem"]:
        return talk.said.append(Said(words_for(Problem(made["problem"]), draft, talk.house)))
    see = [[Choice(Phrase("dialogue.see", {"code": made["code"]}), f"/dialogue {made['code']}")]]
    return talk.say("dialogue.made", code=made["code"], buttons=see)


def is_scope(scope: str, house: House) -> bool:
    return not scope or any(unit.code == scope for unit in house.pack.units(house.era))


async def offered(talk: Talk, scope: str) -> Json:
    """What is offered: the prefix of this chair's earlier dialogues, and the code where the next one has proposals already."""
    reader = await talk.read()
    own = [one for one in await dialogues.every(reader) if one.scope == scope]
    coming = next((one for one in own if one.is_next), None)
    used = {acts.prefix_of(one) for one in await dialogues.every(reader)}
    prefix = acts.prefix_of(own[0]) if own else initials(scope, talk.house, used)
    return {"prefix": prefix, "code": coming.code if coming else ""}


def initials(scope: str, house: House, used: set[str]) -> str:
    """The first letters of a commune's name, as a prefix that nobody has yet; "" where there is none."""
    words = fold(house.pack.unit(scope, house.era).bare).split() if scope else []
    letters = "".join(word[0] for word in words if word[0].isalpha()).upper()
    tries = (letters, *(f"{letters}{chr(ord('A') + n)}" for n in range(26)))
    return next((one for one in tries if PREFIX.fullmatch(one) and one not in used), "")


async def ask_all(talk: Talk, before: Json, scope: str) -> Wish:
    """Every step of a new dialogue; each day is held against those before it."""
    wish = Wish(before["prefix"], "", talk.house.pack.facts.eras[-1], Dates())
    wish = replace(wish, theme=await ask_theme(talk))
    if not before["code"]:
        wish = replace(wish, prefix=await ask_prefix(talk, before["prefix"]))
    wish = replace(wish, era=await ask_era(talk))
    for field in STEPS:
        wish = replace(wish, dates=await ask_date(talk, field, wish.dates))
    return wish


def as_dialogue(wish: Wish, code: str, scope: str) -> Dialogue:
    """A wish as what it would become, to be shown."""
    return Dialogue(0, code, wish.theme, wish.era, False, scope, wish.dates)


async def make(tx: Transaction, talk: Talk, scope: str, wish: Wish) -> Json:
    where = talk.where
    code, found = await acts.make(tx, standing(where), where.address_id, scope, wish, rules(talk.house), talk.now)
    return {"code": code, "problem": found or ""}


def warnings(draft: Dialogue, house: House) -> list[Phrase]:
    """What the law says to these days where it only warns."""
    return [too_soon("dialogue.is_too_soon", draft, house)] if acts.is_too_soon(draft.dates, rules(house)) else []


# -- one thing of it


@conversation("redate", may=Right.CALENDAR, payload=True)
async def redate(talk: Talk) -> None:
    """Takes the code of a dialogue and what is to be changed: "CODE-held"."""
    code, _, field = talk.argument.rpartition("-")
    before = await talk.keep("before", lambda: stored(talk, code.upper()))
    if before is None or field not in FIELDS:
        return talk.say("dialogue.unknown", code=code.upper())
    found = restored(before)
    back = [[Choice(Phrase("dialogue.see", {"code": found.code}), f"/dialogue {found.code}")]]
    wish = await ask_one(talk, field, acts.wish_of(found))
    draft = as_dialogue(wish, found.code, found.scope)
    way = await talk.choose(
        "save", "dialogue.change_review", {"save": "dialogue.save", "again": "dialogue.again", "leave": "dialogue.leave"},
        code=found.code, lines=[*lines(draft, talk.house), Phrase("dialogue.line_prefix", {"prefix": wish.prefix})],
        notes=warnings(draft, talk.house),
    )  # fmt: skip
    if way == "again":
        await talk.again(field, *keys_of(field))
    if way == "leave":
        return talk.say("dialogue.left", buttons=back)
    wrong = await talk.once("changed", lambda tx: change(tx, talk, found.code, wish))
    if wrong:
        return talk.said.append(Said(words_for(Problem(wrong), draft, talk.house), back))
    code = f"{wish.prefix}-{found.code.rpartition('-')[2]}"
    see = [[Choice(Phrase("dialogue.see", {"code": code}), f"/dialogue {code}")]]
    return talk.say("dialogue.changed", code=code, buttons=see)


async def stored(talk: Talk, code: str) -> Json:
    """A dialogue that is theirs, as JSON."""
    found = await acts.held_by(await talk.read(), standing(talk.where), code)
    if found is None:
        return None
    dates = {name: micros(at) if at else None for name, at in asdict(found.dates).items()}
    return {"code": found.code, "theme": found.theme, "era": found.era, "scope": found.scope, "dates": dates}


def restored(value: Json) -> Dialogue:
    dates = {name: None if at is None else moment(at) for name, at in value["dates"].items()}
    return Dialogue(0, value["code"], value["theme"], value["era"], False, value["scope"], Dates(**dates))


async def ask_one(talk: Talk, field: str, wish: Wish) -> Wish:
    """One thing anew, the others as they are."""
    match field:
        case "theme":
            return replace(wish, theme=await ask_theme(talk))
        case "prefix":
            return replace(wish, prefix=await ask_prefix(talk, wish.prefix))
        case "era":
            return replace(wish, era=await ask_era(talk))
        case _:
            return replace(wish, dates=await ask_date(talk, field, wish.dates))


async def change(tx: Transaction, talk: Talk, code: str, wish: Wish) -> str:
    where = talk.where
    wrong = await acts.change(tx, standing(where), where.address_id, code, wish, rules(talk.house), talk.now)
    return wrong or ""


# -- the questions


async def ask_theme(talk: Talk) -> str:
    def parse(answer: Answer) -> str:
        theme = "" if answer.option else " ".join(answer.text.split())
        if len(theme) > THEME or not (theme or answer.option):
            raise InvalidError("dialogue.theme_length", most=THEME)
        return theme

    return await talk.ask("theme", "dialogue.ask_theme", parse, {"skip": "dialogue.no_theme"})


async def ask_prefix(talk: Talk, usual: str) -> str:
    def parse(answer: Answer) -> str:
        prefix = usual if answer.option else answer.text.strip().upper()
        if not PREFIX.fullmatch(prefix):
            raise InvalidError("dialogue.prefix_shape")
        return prefix

    options: dict[str, Label] = {"usual": Phrase("dialogue.usual_prefix", {"prefix": usual})} if usual else {}
    return await talk.ask("prefix", "dialogue.ask_prefix", parse, options)


async def ask_era(talk: Talk) -> int:
    eras = {str(era): Phrase("dialogue.era", {"year": era}) for era in reversed(talk.house.pack.facts.eras)}
    return int(await talk.choose("era", "dialogue.ask_era", eras))


async def ask_date(talk: Talk, field: str, dates: Dates) -> Dates:
    """The dates with another of that name; what the law or the order of days forbids is asked for again."""
    house = talk.house
    ready = presets(field, dates, house)

    def dated(when: When) -> Dates:
        if when.offered:
            return replace(dates, **{field: ready[when.offered][1]})
        whole = end_of(when, house) if field == "closes" else when.at
        return replace(dates, **{field: whole if field in ("opens", "closes") else day_of(when.at, rules(house))})

    def complaint(when: When) -> Phrase | None:
        wished = dated(when)
        wrong = problem(wished, rules(house))
        if wrong is None:
            return None
        draft = as_dialogue(Wish("", "", 0, wished), "", "")
        return words_for(wrong, draft, house)

    labels = {name: label for name, (label, _) in ready.items()}
    return dated(await ask_when(talk, field, f"dialogue.ask_{field}", labels, complaint))


def day_of(at: datetime, held_against: Rules) -> datetime:
    """The first moment of the day of a moment."""
    return held_against.first_moment(held_against.day(at))


Preset = tuple[Phrase, datetime | None]


def presets(field: str, dates: Dates, house: House) -> dict[str, Preset]:
    """What can be pressed instead of typed: nothing decided yet, or the day that the pack's rules lead to."""
    none: dict[str, Preset] = {"none": (Phrase("dialogue.undecided_yet"), None)}
    if field == "concludes" and dates.held:
        held_against = rules(house)
        last = held_against.day(dates.held) + timedelta(days=house.pack.facts.conclusion_days)
        at = held_against.first_moment(last)
        return {"rule": (spoken_day(at, house.zone), at), **none}
    return none


def words_for(wrong: Problem, draft: Dialogue, house: House) -> Phrase:
    """A problem in words; what is too soon names the days and the law."""
    return (
        too_soon("dialogue.no_too_soon", draft, house) if wrong is Problem.TOO_SOON else Phrase(f"dialogue.no_{wrong}")
    )
