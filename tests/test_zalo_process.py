"""The bot on Zalo as its users start and stop it: what check says, both ways in, and what is never logged."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.processes import finish, free_port, start
from tests.zalo.phone import Phone
from tests.zalo.server import StandIn

TEXT = "em muốn vay vốn mở quán cà phê thì hỏi ở đâu ạ"
PUBLIC = "https://bot.example.org"


@pytest.fixture
async def there() -> AsyncIterator[StandIn]:
    async with StandIn() as running:
        yield running


def on(there: StandIn, **more: str) -> dict[str, str]:
    """Settings of a bot that talks on Zalo alone, as fast as it can."""
    return {
        "BOT_ZALO__TOKEN": there.token,
        "BOT_ZALO__API_BASE": there.url,
        "BOT_ZALO__MESSAGES_PER_SECOND": "0",
        "BOT_ZALO__PER_CHAT_SECONDS": "0",
        "BOT_WEB__ENABLED": "false",
        **more,
    }


async def test_check_asks_zalo_who_the_bot_is(there: StandIn, tmp_path: Path) -> None:
    code, out, err = await finish(tmp_path, "check", **on(there))
    assert code == 0, err
    assert "zalo: bot.thanhnien, polling" in out


async def test_a_token_that_zalo_does_not_know_is_named_and_not_repeated(there: StandIn, tmp_path: Path) -> None:
    for command in ("check", "run"):
        settings = on(there, BOT_ZALO__TOKEN="999:unknown", BOT_LOG__LEVEL="error")
        code, _, err = await finish(tmp_path, command, **settings)
        assert code == 2
        assert "[zalo] token: Zalo does not know this token" in err
        assert "unknown" not in err


async def test_check_says_when_zalo_cannot_be_reached(there: StandIn, tmp_path: Path) -> None:
    there.faults.next("firewall", "getMe")
    for address in (there.url, f"http://127.0.0.1:{free_port()}"):
        code, out, err = await finish(tmp_path, "check", **on(there, BOT_ZALO__API_BASE=address))
        assert (code, out) == (2, "")
        [line] = err.splitlines()
        assert "[zalo] api_base: 127.0.0.1 does not answer" in line


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_bot_talks_is_stopped_and_goes_on(there: StandIn, tmp_path: Path, mode: str) -> None:
    port = free_port()
    there.ways[PUBLIC] = f"http://127.0.0.1:{port}"
    settings = on(
        there,
        BOT_ZALO__MODE=mode,
        BOT_ZALO__WEBHOOK_URL=f"{PUBLIC}/zalo",
        BOT_ZALO__WEBHOOK_LISTEN=f"127.0.0.1:{port}",
        BOT_ZALO__WEBHOOK_SECRET="only-zalo-knows",
    )
    lan = Phone(there.world, "Nông Thị Kín", there.url)
    for said, seen in ((TEXT, "Bạn đồng ý chứ?"), ("1", "bao nhiêu tuổi")):
        process = await start(tmp_path, "run", **settings)
        try:
            lan.send(said)
            await lan.sees(seen, 20)
            await there.world.events.emptied()
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 10) == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    logged = (tmp_path / "log.txt").read_text("utf-8")
    assert "Traceback" not in logged
    for private in (TEXT, lan.name, lan.chat, there.token, "TEST-zalo-token", "only-zalo-knows"):
        assert private not in logged
