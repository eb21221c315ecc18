"""What came of reading a date: the moment that is meant, or why it has to be asked back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_OPTIONS = 8


class Reason(StrEnum):
    """Why something is asked back; its value is the key of the text that asks."""

    PAST = "when.past"
    NO_TIME = "when.no_time"
    NO_DAY = "when.no_day"
    WHICH_DAY = "when.which_day"
    WHICH_HALF = "when.which_half"
    WEEKDAY_CONFLICT = "when.weekday_conflict"
    LUNAR = "when.lunar"
    NO_SUCH_DAY = "when.no_such_day"
    NO_SUCH_TIME = "when.no_such_time"
    TWICE = "when.twice"
    ENDS_FIRST = "when.ends_first"
    SEVERAL = "when.several"
    UNREADABLE = "when.unreadable"


@dataclass(frozen=True, slots=True)
class Read:
    """The moment that is meant, in UTC. Without a time it is a whole day in the zone that was asked for.

    `end` is when it is over, None where nothing was said: after a whole day the first moment of the next one.
    """

    start: datetime
    end: datetime | None = None
    has_time: bool = True


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why it has to be asked back, and what may be meant; `options` can be empty."""

    reason: Reason
    options: tuple[Read, ...] = ()


def asked_back(reason: Reason, options: Iterable[Read] = ()) -> Unclear:
    """The reason with its options, each once and not too many."""
    return Unclear(reason, tuple(dict.fromkeys(options))[:MOST_OPTIONS])


def options_of(answer: Read | Unclear) -> tuple[Read, ...]:
    """All that an answer may mean."""
    return (answer,) if isinstance(answer, Read) else answer.options
