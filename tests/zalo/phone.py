"""A person's phone: everything that Zalo lets somebody do in a chat with the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from tests.zalo.world import Json, Shown, World, digest


class Phone:
    """One person in the private chat with the bot. What is done becomes an event at once; acts give the message's id.

    `cdn` is the address that those of files begin with. `is_protected` lets nothing of theirs reach the bot.
    """

    def __init__(self, world: World, name: str, cdn: str, *, is_protected: bool = False) -> None:
        self.world = world
        self.name = name
        self.chat = digest(f"person {name}")
        self.is_protected = is_protected
        self._cdn = cdn

    @property
    def messages(self) -> list[Shown]:
        """What came from the bot, in order."""
        return [one for one in self.world.chats.get(self.chat, []) if one.by_bot]

    @property
    def last(self) -> Shown:
        if not self.messages:
            raise LookupError("the bot has said nothing yet")
        return self.messages[-1]

    async def until(self, condition: Callable[[Phone], object], seconds: float = 5.0) -> None:
        """Waits until something is so. It is looked at whenever the bot does something that can be seen."""
        async with asyncio.timeout(seconds):
            while not condition(self):
                await self.world.changed()

    async def sees(self, text: str, seconds: float = 5.0) -> Shown:
        """Waits until the newest message of the bot contains a text; gives that message."""
        try:
            await self.until(lambda phone: phone.messages and text in phone.last.text, seconds)
        except TimeoutError:
            raise AssertionError(f"{text!r} did not come; there is {[one.text for one in self.messages]}") from None
        return self.last

    def send(self, text: str) -> str:
        return self._post("text", {"text": text}, text)

    def photo(self, content: bytes, caption: str = "", message_id: str = "", field: str = "photo") -> str:
        """A picture; `field` is the name that its address has: "photo" or "photo_url"."""
        address = self._cdn + self.world.keep(content, "image/jpeg", ".jpg")
        written = {"caption": caption} if caption else {}
        return self._post("image", {field: address, **written}, caption, message_id)

    def album(self, contents: Sequence[bytes], caption: str = "", ids: Sequence[str] = ()) -> list[str]:
        """Several pictures at once: a message each, the caption at the first."""
        given = [*ids, *[""] * (len(contents) - len(ids))]
        return [self.photo(content, "" if place else caption, given[place]) for place, content in enumerate(contents)]

    def voice(self, content: bytes) -> str:
        return self._post("voice", {"voice_url": self._cdn + self.world.keep(content, "audio/aac", ".aac")})

    def sticker(self) -> str:
        return self._post("sticker", {"sticker": digest("sticker"), "url": f"{self._cdn}/cdn/sticker"})

    def link(self, text: str) -> str:
        """A text with a link, which does not reach the bot."""
        return self._post("unsupported", {}, text)

    def block(self) -> None:
        self.world.blocked.add(self.chat)

    def unblock(self) -> None:
        self.world.blocked.discard(self.chat)

    def in_group(self, text: str) -> str:
        """Writes in a group that the bot is in."""
        return self._post("text", {"text": text, "chat": {"id": digest("group"), "chat_type": "GROUP"}}, text)

    def again(self, message_id: str) -> None:
        """Zalo delivers a message once more."""
        made = self.world.events.made
        event = next(one for one in made if one.get("message", {}).get("message_id") == message_id)
        self.world.events.put(dict(event))

    def _post(self, kind: str, content: Json, shown: str = "", message_id: str = "") -> str:
        message_id = message_id or self.world.new_id()
        self.world.add(self.chat, Shown(message_id, by_bot=False, text=shown))
        if self.is_protected:
            kind, content = "unsupported", {}
        message = {
            "from": {"id": self.chat, "display_name": self.name, "is_bot": False},
            "chat": {"id": self.chat, "chat_type": "PRIVATE"},
            "message_id": message_id,
            "date": self.world.millis(),
            **content,
        }
        self.world.events.put({"event_name": f"message.{kind}.received", "message": message})
        return message_id
