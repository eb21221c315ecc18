"""Work that one process does at a time: for as long as it has the post, and again once another one has let it go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from bot.errors import DatabaseTroubleError
from storage.database import Post, Statement

log = structlog.get_logger()

ASK = 2.0  # seconds between looks whether the post is still held
ANSWER = 5.0  # seconds that such a look may take
PAUSE = 1.0  # seconds after trouble


class Duty:
    """Work under a post. `beat` is called while another process has it: to wait is well; who works beats by itself."""

    def __init__(
        self, post: Post, work: Callable[[Post], Awaitable[None]], beat: Callable[[], None], *, asks: bool
    ) -> None:
        self._post = post
        self._work = work
        self._beat = beat
        self._asks = asks  # whether the post can be lost without a word

    async def run(self) -> None:
        """Does the work whenever the post is this process's, until it is cancelled."""
        try:
            while True:
                await self._hold()
                await self._serve()
                await asyncio.sleep(PAUSE)
        finally:
            await self._post.close()

    async def _hold(self) -> None:
        holding = asyncio.ensure_future(self._post.hold())
        try:
            while not holding.done():
                self._beat()
                await asyncio.wait({holding}, timeout=ASK)
            holding.result()
        finally:
            holding.cancel()

    async def _serve(self) -> None:
        """Does the work until the post is lost. What ends the work for good comes out here."""
        work = asyncio.ensure_future(self._work(self._post))
        watch = asyncio.ensure_future(self._watch())
        try:
            await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                with suppress(DatabaseTroubleError):
                    work.result()
        finally:
            for task in (work, watch):
                task.cancel()
            await asyncio.gather(work, watch, return_exceptions=True)

    async def _watch(self) -> None:
        """Returns when the post is lost."""
        while self._asks and self._post.is_held:
            await asyncio.sleep(ASK)
            try:
                async with asyncio.timeout(ANSWER):
                    await self._post.read(Statement("SELECT 1 AS one"))
            except (DatabaseTroubleError, TimeoutError) as trouble:
                log.error("a post is lost", why=str(trouble) or type(trouble).__name__)
                return
        if not self._asks:
            await asyncio.Event().wait()
