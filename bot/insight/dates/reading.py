"""Reads a day, a time, or both with an end, and asks back where a text leaves open what is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from bot.insight.dates.answers import Read, Reason, Unclear, asked_back, options_of
from bot.insight.dates.days import LeftOut, following
from bot.insight.dates.doubles import variants
from bot.insight.dates.drafts import Asked, Draft, draft_of_point, draft_of_span, today_in_either_half
from bot.insight.dates.scanning import is_beside, scan
from bot.insight.dates.segments import Segment, segments
from bot.insight.dates.signs import Lunar, Offset, Soon, Strange
from bot.insight.dates.writing import Writing, writing

LONGEST_TEXT = 300  # characters; whoever writes more says something else
_OPEN = (Reason.WHICH_HALF, Reason.WHICH_DAY, Reason.NO_DAY, Reason.WEEKDAY_CONFLICT)  # what is past is not offered

Answer = Read | Unclear


def read(text: str, now: datetime, zone: tzinfo, *, day: date | None = None, needs_time: bool = False) -> Answer:
    """What a text says about when. Never raises, whatever the text.

    `day` is the day if only a time is asked for. `needs_time` asks back where a day was given without one.
    A date whose year was said may be past: that is for whoever asks to judge.
    """
    if len(text) > LONGEST_TEXT:
        return asked_back(Reason.UNREADABLE)
    answer = _merged([_read(one, Asked(now, zone, day)) for one in variants(writing(text))])
    if needs_time and isinstance(answer, Read) and not answer.has_time:
        return asked_back(Reason.NO_TIME, (answer,))
    return answer


def _merged(answers: Sequence[Answer]) -> Answer:
    """One answer for all ways to take a text: the clearer ones count, and where they differ it is asked."""
    best = min(map(_vagueness, answers))
    kept = [answer for answer in answers if _vagueness(answer) == best]
    options = tuple(dict.fromkeys(option for answer in kept for option in options_of(answer)))
    if all(answer == kept[0] for answer in kept):
        return kept[0]
    reason = next((answer.reason for answer in kept if isinstance(answer, Unclear)), None)
    halves = len({option.start.astimezone(UTC).date() for option in options}) == 1
    return asked_back(reason or (Reason.WHICH_HALF if halves else Reason.SEVERAL), options)


def _vagueness(answer: Answer) -> int:
    if isinstance(answer, Read):
        return 0
    return {Reason.SEVERAL: 1, Reason.UNREADABLE: 2}.get(answer.reason, 0)


def _read(text: Writing, asked: Asked) -> Answer:
    spots = scan(text)
    signs = [spot.sign for spot in spots]
    if any(isinstance(sign, Lunar) for sign in signs):
        return asked_back(Reason.LUNAR)
    offset = next((sign.minutes for sign in signs if isinstance(sign, Offset)), None)
    cut = segments(spots, is_beside(text, spots))
    answer = _of_segments(cut, replace(asked, offset=offset))
    if any(isinstance(sign, Strange) for segment in cut for sign in segment.signs):
        return asked_back(Reason.UNREADABLE, options_of(answer))
    return answer


def _of_segments(cut: Sequence[Segment], asked: Asked) -> Answer:
    signs = [sign for segment in cut for sign in segment.signs]
    soon = next((sign for sign in signs if isinstance(sign, Soon)), None)
    if soon:
        start = (asked.now.astimezone(UTC) + timedelta(minutes=soon.minutes)).replace(second=0, microsecond=0)
        return Read(start) if len(signs) == 1 else asked_back(Reason.UNREADABLE, [Read(start)])
    told = [segment for segment in cut if segment.kinds]
    draft = _draft(told, asked.today, asked)
    if draft is None:
        return asked_back(Reason.UNREADABLE)
    if draft.left_out and draft.options and all(map(asked.is_past, draft.options)):
        return _past(told, draft, draft.left_out, asked)
    return _answer(draft, asked)


def _draft(told: Sequence[Segment], today: date, asked: Asked) -> Draft | None:
    match told:
        case [point]:
            return draft_of_point(point, today, asked)
        case [left, right]:
            return draft_of_span(left, right, today, asked)
        case _:
            return None


def _past(told: Sequence[Segment], draft: Draft, left_out: LeftOut, asked: Asked) -> Answer:
    """What lies behind us is asked back; offered is what has not ended, and the next one."""
    options = [option for option in draft.options if option.end and option.end > asked.now]
    if left_out is LeftOut.DAY and len(told) == 1:
        options += today_in_either_half(told[0], asked)
    later = _draft(told, following(left_out, asked.today), asked)
    options += later.options if later else ()
    reason = draft.reason if draft.reason in (Reason.NO_SUCH_DAY, Reason.NO_SUCH_TIME) else Reason.PAST
    return asked_back(reason, options)


def _answer(draft: Draft, asked: Asked) -> Answer:
    options = draft.options
    if draft.reason in _OPEN:
        options = tuple(option for option in options if not asked.is_past(option)) or options
    if draft.reason is None or (draft.reason is Reason.WHICH_HALF and len(options) == 1):
        return options[0]
    return asked_back(draft.reason, options)
