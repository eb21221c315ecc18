"""Which commune a text names, among those of both eras.

A name alone never decides: it means every unit of that name, then and now, and the district of that name. A type word, the
marks that were typed, a district, "cũ" (old) or "mới" (new) narrow it. Whoever gets several candidates asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from bot.insight.elsewhere import ends_before, is_after_district
from bot.insight.folding import fold, spelled, words
from bot.insight.mentions import AGAIN, DISTRICTS, Mention, Reading, abbreviated, is_filler, is_plain, read, type_of
from bot.insight.typing_slips import in_one_word, is_inside, within_one
from bot.pack import District, Pack, Unit

_SHORT_ANSWER = 8  # words
_SHORTEST_AT_HOME = 3
_BESIDE = 1  # words beside a name with which an answer is still one
_WINDOWS = (1, 2, 3, 4)  # words that may be one name
_SHORTEST_SLIP = 5  # letters: below, one letter more or less is another name


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit of the dialogue's era that may be meant, and the old unit that was named for it.

    Not `sure`: what was typed does not fit as it stands, so even a single candidate is asked about.
    """

    unit: Unit
    former: Unit | None = None
    sure: bool = True


class Gazetteer:
    """Finds the units of one era by what people type. Built once; about 1 ms an answer."""

    def __init__(self, pack: Pack, year: int = 0, aliases: Mapping[str, str] | None = None) -> None:
        """`year` tells the era, the newest without one; `aliases` are names that staff added, with a code of that era."""
        self._pack, self._era = pack, pack.era(year)
        self._old, self._new = pack.facts.eras
        self._units: dict[tuple[str, ...], list[Unit]] = defaultdict(list)
        for unit in sorted(pack.places.units, key=lambda unit: (-unit.era, unit.code)):
            for name in (unit.bare, *unit.aliases):
                self._units[tuple(words(name))].append(unit)
        self._districts = {tuple(words(district.bare)): district for district in pack.places.districts}
        self._short = abbreviated(pack.places.districts)
        self._by_alias = {tuple(words(name)): pack.unit(code, self._era) for name, code in (aliases or {}).items()}
        self._elsewhere = frozenset(tuple(words(name)) for name in pack.places.elsewhere)
        self._names = frozenset(self._units) | frozenset(self._districts) | frozenset(self._by_alias) | self._elsewhere
        self._names |= frozenset(self._short)
        self._province = tuple(words(pack.places.province))[1:]
        self._ordinary = frozenset(tuple(words(name)) for name in pack.places.ordinary)

    def find(self, answer: str) -> list[Candidate]:
        """The candidates for a short answer to "which commune?"; best first, empty when nothing fits.

        A unit that is said to lie elsewhere is asked about.
        """
        return self._answered(answer) or _unsure(self._resolve(self._said_elsewhere(answer)))

    def _answered(self, answer: str) -> list[Candidate]:
        reading = self._read(answer)
        if reading.is_names_only:
            return [] if self._is_only_said(reading) else self._resolve(reading.mentions)
        certain = self._certain(reading)
        if len(reading.tokens) > _SHORT_ANSWER:
            return self._told(certain, reading)
        found = [] if self._names_a_unit(certain) else self._slipped_beside(reading, certain) or self._slipped(reading)
        if found:
            return found
        if certain and is_plain(reading, certain[-1].end):
            return self._resolve(certain) or _unsure(self._resolve(reading.mentions))
        said = [one for one in reading.mentions if self._may_be_meant(one, reading)]
        return _unsure(self._resolve(certain) or self._resolve(said))

    def _may_be_meant(self, mention: Mention, reading: Reading) -> bool:
        if mention.type or reading.is_after_at(mention) or reading.is_beside(mention):
            return True
        if self._is_ordinary(mention) or mention.name == self._province:
            return False
        said = [word for word in reading.rest if not is_filler(word)]
        return len(said) <= _BESIDE or self._stands_out(mention, reading)

    def _stands_out(self, mention: Mention, reading: Reading) -> bool:
        """Whether it is written as a name, and is not one that people and things bear as well."""
        if len(mention.name) < 2 or mention.name in self._ordinary:
            return False
        if mention.is_capital or mention.is_mixed:
            return mention.is_capital
        if not mention.is_marked:
            return reading.is_marked
        return any(mention.is_spelled(name) for name in self._bearers(mention))

    def _bearers(self, mention: Mention) -> Iterator[str]:
        """The names of the units and the district that a mention may mean, as they are spelled."""
        for unit in self._units.get(mention.name, ()):
            yield from (unit.bare, *unit.aliases)
        if mention.name in self._districts:
            yield self._districts[mention.name].bare

    def mentioned(self, sentence: str) -> list[Candidate]:
        """The candidates that a whole sentence names beside a type word, or by being nothing but a name."""
        reading = self._read(sentence)
        if reading.is_names_only:
            return self._resolve(reading.mentions)
        return self._told(self._certain(reading, strictly=True), reading)

    def _told(self, mentions: Sequence[Mention], reading: Reading) -> list[Candidate]:
        found = self._resolve(mentions)
        return _unsure(found) if any(map(reading.is_doubted, mentions)) else found

    def understood(self, text: str) -> list[Candidate]:
        """The candidates of any text, a short answer or a whole story; those found by a slip of a letter are not sure."""
        reading = self._read(text)
        if len(reading.tokens) <= _SHORT_ANSWER:
            return self._answered(text)
        certain = self._certain(reading, strictly=True)
        if self._names_a_unit(certain):
            return self._told(certain, reading)
        found = self._slipped_beside(reading, certain) or self._told(certain, reading)
        at = [one for one in reading.mentions if reading.is_after_at(one) and not self._is_ordinary(one)]
        named = at or [one for one in reading.mentions if one.type or self._stands_out(one, reading)]
        return found or _unsure(self._resolve(named))

    # -- which mentions count

    def _read(self, text: str) -> Reading:
        """The names in a text, without those of places elsewhere, what lies there, and ends of longer names."""
        reading = self._spelled_out(read(text, self._names))
        foreign = [
            one
            for one in reading.mentions
            if self._is_elsewhere(one) or (one.name in self._elsewhere and is_after_district(one, reading))
        ]
        ends = {place for one in foreign for place in ends_before(one, reading)} | set(self._unknown_districts(reading))
        kept = (
            one
            for one in reading.mentions
            if one not in foreign
            and one.end not in ends
            and (one.name in self._districts or not reading.is_longer_name(one))
            and not self._is_chance(one, reading)
        )
        mentions = tuple(kept)
        rest = (*reading.rest, "elsewhere") if len(mentions) < len(reading.mentions) else reading.rest
        return replace(reading, mentions=mentions, rest=rest)

    def _spelled_out(self, reading: Reading) -> Reading:
        """The reading with the districts that were named by a type and first letters: "h. VQ"."""
        mentions = (
            replace(one, name=tuple(words(short.bare)), spelled=tuple(spelled(short.bare)), type=type_of(short.type))
            if (short := self._short.get(one.name))
            else one
            for one in reading.mentions
        )
        return replace(reading, mentions=tuple(mentions))

    def _said_elsewhere(self, answer: str) -> list[Mention]:
        """The units with a type word that a place elsewhere follows."""
        mentions = read(answer, self._names).mentions
        return [
            one
            for one, after in pairwise(mentions)
            if one.type and not self._is_elsewhere(one) and self._is_elsewhere(after)
        ]

    def _is_elsewhere(self, mention: Mention) -> bool:
        if mention.name not in self._elsewhere:
            return False
        if mention.name not in self._units and mention.name not in self._districts:
            return True
        if mention.is_marked and not any(
            _is_spelled(mention, unit, False) for unit in self._units.get(mention.name, ())
        ):
            return any(mention.is_spelled(name) for name in self._pack.places.elsewhere)
        return mention.type == "tinh" or (mention.is_district and mention.name not in self._districts)

    def _unknown_districts(self, reading: Reading) -> Iterator[int]:
        """Where a district is named that is none of the pack's: "huyện Sóc Sơn"."""
        for start, end, type_ in reading.loose:
            named = type_ in (*DISTRICTS, "tinh") and end < len(reading.tokens)
            if named and not is_filler(reading.tokens[end]) and not self._district_nearly(reading.tokens[end:]):
                yield start

    def _district_nearly(self, tokens: Sequence[str]) -> bool:
        if any(tokens[0] == "".join(word[0] for word in name) for name in self._districts):
            return True
        said = ["".join(tokens[:length]) for length in (1, 2, 3)]
        return any(within_one(one, "".join(name)) for one in said for name in self._districts)

    def _certain(self, reading: Reading, strictly: bool = False) -> list[Mention]:
        """The mentions beside a type word or their district, and the districts that directly follow one of them."""
        kept: list[Mention] = []
        for mention, after in zip_longest(reading.mentions, reading.mentions[1:]):
            follows = bool(kept) and reading.leads_to(kept[-1], mention) and mention.name in self._districts
            homely = after is not None and reading.leads_to(mention, after) and self._lies_there(mention, after)
            ordinary = self._is_ordinary(mention) and not reading.is_after_at(mention) and reading.goes_on(mention)
            typed = bool(mention.type) and not (strictly and ordinary)
            if typed or follows or homely or self._is_said_to_be_home(mention, reading):
                kept.append(mention)
        return kept

    def _is_said_to_be_home(self, mention: Mention, reading: Reading) -> bool:
        return mention.is_capital and len(mention.name) > 1 and reading.is_after_at(mention)

    def _lies_there(self, mention: Mention, district: Mention) -> bool:
        home = self._districts.get(district.name)
        return home is not None and any(self._lies_in(unit, home) for unit in self._units.get(mention.name, ()))

    def _names_a_unit(self, mentions: Sequence[Mention]) -> bool:
        return any(one.name in self._units and not one.is_district for one in mentions)

    def _is_only_said(self, reading: Reading) -> bool:
        """Whether ordinary words are more likely meant: "em đồng ý" agrees, and "em ở đồng ý" does not."""
        bare = sum(one.end - one.start for one in reading.mentions) == len(reading.tokens)
        ordinary = all(self._is_ordinary(one) and not one.type for one in reading.mentions)
        return ordinary and not bare and not reading.has_at

    def _is_ordinary(self, mention: Mention) -> bool:
        """Whether it may be no name at all: "xã thống nhất phương án" is no commune."""
        return mention.name in self._ordinary and not all(word[0].isupper() for word in mention.spelled)

    def _is_chance(self, mention: Mention, reading: Reading) -> bool:
        """Whether words of a sentence only sound like a name: "xã bảo làm lại" is no Bảo Lâm, "xã đồng ý cho" no Đồng Ý."""
        if mention.is_capital or reading.is_after_at(mention) or not reading.goes_on(mention):
            return False
        if mention.name in self._ordinary and mention.name not in self._districts:
            return not (mention.type and reading.is_in_want(mention))
        bearers = list(self._bearers(mention))
        return (
            bool(bearers) and mention.is_marked and not any(mention.is_spelled(one, exactly=False) for one in bearers)
        )

    # -- from mentions to candidates

    def _resolve(self, mentions: Sequence[Mention]) -> list[Candidate]:
        mentions = self._without_province(mentions)
        district = self._district(mentions)
        places = [mention for mention in mentions if mention is not district]
        if not places:
            return self._of_district(district.name) if district else []
        found = [self._candidates(place, district) for place in places]
        return _together(found)

    def _without_province(self, mentions: Sequence[Mention]) -> list[Mention]:
        kept = [mention for mention in mentions if mention.type != "tinh"]
        return [mention for mention in kept if mention.type or mention.name != self._province]

    def _district(self, mentions: Sequence[Mention]) -> Mention | None:
        """The mention that tells the district: by its type word, else the last name, else the first."""
        named = [mention for mention in mentions if mention.name in self._districts]
        typed = [mention for mention in named if mention.is_district]
        if typed:
            return typed[-1]
        if len(mentions) < 2:
            return None if self._is_also_a_unit(mentions) else next(iter(named), None)
        for mention in (mentions[-1], mentions[0]):
            if mention in named and not mention.type:
                return mention
        return None

    def _is_also_a_unit(self, mentions: Sequence[Mention]) -> bool:
        return any(mention.name in self._units for mention in mentions)

    def _candidates(self, place: Mention, district: Mention | None) -> list[Candidate]:
        units, sure = self._narrow(place, district)
        sure = sure and (bool(place.type) or bool(district) or place.name not in self._elsewhere)
        found = [replace(candidate, sure=sure) for candidate in self._of_era(units)]
        if district or place.type or place.age == "moi" or place.name not in self._districts:
            return found
        have = {candidate.unit.code for candidate in found}
        return found + [other for other in self._of_district(place.name) if other.unit.code not in have]

    def _narrow(self, place: Mention, district: Mention | None) -> tuple[list[Unit], bool]:
        """The units of that name that fit all that was typed; what no unit fits is set aside, and then it is unsure."""
        if place.name in self._by_alias:
            return [self._by_alias[place.name]], True
        units, sure = self._units.get(place.name, []), True
        for fits in self._tests(place, district):
            fitting = [unit for unit in units if fits(unit)]
            units, sure = (fitting, sure) if fitting else (units, False)
        if self._era == self._old:  # then a new name counts only where no old unit bears it
            units = [unit for unit in units if unit.era == self._old] or units
        return units, sure

    def _tests(self, place: Mention, district: Mention | None) -> Iterable[Callable[[Unit], bool]]:
        if district:
            home = self._districts[district.name]
            yield lambda unit: self._lies_in(unit, home)
        if place.type:
            yield lambda unit: type_of(unit.type) == place.type
        if place.is_marked:
            exactly = any(_is_spelled(place, unit, True) for unit in self._units.get(place.name, ()))
            yield lambda unit: _is_spelled(place, unit, exactly)
        if place.age:
            era = self._old if place.age == "cu" else self._new
            yield lambda unit: unit.era == era

    def _lies_in(self, unit: Unit, district: District) -> bool:
        if unit.era == self._old:
            return unit.district == district.name
        return any(self._pack.unit(code, self._old).district == district.name for code in unit.formers)

    # -- from units of both eras to those of the dialogue's

    def _of_era(self, units: Sequence[Unit]) -> list[Candidate]:
        """One candidate a unit; it keeps the old unit only where exactly that one led to it."""
        led: dict[str, list[Unit | None]] = defaultdict(list)
        for unit in units:
            for code in self._here(unit):
                led[code].append(None if unit.era == self._era or self._era == self._old else unit)
        return [
            Candidate(self._pack.unit(code, self._era), named[0] if len(named) == 1 else None)
            for code, named in led.items()
        ]

    def _here(self, unit: Unit) -> tuple[str, ...]:
        if unit.era == self._era:
            return (unit.code,)
        return unit.successors if unit.era == self._old else unit.formers

    def _of_district(self, name: tuple[str, ...]) -> list[Candidate]:
        """All units of the era that were formed from a district, the one that bears its name first."""
        district = self._districts[name]
        there = [unit for unit in self._pack.units(self._era) if self._lies_in(unit, district)]
        return [Candidate(unit) for unit in sorted(there, key=lambda unit: (unit.bare != district.bare, unit.code))]

    # -- slips

    def _slipped(self, reading: Reading) -> list[Candidate]:
        """What is one letter away from the words that are no name, where nothing was named but perhaps a district."""
        around = [mention for mention in reading.mentions if mention.type != "tinh" and mention.name != self._province]
        if any(mention.name not in self._districts or (mention.type and not mention.is_district) for mention in around):
            return []
        district = around[-1] if around else None
        close = [] if reading.rest in self._units else list(self._nearly(reading.as_typed(reading.rest), None))
        names = [replace(AGAIN, name=name, type=reading.type) for name in sorted(close)]
        return _unsure(_together([self._candidates(name, district) for name in names]))

    def _slipped_beside(self, reading: Reading, certain: Sequence[Mention]) -> list[Candidate]:
        """What is one letter away from the words behind a type word or before a district."""
        district = next((one for one in reversed(certain) if one.name in self._districts), None)
        home = self._districts[district.name] if district else None
        ends = {end: type_ for _, end, type_ in reading.loose if type_ not in (*DISTRICTS, "tinh")}
        windows = [(start, start + length) for start in ends for length in _WINDOWS]
        if district:
            windows += [(district.start - length, district.start) for length in _WINDOWS]
        near = {
            (start, end): list(self._nearly(reading.spelled[start:end], home))
            for start, end in windows
            if start >= 0 and end <= len(reading.tokens)
        }
        longest = [window for window in near if near[window] and not is_inside(window, near)]
        names = {(name, ends.get(window[0], "")) for window in longest for name in near[window]}
        guessed = [replace(AGAIN, name=name, type=type_) for name, type_ in sorted(names)]
        return _unsure(_together([self._candidates(place, district) for place in guessed]))

    def _nearly(self, said: Sequence[str], home: District | None) -> Iterator[tuple[str, ...]]:
        """The names one letter away; those of a district may be shorter, since there are few.

        What is a name word for word was heard before, and found to be none, unless a district stands beside it.
        """
        folded = tuple(map(fold, said))
        typed = "".join(folded)
        if len(typed) < (_SHORTEST_AT_HOME if home else _SHORTEST_SLIP):
            return
        for name, units in self._units.items():
            there = home is None or any(self._lies_in(unit, home) for unit in units)
            close = there and (home or folded != name) and within_one(typed, "".join(name))
            if close and any(in_one_word(said, spelled(one)) for unit in units for one in (unit.bare, *unit.aliases)):
                yield name


def _is_spelled(place: Mention, unit: Unit, exactly: bool) -> bool:
    return any(place.is_spelled(name, exactly) for name in (unit.bare, *unit.aliases))


def _together(found: Sequence[Sequence[Candidate]]) -> list[Candidate]:
    """One list of all. Where the places share a unit ("Mai Sao, Nhân Lý"), it is that; the old unit named is kept."""
    best: dict[str, Candidate] = {}
    for candidate in (candidate for candidates in found for candidate in candidates):
        known = best.get(candidate.unit.code)
        best[candidate.unit.code] = candidate if known is None or not known.former else known
    shared = [code for code in best if all(any(one.unit.code == code for one in each) for each in found)]
    return [best[code] for code in shared or best]


def _unsure(candidates: Sequence[Candidate]) -> list[Candidate]:
    return [replace(candidate, sure=False) for candidate in candidates]
