"""Posts events to the webhook, one after the other, until each was taken."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.zalo.world import Json, World

PAUSE = 0.05
PATIENCE = ClientTimeout(total=10)


async def deliver(world: World, ways: Mapping[str, str]) -> None:
    """Posts what waits for ever. The real server's patience is not known; this one never gives up."""
    async with ClientSession(timeout=PATIENCE) as session:
        while True:
            while world.webhook.url and world.events.waiting:
                event = world.events.waiting[0]
                if trouble := await post(session, world, ways, event):
                    world.webhook.troubles.append(trouble)
                    await asyncio.sleep(PAUSE)
                else:
                    world.events.posted(event)
            await world.events.changed(1.0)


async def post(session: ClientSession, world: World, ways: Mapping[str, str], event: Json) -> str:
    """Posts once; gives what went wrong, or ""."""
    webhook = world.webhook
    way = next((here for public, here in ways.items() if webhook.url.startswith(public)), "")
    public = next((public for public in ways if webhook.url.startswith(public)), "")
    headers = {"Content-Type": "application/json", "X-Bot-Api-Secret-Token": webhook.secret}
    body = event if webhook.bare else {"ok": True, "result": event}
    if not way:
        return "no such host"
    try:
        url = way + webhook.url.removeprefix(public)
        async with session.post(url, data=json.dumps(body), headers=headers, allow_redirects=False) as response:
            await response.read()
            return "" if response.status == 200 else f"status {response.status}"
    except TimeoutError:
        return "time-out"
    except (ClientError, OSError):
        return "no connection"
