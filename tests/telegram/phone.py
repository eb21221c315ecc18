"""A person's phone: everything that the messenger lets somebody do in a chat with the bot."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence

from tests.telegram.html import units
from tests.telegram.messages import document, photo_sizes
from tests.telegram.screen import Shown, buttons, shown
from tests.telegram.updates import Json
from tests.telegram.world import Chat, File, Message, Notice, World

COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,64}(@[A-Za-z0-9_]+)?")


class Phone:
    """One person in one chat: the private one with the bot, unless a group is given.

    What is done becomes an update at once. Acts give the id of the new message, presses the id of the query.
    """

    def __init__(
        self, world: World, user_id: int, first_name: str = "Lan", language_code: str = "vi", chat: Chat | None = None
    ) -> None:
        self.world = world
        self.person = world.person(user_id, first_name, language_code)
        self._chat = chat or world.chats[user_id]
        self._albums = 0

    @property
    def chat(self) -> Chat:
        """The chat; the supergroup once the group has become one."""
        moved = self._chat.migrated_to
        return self.world.chats[moved] if moved else self._chat

    @property
    def screen(self) -> list[Shown]:
        """Everything in the chat, in order."""
        return [shown(message) for message in self.chat.messages.values()]

    @property
    def messages(self) -> list[Shown]:
        """What came from the bot, in order."""
        return [shown(message) for message in self.chat.messages.values() if message.by_bot]

    @property
    def last(self) -> Shown:
        """The newest message of the bot."""
        for message in reversed(self.chat.messages.values()):
            if message.by_bot:
                return shown(message)
        raise LookupError("the bot has said nothing yet")

    @property
    def notices(self) -> list[Notice]:
        """The answers to presses, in the order in which they came."""
        return self.world.notices.get(self.person.id, [])

    async def until(self, condition: Callable[[Phone], object], seconds: float = 20.0) -> None:
        """Waits until something is so. It is looked at whenever the bot does something that can be seen."""
        async with asyncio.timeout(seconds):
            while not condition(self):
                await self.world.changed(self.chat.id)

    async def sees(self, text: str, seconds: float = 20.0) -> Shown:
        """Waits until the newest message of the bot contains a text; gives that message."""
        try:
            await self.until(lambda phone: text in phone._newest_words(), seconds)
        except TimeoutError:
            raise AssertionError(f"{text!r} did not come; the newest is {self._newest_words()!r}") from None
        return self.last

    def _newest_words(self) -> str:
        newest = self.messages[-1:]
        return newest[0].text + newest[0].caption if newest else ""

    def send(self, text: str, reply_to: int = 0) -> int:
        content: Json = {"text": text}
        if commands := entities(text):
            content["entities"] = commands
        if reply_to:
            content["reply_to_message"] = self.chat.messages[reply_to].body
        return self._post(content).id

    def start(self, payload: str = "") -> int:
        """Opens the bot by a link, or presses Start."""
        return self.send(f"/start {payload}".strip())

    def edit(self, message_id: int, text: str) -> int:
        """Changes the text, or the caption, of one's own message."""
        message = self.chat.messages[message_id]
        if message.by_bot or message.body["from"]["id"] != self.person.id:
            raise ValueError("one can only edit one's own messages")
        name = "text" if "text" in message.body else "caption"
        message.body = {**message.body, name: text, "edit_date": int(self.world.clock())}
        message.edits += 1
        self._deliver("edited_message", message)
        return message_id

    def photo(self, content: bytes, caption: str = "") -> int:
        return self._attach("photo", self.world.add_file("photos", content), caption)

    def document(self, name: str, content: bytes, media_type: str, caption: str = "", size: int = 0) -> int:
        """A file; `size` may claim more than there are bytes."""
        return self._attach("document", self.world.add_file("documents", content, name, media_type, size), caption)

    def voice(self, content: bytes) -> int:
        return self._attach("voice", self.world.add_file("voice", content, media_type="audio/ogg"))

    def video(self, content: bytes, caption: str = "") -> int:
        return self._attach("video", self.world.add_file("videos", content, "video.mp4", "video/mp4"), caption)

    def album(self, contents: Sequence[bytes], caption: str = "") -> list[int]:
        """Several photos at once: a message each, the caption at the first."""
        self._albums += 1
        group = f"{self.person.id}{self._albums:06d}"
        return [
            self._attach("photo", self.world.add_file("photos", content), "" if place else caption, group)
            for place, content in enumerate(contents)
        ]

    def sticker(self) -> int:
        file = self.world.add_file("stickers", b"RIFF0000WEBP")
        sticker = {"width": 512, "height": 512, "emoji": "👍", "is_animated": False, "is_video": False}
        return self._post({"sticker": {**sticker, "type": "regular", **ids(file)}}).id

    def contact(self) -> int:
        number = {"phone_number": "+84900000000", "first_name": self.person.first_name, "user_id": self.person.id}
        return self._post({"contact": number}).id

    def location(self) -> int:
        return self._post({"location": {"latitude": 21.853, "longitude": 106.761}}).id

    def poll(self) -> int:
        options = [{"persistent_id": str(n), "text": word, "voter_count": 0} for n, word in enumerate(("A", "B"))]
        poll = {"id": "5000000000000000001", "question": "A?", "options": options, "total_voter_count": 0,
                "is_closed": False, "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
                "allows_revoting": True, "members_only": False}  # fmt: skip
        return self._post({"poll": poll}).id

    def dice(self) -> int:
        return self._post({"dice": {"emoji": "🎲", "value": 4}}).id

    def press(self, label: str) -> str:
        """Presses the button with this text in its label, or with this data, on the newest message that has one."""
        for message in reversed(self.chat.messages.values()):
            for text, data in (one for row in buttons(message.body) for one in row):
                if label == data or label in text:
                    return self.press_on(message.id, data)
        raise LookupError(f"there is no button {label!r}")

    def press_on(self, message_id: int, data: str) -> str:
        """Presses a button of a certain message, also one that the phone still shows and the message lost."""
        message, query = self.chat.messages[message_id], self.world.add_query(self.person.id)
        self.world.updates.add("callback_query", {
            "id": query.id, "from": self.person.shown(), "message": message.body,
            "chat_instance": str(self.chat.id * 7919), "data": data,
        })  # fmt: skip
        return query.id

    def block(self) -> None:
        self.person.blocked = True
        self._membership("member", "kicked")

    def unblock(self) -> None:
        self.person.blocked = False
        self._membership("kicked", "member")

    def group(self, title: str) -> Phone:
        """Makes a group with the bot in it; gives this person's phone in that group."""
        phone = self.join(self.world.group(title))
        phone._membership("left", "member")
        phone._post({"group_chat_created": True})
        return phone

    def join(self, chat: Chat) -> Phone:
        """This person's phone in somebody else's group."""
        return Phone(self.world, self.person.id, self.person.first_name, self.person.language_code, chat)

    def migrate(self) -> Chat:
        """Makes the group a supergroup, with another id; gives that."""
        old, new = self._chat, self.world.supergroup_of(self._chat)
        for chat, moved in ((old, {"migrate_to_chat_id": new.id}), (new, {"migrate_from_chat_id": old.id})):
            message = self.world.add_message(chat, self.person.shown(), moved)
            self.world.updates.add("message", message.body)
        return new

    def kick_bot(self) -> None:
        """Takes the bot out of the group."""
        self.chat.has_bot = False
        self._membership("member", "left" if self.chat.shown["type"] == "group" else "kicked")

    def _post(self, content: Json) -> Message:
        if self.person.blocked and self.chat.person:
            raise ValueError("one must unblock the bot before one can write to it")
        if self.chat.person:
            self.person.started = True
        message = self.world.add_message(self.chat, self.person.shown(), content)
        self._deliver("message", message)
        return message

    def _deliver(self, kind: str, message: Message) -> None:
        if self.chat.person or self.world.reads_all or self._is_for_bot(message.body):
            self.world.updates.add(kind, message.body)

    def _is_for_bot(self, body: Json) -> bool:
        """Whether a message in a group reaches a bot that may not read everything."""
        words = str(body.get("text") or body.get("caption") or "")
        command = COMMAND.match(words)
        if command:
            return command[1] in (None, f"@{self.world.bot['username']}")
        replied = body.get("reply_to_message", {}).get("from", {})
        is_service = not words and not body.keys() & {"photo", "document", "voice", "video", "sticker", "contact",
                                                      "location", "poll", "dice"}  # fmt: skip
        return is_service or replied.get("id") == self.world.bot["id"]

    def _attach(self, kind: str, file: File, caption: str = "", album: str = "") -> int:
        content: Json = {kind: self._described(kind, file)}
        if caption:
            content["caption"] = caption
            if commands := entities(caption):
                content["caption_entities"] = commands
        if album:
            content["media_group_id"] = album
        message = self._post(content)
        message.file = file
        return message.id

    def _described(self, kind: str, file: File) -> object:
        if kind == "photo":
            return photo_sizes(self.world, file)
        if kind == "document":
            return document(file)
        screen = {"width": 640, "height": 480} if kind == "video" else {}
        return {"duration": 3, "mime_type": file.media_type, **screen, **ids(file)}

    def _membership(self, old: str, new: str) -> None:
        self.world.updates.add("my_chat_member", {
            "chat": self.chat.shown, "from": self.person.shown(), "date": int(self.world.clock()),
            "old_chat_member": self._member(old), "new_chat_member": self._member(new),
        })  # fmt: skip

    def _member(self, status: str) -> Json:
        return {"user": self.world.bot, "status": status, **({"until_date": 0} if status == "kicked" else {})}


def ids(file: File) -> Json:
    return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": file.size}


def entities(text: str) -> list[Json]:
    """The commands in a text."""
    return [
        {"type": "bot_command", "offset": units(text[: found.start()]), "length": units(found.group())}
        for found in COMMAND.finditer(text)
    ]
