"""How Telegram's updates come in: by long polling or by webhook, acknowledged once they are committed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import structlog

from bot.channels.telegram_updates import WANTED, at
from bot.channels.webhook import PAUSES, pause
from bot.errors import DatabaseTroubleError, DeliveryError, NotSentError
from bot.model import Json

log = structlog.get_logger()

STANDSTILL = 90.0  # seconds without a successful poll: twice as long as one may take
POLL = 25  # seconds that Telegram holds a poll open
CONNECTIONS = 20  # of Telegram to the webhook at once
MESSENGER = "Telegram"
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
            await pause(MESSENGER, error, tries)
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
            await pause(MESSENGER, error, tries)
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


async def settle(api: Api, url: str, secret: str, *, anew: bool) -> None:
    """Sets the webhook unless it stands as it should, or `anew` in any case. Raises NotSentError where it does not then."""
    info = await api.call("getWebhookInfo")
    if at(info, "last_error_date", int):
        log.warning("Telegram could not deliver", waiting=at(info, "pending_update_count", int))
    if _stands(info, url) and not anew:
        return
    await api.call("setWebhook", url=url, secret_token=secret, max_connections=CONNECTIONS, allowed_updates=WANTED)
    if not _stands(await api.call("getWebhookInfo"), url):
        raise NotSentError("the webhook does not stand")
    log.info("the webhook is set")


def _stands(info: Json, url: str) -> bool:
    wanted = {"url": url, "max_connections": CONNECTIONS}
    same = all(at(info, name, type(value)) == value for name, value in wanted.items())
    return same and set(at(info, "allowed_updates", list) or ()) == set(WANTED)
