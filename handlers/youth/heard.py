"""What staff typed of a voice message: its author says that it is right, or puts it right."""

from __future__ import annotations

from bot.errors import InvalidError
from bot.feature import command, conversation
from bot.state import Answer
from bot.talk import Talk
from bot.turn import Turn
from handlers.acts import cases
from handlers.acts import hearing as acts
from handlers.acts.rights import Right
from handlers.cards import FEWEST, LONGEST, letters
from handlers.youth.change import LIST, opening
from storage.database import micros


@command("heard", may=Right.FOLLOW)
async def heard(turn: Turn) -> None:
    """Confirms what was typed."""
    person, code = turn.where.person, turn.argument.upper()
    done = False
    if person is not None:
        done = await turn.once(
            "confirmed", lambda tx: acts.confirm(tx, person.id, turn.where.address_id, code, micros(turn.now))
        )
    turn.say("heard.thanks" if done else "heard.cannot", code=code, buttons=[[opening(code) if done else LIST]])


@conversation("reword", may=Right.FOLLOW, takes="text", payload=True)
async def reword(talk: Talk) -> None:
    """Asks for the right words and puts them in place of what was typed."""
    code, person = talk.argument.upper(), talk.where.person
    before = await talk.keep("before", lambda: typed(talk, code))
    if before is None or person is None:
        return talk.say("heard.cannot", code=code, buttons=[[LIST]])
    text = await talk.ask("text", "heard.ask", parse, {"leave": "heard.leave"}, code=code, words=before)
    if not text:
        return talk.say("heard.left", code=code, buttons=[[opening(code)]])
    done = await talk.once(
        "reworded", lambda tx: acts.reword(tx, person.id, talk.where.address_id, code, text, micros(talk.now))
    )
    return talk.say("heard.done" if done else "heard.cannot", code=code, buttons=[[opening(code) if done else LIST]])


async def typed(talk: Talk, code: str) -> str | None:
    """What was typed of one's own proposal; None where there is nothing such."""
    person = talk.where.person
    case = await cases.own(await talk.read(), person.id if person else None, code)
    return case.content.text if case and acts.can_be_reworded(case) else None


def parse(answer: Answer) -> str:
    """The right words; "" where it is to stay as it is."""
    if answer.option:
        return ""
    text = answer.text.strip()
    if letters(text) < FEWEST or len(text) > LONGEST:
        raise InvalidError("heard.length", most=LONGEST)
    return text
