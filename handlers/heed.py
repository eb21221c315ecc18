"""What a text is answered with before all else: the way to help, where it sounds as if somebody were in danger."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Phrase
from bot.turn import House, Said, Where


def heed(house: House, where: Where, text: str) -> Sequence[Said]:
    """The helpline at once, whatever the text is for; staff write about others."""
    urgency = 0 if where.role else house.knowledge.urgency(text)
    if not urgency:
        return ()
    key = "care.helpline" if urgency > 1 else "care.helpline_gently"  # some of what only sounds like it is not
    return (Said(Phrase(key, {"helpline": Phrase("pack.helpline")})),)
