"""What pages post: one message each, taken once, however often it is tried."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import structlog
from aiohttp import web

from bot.channel import Receive
from bot.channels.web.answers import refusal, too_fast, try_later
from bot.channels.web.form import MOST_FILES, Form, RefusedFormError, read
from bot.channels.web.identity import Identity, Visitor, new_chat
from bot.channels.web.limits import Limits
from bot.channels.web.page import tags
from bot.errors import DatabaseTroubleError, TooFastError
from bot.model import Message, escape
from storage import addresses, files, transcripts
from storage.database import Database
from storage.files import FileStore, Stored
from storage.transcripts import CHANNEL, Content, File

log = structlog.get_logger()


class Posts:
    """Takes messages in. `receive` is None as long as nobody is there to give them to; `tell` tells open pages."""

    receive: Receive | None = None

    def __init__(
        self,
        database: Database,
        store: FileStore,
        identity: Identity,
        limits: Limits,
        tell: Callable[[str], Awaitable[None]],
        micros: Callable[[], int],
    ) -> None:
        self._database = database
        self._store = store
        self._identity = identity
        self._limits = limits
        self._tell = tell
        self._micros = micros

    async def take(self, request: web.Request) -> web.Response:
        """Answers a post when its message is in the inbox."""
        if not self._identity.same_origin(request):
            return refusal(403, "web.refused")
        if self.receive is None:
            return try_later()
        try:
            known = await self._identity.known(request)
            if known is None and self._identity.claimed(request):
                return refusal(401, "web.signed_out")
            visitor = known or Visitor(new_chat())
            self._limits.message(visitor.chat, request.remote or "", self._size(request))
            form = await self._form(request)
            await self._hand_on(self.receive, visitor.chat, form, request.headers.get("Accept-Language", ""))
        except RefusedFormError as error:
            return refusal(error.status, error.key)
        except TooFastError as error:
            return too_fast(error)
        except DatabaseTroubleError:
            return try_later()
        except OSError as error:
            log.error("cannot keep a file", reason=error.strerror)
            return try_later()
        response = web.json_response({"ok": True})
        if known is None:
            self._identity.remember(request, response, visitor)
        return response

    def _size(self, request: web.Request) -> int:
        """The bytes of a body; of one that does not say so, all that it may have."""
        size = request.content_length
        return MOST_FILES * self._store.largest if size is None else size

    async def _form(self, request: web.Request) -> Form:
        form = Form()
        try:
            await read(request, self._store, form)
        except BaseException:
            if form.files:  # noted down, so that they are swept away
                await self._database.write(
                    [files.add(Stored(one.digest, one.size), one.media_type, self._micros()) for one in form.files]
                )
            raise
        return form

    async def _hand_on(self, receive: Receive, chat: str, form: Form, languages: str) -> None:
        """Writes down what the page shows of a message and hands the message on; a repeat changes nothing."""
        wanted = tags(languages)
        message = Message(
            channel=CHANNEL,
            chat=chat,
            id=f"{chat}:{form.id}",
            text=form.text if form.start is None else f"/start {form.start}".strip(),
            press=form.press,
            attachments=tuple(form.files),
            language=wanted[0] if wanted else "",
        )
        if (content := await self._said(message, form)) is not None:
            now = self._micros()
            seen = addresses.seen(CHANNEL, chat, "", now, wrote=False)
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


def label_of(press: str, contents: Sequence[Content]) -> str | None:
    """The label of the button with this data, in the first of the contents that has one."""
    every = (button for content in contents for row in content.buttons for button in row)
    return next((label for label, data in every if data == press), None)
