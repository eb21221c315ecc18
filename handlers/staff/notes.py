"""What staff see beside a proposal: flags, who else asks for the same, who joined, and why the machine said a topic."""

from __future__ import annotations

from dataclasses import dataclass

from bot.knowledge import READ
from bot.model import Phrase
from bot.turn import Choice, Choices, House, Turn
from handlers.acts import showing, support
from handlers.acts.rights import Right, allows, standing
from handlers.staff.filters import FLAGS, Wish, readers
from storage import groups, readings
from storage.cases import Case
from storage.proposals import Tag

MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Notes:
    """What stands above all else, what stands below, and the buttons for it."""

    urgent: list[Phrase]
    lines: list[Phrase]
    buttons: Choices


async def noted(turn: Turn, case: Case) -> Notes:
    """What is known about a proposal besides what it says."""
    reader, role = await turn.read(), turn.where.role
    flags = sorted(await readings.flags(reader, case.id), key=FLAGS.index)
    group = await groups.membership(reader, case.id, readers(standing(turn.where)))
    joined = await support.counted(reader, case.id)
    shown = await showing.state_of(reader, case.id)
    is_with_others = group is not None and group.others > 0
    lines = [
        *([Phrase("view.group", {"number": group.number, "count": group.others})] if group and is_with_others else []),
        *([Phrase("view.joined", {"count": joined})] if joined else []),
        *([Phrase(f"view.showing_{shown.state}")] if shown else []),
    ]
    buttons = [
        *([[Choice(Phrase("view.others"), Wish(group=group.number).data)]] if group and is_with_others else []),
        *([[Choice(Phrase("flags.lift"), f"/unflag {case.code}")]] if flags and allows(role, Right.TRIAGE) else []),
    ]
    return Notes([Phrase("flags.mark", {"flag": Phrase(f"flags.name_{flag}")}) for flag in flags], lines, buttons)


def topic_line(house: House, case: Case, tag: Tag) -> Phrase:
    """A topic; where the machine said it, how sure it was and which words spoke for it."""
    topic = Phrase(f"topic.{tag.topic}")
    if tag.chosen_by != MACHINE or not tag.score:
        return Phrase("view.topic", {"topic": topic})
    percent = round(tag.score / 10)
    if tag.version != house.topics.version:
        return Phrase("view.topic_by_older", {"topic": topic, "percent": percent})
    words = ", ".join(house.topics.why(case.content.text[:READ], tag.topic))
    return Phrase("view.topic_by_machine", {"topic": topic, "percent": percent, "words": words})
