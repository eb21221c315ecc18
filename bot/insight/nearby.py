"""An index of proposals in memory: for measuring, and for grouping all of them in a worker."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from bot.insight.commonness import Commonness
from bot.insight.profiles import Profile
from bot.insight.similar import MOST_CANDIDATES, Near, promising, ranked, rarest, terms


class Nearby:
    """Profiles by their terms. About 2 KB a text; under 10 ms a question at 10,000."""

    def __init__(self, commonness: Commonness) -> None:
        self._commonness = commonness
        self._profiles: dict[str, Profile] = {}
        self._holders: dict[str, list[str]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._profiles)

    def add(self, id_: str, profile: Profile) -> None:
        """Adds a text under an id that is not there yet."""
        self._profiles[id_] = profile
        for term in terms(profile):
            self._holders[term].append(id_)

    def nearest(self, profile: Profile, *, without: str = "") -> list[Near]:
        """The nearest texts, best first."""
        found = [(id_, self._profiles[id_]) for id_ in self._candidates(profile) if id_ != without]
        likely = promising(profile.sense, found, lambda one: one[1].sense)
        return ranked(profile, likely, self._commonness)

    def _candidates(self, profile: Profile) -> Iterator[str]:
        """Up to 200 that hold the rarest terms, those with the most of them first."""
        own = terms(profile)
        held = {term: len(self._holders[term]) for term in own if term in self._holders}
        votes: Counter[str] = Counter()
        for term in rarest(own, held):
            for id_ in self._holders[term][-10 * MOST_CANDIDATES :]:  # of a very common term the newest
                votes[id_] += 1
        yield from (id_ for id_, _ in votes.most_common(MOST_CANDIDATES))
