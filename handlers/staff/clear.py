"""Staff clear a proposal for other young people to see and join, or take that back."""

from __future__ import annotations

from bot.errors import InvalidError
from bot.feature import command, conversation
from bot.insight.personal import personal
from bot.model import Json, Phrase
from bot.state import Answer
from bot.talk import Talk
from bot.turn import Choice, Turn
from handlers.acts import cases, showing
from handlers.acts.cases import State
from handlers.acts.rights import Right, standing
from handlers.cards import FEWEST, letters
from handlers.hints import SHOWN, for_others
from handlers.staff.view import opening
from storage.cases import Case
from storage.database import Transaction, micros
from storage.outbox import Kind


@conversation("clear", may=Right.TRIAGE, takes="wording", payload=True)
async def clear(talk: Talk) -> None:
    """Asks in whose words: its author's, who is asked, or those of staff, which are shown at once."""
    code = talk.argument.upper()
    found = await talk.keep("standing", lambda: stands(talk, code))
    if found is None:
        return ended(talk, "view.unknown", code)
    if not found["may"]:
        return ended(talk, "clear.cannot", code)
    ways = {
        **({"theirs": "clear.theirs"} if found["is_there"] else {}),
        "ours": "clear.ours",
        **({"hide": "clear.hide"} if found["state"] else {}),
        "leave": "clear.leave",
    }
    match await talk.choose("way", "clear.ask", ways, code=code):
        case "theirs":
            done = await talk.once("asked", lambda tx: ask_author(tx, talk, code))
            return ended(talk, "clear.asked" if done else "clear.cannot", code)
        case "ours":
            wording = await talk.ask("wording", "clear.wording_ask", parse_wording, most=SHOWN)
            done = await talk.once("shown", lambda tx: show(tx, talk, code, wording))
            return ended(talk, "clear.shown" if done else "clear.cannot", code)
        case "hide":
            await talk.once("hidden", lambda tx: hide(tx, talk, code))
            return ended(talk, "clear.hidden", code)
        case _:
            return ended(talk, "clear.left", code)


def ended(talk: Talk, key: str, code: str) -> None:
    """Ends it: what was written for it is nobody's proposal."""
    talk.forget()
    if not code:
        return talk.say("clear.how")
    return talk.say(key, code=code, buttons=[] if key == "view.unknown" else opening(code))


async def stands(talk: Talk, code: str) -> Json:
    """Whether it may be cleared, whether its author can be asked, and how it stands; nothing of what was written."""
    reader = await talk.read()
    case = await cases.seen(reader, standing(talk.where), code)
    if case is None:
        return None
    now = await showing.state_of(reader, case.id)
    may = case.state != State.WITHDRAWN and not case.content.only_province
    return {"may": may, "is_there": case.address_id is not None, "state": now.state if now else ""}


def parse_wording(answer: Answer) -> str:
    """One sentence that tells nobody who anybody is."""
    text = " ".join(answer.text.split())
    if letters(text) < FEWEST or len(text) > SHOWN:
        raise InvalidError("clear.wording_length", most=SHOWN)
    if personal(text):
        raise InvalidError("clear.wording_personal")
    return text


async def ask_author(tx: Transaction, talk: Talk, code: str) -> bool:
    """Asks the author in their own chat, with what others would see."""
    where = talk.where
    case = await showing.clear(tx, standing(where), where.address_id, code, "", micros(talk.now))
    if case is None or case.address_id is None:
        return False
    answers = [
        [Choice(Phrase("showing.yes"), f"/agree {code}")],
        [Choice(Phrase("showing.no"), f"/disagree {code}")],
    ]
    talk.tell(case.address_id, "showing.ask", kind=Kind.ANSWER, code=code, text=preview(case), buttons=answers)
    return True


def preview(case: Case) -> str:
    """What others would see of it in its author's words."""
    return for_others(case.content.lead or case.content.text)


async def show(tx: Transaction, talk: Talk, code: str, wording: str) -> bool:
    where = talk.where
    return await showing.clear(tx, standing(where), where.address_id, code, wording, micros(talk.now)) is not None


async def hide(tx: Transaction, talk: Talk, code: str) -> bool:
    where = talk.where
    return await showing.hide(tx, standing(where), where.address_id, code, micros(talk.now)) is not None


@command("unflag", may=Right.TRIAGE)
async def unflag(turn: Turn) -> None:
    """Notes that a proposal is none of what it was flagged for."""
    where, code = turn.where, turn.argument.upper()
    done = await turn.once(
        "lifted", lambda tx: showing.lift(tx, standing(where), where.address_id, code, micros(turn.now))
    )
    if await cases.seen(await turn.read(), standing(where), code) is None:
        return turn.say("view.unknown", code=code)
    return turn.say("flags.lifted" if done else "flags.none", code=code, buttons=opening(code))
