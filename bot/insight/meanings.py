"""What names of places mean: the units and districts of both eras that bear them, narrowed by what was typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.insight.candidates import Candidate, together, unsure
from bot.insight.folding import fold, spelled, words
from bot.insight.mentions import AGAIN, Mention, Reading
from bot.insight.type_words import DISTRICTS, Name, type_of
from bot.insight.typing_slips import in_one_word, is_inside, within_one
from bot.pack import District, Pack, Unit

_SHORTEST_AT_HOME = 3
_WINDOWS = (1, 2, 3, 4)  # words that may be one name
_SHORTEST_SLIP = 5  # letters: below, one letter more or less is another name


class Meanings:
    """Turns mentions into the candidates of one era."""

    def __init__(self, pack: Pack, era: int, aliases: Mapping[str, str]) -> None:
        self._pack, self._era = pack, era
        self._old, self._new = pack.facts.eras
        self.units: dict[tuple[str, ...], list[Unit]] = defaultdict(list)
        for unit in sorted(pack.places.units, key=lambda unit: (-unit.era, unit.code)):
            for name in (unit.bare, *unit.aliases):
                self.units[tuple(words(name))].append(unit)
        self.districts = {tuple(words(district.bare)): district for district in pack.places.districts}
        self._by_alias = {tuple(words(name)): pack.unit(code, self._era) for name, code in aliases.items()}
        self.elsewhere = frozenset(tuple(words(name)) for name in pack.places.elsewhere)
        self.province = tuple(words(pack.places.province))[1:]

    @property
    def names(self) -> frozenset[Name]:
        """All that a unit or a district is called."""
        return frozenset(self.units) | frozenset(self.districts) | frozenset(self._by_alias)

    def bearers(self, mention: Mention) -> Iterator[str]:
        """The names of the units and the district that a mention may mean, as they are spelled."""
        for unit in self.units.get(mention.name, ()):
            yield from (unit.bare, *unit.aliases)
        if mention.name in self.districts:
            yield self.districts[mention.name].bare

    def is_spelled_so(self, mention: Mention) -> bool:
        """Whether a unit has the marks that were typed."""
        return any(_is_spelled(mention, unit, False) for unit in self.units.get(mention.name, ()))

    def lies_there(self, mention: Mention, district: Mention) -> bool:
        """Whether a unit of that name lies in the district that follows."""
        home = self.districts.get(district.name)
        return home is not None and any(self._lies_in(unit, home) for unit in self.units.get(mention.name, ()))

    def names_a_unit(self, mentions: Sequence[Mention]) -> bool:
        """Whether one of them is more than a district."""
        return any(one.name in self.units and not one.is_district for one in mentions)

    def codes(self, mention: Mention) -> set[str]:
        """The units of the era that bear the name or came from one that did, without those of its district."""
        return {one.unit.code for one in self._of_era(self._narrow(mention, None)[0])}

    # -- from mentions to candidates

    def resolve(self, mentions: Sequence[Mention]) -> list[Candidate]:
        """The candidates that mentions mean together, where one may be the district of the others."""
        mentions = self._without_province(mentions)
        district = self._district(mentions)
        places = [mention for mention in mentions if mention is not district]
        if not places:
            return self._of_district(district.name) if district else []
        found = [self.candidates(place, district) for place in places]
        return together(found)

    def _without_province(self, mentions: Sequence[Mention]) -> list[Mention]:
        kept = [mention for mention in mentions if mention.type != "tinh"]
        return [mention for mention in kept if mention.type or mention.name != self.province]

    def _district(self, mentions: Sequence[Mention]) -> Mention | None:
        """The mention that tells the district: by its type word, else the last name, else the first."""
        named = [mention for mention in mentions if mention.name in self.districts]
        typed = [mention for mention in named if mention.is_district]
        if typed:
            return typed[-1]
        for before, after in pairwise(mentions):
            if before.end == after.start and not after.type and self.lies_there(before, after):
                return after
        if len(mentions) < 2:
            return None if self._is_also_a_unit(mentions) else next(iter(named), None)
        for mention in (mentions[-1], mentions[0]):
            if mention in named and not mention.type:
                return mention
        return None

    def _is_also_a_unit(self, mentions: Sequence[Mention]) -> bool:
        return any(mention.name in self.units for mention in mentions)

    def candidates(self, place: Mention, district: Mention | None) -> list[Candidate]:
        """The candidates of one name; without a type word those of its district too."""
        units, sure = self._narrow(place, district)
        sure = sure and (bool(place.type) or bool(district) or place.name not in self.elsewhere)
        found = [replace(candidate, sure=sure) for candidate in self._of_era(units)]
        if district or place.type or place.age == "moi" or place.name not in self.districts:
            return found
        have = {candidate.unit.code for candidate in found}
        return found + [other for other in self._of_district(place.name) if other.unit.code not in have]

    def _narrow(self, place: Mention, district: Mention | None) -> tuple[list[Unit], bool]:
        """The units of that name that fit all that was typed; what no unit fits is set aside, and then it is unsure."""
        if place.name in self._by_alias:
            return [self._by_alias[place.name]], True
        units, sure = self.units.get(place.name, []), True
        for fits in self._tests(place, district):
            fitting = [unit for unit in units if fits(unit)]
            units, sure = (fitting, sure) if fitting else (units, False)
        if self._era == self._old:  # then a new name counts only where no old unit bears it
            units = [unit for unit in units if unit.era == self._old] or units
        return units, sure

    def _tests(self, place: Mention, district: Mention | None) -> Iterable[Callable[[Unit], bool]]:
        if district:
            home = self.districts[district.name]
            yield lambda unit: self._lies_in(unit, home)
        if place.type:
            yield lambda unit: type_of(unit.type) == place.type
        if place.is_marked:
            exactly = any(_is_spelled(place, unit, True) for unit in self.units.get(place.name, ()))
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
        district = self.districts[name]
        there = [unit for unit in self._pack.units(self._era) if self._lies_in(unit, district)]
        return [Candidate(unit) for unit in sorted(there, key=lambda unit: (unit.bare != district.bare, unit.code))]

    # -- slips

    def slipped(self, reading: Reading) -> list[Candidate]:
        """What is one letter away from the words that are no name, where nothing was named but perhaps a district."""
        around = [mention for mention in reading.mentions if mention.type != "tinh" and mention.name != self.province]
        if any(mention.name not in self.districts or (mention.type and not mention.is_district) for mention in around):
            return []
        district = around[-1] if around else None
        close = [] if reading.rest in self.units else list(self._nearly(reading.as_typed(reading.rest), None))
        names = [replace(AGAIN, name=name, type=reading.type) for name in sorted(close)]
        return unsure(together([self.candidates(name, district) for name in names]))

    def slipped_beside(self, reading: Reading, certain: Sequence[Mention]) -> list[Candidate]:
        """What is one letter away from the words behind a type word or before a district."""
        district = next((one for one in reversed(certain) if one.name in self.districts), None)
        home = self.districts[district.name] if district else None
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
        return unsure(together([self.candidates(place, district) for place in guessed]))

    def _nearly(self, said: Sequence[str], home: District | None) -> Iterator[tuple[str, ...]]:
        """The names one letter away; those of a district may be shorter, since there are few.

        What is a name word for word was heard before, and found to be none, unless a district stands beside it.
        """
        folded = tuple(map(fold, said))
        typed = "".join(folded)
        if len(typed) < (_SHORTEST_AT_HOME if home else _SHORTEST_SLIP):
            return
        for name, units in self.units.items():
            there = home is None or any(self._lies_in(unit, home) for unit in units)
            close = there and (home or folded != name) and within_one(typed, "".join(name))
            if close and any(in_one_word(said, spelled(one)) for unit in units for one in (unit.bare, *unit.aliases)):
                yield name


def _is_spelled(place: Mention, unit: Unit, exactly: bool) -> bool:
    return any(place.is_spelled(name, exactly) for name in (unit.bare, *unit.aliases))
