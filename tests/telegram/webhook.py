"""The webhook: where it is, and how the server posts what waits to it."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.telegram.updates import Json, Updates

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 1.0
PATIENCE = ClientTimeout(total=20)

Ways = Mapping[str, str | Sequence[str]]


@dataclass
class Webhook:
    """What setWebhook said, and what went wrong last. `turn` counts the settings."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error_date: int = 0
    last_error_message: str = ""
    turn: int = 0

    def set(self, url: str, secret: str, max_connections: int) -> None:
        self.url, self.secret, self.max_connections = url, secret, max_connections
        self.last_error_date, self.last_error_message = 0, ""
        self.turn += 1


class Postman:
    """Posts updates until each was taken: so many at a time, and one after the other within a chat."""

    def __init__(self, webhook: Webhook, updates: Updates, ways: Ways, clock: Callable[[], float]) -> None:
        self._webhook = webhook
        self._updates = updates
        self._ways = ways
        self._clock = clock
        self._new = updates.bell
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._lanes: set[object] = set()

    async def run(self) -> None:
        """Delivers until it is cancelled."""
        async with ClientSession(timeout=PATIENCE) as session:
            try:
                while True:
                    self._new.clear()
                    if self._webhook.url:
                        self._start(session)
                    await self._new.wait()
            finally:
                for task in self._under_way.values():
                    task.cancel()
                await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    def _start(self, session: ClientSession) -> None:
        """Starts what may start now."""
        self._updates.collect_repeats()
        busy = set(self._lanes)
        for update in self._updates.waiting:
            if len(self._under_way) >= self._webhook.max_connections:
                return
            lane = lane_of(update)
            if id(update) in self._under_way or lane in busy:
                busy.add(lane)
                continue
            self._lanes.add(lane)
            busy.add(lane)
            self._under_way[id(update)] = asyncio.create_task(self._deliver(session, update, lane))

    async def _deliver(self, session: ClientSession, update: Json, lane: object) -> None:
        pause, turn = FIRST_PAUSE, self._webhook.turn
        try:
            while turn == self._webhook.turn and any(one is update for one in self._updates.waiting):
                trouble = await self._post(session, update)
                if not trouble:
                    self._updates.posted(update)
                    return
                if turn == self._webhook.turn:
                    self._webhook.last_error_date = int(self._clock())
                    self._webhook.last_error_message = trouble
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 2)
        finally:
            self._lanes.discard(lane)
            del self._under_way[id(update)]
            self._new.set()

    async def _post(self, session: ClientSession, update: Json) -> str:
        """Posts once; gives what the server would complain of, or ""."""
        headers = {"Content-Type": "application/json"}
        if self._webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._webhook.secret
        url = local(self._webhook.url, self._ways)
        if not url:
            return "Failed to resolve host: Name or service not known"
        try:
            async with session.post(url, data=json.dumps(update), headers=headers, allow_redirects=False) as response:
                await response.read()
                if 200 <= response.status < 300:
                    return ""
                return f"Wrong response from the webhook: {response.status} {response.reason}"
        except TimeoutError:
            return "Read timeout expired"
        except (ClientError, OSError):
            return "Connection refused"


def local(url: str, ways: Ways) -> str:
    """The address on this machine behind a public one, any of several; "" if there is none."""
    for public, here in ways.items():
        if url.startswith(public):
            return (here if isinstance(here, str) else random.choice(here)) + url.removeprefix(public)
    return url if urlsplit(url).hostname in ("127.0.0.1", "localhost") else ""


def lane_of(update: Json) -> object:
    """What must stay in order: the updates of one chat."""
    for body in update.values():
        if isinstance(body, dict):
            message = body.get("message", body)
            if isinstance(message, dict) and isinstance(message.get("chat"), dict):
                return message["chat"].get("id")
    return id(update)
