"""What the calendar tells staff by itself: what is due, and once a week how many proposals came."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from bot.feature import job
from bot.insight.dates import spoken_day
from bot.model import Phrase
from bot.turn import Choice, Turn
from handlers.acts.calendar import Duty
from handlers.acts.rights import Right, allows, reads, standing
from handlers.shown import hour, scope_name
from storage import dialogues, duties, proposals
from storage.database import Reader, micros
from storage.dialogues import PROVINCE, Dialogue
from storage.duties import FIGURES, Reminder, Status
from storage.outbox import Kind

WEEK = timedelta(days=7)


@job("remind")
async def remind(turn: Turn) -> None:
    """Tells one of staff, if it is still theirs to know and to do."""
    reader = await turn.read()
    found = await duties.by_id(reader, int(json.loads(turn.argument)["reminder"]))
    dialogue = await dialogues.by_id(reader, found.dialogue_id) if found else None
    if found is None or dialogue is None or not allows(turn.where.role, Right.CALENDAR):
        return
    if found.duty == FIGURES:
        await tell_figures(turn, reader, dialogue, found)
    elif standing(turn.where).holds(dialogue.scope) and found.duty not in await duties.done(reader, dialogue.id):
        await tell_duty(turn, reader, dialogue, found)


async def tell_duty(turn: Turn, reader: Reader, dialogue: Dialogue, found: Reminder) -> None:
    """What is due and when, with the press that ends it."""
    duty = Duty(found.duty)
    turn.tell(
        turn.where.address_id,
        "remind.duty",
        kind=Kind.REMINDER,
        code=dialogue.code,
        scope=scope_name(dialogue.scope, turn.house),
        what=Phrase(f"duty.{duty}"),
        day=spoken_day(found.day, turn.house.zone),
        left=left(turn, found),
        lateness=await lateness(turn, reader, found),
        buttons=[
            [Choice(Phrase("dialogue.tick", {"what": Phrase(f"duty.{duty}")}), f"/duty {dialogue.code} {duty}")],
            [Choice(Phrase("dialogue.see", {"code": dialogue.code}), f"/dialogue {dialogue.code}")],
        ],
    )


def left(turn: Turn, found: Reminder) -> Phrase:
    """How far off the day is as it is told."""
    zone = turn.house.zone
    days = (found.day.astimezone(zone).date() - turn.now.astimezone(zone).date()).days
    if days < 0:
        return Phrase("remind.over", {"days": -days})
    return Phrase("remind.today") if days == 0 else Phrase("remind.left", {"days": days})


async def lateness(turn: Turn, reader: Reader, found: Reminder) -> list[Phrase]:
    """That it should have come earlier, and what was missed before it."""
    late = [Phrase("remind.late", {"at": hour(turn.house, found.due_at)})] if found.status is Status.LATE else []
    missed = sum(
        one.duty == found.duty and one.status is Status.MISSED and one.due_at < found.due_at
        for one in await duties.of_dialogue(reader, found.dialogue_id)
    )
    return [*late, *([Phrase("remind.missed", {"count": missed})] if missed else [])]


# -- figures


async def tell_figures(turn: Turn, reader: Reader, dialogue: Dialogue, found: Reminder) -> None:
    """How many proposals came: of one's communes, or of all with those that have none yet."""
    places, house = standing(turn.where).places, turn.house
    hidden = not reads(turn.where.role, only_province=True)
    counted = await proposals.by_place(reader, dialogue.id, micros(turn.now - WEEK), without_hidden=hidden)
    if places is None:
        whole = totals(counted)
        empty = [unit.bare for unit in house.pack.units(house.era) if not counted.get(unit.code)]
        lines = [nothing_yet(empty)] if empty else []
    else:
        whole = totals({place: counted[place] for place in places if place in counted})
        lines = [
            Phrase("remind.place", {"place": scope_name(place, house), "total": counted.get(place, (0, 0))[0]})
            for place in places
            if place != PROVINCE
        ]
    turn.tell(
        turn.where.address_id, "remind.figures", kind=Kind.REMINDER, code=dialogue.code, total=whole[0], week=whole[1], lines=lines,
        lateness=await lateness(turn, reader, found),
        buttons=[[Choice(Phrase("remind.queue"), "/queue")]],
    )  # fmt: skip


def totals(counted: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """All together, and those of the week."""
    return sum(whole for whole, _ in counted.values()), sum(week for _, week in counted.values())


def nothing_yet(names: list[str]) -> Phrase:
    return Phrase("remind.nothing_yet", {"count": len(names), "names": ", ".join(names)})
