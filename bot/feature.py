"""How a feature is described: what starts it, who may, and the coroutine that is it. Nothing registers itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.talk import Talk
from bot.turn import House, Said, Turn, Where


@dataclass(frozen=True, slots=True)
class Conversation:
    """Something that asks. `takes` is the key of the question that the first message belongs to.

    What follows its command is a text for that question, or with `payload` something that a link carries along.

    It can be started by the command whose word each language has under `command.<name>`.
    """

    name: str
    may: StrEnum
    run: Callable[[Talk], Awaitable[None]]
    takes: str = ""
    payload: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """Something that only shows or does; an open conversation stays open."""

    name: str
    may: StrEnum
    run: Callable[[Turn], Awaitable[None]]
    reshow: bool = False  # given an argument, it changes how the open question looks: that is put again
    wordy: bool = False  # however much follows it is its argument, and nobody's text


@dataclass(frozen=True, slots=True)
class Job:
    """Something done at its time; `turn.argument` is what it was given.

    One that may take long and touches no conversation is done `aside`: what the person says meanwhile does not wait.
    """

    name: str
    run: Callable[[Turn], Awaitable[None]]
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Features:
    """All features. `heed` is what is said to a text first, whatever it is for.

    `idle` names what a text starts where nothing is open, `lost` what answers what nobody knows, `fetch` the job that
    gets a file which is still with the messenger: its argument is the JSON of {file: an Attachment, tries: 0}, `missed`
    what shows again what may not have come. `meant` names the command that a text looks meant for where something else is
    open: its author is asked.
    """

    conversations: Sequence[Conversation]
    commands: Sequence[Command]
    jobs: Sequence[Job]
    idle: Callable[[Where, str, bool], str]  # the chat, the text, whether files came -> a name
    lost: str
    fetch: str
    missed: str
    allows: Callable[[str, StrEnum], bool]  # a role, a right
    heed: Callable[[House, Where, str], Sequence[Said]] = lambda house, where, text: ()
    meant: Callable[[str], str] = lambda text: ""  # a text -> a name

    @property
    def names(self) -> list[str]:
        """The names of everything a person can start."""
        return [*(c.name for c in self.conversations), *(c.name for c in self.commands)]

    def find(self, name: str) -> Conversation | Command | None:
        """The feature of a name that a person can start."""
        known: list[Conversation | Command] = [*self.conversations, *self.commands]
        return next((feature for feature in known if feature.name == name), None)

    def may_use(self, role: str, name: str) -> bool:
        """Whether a role may use the feature of a name."""
        feature = self.find(name)
        return feature is not None and self.allows(role, feature.may)

    @property
    def aside(self) -> frozenset[str]:
        """The names of the jobs that are done aside."""
        return frozenset(job.name for job in self.jobs if job.aside)

    def job(self, name: str) -> Job | None:
        """The job of a name."""
        return next((job for job in self.jobs if job.name == name), None)


def conversation(
    name: str, *, may: StrEnum, takes: str = "", payload: bool = False
) -> Callable[[Callable[[Talk], Awaitable[None]]], Conversation]:
    """Describes a coroutine as a conversation."""
    return lambda run: Conversation(name, may, run, takes, payload)


def command(
    name: str, *, may: StrEnum, reshow: bool = False, wordy: bool = False
) -> Callable[[Callable[[Turn], Awaitable[None]]], Command]:
    """Describes a coroutine as a command that asks nothing."""
    return lambda run: Command(name, may, run, reshow, wordy)


def job(name: str, *, aside: bool = False) -> Callable[[Callable[[Turn], Awaitable[None]]], Job]:
    """Describes a coroutine as a job."""
    return lambda run: Job(name, run, aside)
