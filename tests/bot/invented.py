"""Invented conversations: features made of coroutines, texts that need no catalogue, and what is stored of them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum

from bot.feature import Command, Conversation, Features
from bot.model import Json, Phrase
from bot.state import Answer, State
from bot.talk import Talk
from bot.turn import Turn, Where
from storage.database import Statement
from tests.player import Player, Town

ANY = "place.plain"  # a text that is nothing but its hole `unit`
Run = Callable[[Talk], Awaitable[None]]


class Right(StrEnum):
    """What people of these tests may do."""

    TALK = "talk"
    RARE = "rare"


def label(text: str) -> Phrase:
    """A label in no language."""
    return Phrase(ANY, {"unit": text})


def labels(*texts: str) -> dict[str, Phrase]:
    """Options that are called what they are."""
    return {text: label(text) for text in texts}


def words(answer: Answer) -> str:
    """An answer as it was written."""
    return answer.text


async def show(turn: Turn) -> None:
    """A command that only shows."""
    turn.say(ANY, unit=f"shown {turn.argument}".strip())


def conversation(name: str, run: Run, takes: str = "", may: StrEnum = Right.TALK) -> Conversation:
    return Conversation(name, may, run, takes)


def features(
    *conversations: Conversation, idle: str = "", commands: Sequence[Command] = (), granted: set[Right] | None = None
) -> Features:
    """Features of which a text starts the first one, unless another one is named."""
    may = set(Right) if granted is None else granted
    first = idle or conversations[0].name

    def starts(where: Where, text: str, has_files: bool) -> str:
        return first

    shown = Command("show", Right.TALK, show)
    lost = Command("lost", Right.TALK, show)
    return Features(
        conversations, [shown, lost, *commands], (), starts, "lost", "fetch", "missed", lambda role, right: right in may
    )


async def conversations(town: Town, status: str = "open") -> list[tuple[str, State]]:
    """The name and state of every stored conversation of a status, oldest first."""
    sql = "SELECT name, state FROM conversations WHERE status = :status ORDER BY address_id, serial"
    [rows] = await town.bot.database.read(Statement(sql, {"status": status}))
    return [(row["name"], State.from_json(json.loads(row["state"]))) for row in rows]


async def open_state(town: Town) -> State:
    """The state of the one open conversation."""
    [(_, state)] = await conversations(town)
    return state


def log_of(state: State) -> dict[str, Json]:
    """The values of a log by key."""
    return {key: value for key, _, value in state.log}


def said(person: Player) -> list[str]:
    """Every message on the screen."""
    return [message.text for message in person.screen.messages.values()]
