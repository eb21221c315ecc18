"""An owner lets their own broadcast out alone, with a reason that stays with it."""

from __future__ import annotations

from bot.errors import InvalidError
from bot.feature import conversation
from bot.state import Answer
from bot.talk import Talk
from handlers.acts import broadcasts as acts
from handlers.acts.rights import Right
from handlers.cards import FEWEST, letters
from handlers.staff.announce import actor, opening
from storage import broadcasts
from storage.database import Transaction, micros

LONGEST = 300  # characters of a reason


@conversation("release", may=Right.RELEASE_ALONE, payload=True)
async def release(talk: Talk) -> None:
    number = int(talk.argument) if talk.argument.isdecimal() and len(talk.argument) < 16 else 0
    if not await talk.keep("waits", lambda: waits(talk, number)):
        talk.forget()
        return talk.say("release.how")
    ways = {"leave": "release.leave"}
    reason = await talk.ask("reason", "release.ask", reason_in, ways, number=number)
    if not reason:
        return talk.say("release.left", number=number, buttons=opening(number))
    done = await talk.once("released", lambda tx: let_out(tx, talk, number, reason))
    return talk.say("release.done" if done else "broadcast.too_late", number=number, buttons=opening(number))


async def waits(talk: Talk, number: int) -> bool:
    """Whether it still waits for its release."""
    found = await broadcasts.get(await talk.read(), number)
    return found is not None and acts.may_release(actor(talk), found, "because")


def reason_in(answer: Answer) -> str:
    """Why it cannot wait for somebody else; "" where it does after all. Raises InvalidError for no reason at all."""
    reason = " ".join(answer.text.split())
    if answer.option:
        return ""
    if letters(reason) < FEWEST or len(reason) > LONGEST:
        raise InvalidError("release.length", most=LONGEST)
    return reason


async def let_out(tx: Transaction, talk: Talk, number: int, reason: str) -> bool:
    return await acts.release(tx, actor(talk), number, micros(talk.now), reason) is not None
