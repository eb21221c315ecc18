"""A young person says whether others may see what they sent, without a name."""

from __future__ import annotations

from bot.feature import command
from bot.model import Phrase
from bot.turn import Choice, Turn
from handlers.acts import showing
from handlers.acts.rights import Right
from handlers.acts.staff import answered
from storage.database import micros


@command("agree", may=Right.SUPPORT)
async def agree(turn: Turn) -> None:
    await answer(turn, agrees=True)


@command("disagree", may=Right.SUPPORT)
async def disagree(turn: Turn) -> None:
    await answer(turn, agrees=False)


async def answer(turn: Turn, *, agrees: bool) -> None:
    """Notes the answer and tells whoever of staff asked; it may be changed at any time."""
    where, code, person = turn.where, turn.argument.upper(), turn.where.person
    if person is None:
        return turn.say("mine.unknown", code=code)
    asked = await turn.once(
        "answered", lambda tx: showing.answer(tx, person.id, where.address_id, code, agrees, micros(turn.now))
    )
    if asked is None:
        return turn.say("mine.unknown", code=code)
    if asked.address_id is not None:
        for chat in await answered(await turn.read(), asked.address_id, Right.TRIAGE):
            turn.tell(chat, "showing.agreed" if agrees else "showing.declined", code=code)
    label, other = ("showing.no", "disagree") if agrees else ("showing.yes", "agree")
    buttons = [
        [Choice(Phrase(label), f"/{other} {code}")],
        [Choice(Phrase("mine.open", {"code": code}), f"/mine {code}")],
    ]
    return turn.say("showing.thanks" if agrees else "showing.fine", code=code, buttons=buttons)
