"""Reverse proxies that are believed when they say who asks, by which scheme, and for which host."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")


class Proxies:
    """The proxies in front of the server, as addresses or networks."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._networks = [ip_network(one) for one in trusted]

    def believes(self, address: str) -> bool:
        """Whether an address is one of the proxies."""
        try:
            ip = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        return any(ip in network for network in self._networks)

    def client(self, peer: str, forwarded: Sequence[str]) -> str:
        """Who really asks: the last address on the way that is no proxy of ours. What is no address ends the way."""
        asker = peer
        for hop in reversed(forwarded):
            if not self.believes(asker):
                break
            try:
                asker = str(ip_address(hop.strip().strip("[]")))
            except ValueError:
                break
        return asker

    def seen(self, request: web.Request) -> web.Request:
        """The request as whoever made it made it."""
        peer = request.remote or ""
        if not self.believes(peer):
            return request
        headers = request.headers
        hops = ",".join(headers.getall("X-Forwarded-For", [])).split(",") if "X-Forwarded-For" in headers else []
        scheme = headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip().lower()
        host = headers.get("X-Forwarded-Host", "").rpartition(",")[2].strip()
        return request.clone(
            remote=self.client(peer, hops),
            scheme=scheme if scheme in ("http", "https") else request.scheme,
            host=host if _HOST.fullmatch(host) else request.host,
        )

    @property
    def middleware(self) -> Middleware:
        """Has every handler see requests so."""

        @web.middleware
        async def believe(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await handler(self.seen(request))

        return believe
