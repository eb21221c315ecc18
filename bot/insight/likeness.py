"""How likely two texts ask for the same thing: by shared notions, words, what is asked, and topic.

Places do not decide: their names are left out. "Same topic" is not enough: the rarest shared notion weighs most, and a
notion that each has and the other lacks weighs against. The weights were fitted on pairs; docs/insight.md has figures.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.errors import PackError
from bot.insight.concepts import Lexicon, Reading
from bot.insight.features import features_of
from bot.insight.folding import spelled
from bot.insight.mentions import Name, read
from bot.insight.topic_model import TopicModel
from bot.model import Json

_NEVER = 0.5  # what a notion that nobody has used yet counts as
_SHARPNESS = 3.0  # of the shares of topics
_TOPICS = 4  # kept of a text


@dataclass(frozen=True, slots=True)
class Profile:
    """What of a text is compared: slugs of notions, folded words that say something, shares of topics."""

    things: frozenset[str]
    everyday: frozenset[str]
    asks: frozenset[str]
    words: frozenset[str]
    topics: Mapping[str, float]

    def dump(self) -> str:
        """The profile as one line of text, to be stored beside its proposal."""
        parts = [" ".join(sorted(part)) for part in (self.things, self.everyday, self.asks, self.words)]
        return "\t".join([*parts, " ".join(f"{topic}={share}" for topic, share in self.topics.items())])

    @classmethod
    def load(cls, stored: str) -> Profile:
        """The profile that was dumped. Raises ValueError for anything else."""
        *parts, topics = stored.split("\t")
        things, everyday, asks, words = (frozenset(part.split()) for part in parts)
        shares = {topic: float(share) for topic, _, share in (pair.partition("=") for pair in topics.split())}
        return cls(things, everyday, asks, words, shares)


@dataclass(frozen=True)
class Commonness:
    """In how many of so many texts each notion and word stands: "k:loan" and "w:vay"."""

    texts: int = 0
    counts: Mapping[str, int] | None = None

    @cached_property
    def _rarities(self) -> dict[str, float]:
        return {}

    def rarity(self, name: str) -> float:
        """The squared logarithm of how rare a name is; the rarer the more it says."""
        found = self._rarities.get(name)
        if found is None:
            count = (self.counts or {}).get(name, 0)
            found = self._rarities[name] = math.log((self.texts + 2) / (count + _NEVER)) ** 2
        return found

    def to_json(self) -> Json:
        return {"texts": self.texts, "counts": dict(sorted((self.counts or {}).items()))}


def commonness_in(file: Path) -> Commonness:
    """The counts in a file; none where there is none. Raises PackError for a file that holds no counts."""
    try:
        raw = json.loads(file.read_text("utf-8"))
        return Commonness(raw["texts"], raw["counts"])
    except FileNotFoundError:
        return Commonness()
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise PackError(f"{file}: holds no counts: {error}") from error


def counted(profiles: Iterable[Profile]) -> Commonness:
    """How common the notions and words of texts are; what stands in one text only is left out."""
    counts: Counter[str] = Counter()
    texts = 0
    for profile in profiles:
        texts += 1
        counts.update(f"k:{slug}" for slug in profile.things | profile.everyday | profile.asks)
        counts.update(f"w:{word}" for word in profile.words)
    return Commonness(texts, {name: count for name, count in counts.items() if count > 1})


class Profiler:
    """Makes profiles of texts. Built once; about 1 ms a text. `places` are the folded names of all places."""

    def __init__(self, lexicon: Lexicon, model: TopicModel | None = None, places: Set[Name] = frozenset()) -> None:
        self._lexicon, self._model, self._places = lexicon, model, places

    def profile(self, text: str) -> Profile:
        reading = self._lexicon.read(self._without_places(text))
        kinds: dict[str, set[str]] = {"thing": set(), "word": set(), "ask": set(), "plain": set()}
        for hit in reading.hits:
            kinds[hit.concept.kind].add(hit.concept.slug)
        things, everyday, asks = (frozenset(kinds[kind]) for kind in ("thing", "word", "ask"))
        return Profile(things, everyday, asks, frozenset(_telling(reading)), self._shares(reading))

    def _without_places(self, text: str) -> str:
        """The text without the names of places that stand beside a type word or in capitals."""
        if not self._places:
            return text
        typed = spelled(text)
        mentions = [one for one in read(text, self._places).mentions if one.type or _is_capital(one.spelled)]
        if not mentions:
            return text
        named = {place for one in mentions for place in range(one.start, one.end)}
        return " ".join(word for place, word in enumerate(typed) if place not in named)

    def _shares(self, reading: Reading) -> dict[str, float]:
        if self._model is None:
            return {}
        margins = self._model.margins(features_of(reading))
        raised = [math.exp(_SHARPNESS * (margin - max(margins))) for margin in margins]
        pairs = sorted(zip(raised, self._model.topics, strict=True), reverse=True)[:_TOPICS]
        return {topic: round(share / sum(raised), 3) for share, topic in pairs}


def _is_capital(words: Sequence[str]) -> bool:
    return all(word[:1].isupper() for word in words)


def _telling(reading: Reading) -> Iterable[str]:
    """The words that do not belong to a phrase that tells nothing."""
    places = {hit.concept.kind == "plain": set[int]() for hit in reading.hits}
    for hit in reading.hits:
        places[hit.concept.kind == "plain"].update(range(hit.start, hit.end))
    empty = places.get(True, set()) - places.get(False, set())
    return (token.key for at, token in enumerate(reading.tokens) if at not in empty and token.word.isalnum())


# -- comparing

_SHARED, _WORDS, _WORDS_OF_SHORTER, _ASKS, _TOPIC, _SUM, _RAREST, _APART, _EVERYDAY = (
    1.83, 0.92, 1.27, 1.03, 2.46, 1.26, 1.91, -0.73, 1.41,
)  # fmt: skip
_START = -5.46


@dataclass(frozen=True, slots=True)
class _Common:
    """What two sets of names share, by rarity: as a cosine, and as a part of the smaller one."""

    cosine: float
    of_smaller: float


def likeness(one: Profile, other: Profile, commonness: Commonness) -> float:
    """From 0 to 1 how likely two texts ask for the same; symmetric."""
    shared = one.things & other.things
    if not shared and not (one.words & other.words) and not (one.everyday & other.everyday):
        return 0.0
    rarities = [math.sqrt(commonness.rarity(f"k:{slug}")) for slug in shared]
    apart = min(_sum(one.things - shared, commonness), _sum(other.things - shared, commonness))
    words = _common(one.words, other.words, "w:", commonness)
    total = (
        _START
        + _SHARED * _common(one.things, other.things, "k:", commonness).cosine
        + _WORDS * words.cosine
        + _WORDS_OF_SHORTER * words.of_smaller
        + _ASKS * _common(one.asks, other.asks, "k:", commonness).of_smaller
        + _TOPIC * _cosine(one.topics, other.topics)
        + _SUM * sum(rarities) / 5
        + _RAREST * max(rarities, default=0.0) / 5
        + _APART * apart / 5
        + _EVERYDAY * _common(one.everyday, other.everyday, "k:", commonness).of_smaller
    )
    return 1 / (1 + math.exp(-total))


def _sum(slugs: Iterable[str], commonness: Commonness) -> float:
    return sum(math.sqrt(commonness.rarity(f"k:{slug}")) for slug in slugs)


def _common(one: frozenset[str], other: frozenset[str], kind: str, commonness: Commonness) -> _Common:
    both = one & other
    if not both:
        return _Common(0.0, 0.0)
    rarity = commonness.rarity
    shared, mine, theirs = (sum([rarity(kind + name) for name in names]) for names in (both, one, other))
    return _Common(shared / math.sqrt(mine * theirs), shared / min(mine, theirs))


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    dot = sum(share * other.get(topic, 0.0) for topic, share in one.items())
    return dot / (_length(one) * _length(other)) if dot else 0.0


def _length(shares: Mapping[str, float]) -> float:
    return math.sqrt(sum(share * share for share in shares.values()))
