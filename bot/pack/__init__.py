"""All that belongs to one place and one law, read from a folder and checked before anything starts."""

from pathlib import Path

from bot.pack.reading import load
from bot.pack.shapes import (
    ERAS,
    OTHER,
    AgeBand,
    District,
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
    "DEFAULT", "ERAS", "OTHER", "AgeBand", "District", "Facts", "Pack", "Places", "Quiet", "Spoken", "Topic", "Unit", "load",
]  # fmt: skip
