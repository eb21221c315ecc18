"""What tests share: a bot in a folder of its own, and logs that are read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.player import Player, Town, town


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Town]:
    """A running bot."""
    async with town(tmp_path) as running:
        yield running


@pytest.fixture(params=["buttons", "lists"])
def lan(request: pytest.FixtureRequest, place: Town) -> Player:
    """A young person, once on a messenger with buttons and edits and once on one with neither."""
    return place.person("lan", request.param)
