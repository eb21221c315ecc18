"""Telegram as a channel: updates by long polling or by webhook, messages through the Bot API.

Nothing is acknowledged before it is in the inbox: the next offset, or the webhook's 200, goes out after the commit.
Source of all limits and behaviour: https://core.telegram.org/bots/api.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
import structlog
import telegram
from aiohttp import web
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData

from bot.channel import Abilities, Budget, Command, Receive
from bot.channels.telegram_connections import NOT_CONNECTED, as_url, asked_each_time, session, within
from bot.channels.telegram_intake import HEADER, MESSENGER, met, poll, settle
from bot.channels.telegram_looks import content_of, looks, marked_up, unless_it_is_so_already
from bot.channels.telegram_profile import Profile, as_menu, dress
from bot.channels.telegram_updates import NAME, read
from bot.channels.webhook import Webhook
from bot.errors import (
    DeliveryError,
    MovedError,
    NotSentError,
    RefusedError,
    SettingsError,
    TooFastError,
    UnreachableError,
    UnsureError,
)
from bot.model import Json, Message, OutgoingFile, Reply, plain
from bot.pieces import units

os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library tells times as timedelta, as it always will later

log = structlog.get_logger()

REQUEST = 20.0  # seconds a request may take
UPLOAD = 120.0  # seconds for a file
CAPTION = 1024  # UTF-16 units
LARGEST_IN = 20 * 1024 * 1024  # bytes of a file that a bot may fetch
OK = 200
JSON = {"Content-Type": "application/json"}
_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Access:
    """How the Bot API is reached. `webhook_url` is empty for polling."""

    token: str
    api_base: str
    proxy: str = ""
    webhook_url: str = ""
    webhook_secret: str = ""


class NotConnectedError(NetworkError):
    """No connection came about: the request certainly did not arrive."""


class Request(BaseRequest):
    """The requests of the library through aiohttp, which stays fast with many connections."""

    def __init__(self, proxy: str = "") -> None:
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return REQUEST

    async def initialize(self) -> None:
        if self._session is None:
            self._session = session(self._proxy)

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One request: status and body. What follows a "?" in the address goes as its body, in JSON.

        Raises NotConnectedError, TimedOut and NetworkError, none naming the address.
        """
        total = REQUEST if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        address, _, ours = url.partition("?")
        data = form(request_data) if request_data else ours.encode()
        with failures():
            async with self._request(method, address, data, total) as response:
                status, answer = response.status, await response.read()
        if status != OK and b'"error_code"' not in answer:  # somebody in between: only Telegram refuses for good
            raise NetworkError(f"status {status}")
        return status, answer

    def _request(self, method: str, url: str, data: bytes | aiohttp.FormData, total: float) -> Any:
        if self._session is None:
            raise NotConnectedError("closed")
        headers = JSON if isinstance(data, bytes) and data else None
        return self._session.request(
            method,
            as_url(url),
            data=data,
            timeout=within(total),
            proxy=asked_each_time(self._proxy),
            headers=headers,
            allow_redirects=False,
        )

    async def stream(self, url: str) -> AsyncGenerator[bytes, None]:
        """The bytes of a file. Raises what `do_request` does, and BadRequest for a file that is not there."""
        with failures():
            async with self._request("GET", url, b"", UPLOAD) as response:
                if response.status in (400, 404):
                    raise BadRequest("no such file")
                if response.status != OK:
                    raise NetworkError(f"status {response.status}")
                async for chunk in response.content.iter_chunked(_CHUNK):
                    yield chunk

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as JSON; one that is none is never logged: it may quote what somebody wrote."""
        try:
            answer: Json = json.loads(payload)
        except ValueError as error:
            raise NetworkError("the answer is no JSON") from error
        if not isinstance(answer, dict) or not answer.keys() & {"result", "error_code", "description"}:
            raise NetworkError("the answer is none of the Bot API's")
        return answer


def form(data: RequestData) -> bytes | aiohttp.FormData:
    """The parameters of a request: as JSON, or with files in parts."""
    if not data.contains_files:
        return data.json_payload
    parts = aiohttp.FormData(quote_fields=False)  # names of files as they are
    for name, value in data.json_parameters.items():
        parts.add_field(name, value)
    for name, (file_name, content, media_type) in data.multipart_data.items():
        parts.add_field(name, content, filename=file_name, content_type=media_type)
    return parts


@contextmanager
def failures() -> Iterator[None]:
    """Errors of the connection as the library's own; the messages of aiohttp name the address, and so the token."""
    try:
        yield
    except NOT_CONNECTED as error:
        raise NotConnectedError(type(error).__name__) from error
    except TimeoutError as error:
        raise TimedOut from error
    except (aiohttp.ClientError, OSError) as error:
        raise NetworkError(type(error).__name__) from error


def ours(error: TelegramError) -> DeliveryError:
    """Our error for one of the library's. BadRequest is a NetworkError there, so it is looked at first."""
    match error:
        case BadRequest() if "chat not found" in error.message.lower():
            return UnreachableError(error.message)
        case BadRequest():
            return RefusedError(error.message)
        case Forbidden():
            return UnreachableError(error.message)
        case RetryAfter():
            return TooFastError(seconds(error))
        case ChatMigrated():
            return MovedError(str(error.new_chat_id))
        case NotConnectedError() | InvalidToken() | Conflict():
            return NotSentError(type(error).__name__)
        case _:
            return UnsureError(type(error).__name__)


def seconds(error: RetryAfter) -> float:
    """How long Telegram asks to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


@contextmanager
def delivering() -> Iterator[None]:
    """Errors of the library as ours."""
    try:
        yield
    except TelegramError as error:
        raise ours(error) from error


class TelegramChannel:
    """The bot on Telegram. `profiles` are by language, the first one for everybody else; `budget` is its pace; `beat` is called whenever Telegram answers or posts."""

    name = NAME
    abilities = Abilities(buttons=True, edits=True, files_out=True, text_limit=4096, largest_file=LARGEST_IN)

    def __init__(
        self,
        access: Access,
        profiles: Mapping[str, Profile],
        budget: Budget,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        self.budget = budget
        self.runs_alone = not access.webhook_url
        self._beat = beat
        self.username = ""
        self._access = access
        self._profiles = profiles
        self._request = Request(access.proxy)
        self._bot = telegram.Bot(
            access.token,
            base_url=f"{access.api_base}/bot",
            base_file_url=f"{access.api_base}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        self._webhook = Webhook(MESSENGER, access.webhook_url, HEADER, access.webhook_secret, beat)

    async def open(self) -> None:
        """Gets ready to send."""
        await self._request.initialize()

    async def introduce(self) -> str:
        """The bot's name on Telegram. Raises SettingsError for a token that Telegram does not know, and DeliveryErrors."""
        with delivering():
            try:
                self.username = (await self._bot.get_me()).username or ""
            except InvalidToken as error:
                raise SettingsError("[telegram] token: Telegram does not know this token; copy it anew") from error
        return self.username

    async def close(self) -> None:
        """Ends every connection."""
        await self._request.shutdown()

    # -- the way in

    def routes(self) -> list[web.RouteDef]:
        """What the server must answer for the webhook."""
        return self._webhook.routes()

    async def run(self, receive: Receive) -> None:
        """Takes updates in until it is cancelled."""

        async def take(updates: Sequence[Json]) -> None:
            messages = [message for update in updates if (message := read(update, self.username)) is not None]
            if messages:
                await receive(messages)

        self._webhook.take = lambda update: take([update])
        dressing = asyncio.create_task(dress(self.call, self._profiles))
        try:
            await met(self.introduce)
            await (
                self._webhook.keep(partial(settle, self)) if self._access.webhook_url else poll(self, take, self._beat)
            )
        finally:
            self._webhook.take = None
            dressing.cancel()
            [undressed] = await asyncio.gather(dressing, return_exceptions=True)
            if isinstance(undressed, Exception):
                log.error("setting the bot's profile failed", why=type(undressed).__name__)

    async def call(self, method: str, **parameters: Json) -> Json:
        """The result of a method, as it came: an update that the library cannot read must not stop all others.

        Raises DeliveryErrors.
        """
        wait = REQUEST + (parameters.get("timeout") or 0)
        body = json.dumps(parameters, ensure_ascii=False)  # the library's own parameters cannot be made: ours go along
        with delivering():
            return await self._request.post(f"{self._bot.base_url}/{method}?{body}", read_timeout=wait)

    async def renew(self) -> None:
        """Starts afresh with new connections."""
        await self._request.shutdown()
        await self._request.initialize()

    # -- the way out

    async def send(self, chat: str, reply: Reply, *, key: str) -> str:
        """Sends a message, its files first; gives its id. Raises DeliveryErrors."""
        alone = len(reply.files) == 1 and not reply.buttons and units(plain(reply.text)) <= CAPTION
        sent = ""
        for file in reply.files:
            sent = await self._send_file(chat, file, reply.text if alone else "")
        return sent if alone or (sent and not reply.text) else await self._send_text(chat, reply)

    async def _send_text(self, chat: str, reply: Reply) -> str:
        async def once(text: str, mode: Json) -> Json:
            return await self.call("sendMessage", chat_id=chat, text=text, **mode, **looks(reply))

        return str((await marked_up(reply.text, once))["message_id"])

    async def _send_file(self, chat: str, file: OutgoingFile, caption: str) -> str:
        content = await asyncio.to_thread(content_of, file)

        async def once(text: str, mode: Json) -> telegram.Message:
            document = telegram.InputFile(content, file.name)
            with delivering():
                return await self._bot.send_document(
                    chat, document, caption=text or None, read_timeout=UPLOAD, write_timeout=UPLOAD, **mode
                )

        return str((await marked_up(caption, once)).message_id)

    async def edit(self, chat: str, reference: str, reply: Reply) -> None:
        """Replaces a message. One that is shown like this already is well. Raises DeliveryErrors."""

        async def once(text: str, mode: Json) -> Json:
            place = {"chat_id": chat, "message_id": reference}
            return await self.call("editMessageText", **place, text=text, **mode, **looks(reply))

        with unless_it_is_so_already():
            await marked_up(reply.text, once)

    async def strip(self, chat: str, reference: str) -> None:
        """Takes the buttons off a message. Raises DeliveryErrors."""
        with unless_it_is_so_already():
            await self.call("editMessageReplyMarkup", chat_id=chat, message_id=reference)

    async def acknowledge(self, message: Message, notice: str) -> None:
        """Ends the waiting sign on a button. Best effort: Telegram may find the press too old."""
        shown = {"text": notice} if notice else {}
        try:
            await self.call("answerCallbackQuery", callback_query_id=message.reference, **shown)
        except DeliveryError as error:
            log.info("a press is not acknowledged", why=type(error).__name__)

    async def fetch(self, reference: str) -> AsyncGenerator[bytes, None]:
        """The bytes of a file of at most 20 MB. Raises DeliveryErrors."""
        with delivering():
            try:
                file = await self._bot.get_file(reference)
            except BadRequest as error:
                if "temporarily unavailable" in error.message:
                    raise NotSentError("not now") from error
                raise
            async with aclosing(self._request.stream(file.file_path or "")) as chunks:
                async for chunk in chunks:
                    yield chunk

    # -- what Telegram shows of the bot

    async def offer(self, chat: str, commands: Sequence[Command]) -> None:
        """Sets the menu of one chat. Raises DeliveryErrors."""
        scope = {"type": "chat", "chat_id": int(chat)}
        await self.call("setMyCommands", scope=scope, commands=as_menu(commands))
