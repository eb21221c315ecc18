"""Shows a person the commands that are for them, where the messenger has a menu."""

from __future__ import annotations

import json

from bot.errors import DeliveryError, RefusedError, UnreachableError
from bot.feature import job
from bot.turn import Turn
from handlers.retries import put_off


@job("menu", aside=True)
async def offer(turn: Turn) -> None:
    """Sets the menu anew, after somebody got another role or language."""
    try:
        await turn.house.messengers.offer(turn.where)
    except (RefusedError, UnreachableError):
        return  # a menu is a convenience: every command can be typed
    except DeliveryError:
        await put_off(turn, "menu", json.loads(turn.argument))
