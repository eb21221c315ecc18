"""One module a command."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from bot import preparation
from bot.config import Settings, load, variable
from bot.logs import set_up


def settings(config: Path | None) -> Settings:
    """The settings of a command, with logging set up by them. Raises SettingsError."""
    found = load(config, os.environ)
    set_up(found.log.level, found.log.format)
    preparation.refuse_strange_owners(found)
    return found


def located(complaint: str, config: Path | None, environment: Mapping[str, str]) -> str:
    """A complaint about "[section] key: …" with the settings file in front, or the variable that overrides it."""
    found = re.match(r"\[(\w+)\] (\w+): ", complaint)
    if found and variable(found[1], found[2]) in environment:
        return f"{variable(found[1], found[2])}: {complaint}"
    return f"{config}: {complaint}" if found and config else complaint
