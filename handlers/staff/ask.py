"""Staff ask the author something: one question, shown back, sent by a press."""

from __future__ import annotations

from bot.errors import InvalidError
from bot.feature import conversation
from bot.model import Phrase
from bot.state import Answer
from bot.talk import Talk
from bot.turn import Choice
from handlers.acts import cases as acts
from handlers.acts.cases import GROWING
from handlers.acts.rights import Right, standing
from handlers.cards import FEWEST, letters
from handlers.staff.view import opening
from storage.database import Transaction, micros

LONGEST = 1000  # characters of a question
WAYS = {"send": "ask.send", "again": "ask.again", "leave": "ask.leave"}


@conversation("ask", may=Right.TRIAGE, takes="question", payload=True)
async def ask(talk: Talk) -> None:
    """Takes a code, or a code and the question after it at once."""
    code = await talk.keep("code", lambda: given_code(talk))
    if not code:
        return left(talk, "ask.how")
    standing = await talk.keep("standing", lambda: stands(talk, code))
    if standing != "open":
        return left(talk, {"unknown": "view.unknown", "closed": "ask.closed", "nobody": "ask.nobody"}[standing], code)

    def parse(answer: Answer) -> str:
        return question_in(answer.text, code)

    question = await talk.ask("question", "ask.what", parse, code=code)
    way = await talk.choose("way", "ask.review", WAYS, code=code, question=question)
    if way == "again":
        await talk.again("question")
    if way == "leave":
        return left(talk, "ask.left", code)
    sent = await talk.once("asked", lambda tx: send(tx, talk, code, question))
    return left(talk, "ask.done" if sent else "ask.closed", code)


def left(talk: Talk, key: str, code: str = "") -> None:
    """Ends it: what was written for it is nobody's proposal."""
    talk.forget()
    if key == "view.unknown":
        return talk.say(key, code=code)
    if code:
        return talk.say(key, code=code, buttons=opening(code))
    return talk.say(key)


async def given_code(talk: Talk) -> str:
    """The code that was given, alone or as the first word before the question."""
    written = [answer.text.split()[0] for answer in talk.waiting("question") if answer.text.strip()]
    code = (talk.argument or next(reversed(written), "")).upper()
    return code if talk.argument or acts.CODE.fullmatch(code) else ""


async def stands(talk: Talk, code: str) -> str:
    """Whether its author can be asked: "open", else "closed", "nobody" is there, or "unknown": there is none such."""
    case = await acts.seen(await talk.read(), standing(talk.where), code)
    if case is None:
        return "unknown"
    if case.state not in GROWING:
        return "closed"
    return "open" if case.address_id is not None else "nobody"


def question_in(text: str, code: str) -> str:
    """What is asked, without the code before it. Raises InvalidError where it is too short or too long."""
    first, _, rest = text.strip().partition(" ")
    question = rest.strip() if first.upper() == code else text.strip()
    if letters(question) < FEWEST or len(question) > LONGEST:
        raise InvalidError("ask.length", most=LONGEST)
    return question


async def send(tx: Transaction, talk: Talk, code: str, question: str) -> bool:
    """Asks, and tells the author in their own chat."""
    where = talk.where
    case = await acts.ask(tx, standing(where), where.address_id, code, question, micros(talk.now))
    if case is None or case.address_id is None:
        return False
    reply = [[Choice(Phrase("ask.reply"), f"/add {code}")]]
    talk.tell(case.address_id, "ask.told", code=code, question=question, buttons=reply)
    return True
