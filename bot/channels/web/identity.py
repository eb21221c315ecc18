"""Who a browser is: a random chat id in a signed cookie, or in a signed token of a frame, and nothing else."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from storage import devices
from storage.database import Database

COOKIE = "chat"
FRAME_COOKIE = "frame"
LANGUAGE = "language"
PROTOCOL = "chat"  # what a page speaks over its WebSocket; a frame names its token beside it
YEAR = 365 * 24 * 60 * 60  # seconds
_VALUE = re.compile(r"([0-9a-f]{32})(?:\.([1-9]\d{0,8}))?\.([0-9a-f]{64})", re.ASCII)
_IN_FRAME = "frame:"  # what the signature of a token is made over beside it, so that it is no cookie


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser with its chat. `generation` is how often the chat's other devices were signed out when it got it."""

    chat: str
    generation: int = 0
    in_frame: bool = False


@dataclass(frozen=True)
class Identity:
    """Gives browsers their chat and knows them again. `public_url` is the address that people open."""

    database: Database
    secret: bytes
    public_url: str
    path: str = "/"

    def claimed(self, request: web.BaseRequest) -> Visitor | None:
        """Who a browser says it is, None where its cookie or token is missing or forged."""
        token = _token(request)
        if token is not None:
            return self._read(token, in_frame=True)
        return self._read(request.cookies.get(COOKIE, ""), in_frame=False)

    async def known(self, request: web.BaseRequest) -> Visitor | None:
        """Who a browser is, None where it is nobody yet, or was signed out."""
        return await self.standing(self.claimed(request))

    async def standing(self, visitor: Visitor | None) -> Visitor | None:
        """The same browser, None where it was signed out."""
        if visitor is None:
            return None
        [rows] = await self.database.read(devices.generation(visitor.chat))
        return visitor if visitor.generation >= (rows[0]["generation"] if rows else 0) else None

    def value(self, visitor: Visitor) -> str:
        """What a browser keeps to be known again."""
        body = f"{visitor.chat}.{visitor.generation}" if visitor.generation else visitor.chat
        return f"{body}.{self._signature(body, in_frame=visitor.in_frame)}"

    def remember(self, request: web.BaseRequest, response: web.StreamResponse, visitor: Visitor) -> None:
        """Lets the browser keep its chat for a year from now."""
        self.keep(request, response, COOKIE, self.value(visitor))

    def keep(self, request: web.BaseRequest, response: web.StreamResponse, name: str, value: str) -> None:
        """Sets a cookie that no script reads and no other site sends."""
        response.set_cookie(
            name,
            value,
            max_age=YEAR,
            path=self.path,
            httponly=True,
            samesite="Lax",
            secure=request.scheme == "https" or self.public_url.startswith("https:"),
        )

    def keep_in_frame(self, response: web.StreamResponse, visitor: Visitor) -> None:
        """Lets a frame be known again where browsers deny it a storage of its own: by a cookie for that one site.

        It only fetches the token. Python's cookies know no `Partitioned` yet.
        """
        kept = f"{FRAME_COOKIE}={self.value(visitor)}; Max-Age={YEAR}; Path={self.path}"
        response.headers.add("Set-Cookie", f"{kept}; HttpOnly; Secure; SameSite=None; Partitioned")

    def framed(self, request: web.BaseRequest) -> Visitor | None:
        """Who a frame was when it was there last."""
        return self._read(request.cookies.get(FRAME_COOKIE, ""), in_frame=True)

    def same_origin(self, request: web.BaseRequest) -> bool:
        """Whether a request was made by our own page. Every browser says so when it posts or opens a WebSocket."""
        site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
        if site not in (None, "same-origin") or (site is None and origin is None):
            return False
        return origin is None or _host(origin) in {request.host, _host(self.public_url)} - {""}

    def _read(self, value: str, *, in_frame: bool) -> Visitor | None:
        found = _VALUE.fullmatch(value)
        if not found:
            return None
        expected = self._signature(value.rpartition(".")[0], in_frame=in_frame)
        if not hmac.compare_digest(found[3].encode(), expected.encode()):
            return None
        return Visitor(found[1], int(found[2] or 0), in_frame)

    def _signature(self, body: str, *, in_frame: bool) -> str:
        said = (_IN_FRAME if in_frame else "") + body
        return hmac.new(self.secret, said.encode(), hashlib.sha256).hexdigest()


def new_chat() -> str:
    """A chat id that nobody can guess."""
    return secrets.token_hex(16)


def _token(request: web.BaseRequest) -> str | None:
    """The token that a frame sends along; None where there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    offered = [one.strip() for one in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
    return offered[1] if len(offered) == 2 and offered[0] == PROTOCOL else None


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
