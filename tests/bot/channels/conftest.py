"""A web chat and two people with browsers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.channels.browser import Browser
from tests.bot.channels.site import Site, running


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with running(tmp_path) as site:
        yield site


@pytest.fixture
async def browser(site: Site) -> AsyncIterator[Browser]:
    browser = Browser(site)
    await browser.open()
    yield browser
    await browser.session.close()


@pytest.fixture
async def stranger(site: Site) -> AsyncIterator[Browser]:
    browser = Browser(site)
    await browser.open()
    yield browser
    await browser.session.close()
