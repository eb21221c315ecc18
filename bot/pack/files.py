"""The shapes of the files of a pack, where they differ from what the bot works with.

In the files the keys bear the years of the eras, `units_2010`; in these shapes they are old and new.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import ClassVar

from pydantic import ConfigDict

from bot.pack.shapes import STRICT, District, Topic


@dataclass(frozen=True, slots=True)
class OldUnit:
    """A unit of the old era. `successors` are codes of the new one, `merged_into` of the old."""

    code: str
    name: str
    type: str
    district: str
    successors: tuple[str, ...]
    divided: bool
    merged_into: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit of the new era. `formers` are codes of the old one."""

    code: str
    name: str
    type: str
    formers: tuple[str, ...]
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True)
class PlacesFile:
    """places.json."""

    sources: tuple[str, ...]
    notes: tuple[str, ...]
    province: Mapping[str, str]
    ordinary: tuple[str, ...]
    districts: tuple[District, ...]
    units_old: tuple[OldUnit, ...]
    units_new: tuple[NewUnit, ...]
    elsewhere: tuple[str, ...] = ()
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True)
class TopicsFile:
    """topics.toml."""

    topics: tuple[Topic, ...]
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True)
class ConceptsFile:
    """concepts.toml: by topic the things, everyday words, what is asked, and the words that tell nothing; phrases parted by commas."""

    things: Mapping[str, Mapping[str, str]]
    words: Mapping[str, str]
    asks: Mapping[str, str]
    plain: Mapping[str, str]
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True)
class Example:
    """A line of examples.jsonl: a made-up text and what it is about, the main topic first."""

    text: str
    topics: tuple[str, ...]
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True)
class Invented:
    """A line of demo.jsonl."""

    text: str
    kind: str
    topics: tuple[str, ...]
    place: str
    former_place: str
    age_band: str
    name: str
    only_province: bool
    lead: str
    dialogue: str
    day: int
    minute: int
    state: str
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True)
class InventedEvent:
    """An event of demo.toml. `day` counts from today, the hours are local; without `seats` as many may come as like."""

    title: str
    day: int
    starts: time
    ends: time
    hall: str = ""
    link: str = ""
    about: str = ""
    is_selective: bool = False
    seats: int = 0
    has_points: bool = False
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True)
class InventedArticle:
    """An article of demo.toml: its texts by language, the title in the first line. `day` counts back from today."""

    section: str
    topic: str
    day: int
    texts: Mapping[str, str]
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True)
class DemoFile:
    """demo.toml, which a pack can do without."""

    events: tuple[InventedEvent, ...] = ()
    articles: tuple[InventedArticle, ...] = ()
    __pydantic_config__: ClassVar[ConfigDict] = STRICT
