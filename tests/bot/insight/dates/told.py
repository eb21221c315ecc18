"""Readings told as tests write them down."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.insight.dates import Read, Unclear

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 3, 10, 10, 0, tzinfo=HERE)
A_MOMENT, A_DAY = "%Y-%m-%d %H:%M", "%Y-%m-%d"


def told(answer: Read | Unclear, zone: ZoneInfo = HERE) -> str:
    """A reading, or the reason why there is none and the readings to choose from."""
    if isinstance(answer, Read):
        return _read(answer, zone)
    reason = answer.reason.removeprefix("when.")
    return f"{reason}: {' | '.join(_read(option, zone) for option in answer.options)}".strip()


def _read(read: Read, zone: ZoneInfo) -> str:
    shape = A_MOMENT if read.has_time else A_DAY
    last = read.end if read.end is None or read.has_time else read.end - timedelta(seconds=1)
    return " – ".join(moment.astimezone(zone).strftime(shape) for moment in (read.start, last) if moment)
