"""How Zalo's events come in: by webhook or by polling, acknowledged or forgotten once they are committed.

Polling gives one event a call and has no offset: what was given is gone from Zalo. So it is held here until it is
committed, and only then the next is asked for. What is given to a process that is killed in between is lost; a webhook
loses nothing.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Protocol
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.channels.zalo_api import NOTHING, Answer
from bot.channels.zalo_updates import at
from bot.errors import BotError, DatabaseTroubleError, DeliveryError, NotSentError, TooFastError
from bot.model import Json

log = structlog.get_logger()

POLL = 25  # seconds that Zalo holds a poll open
MARGIN = 10.0  # seconds more until one is given up
VERIFY = 300.0  # seconds between looks at the webhook
LAST_WORD = 0.2  # seconds that a poll may still take when the bot stops
STANDSTILL = 90.0  # seconds without a successful poll: then it connects anew
PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0, 15.0)  # seconds between tries
HEADER = "X-Bot-Api-Secret-Token"

Take = Callable[[Json], Awaitable[None]]
"""Commits what an event says. Raises DatabaseTroubleError where nothing is taken."""


class Caller(Protocol):
    """What is asked of Zalo."""

    async def call(self, method: str, **parameters: Json) -> Json:
        """The result of a method. Raises DeliveryErrors."""

    async def ask(self, method: str, seconds: float, **parameters: Json) -> Answer:
        """The answer of a method. Raises NotSentError and UnsureError."""

    async def renew(self) -> None:
        """Starts afresh with new connections."""


async def pause(error: BotError, tries: int) -> None:
    """Waits as long as Zalo asks, or a little longer each time."""
    wait = error.seconds if isinstance(error, TooFastError) else PAUSES[min(tries, len(PAUSES) - 1)]
    cause = type(error.__cause__).__name__ if error.__cause__ else ""
    log.warning("Zalo's events must wait", why=type(error).__name__, cause=cause, seconds=wait)
    await asyncio.sleep(wait)


# -- polling


async def poll(api: Caller, take: Take, beat: Callable[[], None]) -> None:
    """Polls for ever; `beat` is called at each poll that succeeds."""
    loop = asyncio.get_running_loop()
    tries, succeeded, ready = 0, loop.time(), False
    while True:
        try:
            if not ready:
                await leave_webhook(api)
                ready = True
            event = await next_event(api, take)
            tries, succeeded = 0, loop.time()
            beat()
            if event is None:
                await asyncio.sleep(PAUSES[0])  # where a server does not hold polls open
            else:
                await commit(event, take)
        except DeliveryError as error:
            ready = False  # somebody may have set a webhook
            await pause(error, tries)
            tries += 1
            if loop.time() - succeeded > STANDSTILL:
                log.error("no poll has succeeded for long; connecting anew")
                await api.renew()
                succeeded = loop.time()


async def leave_webhook(api: Caller) -> None:
    """Ends a webhook that is set. Raises NotSentError where it stands all the same."""
    if not at(await api.call("getWebhookInfo"), "url", str):
        return
    await api.call("deleteWebhook")
    if at(await api.call("getWebhookInfo"), "url", str):
        raise NotSentError("the webhook still stands")
    log.info("the webhook is removed; polling from now on")


async def next_event(api: Caller, take: Take) -> Json:
    """The next event, or None where there is none. Stopped, it waits a moment for what is on its way already."""
    asking = asyncio.create_task(api.ask("getUpdates", POLL + MARGIN, timeout=str(POLL)))
    try:
        answer = await asyncio.shield(asking)
    except asyncio.CancelledError:
        await asyncio.wait({asking}, timeout=LAST_WORD)
        asking.cancel()
        [last] = await asyncio.gather(asking, return_exceptions=True)
        if isinstance(last, Answer) and last.result is not None:
            await take_at_last(last.result, take)
        raise
    if answer.code == NOTHING:
        return None
    if answer.error:
        raise answer.error
    return answer.result


async def take_at_last(event: Json, take: Take) -> None:
    """Takes in what came as the bot was told to stop: once, for nobody waits any longer."""
    try:
        await take(event)
    except DatabaseTroubleError as trouble:
        log.error("an event is lost", why=str(trouble))


async def commit(event: Json, take: Take) -> None:
    """Takes an event in, however often that must be tried: nobody else has it any more."""
    tries = 0
    while True:
        try:
            return await take(event)
        except DatabaseTroubleError as trouble:
            await pause(trouble, tries)
            tries += 1


# -- webhook


class Webhook:
    """Zalo's posts: sets where they go, and answers them. `take` is None while nobody takes events in.

    `beat` is called at each post that is taken, and each time the webhook was found as it should be.
    """

    def __init__(self, url: str, secret: str, beat: Callable[[], None]) -> None:
        self.take: Take | None = None
        self._beat = beat
        self._url = url
        self._secret = secret

    async def keep(self, api: Caller) -> None:
        """Sets the webhook, and looks now and then whether it still stands."""
        tries, stands = 0, False
        while True:
            try:
                await self._set(api, anew=not stands)
                tries, stands = 0, True
                self._beat()
                await asyncio.sleep(VERIFY)
            except DeliveryError as error:
                await pause(error, tries)
                tries += 1

    async def _set(self, api: Caller, *, anew: bool) -> None:
        """Sets it unless it stands; `anew` in any case, since nothing tells whether its secret is ours.

        Raises NotSentError where it does not stand then.
        """
        if not anew and await self._stands(api):
            return
        await api.call("setWebhook", url=self._url, secret_token=self._secret)
        if not await self._stands(api):
            raise NotSentError("the webhook does not stand")
        log.info("the webhook is set")

    async def _stands(self, api: Caller) -> bool:
        return bool(at(await api.call("getWebhookInfo"), "url", str) == self._url)

    def routes(self) -> list[web.RouteDef]:
        """The one route. The server's limit of a body holds for it."""
        return [web.post(urlsplit(self._url).path or "/", self._answer)]

    async def _answer(self, request: web.Request) -> web.Response:
        """200 once the event is committed; anything else asks Zalo to send it again."""
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), self._secret.encode()):
            log.warning("a post without the secret is refused")
            return web.Response(status=403)
        if self.take is None:
            return web.Response(status=503)
        try:
            event = json.loads(await request.read())
        except ValueError:
            log.error("an event is no JSON")  # it would be none the next time either
            return web.Response()
        try:
            await self.take(event)
        except DatabaseTroubleError as trouble:
            log.error("an event waits for the database", why=str(trouble))
            return web.Response(status=503)
        self._beat()
        return web.Response()
