"""One module a command."""

from __future__ import annotations

import os
from pathlib import Path

from bot.config import Settings, load
from bot.logs import set_up


def settings(config: Path | None) -> Settings:
    """The settings of a command, with logging set up by them. Raises SettingsError."""
    found = load(config, os.environ)
    set_up(found.log.level, found.log.format)
    return found
