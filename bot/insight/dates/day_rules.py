"""How days, weeks, months and years are written."""

from __future__ import annotations

import re

from bot.insight.dates.hours import HALF
from bot.insight.dates.rules import DASH, END, MONTH, NUMBER, START, Hit, Made, Rule, rule
from bot.insight.dates.signs import Ahead, Clock, Date, Hint, Lunar, Month, Strange, Until, Weekday, Year
from bot.insight.dates.words import (
    AFTER_A_NUMBER,
    AFTER_A_WEEKDAY,
    BEFORE_A_WEEKDAY,
    COUNTS,
    DAYS,
    EVERY,
    LONG_MONTHS,
    LUNAR,
    MONTHS,
    MONTHS_AHEAD,
    NEW_YEAR,
    PARTS,
    RHYTHMS,
    STRANGE,
    WEEKDAYS,
    WEEKS,
    YEARS_AHEAD,
)

_THANG = r"(?:thang|thg)"
_DAY_WORD = "(?:ngay|hom|bua|mung|mong)"
_TH = rf"(?:st|nd|rd|th){END}"
_NOT_MORE = r"(?![0-9]| ?/ ?[0-9]|[.-][0-9])"  # the day of a whole date is read with it
_SEPARATOR = rf"(?:{DASH}|,|&|(?:den|toi|to|va|and|hoac|or){END})"
_DAY_WITH_MONTH = rf"(?:{_DAY_WORD} )?{NUMBER}(?: ?/ ?[0-9]|\.[0-9]| ?{_THANG}{END}| {MONTH})"
_NO_WEEKDAY = rf"(?![^\W_]|:[0-9]|[/.][0-9]| ?[hg][0-9]| ?h{END}| ?[ap]\.?m{END}| {MONTH})"  # Thu 8am, Thu 2 April
_WEEKDAY = rf"(?P<word>(?>(?:{WEEKDAYS.pattern}){_NO_WEEKDAY}))"
_THIS_OR_NEXT = rf"(?:(?P<first>{BEFORE_A_WEEKDAY.pattern}) )?"
_COUNT = rf"(?P<count>[0-9]{{1,3}}|(?:{COUNTS.pattern}){END})"
_PER_UNIT = {"tuan": 7, "week": 7, "weeks": 7}


def day_rules() -> list[Rule]:
    """The rules, the longest form first; a comment shows what each is for."""
    return [*_other_calendar_rules(), *_date_rules(), *_distance_rules(), *_week_rules(), *_piece_rules()]


def _other_calendar_rules() -> list[Rule]:
    return [
        rule(rf"(?P<word>{NEW_YEAR.pattern}){END}", lambda hit: Date(1, 1)),
        rule(rf"(?P<word>{LUNAR.pattern}){END}", lambda hit: Lunar() if hit.means(LUNAR) else None, weak="am al ram"),
    ]


def _date_rules() -> list[Rule]:
    return [
        # 2026-03-20, 2026-03-20T
        rule(
            r"(?P<year>[0-9]{4})(?P<sep>[-/.])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})"
            r"(?:t(?=[0-9]{2}:)|(?![0-9]))",
            _date,
        ),
        # the 20 of 20-22/3, 20 và 21 tháng 3
        rule(rf"(?P<day>[0-9]{{1,2}})(?= ?{_SEPARATOR} ?{_DAY_WITH_MONTH})", _date),
        # 20/3, 20.3.2026, 20-3-26
        rule(
            r"(?<![0-9][/.])(?P<day>[0-9]{1,2})(?P<sep> ?/ ?|[.-])(?P<month>[0-9]{1,2})"
            r"(?:(?P=sep)(?P<year>[0-9]{4}|[0-9]{2}))?(?![0-9]|[/.][0-9])",
            _date,
        ),
        # 20 March, 20th of March, March 20
        rule(rf"(?P<day>{NUMBER})(?:{_TH})?(?: of|,|-)? ?(?P<name>{MONTH})", _date),
        rule(rf"(?P<name>{MONTH})\.? (?P<day>[0-9]{{1,2}})(?:{_TH})?(?![0-9]|:| ?h| ?[ap]\.?m| ?/)", _date),
        # tháng 3 ngày 20
        rule(rf"{_THANG} (?P<month>{NUMBER}),? (?:vao )?{_DAY_WORD} (?P<day>{NUMBER})", _date),
        # 20 tháng sau
        rule(rf"(?:{_DAY_WORD} )?(?P<day>{NUMBER}) ?[/-]? ?(?P<word>{MONTHS_AHEAD.pattern}){END}", _day_of_month_ahead),
        # ngày 20 tháng 3, mùng 5 tháng 4
        rule(
            rf"(?:{_DAY_WORD} )?(?P<day>{NUMBER}) ?[/-]? ?{_THANG} ?(?P<month>{NUMBER})(?:[/-](?P<year>[0-9]{{4}}))?",
            _date,
        ),
    ]


def _distance_rules() -> list[Rule]:
    return [
        # 3 ngày nữa, sau 2 tuần
        rule(rf"{_COUNT} ?(?P<unit>ngay|hom|tuan|thang) (?:nua|sau){END}", _ahead),
        rule(rf"sau {_COUNT} (?P<unit>ngay|hom|tuan|thang)(?: nua)?{END}", _ahead),
        # in 3 days, a week from now
        rule(rf"in {_COUNT} (?P<unit>day|week|month)s?{END}", _ahead),
        rule(rf"{_COUNT} (?P<unit>day|week|month)s? (?:from now|later){END}", _ahead),
    ]


def _week_rules() -> list[Rule]:
    return [
        # mỗi thứ 7, hằng tuần
        rule(rf"(?:{EVERY.pattern}) (?=(?:{RHYTHMS.pattern})[0-9]?{END})", lambda hit: Strange()),
        # tuần sau, cuối tuần này
        rule(rf"(?P<word>{WEEKS.pattern}){END}", lambda hit: hit.means(WEEKS)),
        # tuần 2 (of some month)
        rule(rf"tuan {NUMBER}", lambda hit: Strange()),
        # thứ 7 này, thứ 7 tới, but not as in "thứ 5 tới thứ 7"
        rule(
            rf"{_THIS_OR_NEXT}{_WEEKDAY} (?P<hint>{AFTER_A_WEEKDAY.pattern}){END}(?! (?:thu|t[2-7]|cn|chu nhat){END})",
            lambda hit: _weekday(hit) if hit.means(AFTER_A_WEEKDAY, "hint") else None,
        ),
        # thứ 7, t7, chủ nhật, next Friday
        rule(rf"{_THIS_OR_NEXT}{_WEEKDAY}", _weekday, weak="thu mon sat sun wed fri"),
        # hôm nay, ngày mai
        rule(rf"(?P<word>{DAYS.pattern}){END}", lambda hit: hit.means(DAYS), weak="nay"),
    ]


def _piece_rules() -> list[Rule]:
    """What is only a piece of a day: the rest may stand elsewhere in the text."""
    return [
        rule(rf"(?P<word>{MONTHS_AHEAD.pattern}){END}", lambda hit: hit.means(MONTHS_AHEAD)),
        rule(rf"(?P<word>{YEARS_AHEAD.pattern}){END}", lambda hit: hit.means(YEARS_AHEAD)),
        # mùng 3: of which calendar?
        rule(rf"(?:mung|mong) (?P<day>{NUMBER}){_NOT_MORE}", lambda hit: (Date(hit.number("day")), Strange())),
        # ngày 20, the 20th
        rule(rf"{_DAY_WORD} (?P<day>{NUMBER}){_NOT_MORE}(?! ?(?:gio|h){END})", _date),
        rule(rf"(?P<day>[0-9]{{1,2}}){_TH}", _date),
        # tháng 3, tháng 3-2026, in March
        rule(rf"{_THANG} ?(?P<month>{NUMBER})(?: ?[/-] ?(?P<year>[0-9]{{4}}))?", _month),
        rule(r"(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})(?![0-9])", _month),
        rule(rf"in (?P<name>{MONTH})", _month),
        rule(rf"(?P<name>{LONG_MONTHS.pattern}){END}", _month),
        # năm 2026
        rule(rf"(?:nam )?(?P<year>(?:19|20|21)[0-9]{{2}}){END}", lambda hit: Year(int(hit.match["year"]))),
        rule(rf"(?P<word>{STRANGE.pattern}){END}", lambda hit: Strange() if hit.means(STRANGE) else None),
    ]


def last_rules() -> list[Rule]:
    """What is left: parts of the day, what stands between two times, and what belongs to nothing."""
    return [
        rule(
            rf"(?:buoi )?(?P<word>{PARTS.pattern}){END}", lambda hit: hit.means(PARTS), weak="sang chieu trua dem toi"
        ),
        Rule(re.compile(rf"{DASH}+>?"), lambda hit: Until(dash=True)),
        rule(rf"(?:den het|cho den|den|toi|to|till|until|through){END}", lambda hit: Until()),
        # 7h tói, tổi mai: most likely a slip
        Rule(re.compile(rf"{START}(?:{AFTER_A_NUMBER.pattern}){END}"), _slipped, any_marks=True),
        rule(r"[^\W_]*[0-9][^\W_]*", lambda hit: Strange()),
    ]


def _slipped(hit: Hit) -> Made:
    """A part of the day with marks that it does not have, unless the half of the day is told already."""
    told = isinstance(hit.before, Clock) and (hit.before.hour > HALF or hit.before.part)
    return None if told else Strange()


def _date(hit: Hit) -> Made:
    groups = hit.match.groupdict()
    month = MONTHS.meaning(hit.typed("name")) if groups.get("name") else None
    if groups.get("month"):
        month = hit.number("month")
    if groups.get("sep") == "." and not groups.get("year") and (month or 0) > 12:
        return Clock(hit.number("day"), month or 0)  # 8.30
    year = int(groups["year"]) if groups.get("year") else None
    if year is not None and year < 100:
        year += 2000
    return Date(hit.number("day"), month, year)


def _day_of_month_ahead(hit: Hit) -> Made:
    month = hit.means(MONTHS_AHEAD)
    return month and Date(hit.number("day"), months=month.ahead)


def _month(hit: Hit) -> Made:
    groups = hit.match.groupdict()
    number = MONTHS.meaning(hit.typed("name")) if groups.get("name") else hit.number("month")
    return Month(number, year=int(groups["year"]) if groups.get("year") else None)


def _ahead(hit: Hit) -> Made:
    count = int(hit.match["count"]) if hit.match["count"].isdigit() else COUNTS.meaning(hit.typed("count")) or 0
    if hit.match["unit"] in ("thang", "month"):
        return Ahead(months=count)
    return Ahead(days=count * _PER_UNIT.get(hit.match["unit"], 1))


def _weekday(hit: Hit) -> Made:
    number = hit.means(WEEKDAYS)
    if number is None:
        return None
    groups = hit.match.groupdict()
    before = hit.means(BEFORE_A_WEEKDAY, "first") if groups["first"] else None
    after = hit.means(AFTER_A_WEEKDAY, "hint") if groups.get("hint") else None
    return Weekday(number, before or after or Hint.NONE)
