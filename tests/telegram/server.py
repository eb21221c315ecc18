"""The stand-in as a server: HTTP around a world, with faults on demand."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from aiohttp import web

from tests.telegram.faults import Faults, Kind, Rule
from tests.telegram.limits import Limits
from tests.telegram.methods import METHODS
from tests.telegram.parameters import LARGEST, Given, read
from tests.telegram.refusals import RefusalError, too_many
from tests.telegram.webhook import Postman, Ways
from tests.telegram.world import World

TOKEN = "123456:TEST-token"
GATEWAY_PAGE = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"
BEFORE = (Kind.ERROR, Kind.GATEWAY, Kind.TOO_MANY, Kind.RESET_BEFORE, Kind.DELAY)
MARGIN = 1024 * 1024
HARD_CLOSE = struct.pack("ii", 1, 0)

Handler = Callable[["StandIn", web.BaseRequest], Awaitable[web.StreamResponse]]


class StandIn:
    """api.telegram.org for one bot.

    `ways` leads a public webhook address to one on this machine, as a web server in front of the bot does,
    or to any of several.
    Further paths, such as those that move phones from another process, are for `aside`.
    """

    def __init__(
        self, token: str = TOKEN, *, limits: Limits | None = None, faults: Faults | None = None,
        world: World | None = None, ways: Ways | None = None, aside: Handler | None = None,
    ) -> None:  # fmt: skip
        self.token = token
        self.world = world or World(bot_id=int(token.partition(":")[0]))
        self.world.limits = limits or self.world.limits
        self.faults = faults or Faults()
        self.ways = dict(ways or {})
        self.url = ""
        self._aside = aside
        self._calls = f"/bot{token}/"
        self._files = f"/file/bot{token}/"
        self._runner: web.ServerRunner | None = None
        self._postman: asyncio.Task[None] | None = None

    @property
    def limits(self) -> Limits | None:
        return self.world.limits

    async def start(self, port: int = 0) -> None:
        self.world.closing = False
        self._runner = web.ServerRunner(web.Server(self._handle, request_factory=roomy), shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port, reuse_address=True).start()
        self.url = "http://{}:{}".format(*self._runner.addresses[0][:2])
        postman = Postman(self.world.webhook, self.world.updates, self.ways, self.world.clock)
        self._postman = asyncio.create_task(postman.run())

    async def stop(self) -> None:
        """Ends it; the world stays, and another start goes on with it."""
        self.world.closing = True
        self.world.updates.end_poll("")
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
            return await self._called(request, path[len(self._calls) :].lower())
        if path.startswith(self._files):
            return await self._fetched(request, path[len(self._files) :])
        if path.startswith(("/bot", "/file/bot")):
            return answered(wrong_token(path))
        if self._aside:
            return await self._aside(self, request)
        return answered(RefusalError(404, "Not Found"))

    async def _called(self, request: web.BaseRequest, name: str) -> web.StreamResponse:
        world = self.world
        world.calls[name] += 1
        rule = self.faults.strike(name) if self.faults.rules else None
        try:
            given = await read(request)
            if rule and rule.kind in BEFORE:
                broken = await before(rule, request)
                if broken:
                    return broken
            response = done(await self._act(name, given, rule))
        except RefusalError as refusal:
            world.refusals[refusal.description] += 1
            response = answered(refusal)
        if rule and rule.kind is Kind.LATE:
            await asyncio.sleep(rule.seconds)
        if rule and rule.kind is Kind.RESET_AFTER:
            reset(request)
        return response

    async def _act(self, name: str, given: Given, rule: Rule | None) -> Any:
        method = METHODS.get(name)
        if not method:
            raise RefusalError(404, "Not Found")
        method.check(given)
        if rule and rule.kind is Kind.REDELIVERY:
            self.world.updates.forget_next_confirmation()
        result = method.act(self.world, given)
        return await result if isinstance(result, Awaitable) else result

    async def _fetched(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        rule = self.faults.strike("file") if self.faults.rules else None
        if rule:
            broken = await before(rule, request)
            if broken:
                return broken
        file = self.world.paths.get(path)
        if not file:
            return answered(RefusalError(404, "Not Found"))
        return web.Response(body=file.content, content_type="application/octet-stream")


def roomy(*given: Any) -> web.BaseRequest:
    """A request with room for the largest upload; what is larger is refused in the server's words before it is read."""
    message, payload, protocol, writer, task = given
    return web.BaseRequest(message, payload, protocol, writer, task, task.get_loop(), client_max_size=LARGEST + MARGIN)


async def before(rule: Rule, request: web.BaseRequest) -> web.Response | None:
    """Lets something go wrong before the call is taken. None: it is only late."""
    if rule.kind in (Kind.DELAY, Kind.LATE):
        await asyncio.sleep(rule.seconds)
        return None
    if rule.kind is Kind.GATEWAY:
        return web.Response(status=502, body=GATEWAY_PAGE, content_type="text/html")
    if rule.kind is Kind.TOO_MANY:
        return answered(too_many(rule.wait()))
    if rule.kind in (Kind.RESET_BEFORE, Kind.RESET_AFTER):
        reset(request)
    return answered(RefusalError(500, "Internal Server Error"))


def reset(request: web.BaseRequest) -> None:
    """Breaks the connection at once, without a goodbye."""
    transport = request.transport
    if transport:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, HARD_CLOSE)
        transport.abort()


def done(result: Any) -> web.Response:
    body = json.dumps({"ok": True, "result": result}).encode()
    return web.Response(body=body, content_type="application/json")


def answered(refusal: RefusalError) -> web.Response:
    headers = {"Retry-After": str(refusal.parameters["retry_after"])} if refusal.code == 429 else None
    body = json.dumps(refusal.body()).encode()
    return web.Response(status=refusal.code, body=body, content_type="application/json", headers=headers)


def wrong_token(path: str) -> RefusalError:
    """401 for a token that could be one, 404 for anything else."""
    token = path.split("/bot", 1)[1].partition("/")[0]
    number, _, secret = token.partition(":")
    return RefusalError(401, "Unauthorized") if number.isdigit() and secret else RefusalError(404, "Not Found")
