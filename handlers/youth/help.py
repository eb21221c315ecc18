"""What the bot can do, and what it says to what it does not understand."""

from __future__ import annotations

from bot.feature import command
from bot.insight.courtesy import Aside, aside
from bot.turn import Turn
from handlers.acts.rights import Right
from handlers.lost import WAYS
from handlers.lost import lost as say_lost


@command("help", may=Right.TALK)
async def show_help(turn: Turn) -> None:
    turn.say("help.text", buttons=WAYS)


@command("lost", may=Right.TALK)
async def lost(turn: Turn) -> None:
    say_lost(turn)


@command("greet", may=Right.TALK)
async def greet(turn: Turn) -> None:
    turn.say(f"courtesy.{aside(turn.argument) or Aside.GREETING}", buttons=WAYS)


@command("privacy", may=Right.TALK)
async def privacy(turn: Turn) -> None:
    turn.say("pack.privacy")
