"""Place names in a text: where they stand, and the words around them that narrow what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.insight.bearers import is_borne
from bot.insight.folding import breaks, fold, is_marked, spelled, toned
from bot.insight.personal import FAMILIES
from bot.insight.place_words import AT, BELONGING, FURTHEST, REACHING, Words
from bot.insight.type_words import AFTER, DISTRICTS, MANY, TYPES, Name, loose, type_before, without_types

_AGES = {"cũ": "cu", "cu": "cu", "mới": "moi", "moi": "moi", "old": "cu", "new": "moi"}
_EACH = frozenset("nguoi thang tuan ngay nam lan buoi nha khi viec thu hom the".split())  # noqa: SIM905 - behind "mỗi", "mọi", "cụ"
_WANTS_MARKED = [
    "bị",
    "thiếu",
    "cần",
    "muốn",
    "đang",
    "hỏng",
    "mất",
    "chờ",
    "đi",
]  # what a commune has, and hardly what follows a verb
_WANTS = frozenset(map(toned, _WANTS_MARKED))
_WANTS_UNMARKED = frozenset(map(fold, _WANTS_MARKED)) - {"cho"}
_GOES_ON = frozenset({"cho", "thi"})  # fillers that rather begin what is done
_DENIALS = frozenset({("khong", "phai"), ("khong", "o"), ("chang", "phai")})
_OF = frozenset("thuoc cua o phia ben tren duoi of in".split())  # noqa: SIM905 - the district follows
_BY = frozenset("gan canh giap near".split())  # noqa: SIM905
_FILLERS = frozenset(
    """
    a ad ak anh ban ben bot cac chau chi cho con da day dang dia chi e em gia dinh gio hien hk ho i in from is live la
    luc m mik minh nay ne nha nhe noi o oi que rieng sap nhap song t tai ten thi thuoc thua toi trc truoc tu vang va van viec vo xin
    my i'm im the of and
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text. `start` and `end` count words; both take in the type word and "cũ" or "mới" beside it."""

    name: Name
    spelled: tuple[str, ...]
    start: int
    end: int
    type: str = ""
    age: str = ""  # "cu" or "moi"

    @property
    def is_district(self) -> bool:
        return self.type in DISTRICTS

    @property
    def is_capital(self) -> bool:
        return all(word[:1].isupper() for word in self.spelled)

    @property
    def is_mixed(self) -> bool:
        """Whether only some of its words begin with a capital."""
        return not self.is_capital and any(word[:1].isupper() for word in self.spelled)

    @property
    def is_marked(self) -> bool:
        return any(is_marked(word) for word in self.spelled)

    def is_spelled(self, name: str, exactly: bool = True) -> bool:
        """Whether the marks that were typed are those of the name; if not exactly, a word typed without any fits too."""
        meant = spelled(name)
        return len(meant) == len(self.spelled) and all(
            toned(word) == toned(other) or not (exactly or is_marked(word))
            for word, other in zip(self.spelled, meant, strict=True)
        )


AGAIN = Mention((), (), 0, 0)  # a name that was guessed, not typed


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as names and the rest. `type` is the type word that belongs to no name."""

    tokens: tuple[str, ...]
    mentions: tuple[Mention, ...]
    rest: tuple[str, ...]
    type: str
    spelled: tuple[str, ...] = ()
    loose: tuple[tuple[int, int, str], ...] = ()  # type words that belong to no name: start, end, type
    breaks: frozenset[int] = frozenset()  # the words before which a comma, a full stop or the like stands

    @property
    def is_names_only(self) -> bool:
        return bool(self.mentions) and not self.rest

    def as_typed(self, tokens: Iterable[str]) -> list[str]:
        """Folded words of the text as they were typed first."""
        spelled_of = dict(zip(self.tokens, self.spelled, strict=True))
        return [spelled_of.get(token, token) for token in tokens]

    @property
    def is_marked(self) -> bool:
        """Whether any word of it was typed with marks."""
        return any(map(is_marked, self.spelled))

    @property
    def is_shouted(self) -> bool:
        """Whether all of it is in capitals."""
        return all(word.isupper() for word in self.spelled)

    @property
    def has_at(self) -> bool:
        """Whether "in" or "from" stands anywhere."""
        return any(self.says(place, AT) for place in range(len(self.tokens)))

    def is_after_at(self, mention: Mention) -> bool:
        """Whether "in" or "from" stands before the name."""
        return self.says(mention.start - 1, AT) or self._is_furthest(mention.start - 1)

    def _is_furthest(self, place: int) -> bool:
        """Whether it is "tận", all the way to: "nhà tận Tri Lễ", "nha tan tri le"."""
        if not self.says(place, FURTHEST):
            return False
        return is_marked(self.spelled[place]) or self.says(place - 1, REACHING) or self.says(place - 1, BELONGING)

    def says(self, place: int, wanted: Words) -> bool:
        """Whether one of those words stands there."""
        return 0 <= place < len(self.tokens) and wanted.has(self.spelled[place], self.tokens[place])

    def leads_to(self, mention: Mention, after: Mention) -> bool:
        """Whether a name follows the other at once, or with no more than "of" or "belonging to" between."""
        between = self.tokens[mention.end : after.start]
        return len(between) <= 1 and _OF.issuperset(between)

    def is_beside(self, mention: Mention) -> bool:
        """Whether somebody says to be near the place."""
        return mention.start > 0 and self.tokens[mention.start - 1] in _BY

    def goes_on(self, mention: Mention) -> bool:
        """Whether a word that says something follows the name, and no other name."""
        if mention.end >= len(self.tokens) or any(one.start == mention.end for one in self.mentions):
            return False
        after = self.tokens[mention.end]
        return after in _GOES_ON or not is_filler(after)

    def is_in_want(self, mention: Mention) -> bool:
        """Whether what follows a name is said of a place, not by one: "xã hòa bình bị lũ", and no "xã mình tiền bị mất"."""
        after = mention.end
        if after in self.breaks:
            return True
        if after >= len(self.tokens) or is_filler(mention.name[0]):
            return False
        typed = self.spelled[after]
        return toned(typed) in _WANTS if is_marked(typed) else self.tokens[after] in _WANTS_UNMARKED

    def is_doubted(self, mention: Mention) -> bool:
        """Whether somebody may be from elsewhere: near it, not from it, or from a place behind it that nobody here knows."""
        before = self.tokens[max(mention.start - 3, 0) : mention.start]
        denied = any(pair in _DENIALS for pair in pairwise(before)) or not _NOT_THERE.isdisjoint(before)
        return denied or self._has_a_place_behind(mention)

    def _has_a_place_behind(self, mention: Mention) -> bool:
        """Whether just two capital words follow that are no name of ours: "xã Tân Thành, Phù Cừ"."""
        after = range(mention.end, min(mention.end + 3, len(self.tokens)))
        inside = {place for one in self.mentions for place in range(one.start, one.end)}
        names = [place not in inside and self._is_name_word(place) for place in after]
        return names[:2] == [True, True] and not any(names[2:]) and not self.is_shouted

    def is_longer_name(self, mention: Mention) -> bool:
        """Whether the name is the end of another one: "Chu Văn An" is no "Văn An"."""
        if mention.type or not mention.is_capital:
            return False
        return self._is_part(mention.start - 1, mention) or self._has_a_given_name(mention)

    def _is_part(self, before: int, mention: Mention) -> bool:
        if before < 0 or mention.start in self.breaks:
            return False
        if before == 0:  # what begins a text begins with a capital
            return self.spelled[0] in FAMILIES
        inside = any(other.start <= before < other.end for other in self.mentions)
        return not inside and self._is_name_word(before)

    def _has_a_given_name(self, mention: Mention) -> bool:
        """Whether just one more capital word follows, and no place: "Gia Cát Lượng"."""
        after = mention.end
        if after >= len(self.tokens) or after in self.breaks or any(one.start == after for one in self.mentions):
            return False
        alone = after + 1 >= len(self.tokens) or not self.spelled[after + 1][:1].isupper()
        return alone and not self.spelled[after].isupper() and self._is_name_word(after)

    def _is_name_word(self, place: int) -> bool:
        folded = self.tokens[place]
        return self.spelled[place][:1].isupper() and not is_filler(folded) and (folded,) not in TYPES


_NOT_THERE = frozenset("gan canh giap khac ngoai cach not near outside".split())  # noqa: SIM905 - up to three words before
_DOUBTS = frozenset({"khong", "gan", "canh", "cach", "ngoai", "giap", "not", "near", "outside"})


def is_plain(reading: Reading, end: int) -> bool:
    """Whether an answer says a place and nothing against it: no "near", no "not", nothing after the name."""
    after = [word for word in reading.tokens[end:] if word not in _FILLERS]
    return not after and _DOUBTS.isdisjoint(reading.tokens)


def read(text: str, names: Set[Name]) -> Reading:
    """The names of places in a text, the longest name first."""
    typed = spelled(text)
    folded = [fold(word) for word in typed]
    mentions = _mentions(typed, folded, names)
    inside = {place for mention in mentions for place in range(mention.start, mention.end)}
    stops = breaks(text)
    kept = tuple(one for one in mentions if not _is_something_else(one, folded, typed, inside, stops))
    named = {place for mention in kept for place in range(mention.start, mention.end)}
    left = [word for place, word in enumerate(folded) if place not in named and word not in _FILLERS]
    rest, type_ = without_types(left)
    return Reading(tuple(folded), kept, rest, type_, tuple(typed), tuple(loose(typed, folded, inside)), stops)


def is_filler(word: str) -> bool:
    """Whether a folded word is one of those that stand around names and say nothing."""
    return word in _FILLERS or word in _AGES or word in MANY


def _mentions(typed: list[str], folded: list[str], names: Set[Name]) -> list[Mention]:
    longest = max(map(len, names), default=0)
    found: list[Mention] = []
    place = 0
    while place < len(folded):
        name = _name_at(folded, place, longest, names)
        if name:
            end = place + len(name)
            bare = Mention(name, tuple(typed[place:end]), place, end)
            found.append(_widened(bare, typed, folded, earliest=found[-1].end if found else 0))
        place = found[-1].end if name else place + 1
    return found


def _name_at(folded: list[str], place: int, longest: int, names: Set[Name]) -> Name:
    for length in range(longest, 0, -1):
        name = tuple(folded[place : place + length])
        if len(name) == length and name in names:
            return name
    return ()


def _widened(mention: Mention, typed: list[str], folded: list[str], earliest: int) -> Mention:
    """The mention with the type word before it and the old or new beside it: "xã cũ Chi Lăng", "tên cũ là Chi Lăng"."""
    start, end = mention.start, mention.end
    age = _age_at(end, typed, folded)
    if age:
        end += 1
    else:
        before = start - (2 if start and folded[start - 1] == "la" else 1)
        age = _AGES.get(typed[before].lower(), "") if before >= earliest else ""
        start = before if age else start
    type_, start = type_before(folded, start, earliest)
    if not type_ and tuple(folded[end : end + 1]) in AFTER:
        type_, end = AFTER[(folded[end],)], end + 1
    return replace(mention, start=start, end=end, type=type_, age=age)


def _age_at(place: int, typed: list[str], folded: list[str]) -> str:
    """ "cu" or "moi" where a word says so, and none where "moi" is rather "mỗi" or "mọi": "moi thang"."""
    age = _AGES.get(typed[place].lower(), "") if place < len(typed) else ""
    return "" if age and typed[place].isascii() and not _EACH.isdisjoint(folded[place + 1 : place + 2]) else age


def _is_something_else(
    mention: Mention, folded: list[str], typed: list[str], inside: set[int], stops: frozenset[int]
) -> bool:
    before = mention.start - 1
    if mention.type:
        return folded[max(before - 1, 0) : mention.start] == ["hop", "tac"]
    told_first = tuple(folded[mention.start : mention.start + len(mention.name)]) != mention.name  # "tên cũ là Mai Pha"
    if before < 0 or before in inside or told_first or mention.start in stops:
        return False
    return is_borne(folded[: mention.start], typed[before], is_text_marked=any(map(is_marked, typed)))
