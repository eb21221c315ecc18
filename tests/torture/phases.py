"""What a bot is doing at an instant, as its log tells it: what was begun and has not ended."""

from __future__ import annotations

import time
from enum import StrEnum

from bot.model import Json
from storage.outbox import Kind


class Phase(StrEnum):
    """What a kill may interrupt."""

    MIGRATION = "migration"
    INBOX = "inbox"
    TURN = "turn"
    SENDER = "sender"
    ROWS = "broadcast: rows"
    BROADCAST = "broadcast: message"


BEGINS = {
    "migrating": Phase.MIGRATION,
    "taking in": Phase.INBOX,
    "a turn begins": Phase.TURN,
    "sending": Phase.SENDER,
    "making rows": Phase.ROWS,
}
ENDS = {
    "the schema stands": Phase.MIGRATION,
    "taken in": Phase.INBOX,
    "a turn ends": Phase.TURN,
    "sent": Phase.SENDER,
    "not sent": Phase.SENDER,
    "rows are made": Phase.ROWS,
}
LONGEST = 2.0  # seconds: what began longer ago ended without a word

Key = tuple[Phase, int]


class Phases:
    """What is open in one process."""

    def __init__(self) -> None:
        self._open: dict[Key, float] = {}

    def take(self, line: Json) -> Phase | None:
        """Takes a line of the log; gives the phase that begins with it."""
        event = line.get("event")
        if event in ENDS:
            for phase in (ENDS[event], Phase.BROADCAST):
                self._open.pop((phase, number(line)), None)
        if event not in BEGINS:
            return None
        phase = Phase.BROADCAST if line.get("kind") == Kind.BROADCAST else BEGINS[event]
        self._open[phase, number(line)] = time.monotonic()
        return phase

    def open(self) -> set[Phase]:
        """What had begun and not ended."""
        now = time.monotonic()
        return {phase for (phase, _), begun in self._open.items() if now - begun < LONGEST}


def number(line: Json) -> int:
    """What a line is about, where several of a kind go on at once."""
    return int(line.get("inbox") or line.get("outbox") or 0)
