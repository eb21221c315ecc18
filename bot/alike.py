"""Proposals in the database that ask for the same as a text: the rarest of its terms first, then likeness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.insight.grouping import joins
from bot.insight.likeness import Commonness, Profile
from bot.insight.profiles import sense_of
from bot.insight.similar import MOST_CANDIDATES, Near, promising, ranked, rarest, shown, terms
from storage import groups
from storage.database import Reader


@dataclass(frozen=True, slots=True)
class Found:
    """The nearest proposals, best first, and the group of each that has one."""

    nearest: Sequence[Near]
    group_of: Mapping[str, str]

    @property
    def group(self) -> int:
        """The group that the text would join; 0 where it would start one."""
        return int(joins(self.nearest, self.group_of) or 0)

    @property
    def the_same(self) -> list[int]:
        """The proposals that so surely ask for the same that they may be offered."""
        return [int(near.id) for near in shown(self.nearest)]

    def closeness(self, group: int) -> dict[int, int]:
        """How near it is to each of a group that is among the nearest, in thousandths."""
        members = (near for near in self.nearest if self.group_of.get(near.id) == str(group))
        return {int(near.id): round(near.likeness * 1000) for near in members}


async def find(reader: Reader, dialogue_id: int, profile: Profile, commonness: Commonness, without: int = 0) -> Found:
    """The nearest proposals of a dialogue; three hops, and mostly less than 20 ms among 10,000."""
    held = await groups.frequencies(reader, dialogue_id, terms(profile))
    candidates = await groups.holding(reader, dialogue_id, rarest(terms(profile), held), MOST_CANDIDATES, without)
    likely = promising(profile.sense, candidates, lambda one: sense_of(one.profile))
    nearest = ranked(profile, [(str(one.id), Profile.load(one.profile)) for one in likely], commonness)
    near = {one.id for one in nearest}
    return Found(nearest, {str(one.id): str(one.group) for one in candidates if one.group and str(one.id) in near})
