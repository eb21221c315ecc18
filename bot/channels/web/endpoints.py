"""Where browsers' makers take pushes: public addresses by https, and nothing inside this house."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

LONGEST = 1000  # characters of an address


def public(address: str) -> bool:
    """Whether an IP address is one of the open network."""
    ip = ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (mapped is None or mapped.is_global)


@dataclass(frozen=True)
class Endpoints:
    """Which endpoints are taken. Without `ports` any port is; tests let more in."""

    schemes: tuple[str, ...] = ("https",)
    ports: tuple[int | None, ...] = (None, 443)
    lets_in: Callable[[str], bool] = public

    def fits(self, endpoint: str) -> bool:
        """Whether an address may be one. Where its host leads is looked at when it is called."""
        try:
            parts = urlsplit(endpoint)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        if len(endpoint) > LONGEST or not endpoint.isascii() or any(char <= " " for char in endpoint):
            return False
        if parts.scheme not in self.schemes or parts.username is not None or parts.password is not None:
            return False
        return bool(host) and (not self.ports or port in self.ports) and self._host_fits(host)

    def _host_fits(self, host: str) -> bool:
        try:
            return self.lets_in(host)
        except ValueError:  # a name
            return "." in host and not host.endswith((".local", ".internal", ".localhost"))


class OpenResolver(AbstractResolver):
    """Looks names up and keeps what leads inside away; the connection goes to the very address that was looked at."""

    def __init__(self, endpoints: Endpoints) -> None:
        self._endpoints = endpoints
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        outside = [one for one in found if self._endpoints.lets_in(one["host"])]
        if not outside:
            raise OSError("leads to no public address")
        return outside

    async def close(self) -> None:
        await self._resolver.close()
