"""What Telegram shows of the bot: its name, what it is, and its menus of commands, in each language."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.channel import Command
from bot.errors import DeliveryError, TooFastError
from bot.model import Json

log = structlog.get_logger()

PAUSES = (10.0, 60.0, 600.0, 3600.0, 86_400.0)  # seconds between tries; Telegram allows few changes a day
PEOPLE = {"type": "all_private_chats"}
GROUPS = {"type": "all_group_chats"}


@dataclass(frozen=True, slots=True)
class Profile:
    """What is shown in one language: at most 64, 120 and 512 characters, and the commands."""

    name: str
    about: str
    description: str
    commands: Sequence[Command]
    group_commands: Sequence[Command]


class Call(Protocol):
    """Calls a method of the Bot API; gives its result. Raises DeliveryErrors."""

    def __call__(self, method: str, **parameters: Json) -> Awaitable[Json]: ...


async def dress(call: Call, profiles: Mapping[str, Profile]) -> None:
    """Sets what differs; the first language is also for everybody whose language is not there."""
    for pause in PAUSES:
        try:
            for number, (language, profile) in enumerate(profiles.items()):
                await wear(call, profile, language if number else "")
        except DeliveryError as error:
            wait = max(pause, error.seconds) if isinstance(error, TooFastError) else pause
            log.warning("the bot's profile is not set yet", why=type(error).__name__, seconds=wait)
            await asyncio.sleep(wait)
        else:
            return
    log.error("the bot's profile is not set; the next start tries again")


async def wear(call: Call, profile: Profile, language: str) -> None:
    """Sets what is shown in one language, "" for every other one."""
    shown = {
        "name": ("MyName", profile.name),
        "short_description": ("MyShortDescription", profile.about),
        "description": ("MyDescription", profile.description),
    }
    for field, (what, wanted) in shown.items():
        if (await call(f"get{what}", language_code=language)).get(field) != wanted:
            await call(f"set{what}", language_code=language, **{field: wanted})
    for scope, commands in ((PEOPLE, profile.commands), (GROUPS, profile.group_commands)):
        menu = as_menu(commands)
        if await call("getMyCommands", scope=scope, language_code=language) != menu:
            await call("setMyCommands", scope=scope, language_code=language, commands=menu)


def as_menu(commands: Sequence[Command]) -> list[Json]:
    """Commands as Telegram wants them."""
    return [{"command": command.word, "description": command.description} for command in commands]
