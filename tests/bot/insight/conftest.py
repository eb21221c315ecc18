"""The shipped pack, for all that reads it."""

import pytest

from bot import pack as packs
from bot.pack import Pack


@pytest.fixture(scope="session")
def pack() -> Pack:
    return packs.load(packs.DEFAULT)
