"""What the server knows: people, chats, messages, files, updates. Plain state, no HTTP."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.telegram.limits import Limits
from tests.telegram.updates import Json, Updates
from tests.telegram.webhook import Webhook

FIRST_UPDATE = 700_000_001


@dataclass(slots=True)
class Person:
    """An account. The bot may write to it once it has started the bot and while it does not block it."""

    id: int
    first_name: str
    language_code: str
    started: bool = False
    blocked: bool = False
    deleted: bool = False

    def shown(self) -> Json:
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        return {**user, "language_code": self.language_code} if self.language_code else user


@dataclass(slots=True)
class File:
    """A file on the server. `size` may claim more than there are bytes."""

    id: str
    unique_id: str
    path: str
    content: bytes
    name: str
    media_type: str
    size: int


@dataclass(slots=True)
class Message:
    """A message; `body` is how the server shows it to the bot, `html` the text or caption as the bot wrote it."""

    chat: Chat
    id: int
    body: Json
    by_bot: bool
    html: str = ""
    fixed_keyboard: bool = False
    file: File | None = None
    edits: int = 0


@dataclass(slots=True)
class Chat:
    """A private chat (`person`), a group or a supergroup."""

    id: int
    shown: Json
    numbers: Iterator[int]
    person: Person | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    migrated_to: int = 0
    has_bot: bool = True


@dataclass(slots=True)
class Query:
    """A press that may be answered until a time, once."""

    id: str
    person_id: int
    until: float


@dataclass(frozen=True, slots=True)
class Notice:
    """What was answered to a press."""

    query_id: str
    text: str
    alert: bool


class World:
    """Everything behind one bot token.

    `reads_all` is the bot's group privacy turned off: otherwise only commands, replies to the bot and
    what the messenger itself says reach it from a group. A press can be answered for `query_seconds`.
    """

    def __init__(
        self, *, bot_id: int = 123456, username: str = "youth_test_bot", first_update: int = FIRST_UPDATE,
        limits: Limits | None = None, clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self.bot: Json = {"id": bot_id, "is_bot": True, "first_name": "Youth", "username": username}
        self.updates = Updates(first_update)
        self.webhook = Webhook()
        self.closing = False
        self.limits = limits
        self.clock = clock
        self.reads_all = False
        self.query_seconds = 900.0
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self.paths: dict[str, File] = {}
        self.queries: dict[str, Query] = {}
        self.notices: dict[int, list[Notice]] = {}
        self.actions: list[tuple[int, str]] = []
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.calls: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.drops = 0
        self.repeated = 0
        self._numbers = itertools.count(1)
        self._file_numbers = itertools.count(1)
        self._query_numbers = itertools.count(4_000_000_000_000_001)
        self._group_numbers = itertools.count(1001)
        self._changes: dict[int | None, list[asyncio.Future[None]]] = {}

    def person(self, user_id: int, first_name: str = "Lan", language_code: str = "vi") -> Person:
        """An account, made at the first asking, with its private chat."""
        if user_id not in self.people:
            person = self.people[user_id] = Person(user_id, first_name, language_code)
            shown = {"id": user_id, "type": "private", "first_name": first_name}
            self.chats[user_id] = Chat(user_id, shown, self._numbers, person)
        return self.people[user_id]

    def group(self, title: str) -> Chat:
        """A new basic group with the bot in it."""
        chat_id = -next(self._group_numbers)
        shown = {"id": chat_id, "type": "group", "title": title, "all_members_are_administrators": True}
        chat = self.chats[chat_id] = Chat(chat_id, shown, self._numbers)
        return chat

    def supergroup_of(self, group: Chat) -> Chat:
        """The supergroup that a group becomes. Its messages are numbered anew."""
        chat_id = -1_000_000_000_000 + group.id
        shown = {"id": chat_id, "type": "supergroup", "title": group.shown["title"]}
        chat = self.chats[chat_id] = Chat(chat_id, shown, itertools.count(1))
        group.migrated_to = chat_id
        return chat

    def add_message(self, chat: Chat, sender: Json, content: Json, *, by_bot: bool = False, html: str = "") -> Message:
        number = next(chat.numbers)
        body = {"message_id": number, "from": sender, "chat": chat.shown, "date": int(self.clock()), **content}
        message = chat.messages[number] = Message(chat, number, body, by_bot, html)
        return message

    def add_file(self, kind: str, content: bytes, name: str = "", media_type: str = "", size: int = 0) -> File:
        """Keeps a file; `kind` is the folder of its path, such as "photos"."""
        number = next(self._file_numbers)
        extension = name.rpartition(".")[2] if "." in name else ENDINGS.get(kind, "bin")
        file = File(
            f"AgACAgUAAxkBAAI{number:08d}", f"AQAD{number:08d}", f"{kind}/file_{number}.{extension}",
            content, name, media_type, size or len(content),
        )  # fmt: skip
        self.files[file.id] = self.paths[file.path] = file
        return file

    def add_query(self, person_id: int) -> Query:
        query = Query(str(next(self._query_numbers)), person_id, self.clock() + self.query_seconds)
        self.queries[query.id] = query
        return query

    def expire_queries(self) -> None:
        """No press so far can be answered any more."""
        self.queries.clear()

    def jump(self, to: int) -> None:
        """The next updates are numbered from here, higher or lower."""
        self.updates.next_id = to

    def deliver(self, raw: Json) -> Json:
        """Any JSON as an update, also a malformed one; without an update_id it gets the next."""
        return self.updates.put(raw)

    def repeat(self, update: Json) -> None:
        """Delivers an earlier update again, even if it was confirmed."""
        self.repeated += 1
        self.updates.again(update)

    def messages_by_bot(self) -> int:
        """How many messages of the bot arrived anywhere."""
        return sum(message.by_bot for chat in self.chats.values() for message in chat.messages.values())

    async def changed(self, chat_id: int | None = None) -> None:
        """Waits until the bot does something that somebody can see, in one chat or in any."""
        future = asyncio.get_running_loop().create_future()
        self._changes.setdefault(chat_id, []).append(future)
        await future

    def change(self, chat_id: int) -> None:
        """Tells of something that can be seen in a chat."""
        for future in (*self._changes.pop(chat_id, ()), *self._changes.pop(None, ())):
            if not future.done():
                future.set_result(None)


ENDINGS = {"photos": "jpg", "voice": "oga", "videos": "mp4", "stickers": "webp"}
