"""All that reads texts, built for one pack: what the commands measure and what a worker uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot import pack as packs
from bot.insight import aims, senses
from bot.insight.commonness import Commonness, commonness_in, weights_in
from bot.insight.concepts import Lexicon
from bot.insight.folding import words
from bot.insight.grouping import Group, joins, regroup
from bot.insight.nearby import Nearby
from bot.insight.profiles import Profile, Profiler
from bot.insight.similar import Near
from bot.insight.topic_model import read_file
from bot.insight.topics import FILE as MODEL
from bot.insight.type_words import Name
from bot.pack import Pack

COMMONNESS = "commonness.json"  # in the folder of a pack
WEIGHTS = "likeness.json"


def place_names(pack: Pack) -> frozenset[Name]:
    """The folded names of all places of a pack, of both eras."""
    units = (name for unit in pack.places.units for name in (unit.bare, *unit.aliases))
    return frozenset(tuple(words(name)) for name in (*units, *(one.bare for one in pack.places.districts)))


def profiler(pack: Pack) -> Profiler:
    """What makes profiles of texts for a pack. Raises PackError where its model cannot be read."""
    topics, after = read_file(pack.folder / MODEL), read_file(pack.folder / aims.FILE)
    return Profiler(
        Lexicon(pack.concepts), topics, place_names(pack), after, senses.read_file(pack.folder / senses.FILE)
    )


def commonness(pack: Pack) -> Commonness:
    """How common words and notions are in the texts of a pack, and what each way of agreeing weighs.

    Raises PackError where a file cannot be read.
    """
    return replace(commonness_in(pack.folder / COMMONNESS), weights=weights_in(pack.folder / WEIGHTS))


@dataclass(frozen=True, slots=True)
class Dialogue:
    """All proposals of a dialogue compared: the nearest of each, the group it joined when it came, and all grouped anew."""

    nearest: Mapping[str, Sequence[Near]]
    groups: Mapping[str, str]
    anew: Sequence[Group]


def compared(texts: Sequence[tuple[str, str]], pack: Pack) -> Dialogue:
    """Compares (id, text) pairs with one another; groups are joined in their order."""
    common, make = commonness(pack), profiler(pack)
    profiles = {id_: make.profile(text) for id_, text in texts}
    index, groups = Nearby(common), dict[str, str]()
    for id_, profile in profiles.items():
        groups[id_] = joins(index.nearest(profile), groups) or id_
        index.add(id_, profile)
    nearest = {id_: index.nearest(profile, without=id_) for id_, profile in profiles.items()}
    return Dialogue(nearest, groups, regroup(profiles, common))


def regrouped(folder: Path, profiles: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Groups of (id, dumped profile) pairs anew, the most typical id of a group first. For a worker process."""
    loaded = {id_: Profile.load(stored) for id_, stored in profiles}
    return [list(group.ids) for group in regroup(loaded, commonness(packs.load(folder)))]
