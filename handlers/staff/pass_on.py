"""Passing a proposal from the province's dialogue to a commune's, or back; its author is told."""

from __future__ import annotations

from bot.feature import conversation
from bot.model import Json, Phrase
from bot.talk import Label, Talk
from bot.turn import Choice
from handlers.acts import passing as acts
from handlers.acts.passing import Obstacle
from handlers.acts.rights import Right, standing
from handlers.questions import ask_place
from handlers.shown import scope_name
from handlers.staff.dialogue import PLANNABLE
from handlers.staff.view import opening
from storage.database import Transaction, micros
from storage.dialogues import PROVINCE

ELSEWHERE = "elsewhere"
LEAVE = "leave"


@conversation("pass_on", may=Right.MOVE, payload=True)
async def pass_on(talk: Talk) -> None:
    """Takes the code of a proposal."""
    code = talk.argument.upper()
    if not code:
        return talk.say("pass.how")
    before = await talk.keep("before", lambda: found(talk, code))
    if "obstacle" in before:
        return refuse(talk, before["obstacle"], code, "")
    chosen = await choose(talk, code, before)
    if chosen is None:
        return talk.say("pass.left", code=code, buttons=opening(code))
    sent = await talk.once("passed", lambda tx: send(tx, talk, code, chosen))
    if sent:
        return refuse(talk, sent, code, chosen)
    return talk.say("pass.done", code=code, scope=scope_name(chosen, talk.house), buttons=opening(code))


def refuse(talk: Talk, obstacle: str, code: str, scope: str) -> None:
    """Says why it cannot be passed on."""
    if obstacle == Obstacle.UNKNOWN:
        return talk.say("view.unknown", code=code)
    return talk.say(f"pass.no_{obstacle}", code=code, scope=scope_name(scope, talk.house), buttons=opening(code))


async def found(talk: Talk, code: str) -> Json:
    """Where a proposal is and where it comes from, or why it cannot be passed on."""
    case = await acts.passable(await talk.read(), standing(talk.where), code)
    if isinstance(case, Obstacle):
        return {"obstacle": case}
    return {"scope": case.scope, "place": case.content.place}


async def choose(talk: Talk, code: str, before: Json) -> str | None:
    """The scope that it goes to: from a commune the province's, from the province that of a commune; None for none."""
    here, leave = before["scope"], {LEAVE: "pass.leave"}
    options: dict[str, Label] = {}
    if here != PROVINCE:
        options[PLANNABLE] = scope_name(PROVINCE, talk.house)
    else:
        options |= {before["place"]: scope_name(before["place"], talk.house)} if before["place"] else {}
        options[ELSEWHERE] = Phrase("pass.elsewhere")
    way = await talk.choose("to", "pass.ask", options | leave, code=code, scope=scope_name(here, talk.house))
    if way == ELSEWHERE:
        place = await ask_place(talk, "where", [])
        return place.unit or None
    return {LEAVE: None, PLANNABLE: PROVINCE}.get(way, way)


async def send(tx: Transaction, talk: Talk, code: str, scope: str) -> str:
    """Passes it on and tells its author; gives why it cannot be, or ""."""
    where = talk.where
    passed = await acts.pass_on(tx, standing(where), where.address_id, code, scope, micros(talk.now))
    if isinstance(passed, Obstacle):
        return passed
    if passed.address_id is not None:
        own = [[Choice(Phrase("mine.open", {"code": code}), f"/mine {code}")]]
        talk.tell(passed.address_id, "pass.told", code=code, scope=scope_name(scope, talk.house), buttons=own)
    return ""
