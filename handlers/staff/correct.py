"""Staff correct what a proposal is filed under: its topics, place or kind; never its author's words."""

from __future__ import annotations

from dataclasses import replace

from bot.feature import conversation
from bot.model import Json
from bot.talk import Talk
from handlers.acts import cases as acts
from handlers.acts.cases import Correction, State
from handlers.acts.people import Known
from handlers.acts.rights import Right, standing
from handlers.cards import CHANGES, Draft, ProposalCard
from handlers.questions import ask_age, ask_place
from handlers.staff.view import opening
from storage.database import micros

NOBODY = Known(0, "", "", "")  # the card is used for its questions alone
PARTS = {
    "topics": "card.change_topics",
    "place": "card.change_place",
    "kind": "card.change_kind",
    "leave": "correct.leave",
}


@conversation("correct", may=Right.TRIAGE, payload=True)
async def correct(talk: Talk) -> None:
    code = talk.argument.upper()
    if not code:
        talk.forget()
        return talk.say("correct.how")
    before = await talk.keep("before", lambda: filed(talk, code))
    if before is None:
        return talk.say("view.unknown", code=code)
    if before["state"] == State.WITHDRAWN:
        return talk.say("correct.cannot", code=code, buttons=opening(code))
    wanted = await choose(talk, code, before)
    if wanted == Correction():
        return talk.say("correct.left", code=code, buttons=opening(code))
    where = talk.where
    done = await talk.once(
        "corrected", lambda tx: acts.correct(tx, standing(where), where.address_id, code, wanted, micros(talk.now))
    )
    return talk.say("correct.done" if done else "correct.cannot", code=code, buttons=opening(code))


async def filed(talk: Talk, code: str) -> Json:
    """What it is filed under now; nothing of what its author wrote."""
    case = await acts.seen(await talk.read(), standing(talk.where), code)
    if case is None:
        return None
    content = case.content
    return {
        "state": case.state,
        "kind": content.kind,
        "tags": [[tag.topic, tag.score] for tag in content.tags],
        "place": content.place,
        "former_place": content.former_place,
    }


async def choose(talk: Talk, code: str, before: Json) -> Correction:
    """Asks for what is wrong and what it should be; an empty correction where nothing is to be other than it is."""
    part = await talk.choose("part", "correct.ask", PARTS, code=code)
    if part == "leave":
        return Correction()
    card = ProposalCard(talk.house, NOBODY, ask_place, ask_age)
    draft = as_draft(card, before)
    wanted = correction(part, await CHANGES[part](card, talk, part, draft))
    return Correction() if wanted == correction(part, draft) else wanted


def as_draft(card: ProposalCard, before: Json) -> Draft:
    """A draft for the card's questions."""
    tags = tuple((topic, score) for topic, score in before["tags"])
    place, former = before["place"], before["former_place"]
    return replace(card.new(), kind=before["kind"], tags=tags, place=place, former_place=former)


def correction(part: str, draft: Draft) -> Correction:
    """One part of a draft as a correction; a place that was skipped corrects nothing."""
    match part:
        case "kind":
            return Correction(kind=draft.kind)
        case "topics":
            return Correction(topics=tuple(topic for topic, _ in draft.tags))
        case _:
            return Correction(place=draft.place, former_place=draft.former_place)
