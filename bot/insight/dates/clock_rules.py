"""How times are written."""

from __future__ import annotations

import re

from bot.insight.dates.rules import DASH, END, MONTH, NUMBER, UNTIL, Hit, Made, Rule, rule
from bot.insight.dates.signs import Ahead, Clock, Offset, Part, Soon, Strange
from bot.insight.dates.words import AFTER_A_NUMBER, COUNTS, NAMED_TIMES, TENS

_HALF = r"(?: ?(?P<half>[ap])\.? ?m(?:\.|(?![^\W_])))"
_HOUR_WORD = rf"(?:gio{END}|[hg](?![a-z]))"
_MINUTE_WORD = rf" ?(?:(?:phut|ph|p){END}|['’′])"
_FROM_NOW = "(?:ngay|tuan) (?:nua|sau)"
# What makes two digits after an hour a day, a month or another hour.
_NO_MINUTE = rf"(?! ?/ ?[0-9]| ?(?:gio|h|g|thang|thg|tieng|{_FROM_NOW}){END}| ?[ap]\.?m{END}| ?:| {MONTH})"
_NO_RANGE_OF_DAYS = r"(?![.-][0-9]{1,2}(?!:| ?[hg0-9]))"
_MINUTES = "|".join(
    (
        rf" ?(?P<minute>{NUMBER}){_MINUTE_WORD}",
        rf"[:.]?(?P<beside>[0-9]{{2}})(?![0-9]){_NO_MINUTE}",
        rf" (?P<apart>(?>[0-9]{{2}}(?![0-9])|(?:{TENS.pattern}){END})){_NO_RANGE_OF_DAYS}{_NO_MINUTE}",
        rf" ?(?P<half_hour>ruoi){END}",
        rf" ?kem (?P<less>{NUMBER})(?:{_MINUTE_WORD})?",
    )
)
_ENDS_AS_A_TIME = rf"{NUMBER} ?(?:{_HOUR_WORD}|:[0-9]|[ap]\.?m{END}|ruoi{END})"
_NO_HOUR = rf"(?! ?[/.][0-9]| ?{DASH}| ?(?:thang|thg|{_FROM_NOW}){END}| {MONTH})"
_OFFSET = r"(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?(?![0-9:])"
_FARTHEST = 14 * 60  # minutes that a clock on earth is ahead of UTC
_UNITS = {"h": 60, "gio": 60, "tieng": 60, "hour": 60}


def clock_rules() -> list[Rule]:
    """The rules, the longest form first; a comment shows what each is for."""
    return [
        # 8:30, 08:30:00, 8:30 pm, 2:30 CH
        rule(
            r"(?P<hour>[0-9]{1,2}) ?: ?(?P<minute>[0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?(?![0-9:])"
            rf"(?:{_HALF}| ?(?P<short>sa|ch){END})?",
            _clock,
        ),
        # 2 tiếng nữa, in an hour
        rule(rf"(?P<count>{NUMBER}) ?(?P<unit>h|gio|tieng|phut|p) nua{END}", _soon),
        rule(rf"in (?P<count>{NUMBER}|an?) (?P<unit>hour|minute)s?{END}", _soon),
        # 8h, 8 giờ 30 phút, 8h rưỡi, 8h kém 15, 8h30 pm
        rule(rf"(?P<hour>{NUMBER}) ?{_HOUR_WORD}(?:{_MINUTES})?(?:{_HALF})?", _clock),
        # 8 rưỡi
        rule(rf"(?P<hour>{NUMBER}) (?P<half_hour>ruoi){END}", _clock),
        # 8 am, 8.30 pm
        rule(rf"(?P<hour>{NUMBER})(?:\.(?P<minute>[0-9]{{2}}))?{_HALF}", _clock),
        # 8 o'clock
        rule(rf"(?P<hour>{NUMBER}) ?o['’]?clock{END}", _clock),
        # half past 8, quarter to nine, 20 minutes to 9, ten past 8
        rule(rf"half past (?P<hour>{NUMBER})", lambda hit: Clock(hit.number("hour"), 30)),
        rule(
            rf"(?:(?P<minutes>{NUMBER}) minutes|(?:a )?quarter) (?P<side>past|to) (?P<hour>{NUMBER})",
            _beside,
        ),
        rule(rf"(?P<minutes>{NUMBER}) (?P<side>past) (?P<hour>{NUMBER})", _beside),
        # the 8 of 8-11h, 8 to 11 am
        rule(rf"(?P<hour>{NUMBER})(?= ?{UNTIL} ?{_ENDS_AS_A_TIME})", _clock),
        # lúc 8, at 8
        rule(rf"(?:(?<=luc )|(?<=at ))(?P<hour>{NUMBER}){_NO_HOUR}", _clock),
        # 8 sáng
        rule(rf"(?P<hour>[0-9]{{1,2}}) (?=(?P<word>{AFTER_A_NUMBER.pattern}){END})", _before_its_part),
        # noon, nửa đêm
        rule(rf"(?:just )?after midnight{END}", lambda hit: Part.MORNING),
        rule(rf"(?P<word>{NAMED_TIMES.pattern}){END}", _named),
        # UTC+7, 08:30:00+07:00, 08:30Z
        rule(rf"(?:utc|gmt) ?(?P<sign>[-+−]) ?{_OFFSET}", _offset),
        Rule(re.compile(rf"(?<=:[0-9]{{2}}:[0-9]{{2}})(?P<sign>[-+]){_OFFSET}"), _offset),
        Rule(re.compile(rf"(?<=:[0-9][0-9])z{END}"), lambda hit: Offset(0)),
        rule(rf"tonight{END}", lambda hit: (Part.EVENING, Ahead())),
    ]


def _clock(hit: Hit) -> Made:
    groups = hit.match.groupdict()
    hour, minute = hit.number("hour"), 0
    if groups.get("less"):
        hour, minute = _hour_before(hour), 60 - hit.number("less")
    elif groups.get("half_hour"):
        minute = 30
    else:
        minute = next((hit.number(name) for name in ("minute", "beside", "apart") if groups.get(name)), 0)
    written = hit.match["hour"]
    return Clock(hour, minute, exact=len(written) == 2 and written.startswith("0"), part=_half(groups))


def _half(groups: dict[str, str | None]) -> Part | None:
    letter = (groups.get("half") or groups.get("short") or " ")[0]
    return {"a": Part.AM, "p": Part.PM, "s": Part.MORNING, "c": Part.AFTERNOON}.get(letter)


def _soon(hit: Hit) -> Made:
    count = int(hit.match["count"]) if hit.match["count"].isdigit() else COUNTS.meaning(hit.typed("count")) or 0
    return Soon(count * _UNITS.get(hit.match["unit"], 1))


def _beside(hit: Hit) -> Made:
    """Half past, a quarter to, ten past."""
    hour, minutes = hit.number("hour"), hit.number("minutes", 15)
    return Clock(hour, minutes) if hit.match["side"] == "past" else Clock(_hour_before(hour), 60 - minutes)


def _hour_before(hour: int) -> int:
    """The hour that the clock shows before; none before 0."""
    return 12 if hour == 1 else hour - 1


def _before_its_part(hit: Hit) -> Made:
    return Clock(hit.number("hour")) if hit.means(AFTER_A_NUMBER) else None


def _named(hit: Hit) -> Made:
    """Noon or midnight; beside a time it only says which half."""
    part = hit.means(NAMED_TIMES)
    return part if part is None or isinstance(hit.before, Clock) else Clock(12, part=part)


def _offset(hit: Hit) -> Made:
    minutes = hit.number("hours") * 60 + hit.number("minutes")
    if minutes > _FARTHEST:
        return Strange()
    return Offset(minutes if hit.match["sign"] == "+" else -minutes)
