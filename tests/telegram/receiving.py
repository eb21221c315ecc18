"""The methods by which the bot gets its updates: long polls and the webhook."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urlsplit

from tests.telegram.parameters import Given
from tests.telegram.refusals import OTHER_POLLER, WEBHOOK_SET, bad, conflict
from tests.telegram.updates import KINDS, Json
from tests.telegram.webhook import Webhook
from tests.telegram.world import World

LONGEST_POLL = 50
PORTS = (None, 80, 88, 443, 8443)
SECRET = re.compile(r"[A-Za-z0-9_-]*")


async def get_updates(world: World, given: Given) -> list[Json]:
    """What waits, or what comes within the timeout. An earlier call that still waits ends with a conflict."""
    updates = world.updates
    if world.webhook.url:
        raise conflict(WEBHOOK_SET)
    updates.end_poll(OTHER_POLLER)
    allow(world, given)
    if "offset" in given.values:
        updates.confirm(given.number("offset"))
    seconds = min(LONGEST_POLL, given.number("timeout"))
    end = asyncio.get_running_loop().time() + seconds
    while updates.is_empty and (left := end - asyncio.get_running_loop().time()) > 0 and not world.closing:
        if reason := await updates.arrival(left):
            raise conflict(reason)
    return updates.take(min(100, max(1, given.number("limit", 100))))


def allow(world: World, given: Given) -> None:
    """Takes up what kinds of updates the bot wants; not given: as before."""
    if "allowed_updates" not in given.values:
        return
    kinds = given.object("allowed_updates") or []
    if not isinstance(kinds, list):
        raise bad("can't parse allowed updates: Expected an Array of String")
    world.updates.allow([kind for kind in kinds if kind in KINDS])


def set_webhook(world: World, given: Given) -> bool:
    url = given.text("url")
    if url:
        check_address(url)
    secret = given.text("secret_token")
    if len(secret) > 256:
        raise bad("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    allow(world, given)
    drop(world, given)
    if url:
        world.updates.end_poll("terminated by setWebhook request")
    world.webhook.set(url, secret, min(100, max(1, given.number("max_connections", 40))))
    world.updates.bell.set()
    return True


def check_address(url: str) -> None:
    """Https, as on the real server; for tests also http to this machine."""
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"):
        return
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if parts.port not in PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def delete_webhook(world: World, given: Given) -> bool:
    drop(world, given)
    world.webhook.set("", "", 40)
    return True


def drop(world: World, given: Given) -> None:
    if given.flag("drop_pending_updates"):
        world.drops += 1
        world.updates.drop()


def get_webhook_info(world: World, given: Given) -> Json:
    webhook: Webhook = world.webhook
    info: Json = {
        "url": webhook.url, "has_custom_certificate": False, "pending_update_count": len(world.updates.waiting),
    }  # fmt: skip
    if webhook.url:
        info |= {"max_connections": webhook.max_connections, "ip_address": "127.0.0.1"}
    if webhook.url and webhook.last_error_date:
        info |= {"last_error_date": webhook.last_error_date, "last_error_message": webhook.last_error_message}
    if world.updates.given_allowed:
        info["allowed_updates"] = world.updates.given_allowed
    return info
