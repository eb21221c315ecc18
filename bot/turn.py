"""A turn: one message, press or due job, and what is said and done because of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Protocol, TypeVar

from bot.channel import Abilities
from bot.config import Location
from bot.insight.places import Gazetteer
from bot.insight.topics import TopicScorer
from bot.knowledge import Knowledge
from bot.model import Json, OutgoingFile, Phrase, PhraseValue
from bot.pack import Pack
from bot.texts import Texts
from storage.database import Reader, Transaction
from storage.files import FileStore, Stored
from storage.outbox import Kind

T = TypeVar("T")


class Workers(Protocol):
    """Where heavy work is done: a process of its own."""

    async def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """Runs a function of a module elsewhere and gives its result."""


class Messengers(Protocol):
    """What a job may ask of the messenger of a chat. Both raise DeliveryErrors."""

    async def fetch(self, channel: str, reference: str) -> Stored:
        """Puts a file that came by reference into the file store. Raises FileTooLargeError."""

    async def offer(self, where: Where) -> None:
        """Shows the person of a chat the commands that their role may use, in their language."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one proposal may hold, and how fast somebody is read."""

    files: int
    file_bytes: int
    messages_a_minute: int = 0  # of one chat that are read; 0: as they come


@dataclass(frozen=True, slots=True)
class Outreach:
    """What holds for broadcasts. More recipients than `release_above` need a second person; 0: none ever does.

    `rates` are messages a second by channel; 0 is as fast as it goes.
    """

    release_above: int
    rates: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Ways:
    """The addresses by which people reach the bot: on Zalo, on Telegram, and its pages. Empty: there is none."""

    zalo: str = ""
    telegram: str = ""
    pages: str = ""

    def named(self) -> list[tuple[str, str]]:
        """The messengers that there are, by name, and their addresses."""
        return [(name, address) for name, address in (("zalo", self.zalo), ("telegram", self.telegram)) if address]


@dataclass(frozen=True)
class House:
    """What every feature may look at. Times it gives are aware; `zone` is that of the place it serves."""

    texts: Texts
    pack: Pack
    knowledge: Knowledge
    limits: Limits
    outreach: Outreach
    zone: tzinfo
    era: int
    clock: Callable[[], datetime]
    channels: Mapping[str, Abilities]
    workers: Workers
    messengers: Messengers
    files: FileStore
    database: Location
    exports: Path
    pages: str = ""  # the address of the pages, where there are any that people can open
    ways: Ways = Ways()
    refuses_late: bool = True  # a dialogue that is held too soon after its plan is published; else it only warns

    @property
    def places(self) -> Gazetteer:
        return self.knowledge.places

    @property
    def topics(self) -> TopicScorer:
        return self.knowledge.topics


@dataclass(frozen=True, slots=True)
class Person:
    """The person behind a chat. `age_band` is empty until they consented, `is_placed` says the place was asked."""

    id: int
    age_band: str
    place: str
    former_place: str
    is_placed: bool = True


@dataclass(frozen=True, slots=True)
class Where:
    """The chat a turn happens in. `role` is empty for everyone who is not staff.

    `choices` are the data of the buttons under the last reply; `chat` is the messenger's id of the chat. `scope` is what
    part of it all a role is for, or empty.
    """

    inbox_id: int
    address_id: int
    channel: str
    language: str
    person: Person | None
    role: str
    choices: tuple[str, ...] = ()
    chat: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button before it is put in somebody's language. `data` that starts with "/" is a command.

    One with a `url` opens that page; its data is empty.
    """

    label: Phrase
    data: str = ""
    url: str = ""


Choices = Sequence[Sequence[Choice]]


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said. Things without buttons, files and slot may share a message."""

    text: Phrase
    buttons: Choices = ()
    files: Sequence[OutgoingFile] = ()
    slot: str = ""
    page: int = 0  # of its buttons, where they are shown as a list

    @property
    def bare(self) -> bool:
        return not (self.buttons or self.files or self.slot)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a job found out about the draft of a card: shown with it, and no part of it."""

    serial: int
    key: str
    value: Json


@dataclass(frozen=True, slots=True)
class Told:
    """Something said in somebody else's chat."""

    address_id: int
    said: Said
    kind: Kind
    stays: bool = False  # it is for that chat and no other of the same person


class Turn:
    """What a feature that asks nothing is given."""

    def __init__(
        self,
        house: House,
        where: Where,
        argument: str,
        begin: Callable[[], Awaitable[Transaction]],
        look: Callable[[], Awaitable[Reader]],
    ) -> None:
        self.house = house
        self.where = where
        self.argument = argument
        self.said: list[Said] = []
        self.told: list[Told] = []
        self.beside: list[Beside] = []
        self._begin = begin
        self._look = look

    @property
    def now(self) -> datetime:
        """The time of this run; a conversation that decides on it wraps it in keep()."""
        return self.house.clock()

    async def read(self) -> Reader:
        """A snapshot of the database that stands still for the whole run."""
        return await self._look()

    def say(
        self,
        key: str,
        *,
        buttons: Choices = (),
        files: Sequence[OutgoingFile] = (),
        slot: str = "",
        **values: PhraseValue,
    ) -> None:
        """Says a text."""
        self.said.append(Said(Phrase(key, values), buttons, files, slot))

    def tell(
        self,
        address_id: int,
        key: str,
        *,
        kind: Kind = Kind.ALERT,
        buttons: Choices = (),
        slot: str = "",
        stays: bool = False,
        **values: PhraseValue,
    ) -> None:
        """Says a text in another chat, or wherever its person is reached best, unless it `stays` there.

        It goes out by itself, so a conversation says it where it acts: inside `once`.
        """
        self.told.append(Told(address_id, Said(Phrase(key, values), buttons, slot=slot), kind, stays))

    def put_beside(self, serial: int, key: str, value: Json) -> None:
        """Has the card of a conversation of this chat show what was found out, if it is still open."""
        self.beside.append(Beside(serial, key, value))

    async def once(self, key: str, make: Callable[[Transaction], Awaitable[T]]) -> T:
        """Does something that lasts. `make` is the only place where a Transaction can be had."""
        return await make(await self._begin())
