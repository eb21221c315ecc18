"""The connections to Telegram, or to a proxy before it, where no library is needed."""

from __future__ import annotations

from functools import lru_cache

import aiohttp
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError
from yarl import URL

CONNECT = 5.0  # seconds of a request for a connection
NOT_CONNECTED = (
    aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError,
    ProxyError, ProxyConnectionError, ProxyTimeoutError,
)  # fmt: skip
_SOCKS = "socks5"


def session(proxy: str) -> aiohttp.ClientSession:
    """Connections without a limit of their own: a bot's budget is one. `proxy` matters here where it speaks SOCKS."""
    connector = (
        ProxyConnector.from_url(proxy, limit=0, rdns=True)
        if proxy.startswith(_SOCKS)
        else aiohttp.TCPConnector(limit=0, ttl_dns_cache=300)
    )
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


def asked_each_time(proxy: str) -> str | None:
    """The proxy that each request names; one that speaks SOCKS is known to the connections."""
    return None if proxy.startswith(_SOCKS) else proxy or None


@lru_cache(64)
def as_url(address: str) -> URL:
    """An address taken apart once: the same few are asked again and again."""
    return URL(address, encoded=True)


@lru_cache(16)
def within(total: float) -> aiohttp.ClientTimeout:
    """The time that a request may take, in seconds."""
    return aiohttp.ClientTimeout(total=total, sock_connect=CONNECT)
