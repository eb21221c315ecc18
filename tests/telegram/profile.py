"""The methods by which the bot sets what it is called and what it offers."""

from __future__ import annotations

import json
import re

from tests.telegram.messages import found
from tests.telegram.parameters import Given
from tests.telegram.refusals import bad
from tests.telegram.updates import Json
from tests.telegram.world import World

COMMAND = re.compile(r"[a-z0-9_]+")
LANGUAGE = re.compile(r"[a-z]{2}")
PLAIN_SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
CHAT_SCOPES = {"chat", "chat_administrators", "chat_member"}
MOST_COMMANDS = 100
LONGEST = {"name": 64, "description": 512, "short_description": 120}
INVALID = {"name": "BOT_TITLE_INVALID", "description": "BOT_DESCRIPTION_INVALID",
           "short_description": "BOT_ABOUT_INVALID"}  # fmt: skip


def set_my_commands(world: World, given: Given) -> bool:
    commands = given.object("commands")
    if not isinstance(commands, list):
        raise bad("can't parse commands: Expected an Array of BotCommand")
    if len(commands) > MOST_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    checked = [command(item) for item in commands]
    world.commands[shelf(world, given)] = checked
    return True


def get_my_commands(world: World, given: Given) -> list[Json]:
    return world.commands.get(shelf(world, given), [])


def delete_my_commands(world: World, given: Given) -> bool:
    world.commands.pop(shelf(world, given), None)
    return True


def command(item: Json) -> Json:
    for name in ("command", "description"):
        if not isinstance(item, dict) or name not in item:
            raise bad(f"can't parse BotCommand: Can't find field \"{name}\"")
    word, description = str(item["command"]), str(item["description"]).strip()
    if not word:
        raise bad("command must be non-empty")
    if len(word) > 32:
        raise bad("command length must not exceed 32")
    if not COMMAND.fullmatch(word):
        raise bad("BOT_COMMAND_INVALID")
    if not description:
        raise bad("command description must be non-empty")
    if len(description) > 256:
        raise bad("command description length must not exceed 256")
    return {"command": word, "description": description}


def shelf(world: World, given: Given) -> tuple[str, str]:
    """Where a list of commands belongs: its scope as text, and its language."""
    scope = given.object("scope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind not in PLAIN_SCOPES | CHAT_SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    if kind in PLAIN_SCOPES:
        return json.dumps({"type": kind}), language(given)
    chat = found(world, Given({"chat_id": scope.get("chat_id", "")}))
    whole = {"type": kind, "chat_id": chat.id}
    if kind == "chat_member":
        whole["user_id"] = scope.get("user_id")
    return json.dumps(whole), language(given)


def language(given: Given) -> str:
    code = given.text("language_code")
    if code and not LANGUAGE.fullmatch(code):
        raise bad("invalid language code specified")
    return code


def set_part(world: World, given: Given, part: str) -> bool:
    text = given.text(part).strip()
    if len(text) > LONGEST[part]:
        raise bad(INVALID[part])
    code = language(given)
    if text:
        world.profile[part, code] = text
        if part == "name" and not code:
            world.bot["first_name"] = text
    else:
        world.profile.pop((part, code), None)
    return True


def get_part(world: World, given: Given, part: str) -> Json:
    general = world.profile.get((part, ""), world.bot["first_name"] if part == "name" else "")
    return {part: world.profile.get((part, language(given)), general)}


def set_my_name(world: World, given: Given) -> bool:
    return set_part(world, given, "name")


def get_my_name(world: World, given: Given) -> Json:
    return get_part(world, given, "name")


def set_my_description(world: World, given: Given) -> bool:
    return set_part(world, given, "description")


def get_my_description(world: World, given: Given) -> Json:
    return get_part(world, given, "description")


def set_my_short_description(world: World, given: Given) -> bool:
    return set_part(world, given, "short_description")


def get_my_short_description(world: World, given: Given) -> Json:
    return get_part(world, given, "short_description")
