"""The web chat as a channel: what pages post comes in, what is sent goes to the transcript and the open pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog
from aiohttp import web

from bot.channel import Abilities, Budget, Command, Receive
from bot.channels.web.answers import file_headers, refusal, try_later
from bot.channels.web.form import Form, RefusedFormError, file_name, read
from bot.channels.web.identity import Identity, new_chat
from bot.channels.web.page import Page, tags
from bot.channels.web.sockets import Listeners
from bot.errors import (
    DatabaseTroubleError,
    FileTooLargeError,
    NotSentError,
    RefusedError,
    UnreachableError,
)
from bot.model import Message, OutgoingFile, Reply, escape
from bot.texts import Texts
from storage import addresses, files, transcripts
from storage.database import Database, Result, Statement, micros
from storage.files import FileStore, Stored
from storage.transcripts import Content, File

log = structlog.get_logger()

TOPIC = "web"  # the signal that a chat has something new
NO_COOKIE = 4001  # the code that closes the WebSocket of a browser that keeps no cookies
_CHUNK = 256 * 1024


class WebChannel:
    """The web chat. `secret` signs the cookies; `public_url` is the address that people open."""

    name = transcripts.CHANNEL
    abilities = Abilities(buttons=True, edits=True, files_out=True, text_limit=16_000)
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
    ) -> None:
        self._database = database
        self._files = files
        self._identity = Identity(secret, public_url)
        self._page = Page(texts, files.largest)
        self._now = now
        self._listeners = Listeners(database)
        database.signals.listen(TOPIC, self._listeners.tell)
        self._receive: Receive | None = None

    def routes(self) -> list[web.RouteDef]:
        """What the server must answer for this channel."""
        return [
            web.get("/", self._index),
            web.get("/static/{name}", self._static),
            web.get("/chat", self._socket, allow_head=False),
            web.post("/chat/messages", self._post),
            web.get(r"/chat/files/{number:\d{1,9}}/{n:\d{1,2}}", self._file),
        ]

    # -- the contract of a channel

    async def run(self, receive: Receive) -> None:
        """Takes what pages post until it is cancelled."""
        self._receive = receive
        try:
            await asyncio.Event().wait()
        finally:
            self._receive = None
            await self._listeners.close()

    async def send(self, chat: str, reply: Reply, *, key: str) -> str:
        """Shows a message; gives its id. Raises UnreachableError, RefusedError and NotSentError."""
        content = await self._content(reply)
        written = await self._write(transcripts.write_down(chat, "bot", key, content, self._micros()))
        reference = transcripts.reference(written)
        if reference is None:
            raise UnreachableError
        await self._tell(chat)
        return str(reference)

    async def edit(self, chat: str, reference: str, reply: Reply) -> None:
        """Shows something else in a message. Raises UnreachableError, RefusedError and NotSentError."""
        content = await self._content(reply)
        results = await self._write(transcripts.replace(chat, int(reference), content, self._micros()))
        found, known = transcripts.changed(results)
        if not found:
            raise RefusedError("no such message") if known else UnreachableError
        await self._tell(chat)

    async def strip(self, chat: str, reference: str) -> None:
        """Takes the buttons off a message. Raises NotSentError."""
        await self._write(transcripts.strip(chat, int(reference), self._micros()))
        await self._tell(chat)

    async def acknowledge(self, message: Message, notice: str) -> None:
        """Does nothing: the page sees its press in the transcript."""

    async def fetch(self, reference: str) -> AsyncGenerator[bytes, None]:
        """Nothing is left to fetch: a file is stored before its message is taken."""
        raise RefusedError
        yield b""

    async def offer(self, chat: str, commands: Sequence[Command]) -> None:
        """The page has no menu of commands."""

    async def _tell(self, chat: str) -> None:
        """Tells the open pages of a chat that something is new; those of other processes hear a signal."""
        self._listeners.tell(chat)
        if self._database.is_shared:
            with suppress(DatabaseTroubleError):  # they look again by themselves
                await self._database.signals.tell(TOPIC, chat)

    # -- the page

    async def _index(self, request: web.Request) -> web.Response:
        response = self._page.index(request.headers.get("Accept-Language", ""))
        self._identity.remember(response, self._identity.known(request) or new_chat())
        return response

    async def _static(self, request: web.Request) -> web.Response:
        return self._page.file(request)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        after = request.query.get("after", "0")
        if not self._identity.same_origin(request):
            raise web.HTTPForbidden
        if not (after.isascii() and after.isdigit() and len(after) <= 18):
            raise web.HTTPBadRequest
        socket = web.WebSocketResponse(heartbeat=30, max_msg_size=4096, compress=False)
        await socket.prepare(request)
        if (chat := self._identity.known(request)) is None:
            await socket.close(code=NO_COOKIE)
        else:
            await self._listeners.listen(socket, chat, int(after))
        return socket

    async def _post(self, request: web.Request) -> web.Response:
        if not self._identity.same_origin(request):
            return refusal(403, "web.refused")
        if self._receive is None:
            return try_later()
        known = self._identity.known(request)
        chat = known or new_chat()
        try:
            form = await self._form(request)
            await self._take(self._receive, chat, form, request.headers.get("Accept-Language", ""))
        except RefusedFormError as error:
            return refusal(error.status, error.key)
        except DatabaseTroubleError:
            return try_later()
        except OSError as error:
            log.error("cannot keep a file", reason=error.strerror)
            return try_later()
        response = web.json_response({"ok": True})
        if known is None:
            self._identity.remember(response, chat)
        return response

    async def _form(self, request: web.Request) -> Form:
        form = Form()
        try:
            await read(request, self._files, form)
        except BaseException:
            if form.files:  # noted down, so that they are swept away
                await self._database.write(
                    [files.add(Stored(one.digest, one.size), one.media_type, self._micros()) for one in form.files]
                )
            raise
        return form

    async def _take(self, receive: Receive, chat: str, form: Form, languages: str) -> None:
        """Writes down what the page shows of a message and hands the message on; a repeat changes nothing."""
        wanted = tags(languages)
        message = Message(
            channel=self.name,
            chat=chat,
            id=f"{chat}:{form.id}",
            text=form.text if form.start is None else f"/start {form.start}".strip(),
            press=form.press,
            attachments=tuple(form.files),
            language=wanted[0] if wanted else "",
        )
        if (content := await self._said(message, form)) is not None:
            now = self._micros()
            seen = addresses.seen(self.name, chat, "", now, wrote=False)
            await self._database.write([seen, *transcripts.write_down(chat, "person", form.id, content, now)])
            await self._tell(chat)
        await receive([message])

    async def _said(self, message: Message, form: Form) -> Content | None:
        """What the page shows of a person's message; None where it is a start, or a button that is gone."""
        if form.start is not None:
            return None
        if message.press:
            [rows] = await self._database.read(transcripts.offered(message.chat))
            label = label_of(message.press, [Content.from_text(row["content"]) for row in rows])
            return None if label is None else Content(escape(label))
        kept = tuple(File(one.name, one.media_type, one.size, one.digest) for one in message.attachments)
        return Content(escape(message.text), files=kept)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        chat = self._identity.known(request)
        number, n = int(request.match_info["number"]), int(request.match_info["n"])
        rows: Result = []
        if chat is not None:
            [rows] = await self._database.read(transcripts.message(chat, number))
        shown = transcripts.entry(rows[0]).content.files if rows else ()
        if n >= len(shown):
            raise web.HTTPNotFound
        return web.FileResponse(self._files.path(shown[n].digest), headers=file_headers(shown[n]))

    # -- sending

    async def _content(self, reply: Reply) -> Content:
        buttons = tuple(tuple((button.label, button.data) for button in row) for row in reply.buttons)
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


def label_of(press: str, contents: Sequence[Content]) -> str | None:
    """The label of the button with this data, in the first of the contents that has one."""
    every = (button for content in contents for row in content.buttons for button in row)
    return next((label for label, data in every if data == press), None)


async def chunks(path: Path) -> AsyncIterator[bytes]:
    """The bytes of a file, read beside the loop."""
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            yield chunk
