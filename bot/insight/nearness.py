"""Which of some stored texts may already say what somebody asks."""

from __future__ import annotations

from collections.abc import Iterable

from bot.insight.likeness import Commonness, Profile
from bot.insight.similar import Near, ranked

OFFERED = 0.7  # likeness from which a text is offered as one that may already answer
_MOST = 3


def nearest(profile: Profile, known: Iterable[tuple[str, str]], commonness: Commonness) -> list[Near]:
    """Of texts, as (id, dumped profile), those that are near at all, best first."""
    candidates = ((id_, Profile.load(dumped)) for id_, dumped in known)
    return [near for near in ranked(profile, candidates, commonness) if near.likeness > 0]


def answers(profile: Profile, known: Iterable[tuple[str, str]], commonness: Commonness) -> list[Near]:
    """Of texts, as (id, dumped profile), those that may already answer; mostly none."""
    return [near for near in nearest(profile, known, commonness) if near.likeness >= OFFERED][:_MOST]
