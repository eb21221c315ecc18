"""The calendar of dialogues: its rules, who may change what of it, and what follows from its days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.pack import Pack
from handlers.acts.rights import Role, Standing
from storage import dialogues, duties, record, waiting
from storage.database import Database, Reader, Transaction, micros
from storage.dialogues import PROVINCE, Dates, Dialogue
from storage.duties import FIGURES, Readers, Wanted

DISTANCES = (-7, -1, 0, 1)  # days from the day of a duty on which staff are reminded of it
HOUR = time(8)  # local, at which they are
MONDAY = 0
READERS = Readers((Role.OWNER, Role.PROVINCE), Role.LOCALITY)


class Intake(StrEnum):
    """Whether a dialogue takes proposals."""

    OPEN = "open"
    NOT_YET = "not_yet"
    CLOSED = "closed"


class Duty(StrEnum):
    """What staff have to do by a day, in its order."""

    PUBLISH = "publish"
    CLOSE = "close"
    HAND_OVER = "hand_over"
    CONCLUDE = "conclude"


class Problem(StrEnum):
    """Why a calendar cannot be as it was wished."""

    TOO_SOON = "too_soon"  # the law wants more days between publishing the plan and the dialogue
    CLOSES_FIRST = "closes_first"
    OPENS_AFTER = "opens_after"  # the intake after the dialogue
    HELD_FIRST = "held_first"  # the dialogue before its intake closes
    CONCLUDES_FIRST = "concludes_first"
    PREFIX_TAKEN = "prefix_taken"
    FIXED = "fixed"  # proposals bear the prefix
    GONE = "gone"  # there is no such dialogue, or it is not theirs


@dataclass(frozen=True, slots=True)
class Rules:
    """What a calendar is held against: the law and the hours of the pack, and whether what is too soon is refused."""

    pack: Pack
    refuses: bool = True

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.pack.zone).date()

    def first_moment(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.pack.zone)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a dialogue is to be."""

    prefix: str
    theme: str
    era: int
    dates: Dates


def intake(dates: Dates, now: datetime) -> Intake:
    """Whether proposals are taken at a time; without dates they always are."""
    if dates.opens and now < dates.opens:
        return Intake.NOT_YET
    return Intake.CLOSED if dates.closes and now >= dates.closes else Intake.OPEN


def apart(dates: Dates, rules: Rules) -> int | None:
    """The days from publishing the plan to the dialogue, where both are known."""
    if dates.published is None or dates.held is None:
        return None
    return (rules.day(dates.held) - rules.day(dates.published)).days


def is_too_soon(dates: Dates, rules: Rules) -> bool:
    """Whether the law wants more days between publishing the plan and the dialogue."""
    days = apart(dates, rules)
    return days is not None and days < rules.pack.facts.publication_lead_days


def problem(dates: Dates, rules: Rules) -> Problem | None:
    """Why these dates cannot be."""
    if is_too_soon(dates, rules) and rules.refuses:
        return Problem.TOO_SOON
    if dates.opens and dates.closes and dates.closes <= dates.opens:
        return Problem.CLOSES_FIRST
    if dates.opens and dates.held and rules.day(dates.held) < rules.day(dates.opens):
        return Problem.OPENS_AFTER
    if dates.closes and dates.held and rules.day(dates.held) < rules.day(_last_of(dates.closes)):
        return Problem.HELD_FIRST
    if dates.held and dates.concludes and dates.concludes < dates.held:
        return Problem.CONCLUDES_FIRST
    return None


def _last_of(closes: datetime) -> datetime:
    """A moment of the last day on which proposals are taken."""
    return closes - timedelta(microseconds=1)


# -- duties and their reminders


def due_day(duty: Duty, dates: Dates, rules: Rules) -> date | None:
    """By which day a duty is due, where that is known."""
    match duty:
        case Duty.PUBLISH:
            return rules.day(dates.published) if dates.published else None
        case Duty.CLOSE:
            return rules.day(_last_of(dates.closes)) if dates.closes else None
        case Duty.HAND_OVER:
            handed_over = timedelta(days=rules.pack.facts.handover_days)
            return rules.day(_last_of(dates.closes)) + handed_over if dates.closes else None
        case Duty.CONCLUDE:
            return rules.day(dates.concludes) if dates.concludes else None


def told_at(day: date, rules: Rules) -> datetime:
    """When staff are told something on a day: in the morning, but not while it is quiet."""
    moment = datetime.combine(day, HOUR, rules.pack.zone)
    return rules.pack.facts.quiet.ends(moment, rules.pack.zone) or moment


def wanted(duty: Duty, dates: Dates, rules: Rules, now: datetime) -> list[Wanted]:
    """The reminders of a duty that are still to come."""
    day = due_day(duty, dates, rules)
    if day is None:
        return []
    moments = ((distance, told_at(day + timedelta(days=distance), rules)) for distance in DISTANCES)
    return [Wanted(duty, rules.first_moment(day), distance, at) for distance, at in moments if at > now]


async def _plan(tx: Transaction, dialogue: Dialogue, rules: Rules, now: datetime) -> None:
    """Plans the reminders of everything that is not done."""
    done = await duties.done(tx, dialogue.id)
    for duty in Duty:
        ones = [] if duty in done else wanted(duty, dialogue.dates, rules, now)
        tx.add(*duties.plan(dialogue.id, duty, ones))
    tx.add(*duties.plan(dialogue.id, FIGURES, _next_figures(dialogue, rules, now)))


# -- what is changed


def _calendar() -> str:
    """What everyone who changes a dialogue is alone with: what it may be depends on all of it, and on the others."""
    return "calendar"


async def held_by(reader: Reader, by: Standing, code: str) -> Dialogue | None:
    """The dialogue of a code if it is theirs to look after."""
    found = await dialogues.by_code(reader, code)
    return found if found and by.holds(found.scope) else None


def prefix_of(dialogue: Dialogue) -> str:
    """What the code of a dialogue begins with, before the year."""
    return dialogue.code.rpartition("-")[0]


def wish_of(dialogue: Dialogue) -> Wish:
    """A dialogue as it is."""
    return Wish(prefix_of(dialogue), dialogue.theme, dialogue.era, dialogue.dates)


async def is_taken(reader: Reader, prefix: str, scope: str) -> bool:
    """Whether a prefix is another chair's."""
    return any(prefix_of(one) == prefix and one.scope != scope for one in await dialogues.every(reader))


async def change(
    tx: Transaction, by: Standing, address_id: int, code: str, wish: Wish, rules: Rules, now: datetime
) -> Problem | None:
    """Makes a dialogue what is wished; gives why it cannot be."""
    await tx.alone(_calendar())
    before = await held_by(tx, by, code)
    if before is None:
        return Problem.GONE
    if found := problem(wish.dates, rules):
        return found
    if wish.prefix != prefix_of(before):
        if not await dialogues.is_untouched(tx, before.id):
            return Problem.FIXED
        if await is_taken(tx, wish.prefix, before.scope):
            return Problem.PREFIX_TAKEN
        tx.add(dialogues.rename(before.id, f"{wish.prefix}-{code.rpartition('-')[2]}"))
    await _write(tx, before, wish, rules, now)
    tx.add(record.note("change dialogue", address_id, micros(now), code))
    return None


async def _write(tx: Transaction, before: Dialogue, wish: Wish, rules: Rules, now: datetime) -> None:
    tx.add(dialogues.describe(before.id, wish.theme, wish.era), dialogues.schedule(before.id, wish.dates))
    await _plan(tx, replace(before, dates=wish.dates), rules, now)


async def make(
    tx: Transaction, by: Standing, address_id: int, scope: str, wish: Wish, rules: Rules, now: datetime
) -> tuple[str, Problem | None]:
    """Makes the dialogue of a scope, or its next one where one is current; gives its code, or why it cannot be."""
    await tx.alone(_calendar())
    if not by.holds(scope):
        return "", Problem.GONE
    if found := problem(wish.dates, rules):
        return "", found
    if await is_taken(tx, wish.prefix, scope):
        return "", Problem.PREFIX_TAKEN
    coming = await dialogues.coming(tx, scope)
    if coming is None:
        year = rules.day(wish.dates.held or now).year
        coming = await _add(tx, scope, wish, year, now)
    await _write(tx, coming, wish, rules, now)
    tx.add(record.note("make dialogue", address_id, micros(now), coming.code))
    return coming.code, None


async def _add(tx: Transaction, scope: str, wish: Wish, year: int, now: datetime) -> Dialogue:
    """A new dialogue under the first code that is free from a year on."""
    taken = {one.code for one in await dialogues.every(tx)}
    while f"{wish.prefix}-{year}" in taken:
        year += 1
    code = f"{wish.prefix}-{year}"
    if await dialogues.current(tx, scope) is None:
        return await dialogues.add(tx, code, wish.theme, wish.era, is_current=True, now=micros(now), scope=scope)
    return await dialogues.add_next(tx, code, wish.theme, wish.era, now=micros(now), scope=scope)


async def succeed(tx: Transaction, by: Standing, address_id: int, code: str, rules: Rules, now: datetime) -> bool:
    """Makes the next dialogue of its scope the current one; False where it is none, or not theirs.

    What is left to be done for the one before is still reminded of.
    """
    await tx.alone(_calendar())
    chosen = await held_by(tx, by, code)
    if chosen is None or not chosen.is_next:
        return False
    if before := await dialogues.current(tx, chosen.scope):
        tx.add(*duties.plan(before.id, FIGURES, []))
    tx.add(*duties.plan(chosen.id, FIGURES, _next_figures(replace(chosen, is_current=True), rules, now)))
    tx.add(*dialogues.succeed(chosen, micros(now)), record.note("start dialogue", address_id, micros(now), code))
    return True


async def tick(
    tx: Transaction, by: Standing, address_id: int, code: str, duty: Duty, rules: Rules, now: datetime, *, is_done: bool
) -> bool:
    """Notes that a duty is done, or that it is not after all; False where the dialogue is not theirs."""
    await tx.alone(_calendar())
    found = await held_by(tx, by, code)
    if found is None:
        return False
    if is_done:
        tx.add(*duties.tick_off(found.id, duty, address_id, micros(now)))
    else:
        await tx.run(duties.take_back(found.id, duty))
        tx.add(*duties.plan(found.id, duty, wanted(duty, found.dates, rules, now)))
    tx.add(record.note("tick off" if is_done else "take back", address_id, micros(now), f"{code} {duty}"))
    return True


async def next_of(tx: Transaction, current: Dialogue, now: int) -> Dialogue:
    """The dialogue after one that takes no more: made where there is none, under the same prefix and without dates."""
    await tx.alone(_calendar())
    if coming := await dialogues.coming(tx, current.scope):
        return coming
    begins, _, year = current.code.rpartition("-")
    taken = {one.code for one in await dialogues.every(tx)}
    code = next(code for n in range(1, len(taken) + 2) if (code := f"{begins}-{int(year) + n}") not in taken)
    return await dialogues.add_next(tx, code, "", current.era, now=now, scope=current.scope)


# -- by the clock


async def remind(database: Database, rules: Rules, now: datetime) -> None:
    """Tells staff what is due, and young people that what they wait for has begun."""
    await plan_figures(database, rules, now)
    await duties.step(database, micros(now), READERS)
    await waiting.step(database, micros(now))


async def closing(database: Database) -> datetime | None:
    """When the province's current dialogue takes no more, where that was decided."""
    snapshot = await database.snapshot()
    try:
        current = await dialogues.current(snapshot)
    finally:
        await snapshot.close()
    return current.dates.closes if current else None


async def plan_figures(database: Database, rules: Rules, now: datetime) -> None:
    """Plans the figures of the coming week; weeks in which nothing ran are planned too, to be told late or be missed."""
    snapshot = await database.snapshot()
    try:
        current, last = await dialogues.current(snapshot), await duties.last_figures(snapshot)
    finally:
        await snapshot.close()
    if current is None or (last and last > now):
        return
    if weeks := _figures(current, last, rules, now):
        await database.write([duties.plan_one(current.id, one) for one in weeks])


def _next_figures(dialogue: Dialogue, rules: Rules, now: datetime) -> list[Wanted]:
    """The figures of the coming week where the dialogue has any: they are told of the province's current one."""
    return _figures(dialogue, None, rules, now) if dialogue.is_current and dialogue.scope == PROVINCE else []


def _figures(dialogue: Dialogue, last: datetime | None, rules: Rules, now: datetime) -> list[Wanted]:
    """The figures of each week since the last ones, up to the coming week, in which proposals were taken."""
    return [
        Wanted(FIGURES, rules.first_moment(day), 0, told_at(day, rules))
        for day in _mondays(last, now, rules)
        if _has_figures(dialogue.dates, told_at(day, rules))
    ]


def _mondays(last: datetime | None, now: datetime, rules: Rules) -> Iterator[date]:
    """The Mondays since the last one that was planned, up to the first that is still to come."""
    day = rules.day(last or now)
    while True:
        day += timedelta(days=(MONDAY - day.weekday() - 1) % 7 + 1)
        if last or told_at(day, rules) > now:
            yield day
        if told_at(day, rules) > now:
            return


def _has_figures(dates: Dates, at: datetime) -> bool:
    """Whether proposals were taken in the week before a time."""
    return not (dates.opens and at < dates.opens) and not (dates.closes and at >= dates.closes + timedelta(days=7))
