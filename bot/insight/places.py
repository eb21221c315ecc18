"""Which commune a text names, among those of today and of before the merger of 2025.

A name alone never decides: it means every unit of that name, then and now, and the district of that name. A type word, the
marks that were typed, a district, "cũ" (old) or "mới" (new) narrow it. Whoever gets several candidates asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.insight.folding import fold, words
from bot.insight.mentions import AGAIN, Mention, Reading, is_plain, read
from bot.insight.typing_slips import within_one
from bot.pack import ERAS, District, Pack, Unit

_OLD, _NEW = ERAS
_SHORT_ANSWER = 8  # words
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

    def __init__(self, pack: Pack, era: int = _NEW) -> None:
        self._pack, self._era = pack, era
        self._units: dict[tuple[str, ...], list[Unit]] = defaultdict(list)
        for unit in sorted(pack.places.units, key=lambda unit: (-unit.era, unit.code)):
            for name in (unit.bare, *unit.aliases):
                self._units[tuple(words(name))].append(unit)
        self._districts = {tuple(words(district.bare)): district for district in pack.places.districts}
        self._names = frozenset(self._units) | frozenset(self._districts)
        self._province = tuple(words(pack.places.province))[1:]
        self._ordinary = frozenset(tuple(words(name)) for name in pack.places.ordinary)

    def find(self, answer: str) -> list[Candidate]:
        """The candidates for a short answer to "which commune?"; best first, empty when nothing fits."""
        reading = read(answer, self._names)
        if reading.is_names_only:
            return self._resolve(reading.mentions)
        typed = self._with_type(reading.mentions)
        if len(reading.tokens) > _SHORT_ANSWER:
            return self._resolve(typed)
        found = self._slipped(reading)
        if found:
            return found
        if typed and is_plain(reading, typed[-1].end):
            return self._resolve(typed) or _unsure(self._resolve(reading.mentions))
        return _unsure(self._resolve(typed) or self._resolve(reading.mentions))

    def mentioned(self, sentence: str) -> list[Candidate]:
        """The candidates that a whole sentence names beside a type word, or by being nothing but a name."""
        reading = read(sentence, self._names)
        if reading.is_names_only:
            return self._resolve(reading.mentions)
        return self._resolve(self._with_type(reading.mentions, strictly=True))

    # -- which mentions count

    def _with_type(self, mentions: Sequence[Mention], strictly: bool = False) -> list[Mention]:
        """The mentions beside a type word, and the districts that directly follow one of them."""
        kept: list[Mention] = []
        for mention in mentions:
            follows = bool(kept) and mention.start == kept[-1].end and mention.name in self._districts
            if (mention.type and not (strictly and self._is_ordinary(mention))) or follows:
                kept.append(mention)
        return kept

    def _is_ordinary(self, mention: Mention) -> bool:
        """Whether it may be no name at all: "xã thống nhất phương án" is no commune."""
        return mention.name in self._ordinary and not all(word[0].isupper() for word in mention.spelled)

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
        if len(kept) < 2:
            return kept
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
        found = [replace(candidate, sure=sure) for candidate in self._of_era(units)]
        if district or place.type or place.age == "moi" or place.name not in self._districts:
            return found
        have = {candidate.unit.code for candidate in found}
        return found + [other for other in self._of_district(place.name) if other.unit.code not in have]

    def _narrow(self, place: Mention, district: Mention | None) -> tuple[list[Unit], bool]:
        """The units of that name that fit all that was typed; what no unit fits is set aside, and then it is unsure."""
        units, sure = self._units.get(place.name, []), True
        for fits in self._tests(place, district):
            fitting = [unit for unit in units if fits(unit)]
            units, sure = (fitting, sure) if fitting else (units, False)
        if self._era == _OLD:  # then a new name counts only where no old unit bears it
            units = [unit for unit in units if unit.era == _OLD] or units
        return units, sure

    def _tests(self, place: Mention, district: Mention | None) -> Iterable[Callable[[Unit], bool]]:
        if district:
            home = self._districts[district.name]
            yield lambda unit: self._lies_in(unit, home)
        if place.type:
            yield lambda unit: fold(unit.type) == place.type
        if place.is_marked:
            yield lambda unit: any(place.is_spelled(name) for name in (unit.bare, *unit.aliases))
        if place.age:
            era = _OLD if place.age == "cu" else _NEW
            yield lambda unit: unit.era == era

    def _lies_in(self, unit: Unit, district: District) -> bool:
        if unit.era == _OLD:
            return unit.district == district.name
        return any(self._pack.unit(code, _OLD).district == district.name for code in unit.formers)

    # -- from units of both eras to those of the dialogue's

    def _of_era(self, units: Sequence[Unit]) -> list[Candidate]:
        """One candidate a unit; it keeps the old unit only where exactly that one led to it."""
        led: dict[str, list[Unit | None]] = defaultdict(list)
        for unit in units:
            for code in self._here(unit):
                led[code].append(None if unit.era == self._era or self._era == _OLD else unit)
        return [
            Candidate(self._pack.unit(code, self._era), named[0] if len(named) == 1 else None)
            for code, named in led.items()
        ]

    def _here(self, unit: Unit) -> tuple[str, ...]:
        if unit.era == self._era:
            return (unit.code,)
        return unit.successors if unit.era == _OLD else unit.formers

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
        typed = "".join(reading.rest)
        close = [name for name in self._units if len(typed) >= _SHORTEST_SLIP and within_one(typed, "".join(name))]
        names = [replace(AGAIN, name=name, type=reading.type) for name in sorted(close)]
        return _unsure(_together([self._candidates(name, district) for name in names]))


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
