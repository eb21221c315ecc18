"""Which of some stored texts may already say what somebody asks."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from bot.insight.commonness import Commonness
from bot.insight.profiles import Profile
from bot.insight.similar import Near

OFFERED = 0.3  # of what a question speaks of, what a text has to hold to be offered as one that may already answer
_MOST = 3
_NOTION = 2.0  # what a notion counts, where a word counts 1


def held(question: Profile, text: Profile, commonness: Commonness) -> float:
    """From 0 to 1 how much of what a question speaks of stands in a text, the rarest counting most.

    What else the text says counts for nothing: it is an article, the question a line. Words alone are no reason.
    """
    if question.things.isdisjoint(text.things):
        return 0.0
    sides = (
        (question.things, text.things, commonness.notions, _NOTION),
        (question.words, text.words, commonness.words, 1.0),
    )
    shared = sum(weight * rarity[name] ** 2 for mine, theirs, rarity, weight in sides for name in mine & theirs)
    return shared / sum(weight * rarity[name] ** 2 for mine, _, rarity, weight in sides for name in mine)


def nearest(profile: Profile, known: Iterable[tuple[str, str]], commonness: Commonness) -> list[Near]:
    """Of texts, as (id, dumped profile), those that hold anything of it, best first."""
    found = (Near(id_, held(profile, Profile.load(dumped), commonness)) for id_, dumped in known)
    return heapq.nsmallest(100, (near for near in found if near.likeness), key=lambda near: (-near.likeness, near.id))


def answers(profile: Profile, known: Iterable[tuple[str, str]], commonness: Commonness) -> list[Near]:
    """Of texts, as (id, dumped profile), those that may already answer; mostly none."""
    return [near for near in nearest(profile, known, commonness) if near.likeness >= OFFERED][:_MOST]
