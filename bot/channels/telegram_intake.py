"""How Telegram's updates come in: by long polling or by webhook, acknowledged once they are committed."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.channels.telegram_updates import WANTED, at
from bot.errors import BotError, DatabaseTroubleError, DeliveryError, NotSentError, TooFastError
from bot.model import Json

log = structlog.get_logger()

STANDSTILL = 90.0  # seconds without a successful poll: twice as long as one may take
POLL = 25  # seconds that Telegram holds a poll open
CONNECTIONS = 20  # of Telegram to the webhook at once
VERIFY = 300.0  # seconds between looks at the webhook
PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0, 15.0)  # seconds between tries
HEADER = "X-Telegram-Bot-Api-Secret-Token"

Take = Callable[[Sequence[Json]], Awaitable[None]]
"""Commits what updates say. Raises DatabaseTroubleError where nothing is taken."""


class Api(Protocol):
    """What is asked of Telegram."""

    async def call(self, method: str, **parameters: Json) -> Json:
        """The result of a method. Raises DeliveryErrors."""

    async def renew(self) -> None:
        """Starts afresh with new connections."""


async def poll(api: Api, take: Take, beat: Callable[[], None]) -> None:
    """Polls for ever; `beat` is called at each poll that succeeds.

    An offset is given until Telegram has taken it, and not again: after a quiet week numbers start anew, perhaps lower,
    and an old offset would throw away what comes under them.
    """
    loop = asyncio.get_running_loop()
    offset, tries, succeeded, ready = 0, 0, loop.time(), False
    updates: list[Json] = []
    while True:
        try:
            if not ready:
                await leave_webhook(api)
                ready = True
            updates, before = await waiting(api, offset), updates
            offset, tries, succeeded = 0, 0, loop.time()
            beat()
            await take(updates)
            if updates and updates == before:  # they were confirmed; a server that does not see it is asked slowly
                await asyncio.sleep(PAUSES[0])
            offset = 1 + max((n for update in updates if (n := at(update, "update_id", int)) is not None), default=-1)
        except (DeliveryError, DatabaseTroubleError) as error:
            ready = False  # somebody may have set a webhook
            await pause(error, tries)
            tries += 1
            if loop.time() - succeeded > STANDSTILL:
                log.error("no poll has succeeded for long; connecting anew")
                await api.renew()
                succeeded = loop.time()


async def met(introduce: Callable[[], Awaitable[str]]) -> None:
    """Returns once Telegram has told who the bot is. Raises SettingsError where it does not know it."""
    tries = 0
    while True:
        try:
            name = await introduce()
        except DeliveryError as error:
            await pause(error, tries)
            tries += 1
        else:
            log.info("Telegram knows the bot", name=name)
            return


async def leave_webhook(api: Api) -> None:
    """Ends a webhook that is set; what waits is kept and comes by polling."""
    if at(await api.call("getWebhookInfo"), "url", str):
        await api.call("deleteWebhook")
        log.info("the webhook is removed; polling from now on")


async def waiting(api: Api, offset: int) -> list[Json]:
    """What waits, once everything before the offset is confirmed; 0 confirms nothing."""
    confirming = {"offset": offset} if offset else {}
    found = await api.call("getUpdates", timeout=POLL, limit=100, allowed_updates=WANTED, **confirming)
    return [update for update in found if isinstance(update, dict)] if isinstance(found, list) else []


async def pause(error: BotError, tries: int) -> None:
    """Waits as long as Telegram asks, or a little longer each time."""
    wait = error.seconds if isinstance(error, TooFastError) else PAUSES[min(tries, len(PAUSES) - 1)]
    cause = type(error.__cause__).__name__ if error.__cause__ else ""
    log.warning("Telegram's updates must wait", why=type(error).__name__, cause=cause, seconds=wait)
    await asyncio.sleep(wait)


class Webhook:
    """Telegram's posts: sets where they go, and answers them. `take` is None while nobody takes updates in.

    `beat` is called at each post that is taken, and each time the webhook was found as it should be.
    """

    def __init__(self, url: str, secret: str, beat: Callable[[], None]) -> None:
        self.take: Take | None = None
        self._beat = beat
        self._url = url
        self._secret = secret

    async def keep(self, api: Api) -> None:
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

    async def _set(self, api: Api, *, anew: bool) -> None:
        """Sets it unless it stands as it should; `anew` in any case, since nothing tells whether its secret is ours.

        Raises NotSentError where it does not stand then.
        """
        info = await api.call("getWebhookInfo")
        if at(info, "last_error_date", int):
            log.warning("Telegram could not deliver", waiting=at(info, "pending_update_count", int))
        if self._stands(info) and not anew:
            return
        await api.call(
            "setWebhook",
            url=self._url,
            secret_token=self._secret,
            max_connections=CONNECTIONS,
            allowed_updates=WANTED,
        )
        if not self._stands(await api.call("getWebhookInfo")):
            raise NotSentError("the webhook does not stand")
        log.info("the webhook is set")

    def _stands(self, info: Json) -> bool:
        wanted = {"url": self._url, "max_connections": CONNECTIONS}
        same = all(at(info, name, type(value)) == value for name, value in wanted.items())
        return same and set(at(info, "allowed_updates", list) or ()) == set(WANTED)

    def routes(self) -> list[web.RouteDef]:
        """The one route. The server's limit of a body holds for it."""
        return [web.post(urlsplit(self._url).path or "/", self._answer)]

    async def _answer(self, request: web.Request) -> web.Response:
        """200 once the update is committed; on anything else Telegram sends it again."""
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), self._secret.encode()):
            log.warning("a post without the secret is refused")
            return web.Response(status=403)
        if self.take is None:
            return web.Response(status=503)
        try:
            update = json.loads(await request.read())
        except ValueError:
            log.error("an update is no JSON")  # it would be none the next time either
            return web.Response()
        try:
            await self.take([update])
        except DatabaseTroubleError as trouble:
            log.error("an update waits for the database", why=str(trouble))
            return web.Response(status=503)
        self._beat()
        return web.Response()
