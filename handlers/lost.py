"""The answer to what nobody knows, and to what somebody may not know of: one and the same."""

from __future__ import annotations

from bot.model import Phrase
from bot.turn import Choice, Turn

WAYS = [
    [Choice(Phrase("help.propose"), "/propose")],
    [Choice(Phrase("help.privacy"), "/privacy"), Choice(Phrase("help.language"), "/language")],
]


def lost(turn: Turn) -> None:
    """Answers as if there were no such command."""
    turn.say("help.lost", buttons=WAYS)
