"""Choosing the language."""

from __future__ import annotations

from bot.feature import command
from bot.model import Phrase
from bot.turn import Choice, Turn
from handlers.acts import people
from handlers.acts.rights import Right
from storage.database import micros


@command("language", may=Right.TALK, reshow=True)
async def language(turn: Turn) -> None:
    wanted = turn.argument
    if wanted in turn.house.texts.languages:
        await turn.once("language", lambda tx: people.speak(tx, turn.where.address_id, wanted, micros(turn.now)))
        return turn.say("language.changed")
    choices = [[Choice(Phrase(f"language.{name}"), f"/language {name}") for name in turn.house.texts.languages]]
    return turn.say("language.ask", buttons=choices)
