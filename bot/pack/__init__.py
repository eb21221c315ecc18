"""All that belongs to one place and one law, read from a folder and checked before anything starts."""

from pathlib import Path

from bot.pack.examples import examples, told
from bot.pack.files import Example
from bot.pack.reading import load
from bot.pack.shapes import (
    OTHER,
    AgeBand,
    Concept,
    District,
    EventRules,
    Facts,
    Pack,
    Places,
    Quiet,
    Spoken,
    Topic,
    Unit,
)

DEFAULT = Path(__file__).parent.parent / "packs" / "lang-son"

__all__ = [
    "DEFAULT", "OTHER", "AgeBand", "Concept", "District", "EventRules", "Example", "Facts", "Pack", "Places", "Quiet", "Spoken", "Topic", "Unit", "examples", "load", "told",
]  # fmt: skip
