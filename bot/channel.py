"""The contract of a channel: what a messenger can do, and how the machine talks to it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.model import Message, Reply

Receive = Callable[[Sequence[Message]], Awaitable[None]]
"""Takes messages in. When it returns they are committed, and the channel may acknowledge them."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a messenger lets out that nobody asked for; 0 is no limit.

    A message may go out so many hours after its person wrote last, and so many messages a day and a month over all
    chats. A day is any 24 hours and a month any 31 days, so that no way of counting them is broken.
    """

    hours: float = 0
    per_day: int = 0
    per_month: int = 0


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a messenger can and cannot do.

    Without `buttons` choices are numbered lists and words. Without `files_out` the channel finds another way for a file
    that a reply holds, such as a link. `text_limit` counts UTF-16 units, which no messenger counts for fewer than it
    does. `largest_file` is the bytes of a file that can be had from it; 0: any that came. `proactive` is what may go out
    that nobody asked for; the rest waits until the person writes. `reaches_closed` says that a message reaches somebody who
    has closed it; where not, `waking` is the data of a button by which they can ask to be woken.
    """

    buttons: bool
    edits: bool
    files_out: bool
    text_limit: int
    largest_file: int = 0
    files_in: bool = True
    proactive: Policy = Policy()
    reaches_closed: bool = True
    waking: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A command as a messenger shows it: the word that is typed after "/", and what it does."""

    word: str
    description: str


@dataclass(frozen=True, slots=True)
class Budget:
    """How fast a messenger may be sent to. A rate of 0 is no limit."""

    per_second: float = 0
    capacity: float = 2
    chat_seconds: float = 0  # one message per so many seconds in a chat
    chat_capacity: float = 3
    group_seconds: float = 0  # the same where several people read along
    group_capacity: float = 1
    group_prefix: str = "-"  # what the ids of such chats begin with


class Channel(Protocol):
    """One messenger.

    `send` and `edit` raise the DeliveryErrors of bot.errors and nothing else on purpose. The reference that `send`
    returns is the messenger's id of the message, by which it is edited later.
    """

    name: str
    abilities: Abilities
    budget: Budget
    runs_alone: bool
    """Whether `run` is for one process at a time, as polling is."""

    async def run(self, receive: Receive) -> None:
        """Takes messages in until it is cancelled."""

    async def send(self, chat: str, reply: Reply, *, key: str) -> str:
        """Delivers a reply. `key` is the same for each try of one message, for channels that can drop repeats."""

    async def edit(self, chat: str, reference: str, reply: Reply) -> None:
        """Replaces a message that was sent."""

    async def strip(self, chat: str, reference: str) -> None:
        """Takes the buttons off a message that was sent."""

    async def acknowledge(self, message: Message, notice: str) -> None:
        """Tells the messenger that a press arrived, with a short notice or "". Best effort: it raises nothing."""

    def fetch(self, reference: str) -> AsyncGenerator[bytes, None]:
        """The bytes of a file that came with a message by reference. Raises DeliveryErrors."""

    async def offer(self, chat: str, commands: Sequence[Command]) -> None:
        """Shows the commands that somebody may use, where the messenger has a place for them. Raises DeliveryErrors."""
