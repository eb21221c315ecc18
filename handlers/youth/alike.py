"""Others who ask for the same: looked up once the card is shown, and joined by a press."""

from __future__ import annotations

from dataclasses import dataclass

from bot import alike
from bot.feature import command, job
from bot.knowledge import READ
from bot.model import Json, Phrase
from bot.turn import Choice, Turn
from handlers.acts import support
from handlers.acts.rights import Right
from handlers.acts.support import Joined
from handlers.hints import for_others, mark
from handlers.youth import info
from storage import conversations, dialogues, groups, showings
from storage.database import micros

MOST = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """The draft that others are looked up for: its text and main topic."""

    text: str
    topic: str


@job("alike")
async def look_up(turn: Turn) -> None:
    """Finds out who asks for the same as the draft of a card; "SERIAL KEY MARK" says which, as it stood."""
    serial, key, wanted = turn.argument.split()
    asked = await _asked(turn, int(serial), key)
    if asked is None or mark(asked.text) != wanted:
        return  # it was sent, or has changed, and then another job is on its way
    found, may_answer = await _found(turn, asked), await info.may_answer(turn, asked.text)
    if found or may_answer:
        nobody = {"shown": [], "count": 0, "topic": asked.topic}
        turn.put_beside(int(serial), key, {"mark": wanted, "articles": may_answer, **(found or nobody)})


async def _asked(turn: Turn, serial: int, key: str) -> Asked | None:
    state = await conversations.get_open(await turn.read(), turn.where.address_id, serial)
    draft = state["parts"].get(key, {}).get("draft") if state else None
    return Asked("\n".join(text for _, text in draft["said"]), draft["tags"][0][0]) if draft else None


async def _found(turn: Turn, asked: Asked) -> Json:
    """What staff cleared for showing; until there is any, how many others ask for it; None where nobody does."""
    reader, knowledge = await turn.read(), turn.house.knowledge
    dialogue = await dialogues.current(reader)
    if dialogue is None:
        return None
    profile = knowledge.profiler.profile(asked.text[:READ])
    found = await alike.find(reader, dialogue.id, profile, knowledge.commonness)
    person = turn.where.person.id if turn.where.person else None
    cleared = await showings.among(reader, found.the_same, found.group, person, MOST)
    count = await groups.others_in(reader, found.group, person) if found.group else 0
    if not cleared and not count:
        return None
    shown = [{"code": one.code, "text": for_others(one.text)} for one in cleared]
    return {"shown": shown, "count": count, "topic": asked.topic}


@command("join", may=Right.SUPPORT, reshow=True)
async def join(turn: Turn) -> None:
    """Counts the person as one who wants the same."""
    code, person = turn.argument.upper(), turn.where.person
    if person is None or not person.age_band:
        return turn.say("alike.first", buttons=[[Choice(Phrase("settings.start"), "/start")]])
    where = turn.where
    joined = await turn.once("joined", lambda tx: support.join(tx, person.id, where.address_id, code, micros(turn.now)))
    leave = [[Choice(Phrase("alike.leave"), f"/leave {code}")]]
    match joined:
        case Joined.DONE | Joined.ALREADY:
            turn.say(f"alike.{joined}", code=code, buttons=leave)
        case _:
            turn.say(f"alike.{joined}", code=code)
    return None


@command("leave", may=Right.SUPPORT, reshow=True)
async def leave(turn: Turn) -> None:
    """Counts the person no more."""
    code, person = turn.argument.upper(), turn.where.person
    left = person is not None and await turn.once(
        "left", lambda tx: support.leave(tx, person.id, turn.where.address_id, code, micros(turn.now))
    )
    turn.say("alike.left" if left else "alike.unknown", code=code)
