"""The one web server: pages, channels and health, from an explicit list of routes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.config.values import host_and_port
from bot.errors import SettingsError
from bot.proxies import Proxies

Routes = list[web.RouteDef]
STOP_SECONDS = 0.3  # how long requests may go on once the server stops; aiohttp waits for it twice
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(self), geolocation=()",
}


class Server:
    """One aiohttp application; `/healthz` answers as long as the process does."""

    def __init__(self, routes: Sequence[web.AbstractRouteDef], trusted_proxies: Sequence[str] = ()) -> None:
        self._application = web.Application(middlewares=[Proxies(trusted_proxies).middleware, unbroken])
        self._application.add_routes([web.get("/healthz", healthy), *routes])
        self._application.on_response_prepare.append(protect)
        self._runner: web.AppRunner | None = None

    async def start(self, listen: str, key: str = "[web] listen") -> None:
        """Listens on "host:port". Raises SettingsError naming the key where the port is taken or the host not ours."""
        host, port = host_and_port(listen)
        runner = web.AppRunner(
            self._application,
            access_log=None,
            shutdown_timeout=STOP_SECONDS,
            auto_decompress=False,  # no page packs what it posts; whoever does could send a thousand times its size
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            await runner.cleanup()
            raise SettingsError(f"{key}: cannot listen on {listen}: {error.strerror or error}") from error
        self._runner = runner

    @property
    def port(self) -> int:
        """The port in use. Raises RuntimeError before `start`."""
        if self._runner is None:
            raise RuntimeError("the server has not started")
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Ends every connection and stops listening, within a second."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None


def below(base_path: str, routes: Routes) -> Routes:
    """The same routes below a path; whoever leaves the last stroke out is sent on."""
    if not base_path:
        return routes
    moved = [web.RouteDef(one.method, base_path + one.path, one.handler, one.kwargs) for one in routes]

    async def go_on(request: web.Request) -> web.Response:
        raise web.HTTPFound(f"{base_path}/?{request.query_string}".rstrip("?"))

    return [web.get(base_path, go_on), *moved]


@web.middleware
async def unbroken(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers what is no HTTP in a body or an address as the mistake of whoever sent it."""
    try:
        return await handler(request)
    except (web.RequestPayloadError, UnicodeError) as error:
        raise web.HTTPBadRequest from error


async def healthy(request: web.Request) -> web.Response:
    return web.Response(text="ok")


async def protect(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Puts on each response what keeps foreign code, frames and guessing away, unless its handler knew better."""
    response.headers.setdefault("Content-Security-Policy", policy(request.host))
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


def policy(host: str, ancestors: Sequence[str] = ()) -> str:
    """The content security policy of a page; WebSockets of its own host are named for browsers that need it.

    `ancestors` are the sites that may show it in a frame.
    """
    framing = " ".join(ancestors) or "'none'"
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
        f" media-src 'self' blob:; connect-src 'self'{sockets}; manifest-src 'self'; worker-src 'self';"
        f" base-uri 'none'; form-action 'self'; frame-ancestors {framing}"
    )
