"""What the bot can do, and what it says to what it does not understand."""

from __future__ import annotations

from bot.feature import command
from bot.insight.courtesy import Courtesy, courtesy
from bot.model import Phrase
from bot.turn import Turn
from handlers.acts.rights import Right, allows
from handlers.lost import WAYS
from handlers.lost import lost as say_lost

STAFF = {
    Right.READ_QUEUE: "help.staff_queue",
    Right.TRIAGE: "help.staff_triage",
    Right.EXPORT: "help.staff_export",
    Right.CALENDAR: "help.staff_dialogue",
    Right.MOVE: "help.staff_pass_on",
    Right.EVENTS: "help.staff_events",
    Right.BRIDGE: "help.staff_points",
    Right.APPOINT: "help.staff_team",
    Right.REPAIR: "help.staff_failures",
}  # what staff may do besides, in the order in which it is told


@command("help", may=Right.TALK)
async def show_help(turn: Turn) -> None:
    own = [Phrase(text) for right, text in STAFF.items() if allows(turn.where.role, right)]
    if own:
        turn.say("help.staff", lines=own)
    turn.say("help.text", buttons=WAYS)


@command("lost", may=Right.TALK)
async def lost(turn: Turn) -> None:
    say_lost(turn)


@command("greet", may=Right.TALK)
async def greet(turn: Turn) -> None:
    thanks = courtesy(turn.argument) is Courtesy.THANKS
    turn.say("courtesy.thanks" if thanks else "courtesy.greeting", buttons=WAYS)


@command("privacy", may=Right.TALK)
async def privacy(turn: Turn) -> None:
    turn.say("pack.privacy")
