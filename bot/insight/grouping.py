"""Groups of proposals that ask for the same: one by one as they come, or all anew.

One by one is stable: a new text joins a group or starts one, and nothing that is there moves. Anew is average linkage:
the two groups whose texts are the most alike on average become one, until none are alike enough. Then who is least like
the rest of a group leaves it. Three or more bear each other out; two alone have only each other, so they must be surer.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.insight.commonness import Commonness
from bot.insight.nearby import Nearby
from bot.insight.profiles import Profile
from bot.insight.similar import Near

JOINS = 0.88  # likeness to the one near text of a group from which a new one joins it
JOINS_SEVERAL = 0.6  # average likeness to its near texts, where there are several
TOGETHER = 0.4  # average likeness from which two groups become one
STAYS = 0.55  # average likeness to the others of a group from which a text stays
PAIR = 0.97  # likeness from which two texts alone are a group
_WORTH = 0.3  # pairs below count as nothing alike


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that ask for the same, the most typical first."""

    ids: tuple[str, ...]


def joins(nearest: Sequence[Near], group_of: Mapping[str, str]) -> str:
    """The group that a new text joins, by its nearest texts; "" where it starts one."""
    by_group: dict[str, list[float]] = defaultdict(list)
    for near in nearest:
        if near.id in group_of:
            by_group[group_of[near.id]].append(near.likeness)
    best, scores = max(by_group.items(), key=lambda item: (_nearness(item[1]), item[0]), default=("", [0.0]))
    return best if _nearness(scores) >= 1 else ""


def _nearness(scores: Sequence[float]) -> float:
    """How near a group is by its near texts; from 1 on a text joins it. What is all but a copy of one joins in any case."""
    near = sum(scores) / len(scores) / JOINS_SEVERAL if len(scores) > 1 else scores[0] / JOINS
    return max(near, max(scores) / PAIR)


def regroup(profiles: Mapping[str, Profile], commonness: Commonness) -> list[Group]:
    """All texts in groups, the largest first; those alone are groups of one. Heavy: for a worker."""
    pairs = _pairs(profiles, commonness)
    members = [kept for ids in _linked(profiles, pairs) for kept in borne_out(ids, pairs)]
    groups = [Group(tuple(_typical_first(ids, pairs))) for ids in members]
    return sorted(groups, key=lambda group: (-len(group.ids), group.ids))


_Pairs = dict[tuple[str, str], float]


def _pairs(profiles: Mapping[str, Profile], commonness: Commonness) -> _Pairs:
    index = Nearby(commonness)
    for id_, profile in profiles.items():
        index.add(id_, profile)
    found: _Pairs = {}
    for id_, profile in profiles.items():
        for near in index.nearest(profile, without=id_):
            if near.likeness >= _WORTH:
                found[_ordered(id_, near.id)] = near.likeness
    return found


def _ordered(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _linked(ids: Mapping[str, Profile], pairs: _Pairs) -> list[list[str]]:
    """Average linkage over the pairs; a pair that is not there counts 0."""
    members = {id_: [id_] for id_ in ids}
    sums: dict[str, dict[str, float]] = defaultdict(dict)
    for (one, other), score in pairs.items():
        sums[one][other] = sums[other][one] = score
    waiting = [(-score, one, other, 1, 1) for (one, other), score in pairs.items()]
    heapq.heapify(waiting)
    while waiting and -waiting[0][0] >= TOGETHER:
        _, one, other, size, others = heapq.heappop(waiting)
        if len(members.get(one, ())) != size or len(members.get(other, ())) != others:
            continue  # one of them has grown or is gone
        _merge(one, other, members, sums)
        for entry in _entries(one, members, sums):
            heapq.heappush(waiting, entry)
    return list(members.values())


def _merge(one: str, other: str, members: dict[str, list[str]], sums: dict[str, dict[str, float]]) -> None:
    members[one] += members.pop(other)
    for third, total in sums.pop(other).items():
        sums[third].pop(other, None)
        if third != one:
            sums[one][third] = sums[third][one] = sums[one].get(third, 0.0) + total


def _entries(
    one: str, members: dict[str, list[str]], sums: dict[str, dict[str, float]]
) -> Iterator[tuple[float, str, str, int, int]]:
    for other, total in sums[one].items():
        size, others = len(members[one]), len(members[other])
        first, second = _ordered(one, other)
        sizes = (size, others) if first == one else (others, size)
        yield (-total / (size * others), first, second, *sizes)


def borne_out(ids: Sequence[str], pairs: _Pairs) -> Iterator[list[str]]:
    """The group without those who are unlike the rest, each of whom is then alone."""
    left = sorted(ids)
    while len(left) > 2:
        closeness = {id_: _closeness(id_, left, pairs) / (len(left) - 1) for id_ in left}
        farthest = min(left, key=lambda id_: closeness[id_])
        if closeness[farthest] >= STAYS:
            break
        left.remove(farthest)
        yield [farthest]
    if len(left) == 2 and pairs.get(_ordered(left[0], left[1]), 0.0) < PAIR:
        yield from ([id_] for id_ in left)
    else:
        yield left


def _closeness(id_: str, ids: Sequence[str], pairs: _Pairs) -> float:
    return sum(pairs.get(_ordered(id_, other), 0.0) for other in ids if other != id_)


def _typical_first(ids: Sequence[str], pairs: _Pairs) -> list[str]:
    return sorted(ids, key=lambda id_: (-_closeness(id_, ids, pairs), id_))
