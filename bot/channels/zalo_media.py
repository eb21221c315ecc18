"""Pictures and voice messages from Zalo's servers: from the outside world alone, over https, a few redirects at most."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import AsyncGenerator, Sequence

import aiohttp
import structlog
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver
from yarl import URL

from bot.channels.zalo_api import CONNECT, failures
from bot.errors import NotSentError, RefusedError

log = structlog.get_logger()

DOWNLOAD = 120.0  # seconds for a file
REDIRECTS = 3
GONE = (400, 401, 403, 404, 410)  # an address that has expired, or never was
PAGE = "text/html"  # what a server says instead of giving the file
_CHUNK = 256 * 1024
_OK = 200
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Outside(AbstractResolver):
    """Resolves names to addresses of the outside world alone, so that no name leads into the house.

    The connection goes to the very addresses that were looked at.
    """

    def __init__(self) -> None:
        self._resolver: AbstractResolver | None = None

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self._resolver = self._resolver or DefaultResolver()
        found = await self._resolver.resolve(host, port, family)
        if not found or not all(is_outside(one["host"]) for one in found):
            log.warning("a file lies in the house")
            raise RefusedError("not there")
        return found

    async def close(self) -> None:
        if self._resolver is not None:
            await self._resolver.close()


def is_outside(address: str) -> bool:
    """Whether an IP address is one of the public Internet."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        within = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            within = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if within is not None and not is_outside(str(within)):
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


class Media:
    """Fetches files. `hosts` are the ends of the names of servers that are asked, none: every server outside.

    What lies at the address of the API itself is fetched from there, wherever that is.
    """

    def __init__(self, base: str, hosts: Sequence[str] = (), resolver: AbstractResolver | None = None) -> None:
        self._base = URL(base).origin()
        self._hosts = tuple(host.lower().lstrip(".") for host in hosts)
        self._resolver = resolver
        self._outside: aiohttp.ClientSession | None = None
        self._beside: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Gets ready to fetch."""
        connector = aiohttp.TCPConnector(resolver=self._resolver or Outside(), use_dns_cache=False)
        self._outside = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        self._beside = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    async def close(self) -> None:
        """Ends every connection."""
        for session in (self._outside, self._beside):
            if session is not None:
                await session.close()
        self._outside = self._beside = None

    async def fetch(self, reference: str) -> AsyncGenerator[bytes, None]:
        """The bytes of the file at an address. Raises DeliveryErrors."""
        address = self._checked(reference)
        for _ in range(REDIRECTS + 1):
            with failures():
                async with self._session(address).get(
                    address,
                    timeout=aiohttp.ClientTimeout(total=DOWNLOAD, sock_connect=CONNECT),
                    allow_redirects=False,
                ) as response:
                    if not (further := redirected(response)):
                        check(response)
                        async for chunk in response.content.iter_chunked(_CHUNK):
                            yield chunk
                        return
            address = self._checked(further, address)
        raise RefusedError("too many redirects")

    def _session(self, address: URL) -> aiohttp.ClientSession:
        session = self._beside if self._is_beside(address) else self._outside
        if session is None:
            raise NotSentError("closed")
        return session

    def _is_beside(self, address: URL) -> bool:
        return address.origin() == self._base

    def _checked(self, given: str, before: URL | None = None) -> URL:
        """The address if it may be asked. Raises RefusedError."""
        try:
            address = before.join(URL(given, encoded=True)) if before else URL(given, encoded=True)
            origin = address.origin()
        except ValueError:
            raise RefusedError("no address") from None
        if origin == self._base:
            return address
        host = (address.host or "").lower().rstrip(".")
        known = host and (not self._hosts or any(host == end or host.endswith(f".{end}") for end in self._hosts))
        if address.scheme != "https" or address.port != 443 or address.user or not known or is_inside(host):
            log.warning("a file lies where it is not fetched from", scheme=address.scheme)
            raise RefusedError("not there")
        return address


def is_inside(host: str) -> bool:
    """Whether a host is the IP address of something in the house; a name is looked at when it is resolved."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return not is_outside(host)


def redirected(response: aiohttp.ClientResponse) -> str:
    """Where a response leads on to, or ""."""
    return response.headers.get("Location", "") if response.status in (301, 302, 303, 307, 308) else ""


def check(response: aiohttp.ClientResponse) -> None:
    """Raises RefusedError for a file that is gone, and NotSentError for one that cannot be had now."""
    if response.status in GONE or (response.status == _OK and response.content_type == PAGE):
        raise RefusedError("no such file")
    if response.status != _OK:
        raise NotSentError(f"status {response.status}")
