"""A process of its own for heavy work: spawned for one piece of work, ended after it."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class OneAtATime:
    """One worker process at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """Runs a module's function in a fresh process; its error comes out here."""
        async with self._turn:
            executor = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
            try:
                return await asyncio.get_running_loop().run_in_executor(executor, work, *arguments)
            finally:
                executor.shutdown(wait=False, cancel_futures=True)
