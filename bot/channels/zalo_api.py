"""Zalo's Bot API: JSON posted to a method, and whether the answer says that it succeeded.

Source: https://bot.zaloplatforms.com/docs. A failure comes with status 200 too, so only `ok` counts. The token is part of
every address: no address and no message of aiohttp, which may name one, leaves this module.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import aiohttp
from yarl import URL

from bot.errors import (
    DeliveryError,
    NotSentError,
    RefusedError,
    TooFastError,
    UnreachableError,
    UnsureError,
)
from bot.model import Json

REQUEST = 20.0  # seconds a request may take
CONNECT = 5.0  # of them, for a connection
WAIT = 30.0  # seconds to wait where a quota is used up and nobody says for how long
LONGEST_WAIT = 3600.0
LARGEST = 4 * 1024 * 1024  # bytes of an answer
OK, GATEWAY = 200, 500
NOTHING, UNKNOWN_TOKEN, BUSY = 408, 401, 429
_NOT_CONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API answered. `code` is 0 where it succeeded; `seconds` is how long it asks to wait."""

    result: Json = None
    code: int = 0
    seconds: float = WAIT

    @property
    def error(self) -> DeliveryError | None:
        """Our error for the code. Their 403 is an error inside of theirs, and 404 a chat that the bot may not write to."""
        match self.code:
            case 0:
                return None
            case 400:
                return RefusedError("code 400")
            case 404:
                return UnreachableError("code 404")
            case 429:
                return TooFastError(self.seconds)
            case 401 | 403:
                return NotSentError(f"code {self.code}")
            case _:
                return UnsureError(f"code {self.code}")


class Api:
    """Calls methods for one bot."""

    def __init__(self, token: str, base: str) -> None:
        self._base = f"{base}/bot{token}/"
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Gets ready to call."""
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    async def close(self) -> None:
        """Ends every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def renew(self) -> None:
        """Starts afresh with new connections."""
        await self.close()
        await self.open()

    async def call(self, method: str, **parameters: Json) -> Json:
        """The result of a method. Raises DeliveryErrors."""
        answer = await self.ask(method, REQUEST, **parameters)
        if answer.error:
            raise answer.error
        return answer.result

    async def ask(self, method: str, seconds: float, **parameters: Json) -> Answer:
        """The answer of a method, be it a refusal. Raises NotSentError and UnsureError where there is none."""
        if self._session is None:
            raise NotSentError("closed")
        with failures():
            async with self._session.post(
                URL(self._base + method, encoded=True),
                json=parameters,
                timeout=aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT),
                allow_redirects=False,
            ) as response:
                status, wait = response.status, response.headers.get("Retry-After", "")
                content = await response.content.read(LARGEST)
        return read(status, content, wait)


def read(status: int, content: bytes, wait: str = "") -> Answer:
    """An answer of the API. Raises NotSentError or UnsureError for a page of somebody in between, which is none."""
    try:
        answer: Json = json.loads(content)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
        raise UnsureError(f"status {status}") if status >= GATEWAY else NotSentError(f"status {status}")
    if answer["ok"]:
        return Answer(answer.get("result"))
    code = answer.get("error_code")
    return Answer(
        code=code if isinstance(code, int) and code else status if status != OK else -1, seconds=waiting(wait)
    )


def waiting(header: str) -> float:
    """The seconds of a Retry-After header, or what is waited without one."""
    return min(max(float(header), 1.0), LONGEST_WAIT) if header.isascii() and header.isdigit() else WAIT


@contextmanager
def failures() -> Iterator[None]:
    """Errors of the connection as ours, by their kind alone."""
    try:
        yield
    except aiohttp.InvalidURL:
        raise RefusedError("no address") from None
    except _NOT_CONNECTED as error:
        raise NotSentError(type(error).__name__) from error
    except TimeoutError as error:
        raise UnsureError(type(error).__name__) from error
    except (aiohttp.ClientError, OSError) as error:
        raise UnsureError(type(error).__name__) from error
