"""Which commune a text names, among those of both eras.

A name alone never decides: it means every unit of that name, then and now, and the district of that name. A type word, the
marks that were typed, a district, "cũ" (old) or "mới" (new) narrow it. Whoever gets several candidates asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest

from bot.insight.candidates import Candidate, all_of, unsure
from bot.insight.chance import is_called_so, is_history, is_in_address, is_title, runs_on
from bot.insight.companions import companions, is_affirmed, is_reached, is_visited, joined
from bot.insight.elsewhere import ends_before, is_after_district
from bot.insight.folding import spelled, words
from bot.insight.meanings import Meanings
from bot.insight.mentions import Mention, Reading, is_filler, is_plain, read
from bot.insight.place_words import AT, WITHIN
from bot.insight.type_words import DISTRICTS, abbreviated, type_of
from bot.insight.typing_slips import within_one
from bot.pack import Pack

_SHORT_ANSWER = 8  # words
_BESIDE = 1  # words beside a name with which an answer is still one


class Gazetteer:
    """Finds the units of one era by what people type. Built once; about 1 ms an answer."""

    def __init__(self, pack: Pack, year: int = 0, aliases: Mapping[str, str] | None = None) -> None:
        """`year` tells the era, the newest without one; `aliases` are names that staff added, with a code of that era."""
        self._meanings = Meanings(pack, pack.era(year), aliases or {})
        self._short = abbreviated(pack.places.districts)
        self._elsewhere_spelled = pack.places.elsewhere
        self._elsewhere = self._meanings.elsewhere
        self._names = self._meanings.names | self._elsewhere | frozenset(self._short)
        self._ordinary = {tuple(words(name)): name for name in pack.places.ordinary}

    def find(self, answer: str) -> list[Candidate]:
        """The candidates for a short answer to "which commune?"; best first, empty when nothing fits.

        A unit that is said to lie elsewhere is asked about.
        """
        return self._answered(answer) or unsure(self._meanings.resolve(self._said_elsewhere(answer)))

    def _answered(self, answer: str) -> list[Candidate]:
        reading = self._read(answer)
        if reading.is_names_only:
            return [] if self._is_only_said(reading) else self._named(reading)
        certain = self._certain(reading)
        if len(reading.tokens) > _SHORT_ANSWER:
            return self._told(certain, reading)
        found = (
            []
            if self._meanings.names_a_unit(certain)
            else self._meanings.slipped_beside(reading, certain) or self._meanings.slipped(reading)
        )
        if found:
            return found
        if certain and is_plain(reading, certain[-1].end):
            return self._with_companions(certain, reading) or unsure(self._meanings.resolve(reading.mentions))
        said = [one for one in reading.mentions if self._may_be_meant(one, reading)]
        return unsure(self._with_companions(certain, reading) or self._meanings.resolve(said))

    def _may_be_meant(self, mention: Mention, reading: Reading) -> bool:
        if mention.type or reading.is_beside(mention) or self._is_where(mention, reading):
            return True
        if is_visited(mention, reading) or is_affirmed(mention, reading):
            return True
        if self._is_ordinary(mention) or mention.name == self._meanings.province:
            return False
        said = [word for word in reading.rest if not is_filler(word)]
        return len(said) <= _BESIDE or self._stands_out(mention, reading)

    def _stands_out(self, mention: Mention, reading: Reading) -> bool:
        """Whether it is written as a name, and is not one that people and things bear as well."""
        if len(mention.name) < 2 or self._sounds_ordinary(mention):
            return False
        if mention.is_capital or mention.is_mixed:
            return mention.is_capital
        if not mention.is_marked:
            return reading.is_marked
        return any(mention.is_spelled(name) for name in self._meanings.bearers(mention))

    def mentioned(self, sentence: str) -> list[Candidate]:
        """The candidates that a whole sentence names beside a type word, or by being nothing but a name."""
        reading = self._read(sentence)
        if reading.is_names_only:
            return self._named(reading)
        return self._told(self._certain(reading, strictly=True), reading)

    def _named(self, reading: Reading) -> list[Candidate]:
        """The candidates where nothing but names was said; what is joined to another is no district of it."""
        apart = list(joined(reading.mentions, reading))
        return self._beside([one for one in reading.mentions if one not in apart], apart)

    def _told(self, mentions: Sequence[Mention], reading: Reading) -> list[Candidate]:
        found = self._with_companions(mentions, reading)
        doubted = any(map(reading.is_doubted, mentions)) or not all(one.sure for one in found)
        return unsure(found) if doubted else found

    def _with_companions(self, mentions: Sequence[Mention], reading: Reading) -> list[Candidate]:
        """The candidates of these, and of the other units of the text that stand as places beside them."""
        if not self._meanings.names_a_unit(mentions):
            return self._meanings.resolve(mentions)
        told = {one.name for one in mentions}
        others = [one for one in self._units_among(reading.mentions) if one.name not in told]
        near = list(companions(mentions, others, reading))
        return self._beside(
            mentions, near, [one for one in others if one not in near and self._is_another(one, reading)]
        )

    def _is_another(self, mention: Mention, reading: Reading) -> bool:
        """Whether it is written as the name of a unit, and of no district or person."""
        capital = mention.is_capital and not reading.is_shouted and mention.name not in self._meanings.districts
        return (
            capital and len(mention.name) > 1 and not self._sounds_ordinary(mention) and not self._is_foreign(mention)
        )

    def _is_foreign(self, mention: Mention) -> bool:
        return mention.name in self._elsewhere and not mention.type

    def _beside(
        self, mentions: Sequence[Mention], others: Sequence[Mention], said: Sequence[Mention] = ()
    ) -> list[Candidate]:
        """The candidates of mentions and of others that narrow nothing; who names several units is asked which.

        What is only `said` counts where it means none of those found.
        """
        found = self._meanings.resolve(mentions)
        codes = {one.unit.code for one in found}
        apart = [one for one in others if self._meanings.codes(one) != codes]
        apart += [one for one in said if codes.isdisjoint(self._meanings.codes(one))]
        return unsure(all_of([found, *(self._meanings.candidates(one, None) for one in apart)])) if apart else found

    def understood(self, text: str) -> list[Candidate]:
        """The candidates of any text, a short answer or a whole story; those found by a slip of a letter are not sure."""
        reading = self._read(text)
        if len(reading.tokens) <= _SHORT_ANSWER:
            return self._answered(text)
        certain = self._certain(reading, strictly=True)
        if self._meanings.names_a_unit(certain):
            return self._told(certain, reading)
        found = self._meanings.slipped_beside(reading, certain) or self._told(certain, reading)
        return found or unsure(self._meanings.resolve(list(self._said(reading))))

    def _said(self, reading: Reading) -> Iterator[Mention]:
        """The mentions in a long text where somebody says to be, else all that may be meant for a place."""
        at = [one for one in reading.mentions if self._is_where(one, reading)]
        if at:
            return iter((*at, *companions(at, self._units_among(reading.mentions), reading)))
        return (
            one for one in reading.mentions if one.type or self._stands_out(one, reading) or is_visited(one, reading)
        )

    def _is_where(self, mention: Mention, reading: Reading) -> bool:
        if not reading.is_after_at(mention):
            return False
        within = reading.says(mention.start - 1, WITHIN)  # "tu minh hoa" may draw, "o minh hoa" lives there
        return within or not self._is_ordinary(mention) or not reading.goes_on(mention)

    def _units_among(self, mentions: Sequence[Mention]) -> list[Mention]:
        """The mentions that name a unit, and not the province."""
        kept = [one for one in mentions if one.type or one.name != self._meanings.province]
        return [one for one in kept if self._meanings.names_a_unit([one])]

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
            and (one.name in self._meanings.districts or not reading.is_longer_name(one))
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
        if mention.name not in self._meanings.units and mention.name not in self._meanings.districts:
            return True
        if mention.is_marked and not self._meanings.is_spelled_so(mention):
            return any(mention.is_spelled(name) for name in self._elsewhere_spelled)
        return mention.type == "tinh" or (mention.is_district and mention.name not in self._meanings.districts)

    def _unknown_districts(self, reading: Reading) -> Iterator[int]:
        """Where a district is named that is none of the pack's: "huyện Sóc Sơn"."""
        for start, end, type_ in reading.loose:
            named = type_ in (*DISTRICTS, "tinh") and end < len(reading.tokens)
            if named and not is_filler(reading.tokens[end]) and not self._district_nearly(reading.tokens[end:]):
                yield start

    def _district_nearly(self, tokens: Sequence[str]) -> bool:
        if any(tokens[0] == "".join(word[0] for word in name) for name in self._meanings.districts):
            return True
        said = ["".join(tokens[:length]) for length in (1, 2, 3)]
        return any(within_one(one, "".join(name)) for one in said for name in self._meanings.districts)

    def _certain(self, reading: Reading, strictly: bool = False) -> list[Mention]:
        """The mentions beside a type word or their district, and the districts that directly follow one of them."""
        kept: list[Mention] = []
        for mention, after in zip_longest(reading.mentions, reading.mentions[1:]):
            follows = bool(kept) and reading.leads_to(kept[-1], mention) and mention.name in self._meanings.districts
            homely = (
                after is not None and reading.leads_to(mention, after) and self._meanings.lies_there(mention, after)
            )
            ordinary = self._is_ordinary(mention) and not reading.is_after_at(mention) and reading.goes_on(mention)
            typed = bool(mention.type) and not (strictly and ordinary)
            if typed or follows or homely or self._is_said_to_be_home(mention, reading):
                kept.append(mention)
        return kept

    def _is_said_to_be_home(self, mention: Mention, reading: Reading) -> bool:
        return mention.is_capital and len(mention.name) > 1 and reading.says(mention.start - 1, AT)

    def _is_only_said(self, reading: Reading) -> bool:
        """Whether ordinary words are more likely meant: "em đồng ý" agrees, and "em ở đồng ý" does not."""
        bare = sum(one.end - one.start for one in reading.mentions) == len(reading.tokens)
        ordinary = all(self._is_ordinary(one) and not one.type for one in reading.mentions)
        return ordinary and not bare and not reading.has_at

    def _is_ordinary(self, mention: Mention) -> bool:
        """Whether it may be no name at all: "xã thống nhất phương án" is no commune."""
        return self._sounds_ordinary(mention) and not mention.is_capital

    def _sounds_ordinary(self, mention: Mention) -> bool:
        """Whether ordinary words are typed like it: "nhất tiến" may be, "nhật tiến" is the name of a commune."""
        if mention.name not in self._ordinary or not mention.is_marked:
            return mention.name in self._ordinary
        return mention.is_spelled(self._ordinary[mention.name]) or not any(
            map(mention.is_spelled, self._meanings.bearers(mention))
        )

    def _is_chance(self, mention: Mention, reading: Reading) -> bool:
        """Whether words of a sentence only sound like a name: "xã bảo làm lại" is no Bảo Lâm, "xã đồng ý cho" no Đồng Ý."""
        if runs_on(mention, reading) or is_called_so(mention, reading) or is_history(mention, reading):
            return True
        if reading.is_after_at(mention):
            return False
        bearers = list(self._meanings.bearers(mention))
        fits = any(mention.is_spelled(one, exactly=False) for one in bearers)
        if is_title(mention) and not fits:
            return True
        if mention.is_capital or not reading.goes_on(mention):
            return False
        if self._sounds_ordinary(mention) and mention.name not in self._meanings.districts:
            told = reading.is_in_want(mention) or is_in_address(mention, reading)
            return not (is_reached(mention, reading) or (mention.type and told))
        return bool(bearers) and mention.is_marked and not fits
