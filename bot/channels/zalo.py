"""Zalo as a channel: events by webhook or by polling, messages through its Bot API.

It has no buttons, no edits and no files: choices are lists, and a file is a link to the pages.
Source of all limits and behaviour: https://bot.zaloplatforms.com/docs.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

import structlog
from aiohttp import web

from bot.channel import Abilities, Budget, Command, Policy, Receive
from bot.channels.webhook import Webhook, pause
from bot.channels.zalo_api import UNKNOWN_TOKEN, Api
from bot.channels.zalo_intake import HEADER, MESSENGER, poll, settle
from bot.channels.zalo_media import Media
from bot.channels.zalo_updates import NAME, at, read
from bot.errors import DatabaseTroubleError, DeliveryError, NotSentError, RefusedError, SettingsError
from bot.model import Json, Message, OutgoingFile, Phrase, PhraseValue, Reply, plain
from bot.pieces import units
from bot.texts import Texts

log = structlog.get_logger()

LONGEST = 2000  # characters of a text or a caption; counted in UTF-16 units, which are as many or more
HOURS = 24  # that a link to a file is good for
PHOTOS = ("image/jpeg", "image/png")  # what Zalo shows from an address

OfferLink = Callable[[str, OutgoingFile], Awaitable[str]]
"""Makes an address where a chat finds a file for some hours; "" where there are no pages."""


async def no_link(chat: str, file: OutgoingFile) -> str:
    """Where there are no pages."""
    return ""


@dataclass(frozen=True, slots=True)
class Access:
    """How the Bot API is reached. `webhook_url` is empty for polling; `hosts` are where files may lie, none: anywhere."""

    token: str
    api_base: str
    webhook_url: str = ""
    webhook_secret: str = ""
    hosts: Sequence[str] = ()


class ZaloChannel:
    """The bot on Zalo. `link` makes the addresses of files, `policy` is what may go out by itself;
    `beat` is called whenever Zalo answers or posts."""

    name = NAME

    def __init__(
        self,
        access: Access,
        texts: Texts,
        link: OfferLink,
        budget: Budget,
        policy: Policy,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        self.abilities = Abilities(buttons=False, edits=False, files_out=False, text_limit=LONGEST, proactive=policy)
        self.budget = budget
        self.runs_alone = not access.webhook_url
        self.username = ""
        self._beat = beat
        self._access = access
        self._texts = texts
        self._link = link
        self._api = Api(access.token, access.api_base)
        self._media = Media(access.api_base, access.hosts)
        self._webhook = Webhook(MESSENGER, access.webhook_url, HEADER, access.webhook_secret, beat)

    async def open(self) -> None:
        """Gets ready to send."""
        await self._api.open()
        await self._media.open()

    async def introduce(self) -> str:
        """The bot's name on Zalo. Raises SettingsError for a token that Zalo does not know, and DeliveryErrors."""
        answer = await self._api.ask("getMe", 20.0)
        if answer.code == UNKNOWN_TOKEN:
            raise SettingsError("[zalo] token: Zalo does not know this token; copy it anew")
        if answer.error:
            raise answer.error
        self.username = at(answer.result, "account_name", str) or at(answer.result, "display_name", str) or ""
        return self.username or "?"

    async def close(self) -> None:
        """Ends every connection."""
        await self._api.close()
        await self._media.close()

    # -- the way in

    def routes(self) -> list[web.RouteDef]:
        """What the server must answer for the webhook."""
        return self._webhook.routes()

    async def run(self, receive: Receive) -> None:
        """Takes events in until it is cancelled."""

        async def take(event: Json) -> None:
            events = event if isinstance(event, list) else [event]
            messages = [message for one in events if (message := read(one, self.username)) is not None]
            if messages:
                await receive(messages)

        self._webhook.take = take
        try:
            await self._met()
            await (
                self._webhook.keep(partial(settle, self._api))
                if self._access.webhook_url
                else poll(self._api, take, self._beat)
            )
        finally:
            self._webhook.take = None

    async def _met(self) -> None:
        """Returns once Zalo has told who the bot is. Raises SettingsError where it does not know it."""
        tries = 0
        while True:
            try:
                await self.introduce()
            except DeliveryError as error:
                await pause(MESSENGER, error, tries)
                tries += 1
            else:
                log.info("Zalo knows the bot", name=self.username)
                return

    # -- the way out

    async def send(self, chat: str, reply: Reply, *, key: str) -> str:
        """Sends a message and what leads to its files; gives its id. Raises DeliveryErrors."""
        sent, lines, text = "", [], plain(reply.text).strip()
        for file in reply.files:
            address = await self._address(chat, file)
            caption = text if len(reply.files) == 1 and units(text) <= LONGEST else ""
            photo = await self._send_photo(chat, file, address, caption)
            if photo:
                sent, text = photo, "" if caption else text
            else:
                lines.append(self._line(file, address, reply.language))
        for part in self._parts(text, "\n".join(lines)):
            sent = await self._send("sendMessage", chat, text=part)
        if not sent:
            raise RefusedError("there is nothing to say")
        return sent

    async def _address(self, chat: str, file: OutgoingFile) -> str:
        try:
            return await self._link(chat, file)
        except DatabaseTroubleError as trouble:
            raise NotSentError(str(trouble)) from trouble

    @staticmethod
    def _parts(text: str, lines: str) -> list[str]:
        """The text and the lines in one message if they fit."""
        whole = "\n\n".join(filter(None, (text, lines)))
        return [part for part in ([whole] if units(whole) <= LONGEST else [text, lines]) if part]

    async def _send_photo(self, chat: str, file: OutgoingFile, address: str, caption: str) -> str:
        """Lets Zalo show a photo from its address; "" where it cannot."""
        if file.media_type not in PHOTOS or not address.startswith("https://"):
            return ""
        try:
            return await self._send("sendPhoto", chat, photo=address, **({"caption": caption} if caption else {}))
        except RefusedError:
            log.info("a photo goes out as a link")
            return ""

    def _line(self, file: OutgoingFile, address: str, language: str) -> str:
        values: dict[str, PhraseValue] = {"name": file.name, "address": address, "hours": HOURS}
        return plain(self._texts.render(language, Phrase("link.file" if address else "link.none", values)))

    async def _send(self, method: str, chat: str, **parameters: Json) -> str:
        result = await self._api.call(method, chat_id=chat, **parameters)
        return at(result, "message_id", str) or "?"

    async def edit(self, chat: str, reference: str, reply: Reply) -> None:
        """Nothing that was sent can be changed; the sender knows and never asks."""

    async def strip(self, chat: str, reference: str) -> None:
        """There are no buttons."""

    async def acknowledge(self, message: Message, notice: str) -> None:
        """There are no presses."""

    async def fetch(self, reference: str) -> AsyncGenerator[bytes, None]:
        """The bytes of a picture or a voice message. Raises DeliveryErrors."""
        async with aclosing(self._media.fetch(reference)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def offer(self, chat: str, commands: Sequence[Command]) -> None:
        """There is no place for a menu."""
