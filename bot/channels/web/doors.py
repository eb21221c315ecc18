"""Other ways into a chat: a token for a frame, a code for another device, a push that wakes a browser."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import segno
from aiohttp import web

from bot.channels.web.answers import refusal, too_fast, try_later
from bot.channels.web.identity import Identity, Visitor, new_chat
from bot.channels.web.limits import Limits
from bot.channels.web.sockets import Listeners
from bot.channels.web.waking import Waker
from bot.errors import DatabaseTroubleError, TooFastError
from bot.model import Json, readable
from bot.networks import network
from storage import devices, transcripts
from storage.database import Database
from storage.devices import Subscription
from storage.transcripts import Content

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # of a code: none that is taken for another
LENGTH = 8
VALID = 600  # seconds
LONGEST = 4096  # bytes of what is asked
CODE = "code"  # what stands before a code after the # of an address, where no server reads it

Said = dict[str, Json]
Handle = Callable[[web.Request, Visitor, Said], Awaitable[web.Response]]


@dataclass(frozen=True)
class Doors:
    """What is asked for in JSON, by our own page alone. `say` gives a text of the page in its language."""

    database: Database
    identity: Identity
    limits: Limits
    listeners: Listeners
    waker: Waker
    say: Callable[[web.Request, str], str]
    micros: Callable[[], int]
    frames: bool  # whether other sites may show the chat

    def routes(self) -> list[web.RouteDef]:
        known: dict[str, Handle] = {
            "/chat/code": self._code,
            "/chat/sign-out": self._sign_out,
            "/chat/push": self._subscribe,
            "/chat/push/end": self._unsubscribe,
        }
        return [
            *(web.post(path, self._door(handle)) for path, handle in known.items()),
            web.post("/chat/device", self._door(self._device, strangers=True)),
            *([web.post("/chat/token", self._door(self._token, strangers=True))] if self.frames else []),
        ]

    def _door(self, handle: Handle, *, strangers: bool = False) -> Callable[[web.Request], Awaitable[web.Response]]:
        """A handler for those who have a chat; `strangers` too, who are nobody yet."""

        async def answer(request: web.Request) -> web.Response:
            if not self.identity.same_origin(request):
                return refusal(403, "web.refused")
            said = await asked(request)
            if said is None:
                return refusal(400, "web.refused")
            try:
                visitor = await self.identity.known(request)
                if visitor is None and not strangers:
                    return refusal(401, "web.signed_out")
                visitor = visitor or Visitor("", in_frame=said.get("frame") is True and self.frames)
                self.limits.ask(visitor.chat or network(request.remote or ""), request.remote or "")
                return await handle(request, visitor, said)
            except TooFastError as error:
                return too_fast(error)
            except DatabaseTroubleError:
                return try_later()

        return answer

    async def _token(self, request: web.Request, visitor: Visitor, said: Said) -> web.Response:
        """A chat for a frame, which shows its token from then on; the one it had, where its browser still knows that."""
        known = await self.identity.standing(self.identity.framed(request))
        return self._welcome(request, known or Visitor(new_chat(), in_frame=True))

    # -- another device

    async def _code(self, request: web.Request, visitor: Visitor, said: Said) -> web.Response:
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        until = self.micros() + VALID * 1_000_000
        await self.database.write(devices.add_code(self._digest(code), visitor.chat, until))
        return web.json_response(
            {"code": f"{code[:4]}-{code[4:]}", "seconds": VALID, "picture": drawn(self._address(code))}
        )

    async def _device(self, request: web.Request, visitor: Visitor, said: Said) -> web.Response:
        """Gives this browser the chat that a code is of, and says so in the chat."""
        wrong, address = self.limits.codes_of_address, network(request.remote or "")
        wrong.take(address)
        code = clean(str(said.get("code", ""))[:40])
        [used] = await self.database.write([devices.use_code(self._digest(code), self.micros())])
        if not used:
            return refusal(404, "web.bad_code")
        wrong.give_back(address)
        chat = used[0]["chat"]
        [rows] = await self.database.read(devices.generation(chat))
        joined = Visitor(chat, rows[0]["generation"] if rows else 0, visitor.in_frame)
        told = Content(self.say(request, "web.device_told"))
        await self.database.write(
            transcripts.write_down(chat, "bot", f"device:{secrets.token_hex(8)}", told, self.micros())
        )
        await self.listeners.ring(chat)
        return self._welcome(request, joined)

    async def _sign_out(self, request: web.Request, visitor: Visitor, said: Said) -> web.Response:
        """Lets only this browser keep the chat."""
        *_, [row] = await self.database.write(devices.sign_out(visitor.chat, self.micros()))
        await self.listeners.ring(visitor.chat)
        return self._welcome(request, Visitor(visitor.chat, row["generation"], visitor.in_frame))

    def _welcome(self, request: web.Request, visitor: Visitor) -> web.Response:
        if visitor.in_frame:
            response = web.json_response({"token": self.identity.value(visitor)})
            self.identity.keep_in_frame(response, visitor)
        else:
            response = web.json_response({"ok": True})
            self.identity.remember(request, response, visitor)
        return response

    def _digest(self, code: str) -> str:
        return hmac.new(self.identity.secret, f"device:{code}".encode(), hashlib.sha256).hexdigest()

    def _address(self, code: str) -> str:
        return f"{self.identity.public_url}/#{CODE}={code}"

    # -- waking

    async def _subscribe(self, request: web.Request, visitor: Visitor, said: Said) -> web.Response:
        wanted = Subscription(*(str(said.get(name, "")) for name in ("endpoint", "key", "auth")))
        if not self.waker.takes(wanted):
            return refusal(400, "web.refused")
        await self.database.write(devices.subscribe(visitor.chat, wanted, self.micros()))
        return web.json_response({"ok": True})

    async def _unsubscribe(self, request: web.Request, visitor: Visitor, said: Said) -> web.Response:
        await self.database.write(
            [devices.unsubscribe(visitor.chat, readable(str(said.get("endpoint", ""))[:LONGEST]))]
        )
        return web.json_response({"ok": True})


async def asked(request: web.Request) -> Said | None:
    """The JSON object that was posted; None for all else."""
    if request.content_type != "application/json" or not (request.content_length or LONGEST + 1) <= LONGEST:
        return None
    try:
        said = json.loads(await request.read())
    except (ValueError, RecursionError, ConnectionError, web.HTTPException):
        return None
    return said if isinstance(said, dict) else None


def clean(code: str) -> str:
    """A code without what people put into it."""
    return "".join(char for char in unicodedata.normalize("NFKC", code).upper() if char in LETTERS)


def drawn(text: str) -> Json:
    """A QR code: how many squares wide, and the path of an SVG that draws the dark ones."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"size": len(rows), "path": path}
