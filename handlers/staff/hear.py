"""Staff listen to what was only spoken and type it; its author is asked whether that is right."""

from __future__ import annotations

from bot.errors import InvalidError
from bot.feature import conversation
from bot.insight.kinds import SUGGESTION, kind
from bot.model import Phrase
from bot.state import Answer
from bot.talk import Talk
from bot.turn import Choice
from handlers.acts import cases, hearing
from handlers.acts.hearing import Heard, Refusal
from handlers.acts.rights import Right, standing
from handlers.cards import FEWEST, LONGEST, letters
from handlers.shown import spoken, to_send
from handlers.staff.view import opening
from storage.cases import Case
from storage.database import Transaction
from storage.proposals import Tag

REFUSED = {
    Refusal.EMPTY: "hear.empty",
    Refusal.UNKNOWN: "view.unknown",
    Refusal.NONE: "hear.none",
    Refusal.DONE: "hear.already",
    Refusal.HELD: "hear.held",
    Refusal.COMING: "hear.coming",
}
INSTEAD = {"unclear": "hear.unclear", "later": "hear.later"}
WAYS = {"save": "hear.save", "again": "hear.again", "later": "hear.later"}
NEXT = [Choice(Phrase("hear.next"), "/hear")]


@conversation("hear", may=Right.TRIAGE, takes="typed", payload=True)
async def hear(talk: Talk) -> None:
    """Takes a code, or the one that has waited longest."""
    where = talk.where
    taken = await talk.once(
        "taken", lambda tx: hearing.take(tx, standing(where), where.address_id, talk.argument.upper(), talk.now)
    )
    if taken in list(Refusal):
        return refused(talk, Refusal(taken))
    case = await cases.seen(await talk.read(), standing(where), taken)
    if case is None:
        return refused(talk, Refusal.UNKNOWN)
    talk.say("hear.voice", code=taken, voice=spoken(case.content.files), files=to_send(talk.house, case))
    instead, typed = await talk.ask("typed", "hear.type", parse, INSTEAD)
    if instead:
        return await leave(talk, taken, unclear=instead == "unclear")
    way = await talk.choose("way", "hear.review", WAYS, code=taken, words=typed)
    if way == "again":
        await talk.again("typed")
    if way == "later":
        return await leave(talk, taken, unclear=False)
    saved = await talk.once("saved", lambda tx: save(tx, talk, case, typed))
    return talk.say("hear.saved" if saved else "hear.already", code=taken, buttons=[*opening(taken), NEXT])


def refused(talk: Talk, why: Refusal) -> None:
    """Ends it: what was written for it is nobody's proposal."""
    talk.forget()
    code = talk.argument.upper()
    known = [] if why in (Refusal.EMPTY, Refusal.UNKNOWN) else opening(code)
    talk.say(REFUSED[why], code=code, buttons=known)


def parse(answer: Answer) -> list[str]:
    """One of INSTEAD, or "" and the words that were typed."""
    if answer.option:
        return [answer.option, ""]
    text = answer.text.strip()
    if letters(text) < FEWEST or len(text) > LONGEST:
        raise InvalidError("hear.length", most=LONGEST)
    return ["", text]


async def leave(talk: Talk, code: str, *, unclear: bool) -> None:
    """Types nothing: others may, or its author is told that nobody can understand it."""
    where = talk.where
    if not unclear:
        await talk.once("left", lambda tx: hearing.let_go(tx, standing(where), where.address_id, code))
        return talk.say("hear.left", code=code, buttons=[*opening(code), NEXT])
    told = await talk.once("unclear", lambda tx: give_up(tx, talk, code))
    return talk.say("hear.told_unclear" if told else "hear.already", code=code, buttons=[*opening(code), NEXT])


async def give_up(tx: Transaction, talk: Talk, code: str) -> bool:
    where = talk.where
    case = await hearing.give_up(tx, standing(where), where.address_id, code, talk.now)
    if case is not None and case.address_id is not None:
        own = [
            [Choice(Phrase("mine.add"), f"/add {code}")],
            [Choice(Phrase("mine.open", {"code": code}), f"/mine {code}")],
        ]
        talk.tell(case.address_id, "heard.unclear", code=code, buttons=own)
    return case is not None


async def save(tx: Transaction, talk: Talk, case: Case, text: str) -> bool:
    """Keeps what was typed, and asks its author whether it is right."""
    where, content = talk.where, case.content
    scorer = talk.house.topics
    topics = tuple(Tag(tag.slug, round(tag.score * 1000), "machine", scorer.version) for tag in scorer.score(text))
    heard = Heard(text, topics, kind(text) if content.kind == SUGGESTION else content.kind)
    done = await hearing.type_up(tx, standing(where), where.address_id, case.code, heard, talk.now)
    if done is not None and done.address_id is not None:
        answers = [
            [Choice(Phrase("heard.right"), f"/heard {case.code}")],
            [Choice(Phrase("heard.reword"), f"/reword {case.code}")],
        ]
        talk.tell(done.address_id, "heard.told", code=case.code, words=text, buttons=answers)
    return done is not None
