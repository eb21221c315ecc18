"""How Zalo's events come in: by webhook or by polling, acknowledged or forgotten once they are committed.

Polling gives one event a call and has no offset: what was given is gone from Zalo. So it is held here until it is
committed, and only then the next is asked for. What is given to a process that is killed in between is lost; a webhook
loses nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog

from bot.channels.webhook import PAUSES, Take, pause
from bot.channels.zalo_api import NOTHING, Answer
from bot.channels.zalo_updates import at
from bot.errors import DatabaseTroubleError, DeliveryError, NotSentError
from bot.model import Json

log = structlog.get_logger()

POLL = 25  # seconds that Zalo holds a poll open
MARGIN = 10.0  # seconds more until one is given up
LAST_WORD = 0.2  # seconds that a poll may still take when the bot stops
STANDSTILL = 90.0  # seconds without a successful poll: then it connects anew
MESSENGER = "Zalo"
HEADER = "X-Bot-Api-Secret-Token"


class Caller(Protocol):
    """What is asked of Zalo."""

    async def call(self, method: str, **parameters: Json) -> Json:
        """The result of a method. Raises DeliveryErrors."""

    async def ask(self, method: str, seconds: float, **parameters: Json) -> Answer:
        """The answer of a method. Raises NotSentError and UnsureError."""

    async def renew(self) -> None:
        """Starts afresh with new connections."""


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
            await pause(MESSENGER, error, tries)
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
            await pause(MESSENGER, trouble, tries)
            tries += 1


# -- webhook


async def settle(api: Caller, url: str, secret: str, *, anew: bool) -> None:
    """Sets the webhook unless it stands, or `anew` in any case. Raises NotSentError where it does not then."""
    if not anew and await _stands(api, url):
        return
    await api.call("setWebhook", url=url, secret_token=secret)
    if not await _stands(api, url):
        raise NotSentError("the webhook does not stand")
    log.info("the webhook is set")


async def _stands(api: Caller, url: str) -> bool:
    return bool(at(await api.call("getWebhookInfo"), "url", str) == url)
