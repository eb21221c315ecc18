"""Ends the process when its event loop stands still: a restart takes up everything, a standstill answers nobody."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable

import structlog

log = structlog.get_logger()

STILL = 20.0  # seconds
EXIT_CODE = 70


class Watchdog:
    """A thread that watches the loop's heartbeat."""

    def __init__(
        self, in_hand: Callable[[], list[int]], still: float = STILL, beat: Callable[[], None] = lambda: None
    ) -> None:
        self._tell = beat
        self._in_hand = in_hand
        self._still = still
        self._beat = time.monotonic()
        self._stopped = threading.Event()

    async def run(self) -> None:
        """Beats until it is cancelled."""
        thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        thread.start()
        try:
            while True:
                self._beat = time.monotonic()
                self._tell()
                await asyncio.sleep(self._still / 10)
        finally:
            self._stopped.set()

    def _watch(self) -> None:
        while not self._stopped.wait(self._still / 10):
            if time.monotonic() - self._beat > self._still:
                log.critical("the event loop stands still; ending the process", inbox=self._in_hand())
                os._exit(EXIT_CODE)
