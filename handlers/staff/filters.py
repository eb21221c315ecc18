"""What a list of proposals is narrowed to: read from words in any order, written as one word for a button."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.insight.candidates import Candidate
from bot.insight.folding import fold
from bot.turn import House
from handlers.acts.cases import State
from handlers.acts.rights import Standing, reads
from storage.database import micros
from storage.proposals import Filter

MENUS = ("state", "topic", "days", "dialogue")
DIALOGUE = re.compile(r"[a-z]{1,8}-\d{4}", re.ASCII)
FLAGS = ("danger", "sign", "foreign", "flood", "copy", "empty", "advert", "insult")
FOLDED = "folded"  # whatever is, for whichever flag
MOST_DAYS = 999
_APART = re.compile(r"[\s,+_]+")
_DAYS = {"ngay", "day", "days"}
_GROUP = {"nhom", "group"}
_TODAY = {("hom", "nay"), ("today",)}
_ALL = {("tat", "ca"), ("all",)}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants listed. `when` is "7d" for the last seven days, "02/03" for a day, or ""."""

    page: int = 1
    state: str = ""
    topic: str = ""
    place: str = ""
    when: str = ""
    dialogue: str = ""  # the code of one that is not the province's current one
    menu: str = ""  # what is to be chosen now: one of MENUS
    places: tuple[Candidate, ...] = ()  # which of them is meant has to be asked
    unknown: str = ""
    group: int = 0
    flag: str = ""  # one of FLAGS, or FOLDED
    district: str = ""  # the code of an old one

    @property
    def data(self) -> str:
        """The same as the data of a button: one word, since a command takes few."""
        menu, page = f"?{self.menu}" if self.menu else "", f"p{self.page}"
        group, flag = f"g{self.group}" if self.group else "", f"!{self.flag[:3]}" if self.flag else ""
        where = f"h{self.district}" if self.district else self.place
        parts = (menu or page, self.dialogue, self.state, self.topic, where, self.when, group, flag)
        return "/queue " + "+".join(filter(None, parts))

    @property
    def is_narrowed(self) -> bool:
        narrowing = (self.dialogue, self.state, self.topic, self.place, self.when, self.group, self.flag, self.district)
        return any(narrowing)


def read(argument: str, house: House) -> Wish:
    """What words ask for; what means nothing else is looked up as a place."""
    tokens = [token for token in _APART.split(argument) if token]
    if len(tokens) == 1 and re.fullmatch(r"\d{1,4}|\d{6}", tokens[0], re.ASCII):
        return Wish(page=max(int(tokens[0]), 1))
    wish, left, at, names = Wish(), list[str](), 0, dict(_names(house))
    folded = [fold(token) for token in tokens]
    while at < len(tokens):
        taken, changed = _next(folded[at:], names, house)
        left += [] if taken else [tokens[at]]
        wish, at = replace(wish, **changed), at + max(taken, 1)
    return _placed(wish, " ".join(left), house) if left else wish


def _next(words: list[str], names: dict[tuple[str, ...], tuple[str, str]], house: House) -> tuple[int, dict[str, Any]]:
    """How many of the words belong together, and what they change."""
    for length in range(len(words), 0, -1):
        if found := names.get(tuple(words[:length])):
            return length, dict([found]) if found[0] else {}
    first, second = words[0], words[1] if len(words) > 1 else ""
    if page := re.fullmatch(r"p(\d{1,6})", first, re.ASCII):
        return 1, {"page": max(int(page[1]), 1)}
    if group := re.fullmatch(r"g(\d{1,6})", first, re.ASCII):
        return 1, {"group": int(group[1])}
    if first in _GROUP and re.fullmatch(r"\d{1,6}", second, re.ASCII):
        return 2, {"group": int(second)}
    if first.startswith("?") and first[1:] in MENUS:
        return 1, {"menu": first[1:]}
    if DIALOGUE.fullmatch(first):
        return 1, {"dialogue": first.upper()}
    if any(unit.code == first for unit in house.pack.units(house.era)):
        return 1, {"place": first}
    if _is_day(first):
        return 1, {"when": first}
    if (days := re.fullmatch(r"(\d{1,3})d?", first, re.ASCII)) and int(days[1]):
        return 2 if second in _DAYS else 1, {"when": f"{int(days[1])}d"}
    return 0, {}


def _names(house: House) -> Iterator[tuple[tuple[str, ...], tuple[str, str]]]:
    """The names of states, topics and days in every language, as folded words."""

    def apart(name: str) -> tuple[str, ...]:
        return tuple(fold(word) for word in _APART.split(name) if word)

    for state in State:
        for name in (state.value, *house.texts.every(f"state.{state}")):
            yield apart(name), ("state", state.value)
    for topic in house.pack.topics:
        for name in (topic.slug, *house.texts.every(f"topic.{topic.slug}")):
            yield apart(name), ("topic", topic.slug)
    for flag in (*FLAGS, FOLDED):
        for name in (flag, f"!{flag[:3]}", *house.texts.every(f"flags.name_{flag}")):
            yield apart(name), ("flag", flag)
    yield ("spam",), ("flag", FOLDED)
    for district in house.pack.places.districts:
        for name in (f"h{district.code}", district.name):
            yield apart(name), ("district", district.code)
    yield from ((words, ("when", "1d")) for words in _TODAY)
    yield from ((words, ("", "")) for words in _ALL)


def _is_day(word: str) -> bool:
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})", word, re.ASCII)
    return bool(match) and _date(2000, word) is not None


def _date(year: int, day: str) -> date | None:
    """The day of that year, if it has it."""
    number, month = map(int, day.split("/"))
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _placed(wish: Wish, typed: str, house: House) -> Wish:
    """The wish with the place that was typed, with the places that may be meant, or with words that mean nothing."""
    found = house.places.find(typed)
    if len(found) == 1 and found[0].sure:
        return replace(wish, place=found[0].unit.code)
    return replace(wish, places=tuple(found)) if found else replace(wish, unknown=typed)


def readers(by: Standing) -> Filter:
    """What somebody of staff may read at all."""
    return Filter(for_all_readers=not reads(by.role, only_province=True), within=by.places)


def as_filter(wish: Wish, house: House, now: datetime, by: Standing) -> Filter:
    """The wish of somebody of staff for the database; `now` is a time in the zone whose days count."""
    since, until = span(wish.when, now)
    district = codes_of(wish.district, house) if wish.district else ((), ())
    return replace(
        readers(by),
        state=wish.state,
        topic=wish.topic,
        place=wish.place,
        since=since,
        until=until,
        group=wish.group,
        flag="" if wish.flag == FOLDED else wish.flag,
        folded=wish.flag == FOLDED,
        district=district,
    )


def codes_of(code: str, house: House) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The old units of an old district, and the units of the era that lie in it as a whole."""
    pack = house.pack
    name = next(one.name for one in pack.places.districts if one.code == code)
    old = {unit.code for unit in pack.units(pack.facts.eras[0]) if unit.district == name}
    if pack.era(house.era) == pack.facts.eras[0]:
        return (), tuple(sorted(old))
    whole = (unit.code for unit in pack.units(house.era) if unit.formers and old.issuperset(unit.formers))
    return tuple(sorted(old)), tuple(sorted(whole))


def span(when: str, now: datetime) -> tuple[int, int]:
    """From when on and up to when, in microseconds; 0 is without end."""
    if not when:
        return 0, 0
    if when.endswith("d"):
        return _midnight(now.date() - timedelta(days=int(when[:-1]) - 1), now), 0
    days = (_date(now.year - back, when) for back in range(9))  # the 29th of February may be eight years off
    day = next(day for day in days if day and day <= now.date())
    return _midnight(day, now), _midnight(day + timedelta(days=1), now)


def _midnight(day: date, now: datetime) -> int:
    return micros(datetime.combine(day, time(), now.tzinfo))
