"""What the bot knows for reading texts. Two things of it change while it runs: the topics and the names of places.

Both come from the database, where one process puts them and all others find them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from bot.insight import reader
from bot.insight.commonness import Commonness
from bot.insight.danger import danger
from bot.insight.folding import words
from bot.insight.lookout import Lookout, lookout
from bot.insight.places import Gazetteer
from bot.insight.profiles import Profiler
from bot.insight.topic_model import TopicModel, read_file
from bot.insight.topics import TopicScorer, file_of, scorer
from bot.pack import Pack

KNOWLEDGE = "knowledge"  # the signal that something of it changed
TELLING = 6  # words from which a text can only sound like danger
READ = 2_000  # characters of a text that are read for its topics and its likeness: more would hold others up


class Knowledge:
    """All readers of texts, each built when it is first needed."""

    def __init__(self, pack: Pack, year: int) -> None:
        """`year` tells the era whose places are meant."""
        self._pack, self._year = pack, year
        shipped = read_file(file_of(pack.folder))
        self.source = shipped.source if shipped else ""  # of the pack's examples, as its model was learnt from them
        self.topics: TopicScorer = scorer(pack, shipped)
        self.places = self.official_places = Gazetteer(pack, year)
        self._shipped = self.topics
        self._aliases: dict[str, str] = {}

    def load(self) -> None:
        """Builds what is not built yet. Raises PackError for a file that cannot be read."""
        _ = self.profiler.version, self.commonness, self.lookout

    def use(self, model: TopicModel | None) -> None:
        """Reads topics by a model that was learnt meanwhile; by the one that came with the pack without one."""
        self.topics = scorer(self._pack, model) if model else self._shipped

    def call(self, aliases: Mapping[str, str]) -> None:
        """Knows the names that staff added, with the codes of their units; those of no unit of this era are left out."""
        known = {unit.code for unit in self._pack.units(self._year)}
        usable = {name: code for name, code in aliases.items() if code in known}
        if usable != self._aliases:
            self.places, self._aliases = Gazetteer(self._pack, self._year, usable), usable

    def urgency(self, text: str) -> int:
        """2 where a text says that somebody is in danger, 1 where it only sounds like it; a few words sound like anything."""
        if danger(text):
            return 2
        return 1 if len(words(text)) >= TELLING and self.lookout.danger(text) else 0

    @cached_property
    def lookout(self) -> Lookout:
        return lookout(self._pack)

    @cached_property
    def profiler(self) -> Profiler:
        return reader.profiler(self._pack)

    @cached_property
    def commonness(self) -> Commonness:
        return reader.commonness(self._pack)
