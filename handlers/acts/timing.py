"""When people are reminded of an event: the hours kept, and moved out of the quiet ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.pack import Quiet
from storage.database import micros, moment
from storage.outbox import Kind
from storage.reminders import Due


@dataclass(frozen=True, slots=True)
class Timing:
    """The time it is, and the hours in which nothing is said."""

    now: datetime
    quiet: Quiet
    zone: ZoneInfo

    @property
    def at(self) -> int:
        """The time as it is stored."""
        return micros(self.now)

    def dues(self, start_at: int, offsets: Sequence[int]) -> list[Due]:
        """When to remind of an event, the earliest first, each moment once; what lies behind us is left out.

        What falls into quiet hours is said the evening before them; where that is past too, the next morning, if the event
        has not begun by then. Else it is missed, and the row says why.
        """
        found: dict[datetime, Due] = {}
        for minutes in sorted(set(offsets), reverse=True):
            wanted = moment(start_at) - timedelta(minutes=minutes)
            if wanted > self.now:
                at = self._outside_quiet(wanted, moment(start_at))
                found[at or wanted] = Due(minutes, micros(at or wanted), "" if at else "quiet")
        return list(found.values())

    def _outside_quiet(self, wanted: datetime, start: datetime) -> datetime | None:
        morning = self.quiet.ends(wanted, self.zone)
        if morning is None:
            return wanted
        evening = self.quiet.evening(wanted, self.zone)
        if evening > self.now:
            return evening
        return morning if morning < start else None

    def notice(self, start_at: int) -> Kind:
        """How a change is told: held over the night, unless the event begins before its end."""
        morning = self.quiet.ends(self.now, self.zone)
        return Kind.ALERT if morning and moment(start_at) <= morning else Kind.ANSWER
