"""All that belongs to one place and one law, read from a folder and checked before anything starts."""

from pathlib import Path

from bot.pack.examples import examples, told
from bot.pack.files import DemoFile, Example, InventedArticle, InventedEvent
from bot.pack.reading import invented, load
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
    "DEFAULT", "OTHER", "AgeBand", "Concept", "DemoFile", "District", "EventRules", "Example", "Facts", "InventedArticle", "InventedEvent", "Pack", "Places", "Quiet", "Spoken", "Topic", "Unit", "examples", "invented", "load", "told",
]  # fmt: skip
