"""Who a browser is: a random chat id in a signed cookie, and nothing else."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

COOKIE = "chat"
YEAR = 365 * 24 * 60 * 60  # seconds
_CHAT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Identity:
    """Gives browsers their chat and knows them again. `public_url` is the address that people open."""

    secret: bytes
    public_url: str

    def known(self, request: web.BaseRequest) -> str | None:
        """The chat of a browser, None where its cookie is missing or forged."""
        chat, _, signature = request.cookies.get(COOKIE, "").partition(".")
        genuine = hmac.compare_digest(signature.encode("utf-8", "replace"), self._signature(chat).encode())
        return chat if genuine and _CHAT.fullmatch(chat) else None

    def remember(self, response: web.StreamResponse, chat: str) -> None:
        """Lets the browser keep its chat for a year from now."""
        response.set_cookie(
            COOKIE,
            f"{chat}.{self._signature(chat)}",
            max_age=YEAR,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=self.public_url.startswith("https:"),
        )

    def same_origin(self, request: web.BaseRequest) -> bool:
        """Whether a request was made by our own page. Every browser says so when it posts or opens a WebSocket."""
        site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
        if site not in (None, "same-origin") or (site is None and origin is None):
            return False
        return origin is None or _host(origin) in {request.host, _host(self.public_url)} - {""}

    def _signature(self, chat: str) -> str:
        return hmac.new(self.secret, chat.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def new_chat() -> str:
    """A chat id that nobody can guess."""
    return secrets.token_hex(16)


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
