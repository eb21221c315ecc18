"""A messenger's posts: where they go is set and looked after, and each is answered once it is committed."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Protocol
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.errors import BotError, DatabaseTroubleError, DeliveryError, TooFastError
from bot.model import Json

log = structlog.get_logger()

VERIFY = 300.0  # seconds between looks at the webhook
PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0, 15.0)  # seconds between tries

Take = Callable[[Json], Awaitable[None]]
"""Commits what a post says. Raises DatabaseTroubleError where nothing is taken."""


class Settle(Protocol):
    """Sets a messenger's webhook unless it stands."""

    async def __call__(self, url: str, secret: str, *, anew: bool) -> None:
        """`anew` in any case, since nothing tells whether its secret is ours. Raises DeliveryErrors."""


async def pause(messenger: str, error: BotError, tries: int) -> None:
    """Waits as long as a messenger asks, or a little longer each time."""
    wait = error.seconds if isinstance(error, TooFastError) else PAUSES[min(tries, len(PAUSES) - 1)]
    cause = type(error.__cause__).__name__ if error.__cause__ else ""
    log.warning(f"{messenger} must wait", why=type(error).__name__, cause=cause, seconds=wait)
    await asyncio.sleep(wait)


class Webhook:
    """Where a messenger posts to. `take` is None while nobody takes in what comes.

    `beat` is called at each post that is taken, and each time the webhook was found as it should be.
    """

    def __init__(self, messenger: str, url: str, header: str, secret: str, beat: Callable[[], None]) -> None:
        """`header` is where the messenger says the secret."""
        self.take: Take | None = None
        self._messenger = messenger
        self._url = url
        self._header = header
        self._secret = secret
        self._beat = beat

    async def keep(self, settle: Settle) -> None:
        """Sets the webhook, and looks now and then whether it still stands."""
        tries, stands = 0, False
        while True:
            try:
                await settle(self._url, self._secret, anew=not stands)
                tries, stands = 0, True
                self._beat()
                await asyncio.sleep(VERIFY)
            except DeliveryError as error:
                await pause(self._messenger, error, tries)
                tries += 1

    def routes(self) -> list[web.RouteDef]:
        """The one route. The server's limit of a body holds for it."""
        return [web.post(urlsplit(self._url).path or "/", self._answer)]

    async def _answer(self, request: web.Request) -> web.Response:
        """200 once the post is committed; anything else asks the messenger to send it again."""
        if not hmac.compare_digest(request.headers.get(self._header, "").encode(), self._secret.encode()):
            log.warning("a post without the secret is refused")
            return web.Response(status=403)
        if self.take is None:
            return web.Response(status=503)
        try:
            posted = json.loads(await request.read())
        except ValueError:
            log.error("what was posted is no JSON", by=self._messenger)  # it would be none the next time either
            return web.Response()
        try:
            await self.take(posted)
        except DatabaseTroubleError as trouble:
            log.error("an update waits for the database", why=str(trouble))
            return web.Response(status=503)
        self._beat()
        return web.Response()
