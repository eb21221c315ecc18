"""Commands, names and descriptions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.telegram.conftest import Bot
from tests.telegram.phone import Phone

HELP = {"command": "help", "description": "Trợ giúp"}


async def test_commands_are_kept_by_scope_and_language(bot: Bot, lan: Phone) -> None:
    chat = {"type": "chat", "chat_id": 5}
    await bot.call("setMyCommands", commands=[HELP])
    await bot.call("setMyCommands", commands=[{**HELP, "description": "Help"}], language_code="en")
    await bot.call("setMyCommands", commands='[{"command":"queue","description":"Việc"}]', scope=chat)
    assert await bot.call("getMyCommands") == [HELP]
    assert (await bot.call("getMyCommands", language_code="en"))[0]["description"] == "Help"
    assert (await bot.call("getMyCommands", scope=chat))[0]["command"] == "queue"
    await bot.call("deleteMyCommands", scope=chat)
    assert await bot.call("getMyCommands", scope=chat) == []
    assert await bot.call("getMyCommands", scope={"type": "default"}) == [HELP]


COMMANDS: list[tuple[Any, str]] = [
    ([{**HELP, "command": "Help"}], "BOT_COMMAND_INVALID"),
    ([{**HELP, "command": "trợgiúp"}], "BOT_COMMAND_INVALID"),
    ([{**HELP, "command": ""}], "command must be non-empty"),
    ([{**HELP, "command": "a" * 33}], "command length must not exceed 32"),
    ([{**HELP, "description": " "}], "command description must be non-empty"),
    ([{**HELP, "description": "a" * 257}], "command description length must not exceed 256"),
    ([{"command": "help"}], "can't parse BotCommand: Can't find field \"description\""),
    ([HELP] * 101, "BOT_COMMANDS_TOO_MUCH"),
]


@pytest.mark.parametrize(("commands", "reason"), COMMANDS)
async def test_wrong_commands_are_refused(bot: Bot, commands: Any, reason: str) -> None:
    assert await bot.refusal("setMyCommands", commands=commands) == reason


async def test_wrong_scopes_and_languages_are_refused(bot: Bot) -> None:
    async def reason(**given: Any) -> str:
        return await bot.refusal("setMyCommands", commands=[HELP], **given)

    assert await reason(scope={"type": "chat", "chat_id": 99}) == "chat not found"
    assert await reason(scope={"type": "all"}) == "can't parse BotCommandScope: Unsupported type specified"
    assert await reason(language_code="vie") == "invalid language code specified"


@pytest.mark.parametrize(
    ("what", "part", "longest"),
    [("Name", "name", 64), ("Description", "description", 512), ("ShortDescription", "short_description", 120)],
)
async def test_a_name_or_description_is_kept_by_language(bot: Bot, what: str, part: str, longest: int) -> None:
    await bot.call(f"setMy{what}", **{part: "ế" * longest})
    await bot.call(f"setMy{what}", **{part: "in English"}, language_code="en")
    assert await bot.call(f"getMy{what}") == {part: "ế" * longest}
    assert await bot.call(f"getMy{what}", language_code="en") == {part: "in English"}
    assert await bot.call(f"getMy{what}", language_code="fr") == {part: "ế" * longest}
    assert "INVALID" in await bot.refusal(f"setMy{what}", **{part: "a" * (longest + 1)})
