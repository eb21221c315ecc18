"""Which of some stored texts may already say what somebody asks: what reads them is built when it is first needed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from bot.insight.likeness import Commonness, Profile, Profiler
from bot.insight.reader import commonness, profiler
from bot.insight.similar import Near, ranked
from bot.pack import Pack

OFFERED = 0.7  # likeness from which a text is offered as one that may already answer
_MOST = 3


class Nearness:
    """Compares texts in the words of one pack. The first text costs about 0.1 s, each after it 1 ms."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack

    @cached_property
    def _profiler(self) -> Profiler:
        return profiler(self._pack)

    @cached_property
    def _commonness(self) -> Commonness:
        return commonness(self._pack)

    def profile(self, text: str) -> str:
        """What a text is compared by, to be stored beside it."""
        return self._profiler.profile(text).dump()

    def answers(self, text: str, known: Iterable[tuple[str, str]]) -> list[Near]:
        """Of texts, as (id, stored profile), those that may already answer this one; mostly nothing."""
        return [near for near in self.nearest(text, known) if near.likeness >= OFFERED][:_MOST]

    def nearest(self, text: str, known: Iterable[tuple[str, str]]) -> list[Near]:
        """Of texts, as (id, stored profile), those that are near at all, best first."""
        candidates = [(id_, Profile.load(stored)) for id_, stored in known]
        if not candidates:
            return []
        return [
            near for near in ranked(self._profiler.profile(text), candidates, self._commonness) if near.likeness > 0
        ]
