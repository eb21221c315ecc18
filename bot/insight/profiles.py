"""What of a text is compared with other texts. Names of places are left out: they do not decide."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from bot.insight.aims import shares
from bot.insight.concepts import Lexicon, Reading
from bot.insight.features import features_of
from bot.insight.folding import spelled
from bot.insight.mentions import read
from bot.insight.senses import Sense, Senses
from bot.insight.topic_model import TopicModel
from bot.insight.type_words import Name
from bot.pack import Concept

_SHARPNESS = 3.0  # of the shares of topics
_TOPICS = 4  # kept of a text
_TABS = 6  # in a dumped profile
_FORM = 1  # to be raised where the same text gives another profile or other terms than before
NO_SENSE = Sense()


@dataclass(frozen=True, slots=True)
class Profile:
    """What of a text is compared: slugs of notions, folded words that say something, shares of topics and of aims, sense."""

    things: frozenset[str]
    everyday: frozenset[str]
    asks: frozenset[str]
    words: frozenset[str]
    topics: Mapping[str, float]
    aims: Mapping[str, float] = field(default_factory=dict)
    sense: Sense = NO_SENSE

    def dump(self) -> str:
        """The profile as one line of text, to be stored beside its proposal. The sense stands last."""
        parts = [" ".join(sorted(part)) for part in (self.things, self.everyday, self.asks, self.words)]
        return "\t".join([*parts, *(_dumped(shares) for shares in (self.topics, self.aims)), str(self.sense)])

    @classmethod
    def load(cls, stored: str) -> Profile:
        """The profile that was dumped, also by versions that knew no sense or no aims. Raises ValueError for anything else."""
        found = stored.split("\t")
        *parts, topics, aims, sense = [*found, *["", ""][: _TABS + 1 - len(found)]]
        things, everyday, asks, words = (frozenset(part.split()) for part in parts)
        return cls(things, everyday, asks, words, _loaded(topics), _loaded(aims), Sense.parse(sense))


def sense_of(stored: str) -> Sense:
    """The sense of a dumped profile, without reading the rest. Raises ValueError for what is none."""
    return Sense.parse(stored.rpartition("\t")[2]) if stored.count("\t") >= _TABS else NO_SENSE


def _dumped(shares: Mapping[str, float]) -> str:
    return " ".join(f"{name} {share}" for name, share in shares.items())


def _loaded(stored: str) -> dict[str, float]:
    parts = stored.split()
    return dict(zip(parts[::2], map(float, parts[1::2]), strict=True))


class Profiler:
    """Makes profiles of texts. Built once; 1 to 2.5 ms a text. `places` are the folded names of all places."""

    def __init__(
        self,
        lexicon: Lexicon,
        model: TopicModel | None = None,
        places: Set[Name] = frozenset(),
        aims: TopicModel | None = None,
        senses: Senses | None = None,
    ) -> None:
        self._lexicon, self._model, self._places, self._aims, self._senses = lexicon, model, places, aims, senses

    @cached_property
    def version(self) -> str:
        """What profiles are made by, in ten letters: those of another version should be made anew."""
        notions = [(one.slug, one.kind, one.topic, one.phrases) for one in self.concepts]
        models = [one.version if one else "" for one in (self._model, self._aims, self._senses)]
        return hashlib.sha256(repr([_FORM, notions, models, sorted(self._places)]).encode()).hexdigest()[:10]

    @property
    def concepts(self) -> Collection[Concept]:
        """The notions that are known."""
        return self._lexicon.concepts.values()

    def read(self, text: str) -> Reading:
        """The words and notions of a text, names of places left out."""
        return self._lexicon.read(self._without_places(text))

    def profile(self, text: str) -> Profile:
        reading = self.read(text)
        kinds: dict[str, set[str]] = {"thing": set(), "word": set(), "ask": set(), "plain": set()}
        for hit in reading.hits:
            kinds[hit.concept.kind].add(hit.concept.slug)
        things, everyday, asks = (frozenset(kinds[kind]) for kind in ("thing", "word", "ask"))
        aims = shares(self._aims, reading) if self._aims else {}
        sense = self._senses.of(reading) if self._senses else NO_SENSE
        return Profile(things, everyday, asks, frozenset(_telling(reading)), self._shares(reading), aims, sense)

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
