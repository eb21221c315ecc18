"""What somebody who looks a proposal up is told, in a chat and on the page alike."""

from __future__ import annotations

from bot.model import Phrase
from bot.turn import House
from handlers.acts.lookup import Found, Later
from handlers.shown import hour


def told(house: House, found: Found | Later | None) -> Phrase:
    """The state and since when, and the answer once there is one; the same words for a wrong code and a wrong key."""
    match found:
        case Found():
            answer = [Phrase("lookup.answer", {"text": found.answer})] if found.answer else []
            state = Phrase(f"state.{found.state}")
            since = hour(house, found.since)
            return Phrase("lookup.found", {"code": found.code, "state": state, "since": since, "answer": answer})
        case Later():
            return Phrase("lookup.later", {"at": hour(house, found.at)})
        case None:
            return Phrase("lookup.wrong")
