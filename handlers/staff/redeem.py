"""Somebody becomes staff by a one-time code."""

from __future__ import annotations

from bot.feature import command
from bot.turn import Turn
from handlers.acts import staff
from handlers.acts.rights import Right


@command("redeem", may=Right.TALK)
async def redeem(turn: Turn) -> None:
    code = turn.argument
    role = await turn.once("role", lambda tx: staff.redeem(tx, turn.where.address_id, code, turn.now))
    turn.say(f"staff.welcome_{role}" if role else "staff.bad_code")
