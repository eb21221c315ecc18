"""What a text is answered with before all else: the way to help, where it sounds as if somebody were in danger."""

from __future__ import annotations

from collections.abc import Sequence

from bot.insight.danger import danger
from bot.model import Phrase
from bot.turn import House, Said, Where


def heed(house: House, where: Where, text: str) -> Sequence[Said]:
    """The helpline at once, whatever the text is for; staff write about others."""
    if where.role or not house.knowledge.lookout.danger(text):
        return ()
    key = "care.helpline" if danger(text) else "care.helpline_gently"  # of signs alone some are none
    return (Said(Phrase(key, {"helpline": Phrase("pack.helpline")})),)
