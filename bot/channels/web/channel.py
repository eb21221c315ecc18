"""The web chat as a channel: what pages post comes in, what is sent goes to the transcript and the open pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.channel import Abilities, Budget, Command, Receive
from bot.channels.web.answers import file_headers, refusal, too_fast, try_later
from bot.channels.web.doors import Doors
from bot.channels.web.endpoints import Endpoints
from bot.channels.web.form import file_name
from bot.channels.web.identity import LANGUAGE, PROTOCOL, Identity, Visitor, new_chat
from bot.channels.web.limits import Limits
from bot.channels.web.page import About, Page
from bot.channels.web.posts import Posts
from bot.channels.web.sockets import SIGNED_OUT, Listeners
from bot.channels.web.waking import Waker
from bot.errors import (
    DatabaseTroubleError,
    FileTooLargeError,
    NotSentError,
    RefusedError,
    TooFastError,
    UnreachableError,
)
from bot.model import Message, OutgoingFile, Reply
from bot.server import policy
from bot.texts import Texts
from storage import transcripts
from storage.database import Database, Result, Statement, micros
from storage.files import FileStore
from storage.transcripts import Content, File

NO_COOKIE = 4001  # the code that closes the WebSocket of a browser that keeps no cookies
_CHUNK = 256 * 1024


class WebChannel:
    """The web chat. `secret` signs the cookies; `public_url` is the address that people open.

    The server puts its routes below `base_path`; the sites of `embed_origins` may show the chat in a frame.
    """

    name = transcripts.CHANNEL
    abilities = Abilities(
        buttons=True, edits=True, files_out=True, text_limit=16_000, reaches_closed=False, waking="page:wake"
    )
    budget = Budget()
    runs_alone = False

    def __init__(
        self,
        database: Database,
        files: FileStore,
        secret: bytes,
        texts: Texts,
        public_url: str,
        now: Callable[[], datetime],
        *,
        base_path: str = "",
        embed_origins: Sequence[str] = (),
        endpoints: Endpoints | None = None,
    ) -> None:
        self._database = database
        self._files = files
        self._now = now
        self._base_path = base_path
        self._embed_origins = tuple(embed_origins)
        self._identity = Identity(database, secret, public_url, f"{base_path}/")
        self._listeners = Listeners(database, base_path)
        self.waker = Waker(
            database, secret, public_url, lambda language: texts.template(language, "web.push_text"), endpoints
        )
        self._page = Page(texts, About(files.largest, self.waker.public_key, base_path, self._embed_origins))
        self.limits = Limits()
        self._posts = Posts(database, files, self._identity, self.limits, self._listeners.ring, self._micros)
        self._doors = Doors(
            database, self._identity, self.limits, self._listeners, self.waker, self._page.say, self._micros,
            frames=bool(embed_origins),
        )  # fmt: skip

    def routes(self) -> list[web.RouteDef]:
        """What the server must answer for this channel."""
        framed = [web.get("/embed", self._embed), web.get("/widget.js", self._widget)] if self._embed_origins else []
        return [
            web.get("/", self._index),
            web.get("/language/{language}", self._speak),
            web.get("/manifest.webmanifest", self._manifest),
            web.get("/sw.js", self._worker),
            web.get("/static/{name}", self._static),
            web.get("/static/{version:[0-9a-f]{16}}/{name}", self._static),
            web.get("/chat", self._socket, allow_head=False),
            web.post("/chat/poll", self._poll),
            web.post("/chat/messages", self._posts.take),
            web.get(r"/chat/files/{number:\d{1,9}}/{n:\d{1,2}}", self._file),
            *self._doors.routes(),
            *framed,
        ]

    # -- the contract of a channel

    async def run(self, receive: Receive) -> None:
        """Takes what pages post until it is cancelled."""
        self._posts.receive = receive
        try:
            await asyncio.Event().wait()
        finally:
            self._posts.receive = None
            await self._listeners.close()
            await self.waker.close()

    async def send(self, chat: str, reply: Reply, *, key: str) -> str:
        """Shows a message; gives its id. Raises UnreachableError, RefusedError and NotSentError.

        Where no page of the chat is open, its browsers are woken if they asked for it.
        """
        content = await self._content(reply)
        written = await self._write(transcripts.write_down(chat, "bot", key, content, self._micros()))
        reference = transcripts.reference(written)
        if reference is None:
            raise UnreachableError
        await self._listeners.ring(chat)
        if not self._listeners.hears(chat):
            self.waker.wake(chat)
        return str(reference)

    async def edit(self, chat: str, reference: str, reply: Reply) -> None:
        """Shows something else in a message. Raises UnreachableError, RefusedError and NotSentError."""
        content = await self._content(reply)
        results = await self._write(transcripts.replace(chat, int(reference), content, self._micros()))
        found, known = transcripts.changed(results)
        if not found:
            raise RefusedError("no such message") if known else UnreachableError
        await self._listeners.ring(chat)

    async def strip(self, chat: str, reference: str) -> None:
        """Takes the buttons off a message. Raises NotSentError."""
        await self._write(transcripts.strip(chat, int(reference), self._micros()))
        await self._listeners.ring(chat)

    async def acknowledge(self, message: Message, notice: str) -> None:
        """Does nothing: the page sees its press in the transcript."""

    async def fetch(self, reference: str) -> AsyncGenerator[bytes, None]:
        """Nothing is left to fetch: a file is stored before its message is taken."""
        raise RefusedError
        yield b""

    async def offer(self, chat: str, commands: Sequence[Command]) -> None:
        """The page has no menu of commands."""

    # -- the page

    async def _index(self, request: web.Request) -> web.Response:
        try:
            known = await self._identity.known(request)
        except DatabaseTroubleError:  # whoever has a cookie keeps it
            known = self._identity.claimed(request)
        response = self._page.index(request)
        self._identity.remember(request, response, known or Visitor(new_chat()))
        return response

    async def _embed(self, request: web.Request) -> web.Response:
        response = self._page.index(request, framed=True)
        response.headers["Content-Security-Policy"] = policy(request.host, self._embed_origins)
        return response

    async def _speak(self, request: web.Request) -> web.Response:
        """Has the page speak a language from now on."""
        response = web.Response(status=303, headers={"Location": f"{self._base_path}/", "Cache-Control": "no-store"})
        if (language := request.match_info["language"]) in self._page.languages:
            self._identity.keep(request, response, LANGUAGE, language)
        return response

    async def _manifest(self, request: web.Request) -> web.Response:
        return self._page.manifest(request)

    async def _worker(self, request: web.Request) -> web.Response:
        return self._page.worker(request)

    async def _widget(self, request: web.Request) -> web.Response:
        return self._page.widget(request)

    async def _static(self, request: web.Request) -> web.Response:
        return self._page.statics.answer(request)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if not self._identity.same_origin(request):
            raise web.HTTPForbidden
        after = change(request)
        claimed, known = self._identity.claimed(request), await self._visitor(request)
        if known is None:
            socket = await opened(request)
            await socket.close(code=SIGNED_OUT if claimed else NO_COOKIE)
            return socket
        try:
            with self.limits.connection(known.chat, request.remote or ""):
                socket = await opened(request)
                await self._listeners.listen(socket, known, after)
                return socket
        except TooFastError as error:
            return too_fast(error)

    async def _poll(self, request: web.Request) -> web.StreamResponse:
        """The same for a page that gets no WebSocket through: asked again and again."""
        if not self._identity.same_origin(request):
            return refusal(403, "web.refused")
        after = change(request)
        known = await self._visitor(request)
        if known is None:
            return refusal(401, "web.signed_out" if self._identity.claimed(request) else "web.cookies")
        try:
            with self.limits.connection(known.chat, request.remote or ""):
                told = await self._listeners.ask(known, after, at_once=request.query.get("now") == "1")
                if told is None:
                    return refusal(401, "web.signed_out")
        except TooFastError as error:
            return too_fast(error)
        except DatabaseTroubleError:
            return try_later()
        return web.Response(text=told, content_type="application/json", headers={"Cache-Control": "no-store"})

    async def _visitor(self, request: web.Request) -> Visitor | None:
        try:
            return await self._identity.known(request)
        except DatabaseTroubleError as error:
            raise web.HTTPServiceUnavailable from error

    async def _file(self, request: web.Request) -> web.StreamResponse:
        known = await self._visitor(request)
        number, n = int(request.match_info["number"]), int(request.match_info["n"])
        rows: Result = []
        if known is not None:
            [rows] = await self._database.read(transcripts.message(known.chat, number))
        shown = transcripts.entry(rows[0]).content.files if rows else ()
        if n >= len(shown):
            raise web.HTTPNotFound
        return web.FileResponse(self._files.path(shown[n].digest), headers=file_headers(shown[n]))

    # -- sending

    async def _content(self, reply: Reply) -> Content:
        buttons = tuple(tuple((button.label, button.url or button.data) for button in row) for row in reply.buttons)
        return Content(reply.text, buttons, tuple([await self._keep(file) for file in reply.files]))

    async def _keep(self, file: OutgoingFile) -> File:
        """Copies a file into the store, where it stays as long as the transcript shows it."""
        try:
            stored = await self._files.save(chunks(file.path))
        except (FileTooLargeError, FileNotFoundError) as error:
            raise RefusedError(f"cannot send the file: {type(error).__name__}") from error
        except OSError as error:
            raise NotSentError(f"cannot keep the file: {error.strerror}") from error
        return File(file_name(file.name), file.media_type, stored.size, stored.digest)

    async def _write(self, unit: Sequence[Statement]) -> list[Result]:
        try:
            return await self._database.write(unit)
        except DatabaseTroubleError as error:
            raise NotSentError(str(error)) from error

    def _micros(self) -> int:
        return micros(self._now())


def change(request: web.Request) -> int:
    """The change after which a page wants to know. Raises HTTPBadRequest."""
    after = request.query.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) <= 18):
        raise web.HTTPBadRequest
    return int(after)


async def opened(request: web.Request) -> web.WebSocketResponse:
    """A WebSocket that has begun."""
    socket = web.WebSocketResponse(heartbeat=30, max_msg_size=4096, compress=False, protocols=(PROTOCOL,))
    await socket.prepare(request)
    return socket


async def chunks(path: Path) -> AsyncIterator[bytes]:
    """The bytes of a file, read beside the loop."""
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            yield chunk
