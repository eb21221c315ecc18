"""What the bot can do, and what it says to what it does not understand."""

from __future__ import annotations

from bot.feature import command
from bot.insight.courtesy import Courtesy, courtesy
from bot.model import Phrase
from bot.turn import Choice, Turn
from handlers.acts.rights import Right

WAYS = [
    [Choice(Phrase("help.propose"), "/propose")],
    [Choice(Phrase("help.privacy"), "/privacy"), Choice(Phrase("help.language"), "/language")],
]


@command("help", may=Right.TALK)
async def show_help(turn: Turn) -> None:
    turn.say("help.text", buttons=WAYS)


@command("lost", may=Right.TALK)
async def lost(turn: Turn) -> None:
    turn.say("help.lost", buttons=WAYS)


@command("greet", may=Right.TALK)
async def greet(turn: Turn) -> None:
    thanks = courtesy(turn.argument) is Courtesy.THANKS
    turn.say("courtesy.thanks" if thanks else "courtesy.greeting", buttons=WAYS)


@command("privacy", may=Right.TALK)
async def privacy(turn: Turn) -> None:
    turn.say("pack.privacy")
