"""What is wrong with the facts, topics and places of a pack: each fault with its key."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.model import Json
from bot.pack.files import ConceptsFile, NewUnit, OldUnit, PlacesFile
from bot.pack.shapes import OTHER, Facts, Topic, without_type

OLDEST = 120  # years; nobody who writes is older
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,24}")  # buttons hold it beside other things, in 64 bytes
_CODE = re.compile(r"[A-Za-z0-9]{1,12}")


def twice(key: str, slugs: Iterable[str]) -> Iterator[str]:
    """The slugs that stand there more than once."""
    yield from (f"{key}: {slug} stands there twice" for slug, count in Counter(slugs).items() if count > 1)


def unknown(key: str, slugs: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """The slugs that are not among those known."""
    yield from (f"{key}: {slug} does not exist" for slug in slugs if slug not in known)


def unfit(key: str, slugs: Iterable[str], shape: re.Pattern[str] = _SLUG) -> Iterator[str]:
    """The slugs that a button could not hold."""
    yield from (f"{key}: {slug!r} must match {shape.pattern}" for slug in slugs if not shape.fullmatch(slug))


# -- pack.toml


def of_facts(facts: Facts) -> Iterator[str]:
    """What is wrong with pack.toml."""
    try:
        ZoneInfo(facts.time_zone)
    except (KeyError, OSError, ValueError):  # which of them depends on what is wrong with the name
        yield f"time_zone: {facts.time_zone} does not exist"
    for key in ("languages", "kinds", "groups", "agencies"):
        slugs: tuple[str, ...] = getattr(facts, key)
        yield from twice(key, slugs)
        yield from unfit(key, slugs)
        if not slugs:
            yield f"{key}: is empty"
    if facts.eras[0] >= facts.eras[1]:
        yield "eras: the old one must come before the new one"
    for key in ("consent_version", "helpline"):
        if not getattr(facts, key):
            yield f"{key}: is empty"
    for key in ("publication_lead_days", "conclusion_days", "handover_days"):
        if getattr(facts, key) < 1:
            yield f"{key}: must be at least 1"
    yield from of_events(facts)
    yield from of_ages(facts)


def of_events(facts: Facts) -> Iterator[str]:
    """What is wrong with the rules of events."""
    rules = facts.events
    yield from unknown("events.groups", rules.groups, facts.groups)
    yield from unknown("events.bridge_points", rules.bridge_points, ("districts", "units"))
    if any(minutes < 1 for minutes in rules.reminders):
        yield "events.reminders: must be at least 1"
    if facts.quiet.eve and facts.quiet.covers(facts.quiet.eve):
        yield "quiet.eve: lies within the quiet hours"


def of_ages(facts: Facts) -> Iterator[str]:
    """Ages that no band covers, or two do."""
    yield from twice("ages", (band.slug for band in facts.ages))
    yield from unfit("ages", (band.slug for band in facts.ages))
    if not any(band.admitted for band in facts.ages):
        yield "ages: nobody is admitted"
    for band in facts.ages:
        if band.youngest > band.oldest:
            yield f"ages.{band.slug}: youngest is above oldest"
    bands = sorted(facts.ages, key=lambda band: band.youngest)
    if bands and bands[0].youngest > 0:
        yield f"ages: nothing covers 0 to {bands[0].youngest - 1}"
    for below, above in pairwise(bands):
        if above.youngest > below.oldest + 1:
            yield f"ages: nothing covers {below.oldest + 1} to {above.youngest - 1}"
        if above.youngest <= below.oldest:
            yield f"ages: both {below.slug} and {above.slug} cover {above.youngest}"
    if bands and (last := max(band.oldest for band in bands)) < OLDEST:
        yield f"ages: nothing covers {last + 1} to {OLDEST}"


# -- topics.toml


def of_topics(topics: tuple[Topic, ...], facts: Facts) -> Iterator[str]:
    """What is wrong with topics.toml, and the agencies that no topic names."""
    yield from twice("topics", (topic.slug for topic in topics))
    yield from unfit("topics", (topic.slug for topic in topics))
    yield from unknown("topics", [OTHER], {topic.slug for topic in topics})
    named: set[str] = set()
    for topic in topics:
        for year, agencies in zip(facts.eras, (topic.agencies_old, topic.agencies_new), strict=True):
            key = f"topics.{topic.slug}.agencies_{year}"
            named.update(agencies)
            yield from unknown(key, agencies, facts.agencies)
            if not agencies and topic.slug != OTHER:
                yield f"{key}: is empty"
        for word, weight in (topic.keywords or {}).items():
            if weight <= 0:
                yield f"topics.{topic.slug}.keywords.{word}: must be above 0"
    yield from (f"agencies: no topic names {slug}" for slug in facts.agencies if slug not in named)


# -- concepts.toml


def of_concepts(raw: ConceptsFile, topics: tuple[Topic, ...]) -> Iterator[str]:
    """What is wrong with concepts.toml."""
    yield from unknown("things", raw.things, {topic.slug for topic in topics})
    sections = (*raw.things.values(), raw.words, raw.asks, raw.plain)
    yield from twice("concepts", (slug for section in sections for slug in section))
    for section in sections:
        yield from (f"{slug}: is empty" for slug, said in section.items() if not said.strip(" ,"))


# -- places.json


def of_places(raw: PlacesFile, old_year: int | str, new_year: int | str) -> Iterator[str]:
    """What is wrong with places.json."""
    old = {unit.code: unit for unit in raw.units_old}
    new = {unit.code: unit for unit in raw.units_new}
    districts = {district.code for district in raw.districts}
    for key, codes in (
        (f"districts_{old_year}", [district.code for district in raw.districts]),
        (f"units_{old_year}", [unit.code for unit in raw.units_old]),
        (f"units_{new_year}", [unit.code for unit in raw.units_new]),
    ):
        yield from twice(key, codes)
        yield from unfit(key, codes, _CODE)
        if not codes:
            yield f"{key}: is empty"
    yield from unknown("province", ["name"], raw.province)
    units: list[OldUnit | NewUnit] = [*raw.units_old, *raw.units_new]
    bare = {without_type(unit.name, unit.type) for unit in units}
    yield from unknown("ordinary", raw.ordinary, bare)
    for before in raw.units_old:
        yield from _of_old(f"units_{old_year}.{before.code}", before, old, new, districts)
    for after in raw.units_new:
        yield from _of_new(f"units_{new_year}.{after.code}", after, old)


def _of_old(
    key: str, unit: OldUnit, old: Mapping[str, OldUnit], new: Mapping[str, NewUnit], districts: set[str]
) -> Iterator[str]:
    yield from unknown(f"{key}.district", [unit.district], districts)
    yield from unknown(f"{key}.successors", unit.successors, new)
    yield from unknown(f"{key}.merged_into", unit.merged_into, old)
    if not unit.successors:
        yield f"{key}.successors: is empty"
    if unit.divided != (len(unit.successors) > 1):
        yield f"{key}.divided: contradicts the number of successors"
    for code in unit.successors:
        if code in new and unit.code not in new[code].formers:
            yield f"{key}.successors: {code} does not name it among its formers"


def _of_new(key: str, unit: NewUnit, old: Mapping[str, OldUnit]) -> Iterator[str]:
    yield from unknown(f"{key}.formers", unit.formers, old)
    if not unit.formers:
        yield f"{key}.formers: is empty"
    for code in unit.formers:
        if code in old and unit.code not in old[code].successors:
            yield f"{key}.formers: {code} does not name it among its successors"


# -- texts/<source>.toml


def names(facts: Facts, topics: Iterable[Topic]) -> dict[str, tuple[str, ...]]:
    """By section the slugs that must have a name in the texts."""
    return {
        "topic": tuple(topic.slug for topic in topics),
        "agency": facts.agencies,
        "kind": facts.kinds,
        "age": tuple(band.slug for band in facts.ages),
        "group": facts.groups,
    }


def of_names(tree: Mapping[str, Json], facts: Facts, topics: tuple[Topic, ...]) -> Iterator[str]:
    """What has no name in the texts of the source language."""
    for section, slugs in names(facts, topics).items():
        yield from (f"{section}.{slug} is missing" for slug in slugs if slug not in tree.get(section, {}))
    for key in (facts.name, facts.office):
        section, _, slug = key.partition(".")
        if slug not in tree.get(section, {}):
            yield f"{key} is missing"
