"""The stand-in as a server: HTTP around a world, with faults on demand."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from aiohttp import web

from tests.zalo.faults import Faults, Kind, Rule
from tests.zalo.methods import METHODS, Call, RefusalError
from tests.zalo.postman import deliver
from tests.zalo.world import Limits, World

TOKEN = "8101:TEST-zalo-token"
PAGE = "<html><head><title>Just a moment</title></head><body>Please turn on JavaScript.</body></html>"
PAGES = {Kind.FIREWALL: 403, Kind.PORTAL: 200, Kind.GATEWAY: 502}
REFUSALS = {Kind.INTERNAL: (403, "Internal server error"), Kind.QUOTA: (429, "Quota exceeded"),
            Kind.FORBIDDEN: (404, "Not found")}  # fmt: skip
HARD_CLOSE = struct.pack("ii", 1, 0)

Handler = Callable[["StandIn", web.BaseRequest], Awaitable[web.StreamResponse]]


class StandIn:
    """bot-api.zaloplatforms.com and the servers of files for one bot.

    `ways` leads a public address to one on this machine, as a web server in front of the bot does. Further paths, such
    as those that move phones from another process, are for `aside`.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        limits: Limits | None = None,
        faults: Faults | None = None,
        ways: Mapping[str, str] | None = None,
        aside: Handler | None = None,
    ) -> None:
        self.token = token
        self.world = World(limits=limits)
        self.faults = faults or Faults()
        self.ways = dict(ways or {})
        self.url = ""
        self._aside = aside
        self._calls = f"/bot{token}/"
        self._runner: web.ServerRunner | None = None
        self._postman: asyncio.Task[None] | None = None

    async def start(self, port: int = 0) -> None:
        self.world.closing = False
        self._runner = web.ServerRunner(web.Server(self._handle), shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port, reuse_address=True).start()
        self.url = "http://{}:{}".format(*self._runner.addresses[0][:2])
        self._postman = asyncio.create_task(deliver(self.world, self.ways))

    async def stop(self) -> None:
        """Ends it; the world stays, and another start goes on with it."""
        self.world.closing = True
        self.world.events.wake()
        if self._postman:
            self._postman.cancel()
            with suppress(asyncio.CancelledError):
                await self._postman
        if self._runner:
            await self._runner.cleanup()

    async def __aenter__(self) -> StandIn:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith(self._calls):
            return await self._called(request, path.removeprefix(self._calls))
        if path.startswith("/cdn/"):
            return await self._fetched(request)
        if path.startswith("/bot"):
            return refused(RefusalError(401, "Unauthorized"))
        if self._aside:
            return await self._aside(self, request)
        return refused(RefusalError(400, "Bad request"))

    async def _called(self, request: web.BaseRequest, name: str) -> web.StreamResponse:
        self.world.calls[name] += 1
        rule = self.faults.strike(name)
        try:
            given = await parameters(request)
            if rule and (broken := before(rule, request)):
                return broken
            response = succeeded(await self._act(name, given, lambda: is_open(request)))
        except RefusalError as refusal:
            self.world.refusals[refusal.description] += 1
            response = refused(refusal)
        if rule and rule.kind is Kind.LATE:
            await asyncio.sleep(rule.seconds)
        if rule and rule.kind is Kind.RESET_AFTER:
            reset(request)
        return response

    async def _act(self, name: str, given: dict[str, Any], listens: Callable[[], bool]) -> Any:
        if name not in METHODS:
            raise RefusalError(400, "Bad request")
        act, known = METHODS[name]
        if unknown := given.keys() - known:
            raise RefusalError(400, f"unknown parameter {min(unknown)}")
        return await act(Call(self.world, given, self.ways, listens))

    async def _fetched(self, request: web.BaseRequest) -> web.StreamResponse:
        rule = self.faults.strike("cdn")
        if rule and (broken := before(rule, request)):
            return broken
        file = self.world.files.get(request.path)
        if file is None or file.until <= self.world.clock():
            return web.Response(status=403, text="expired")
        return web.Response(body=file.content, content_type=file.media_type)


async def parameters(request: web.BaseRequest) -> dict[str, Any]:
    """What a call brings: a JSON object that was posted."""
    if request.method != "POST" or request.content_type != "application/json":
        raise RefusalError(400, "JSON must be posted")
    try:
        given = json.loads(await request.read())
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise RefusalError(400, "no JSON object")
    return given


def is_open(request: web.BaseRequest) -> bool:
    return request.transport is not None and not request.transport.is_closing()


def before(rule: Rule, request: web.BaseRequest) -> web.Response | None:
    """Lets something go wrong before the call is taken. None: it happens afterwards."""
    if rule.kind in PAGES:
        return web.Response(status=PAGES[rule.kind], text=PAGE, content_type="text/html")
    if rule.kind in REFUSALS:
        raise RefusalError(*REFUSALS[rule.kind])
    if rule.kind is Kind.RESET_BEFORE:
        reset(request)
        return web.Response()
    return None


def reset(request: web.BaseRequest) -> None:
    """Breaks the connection at once, without a goodbye."""
    transport = request.transport
    if transport:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, HARD_CLOSE)
        transport.abort()


def succeeded(result: Any) -> web.Response:
    body = {"ok": True} if result is None else {"ok": True, "result": result}
    return web.json_response(body)


def refused(refusal: RefusalError) -> web.Response:
    """A refusal; its status is 200 all the same."""
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else None
    body = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    return web.json_response(body, headers=headers)
