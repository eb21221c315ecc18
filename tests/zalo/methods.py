"""The methods, by the very spelling of their names: what they take, what they refuse, and what they do."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.pieces import units
from tests.zalo.world import Json, Shown, World

LONGEST = 2000
LONGEST_POLL = 50


class RefusalError(Exception):
    """The server refuses a call. It says so with status 200."""

    def __init__(self, code: int, description: str, retry_after: int = 0) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


@dataclass(frozen=True)
class Call:
    """One call: the world, what was given, where public addresses lead on this machine, and whether anybody listens."""

    world: World
    given: Json
    ways: Mapping[str, str]
    is_open: Callable[[], bool]

    def text(self, name: str) -> str:
        value = self.given.get(name)
        if not isinstance(value, str) or not value:
            raise RefusalError(400, f"{name} must be a text")
        return value

    def chat(self) -> str:
        """A chat that the bot may write to: its person wrote before."""
        chat = self.text("chat_id")
        if chat not in self.world.chats or chat in self.world.blocked:
            raise RefusalError(404, "Not found")
        return chat

    def short(self, name: str) -> str:
        text = self.text(name)
        if not text.strip() or units(text) > LONGEST:
            raise RefusalError(400, f"{name} must be 1 to {LONGEST} characters long")
        return text

    def room(self) -> None:
        limits = self.world.limits
        if limits and not limits.has_room(self.world.clock()):
            raise RefusalError(429, "Quota exceeded", limits.retry_after)


async def get_me(call: Call) -> Json:
    return call.world.bot


async def get_updates(call: Call) -> Json:
    """The next event, once. 408 where none comes in time."""
    world = call.world
    if world.webhook.url:
        raise RefusalError(400, "getUpdates does not work while a webhook is set")
    timeout = call.given.get("timeout", "30")
    if not isinstance(timeout, str) or not timeout.isdecimal():
        raise RefusalError(400, "timeout must be a text of digits")
    world.events.asked()
    loop = asyncio.get_running_loop()
    end = loop.time() + min(int(timeout), LONGEST_POLL)
    while not world.events.waiting and loop.time() < end and not world.closing:
        await world.events.changed(end - loop.time())
        if world.webhook.url:
            raise RefusalError(400, "a webhook was set")
    event = world.events.take() if call.is_open() else None  # nothing is given to who has hung up
    if event is None:
        raise RefusalError(408, "Request timeout")
    return event


async def set_webhook(call: Call) -> Json:
    url, secret = call.text("url"), call.text("secret_token")
    if urlsplit(url).scheme != "https":
        raise RefusalError(400, "url must be https")
    if not 8 <= len(secret) <= 256:
        raise RefusalError(400, "secret_token must be 8 to 256 characters long")
    return _hook(call.world, url, secret)


async def delete_webhook(call: Call) -> Json:
    return _hook(call.world, "", "")


def _hook(world: World, url: str, secret: str) -> Json:
    world.webhook.url, world.webhook.secret, world.webhook.updated_at = url, secret, world.millis()
    world.events.wake()
    return {"url": url, "updated_at": world.webhook.updated_at}


async def get_webhook_info(call: Call) -> Json:
    return {"url": call.world.webhook.url, "updated_at": call.world.webhook.updated_at}


async def send_message(call: Call) -> Json:
    chat, text = call.chat(), call.short("text")
    call.room()
    return _sent(call.world, chat, Shown(call.world.new_id(), True, text))


async def send_photo(call: Call) -> Json:
    chat, photo = call.chat(), call.text("photo")
    caption = call.short("caption") if "caption" in call.given else ""
    content = await picture(photo, call.ways)
    call.room()
    return _sent(call.world, chat, Shown(call.world.new_id(), True, caption, photo, content))


async def picture(address: str, ways: Mapping[str, str]) -> bytes:
    """The picture at an address, which the server fetches itself. Refuses what is none."""
    here = next((way + address.removeprefix(public) for public, way in ways.items() if address.startswith(public)), "")
    if not address.startswith("https://") or not here:
        raise RefusalError(400, "photo must be an address that can be fetched")
    try:
        async with ClientSession(timeout=ClientTimeout(total=5)) as session, session.get(here) as response:
            if response.status == 200 and response.content_type.startswith("image/"):
                return await response.read()
    except (ClientError, OSError):
        pass
    raise RefusalError(400, "photo cannot be fetched")


async def send_voice(call: Call) -> Json:
    chat, address = call.chat(), call.text("voice_url")
    if not re.fullmatch(r"https://\S+\.aac", address):
        raise RefusalError(400, "voice_url must end in .aac")
    return _sent(call.world, chat, Shown(call.world.new_id(), True, address))


async def send_chat_action(call: Call) -> None:
    call.chat()
    if call.text("action") != "typing":
        raise RefusalError(400, "no such action")


def _sent(world: World, chat: str, shown: Shown) -> Json:
    return {"message_id": world.add(chat, shown), "date": world.millis()}


Act = Callable[[Call], Awaitable[Any]]
METHODS: dict[str, tuple[Act, frozenset[str]]] = {
    "getMe": (get_me, frozenset()),
    "getUpdates": (get_updates, frozenset({"timeout"})),
    "setWebhook": (set_webhook, frozenset({"url", "secret_token"})),
    "deleteWebhook": (delete_webhook, frozenset()),
    "getWebhookInfo": (get_webhook_info, frozenset()),
    "sendMessage": (send_message, frozenset({"chat_id", "text"})),
    "sendPhoto": (send_photo, frozenset({"chat_id", "photo", "caption"})),
    "sendVoice": (send_voice, frozenset({"chat_id", "voice_url"})),
    "sendChatAction": (send_chat_action, frozenset({"chat_id", "action"})),
}
