"""The pack of the province without its quiet hours."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.pack import DEFAULT


def awake(folder: Path) -> Path:
    """A pack, kept in a folder, that knows no quiet hours: whatever the time is, a broadcast goes out."""
    pack = folder / "pack"
    if not pack.exists():
        shutil.copytree(DEFAULT, pack)
        facts = (pack / "pack.toml").read_text("utf-8")
        for hour in ("start = 21:00:00", "end = 07:00:00"):
            assert hour in facts
            facts = facts.replace(hour, f"{hour.partition(' ')[0]} = 00:00:00")
        (pack / "pack.toml").write_text(facts, "utf-8")
    return pack
