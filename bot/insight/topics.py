"""Which issues a text is about: a main topic and up to two more, each with a score, or the topic of everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.insight.concepts import Lexicon
from bot.insight.features import features, words_of
from bot.insight.keywords import Keywords
from bot.insight.topic_model import TopicModel, read_file
from bot.pack import OTHER, Concept, Pack, Topic

FILE = "topics-model.json"  # in the folder of a pack
_MOST = 3
_SPOKEN = 8  # words that are told


@dataclass(frozen=True, slots=True)
class Scored:
    """A topic and how strongly a text speaks of it, from 0 to 1."""

    slug: str
    score: float


@dataclass(frozen=True, slots=True)
class Limits:
    """The score below which a topic is not named, alone and beside a better one, and the share of that one's score."""

    alone: float
    beside: float
    share: float


class _Judge(Protocol):
    def scores(self, text: str) -> Mapping[str, float]: ...

    def why(self, text: str, slug: str) -> list[str]: ...


class _Learnt:
    """Judges by a trained model."""

    def __init__(self, concepts: Iterable[Concept], model: TopicModel) -> None:
        self._lexicon = Lexicon(concepts)
        self._model = model

    def scores(self, text: str) -> dict[str, float]:
        found = features(text, self._lexicon)
        if not any(name in self._model.weights for name in found):
            return {}
        margins = self._model.margins(found)
        return {slug: self._model.score(margin) for slug, margin in zip(self._model.topics, margins, strict=True)}

    def why(self, text: str, slug: str) -> list[str]:
        if slug not in self._model.topics:
            return []
        said = self._model.spoken(features(text, self._lexicon), slug)
        strongest = sorted((name for name, weight in said.items() if weight > 0), key=lambda name: (-said[name], name))
        return list(dict.fromkeys(words_of(text, strongest, self._lexicon)))[:_SPOKEN]


_LEARNT = Limits(alone=0.2, beside=0.3, share=0.4)
_LISTED = Limits(alone=0.33, beside=0.33, share=0.5)


class TopicScorer:
    """Scores texts against the topics of a pack. Built once; about 1 ms a text."""

    def __init__(
        self, topics: Sequence[Topic], concepts: Iterable[Concept] = (), model: TopicModel | None = None
    ) -> None:
        """Without a model, or with one for other topics, the words that the pack lists decide."""
        usable = model if model and {topic.slug for topic in topics} == set(model.topics) else None
        self._judge: _Judge = _Learnt(concepts, usable) if usable else Keywords(topics)
        self._limits = _LEARNT if usable else _LISTED
        self.version = usable.version if usable else ""

    def score(self, text: str) -> list[Scored]:
        """The topics of a text, best first, at most three; only the topic of everything else when none is clear."""
        ranked = sorted((Scored(*pair) for pair in self._judge.scores(text).items()), key=_best_first)
        if not ranked or ranked[0].slug == OTHER or ranked[0].score < self._limits.alone:
            return [Scored(OTHER, 0.0)]
        least = max(self._limits.beside, self._limits.share * ranked[0].score)
        others = [one for one in ranked[1:_MOST] if one.score >= least and one.slug != OTHER]
        return [ranked[0], *others]

    def why(self, text: str, slug: str) -> list[str]:
        """The words of a text that spoke for a topic, the strongest first."""
        return self._judge.why(text, slug)


def _best_first(one: Scored) -> tuple[float, str]:
    return (-one.score, one.slug)


def scorer(pack: Pack, model: TopicModel | None = None) -> TopicScorer:
    """The scorer of a pack, with a model that was trained meanwhile or else the one that came along, if one did.

    Raises PackError where the file of the model cannot be read.
    """
    return TopicScorer(pack.topics, pack.concepts, model or read_file(pack.folder / FILE))


def file_of(folder: Path) -> Path:
    """Where the model of a pack lies."""
    return folder / FILE
