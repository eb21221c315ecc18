"""Work under way side by side: each piece in a task of its own, waited for or ended together."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class Tasks:
    """The tasks that somebody started."""

    def __init__(self) -> None:
        self._all: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Starts a piece of work; it is remembered until its end."""
        task = asyncio.create_task(work)
        self._all.add(task)
        task.add_done_callback(self._all.discard)
        return task

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self._all)

    async def idle(self) -> None:
        """Returns when nothing is under way."""
        while self._all:
            await asyncio.wait(self._all)

    async def finish(self, seconds: float) -> None:
        """Lets everything come to its end, as far as the time allows; what is late is cancelled."""
        if self._all:
            _, late = await asyncio.wait(self._all, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
