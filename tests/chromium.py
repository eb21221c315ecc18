"""Debian's Chromium for tests: missing, a test that needs it says so; in CI it fails."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright, expect

expect.set_options(timeout=20_000)  # milliseconds: a machine may have much else to do

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def executable() -> str:
    """Where Chromium is; skips the test where it is not."""
    found = shutil.which("chromium")
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail("chromium is not installed, and in CI it must be")
    pytest.skip("chromium is not installed: apt-get install chromium")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A headless browser."""
    path = executable()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(QUIET))
        try:
            yield browser
        finally:
            await browser.close()
