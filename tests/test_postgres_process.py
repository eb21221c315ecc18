"""The commands and two bots at once on PostgreSQL, as their users start them."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from pathlib import Path

from tests.crash.process import BotProcess
from tests.crash.visitor import Visitor
from tests.postgres import Databases, cluster
from tests.processes import finish, free_port
from tests.telegram.phone import Phone
from tests.telegram.server import StandIn

FINE = 0
TO_BE_SET_RIGHT = 2
SECRET = "geheim-1234"


async def test_check_names_the_server_and_the_database(tmp_path: Path, postgres_url: str) -> None:
    code, out, err = await finish(tmp_path, "check", BOT_DATABASE__URL=postgres_url)
    assert code == FINE, err
    [line] = [line for line in out.splitlines() if line.startswith("database: ")]
    assert line.startswith(f"database: {postgres_url.rpartition('/')[2]} on ")
    assert line.endswith(") can be used")


async def test_a_database_that_cannot_be_used_is_one_line_without_the_password(tmp_path: Path) -> None:
    url = f"postgresql://bot:{SECRET}@127.0.0.1:{free_port()}/bot"
    for command in ("check", "run", "export --format csv --out a.csv"):
        code, out, err = await finish(tmp_path, *command.split(), BOT_DATABASE__URL=url)
        assert (code, out) == (TO_BE_SET_RIGHT, ""), command
        [line] = err.splitlines()
        assert line.startswith("BOT_DATABASE__URL: [database] url: connection to server"), command
        assert SECRET not in line


async def test_a_database_is_made_and_exported(tmp_path: Path, postgres: Databases) -> None:
    export = ("export", "--format", "json", "--out", "all.json")
    with postgres.new() as url:
        code, _, err = await finish(tmp_path, *export, BOT_DATABASE__URL=url)
        assert (code, "[database] url: " in err, "nothing in it yet" in err) == (TO_BE_SET_RIGHT, True, True)
        code, out, err = await finish(tmp_path, "invite", "--role", "owner", BOT_DATABASE__URL=url)
        assert code == FINE, err
        assert len(out.split()[0]) == 20
        code, _, err = await finish(tmp_path, *export, BOT_DATABASE__URL=url)
        assert code == FINE, err
    assert json.loads((tmp_path / "all.json").read_text()) == []


async def test_two_processes_that_start_at_once_share_a_database(tmp_path: Path, postgres: Databases) -> None:
    with postgres.new() as url:
        bots = [BotProcess(tmp_path, {"BOT_DATABASE__URL": url}) for _ in range(2)]
        for bot in bots:
            await bot.start()
        visitors = [Visitor(bot.url) for bot in bots]
        try:
            for bot, visitor in zip(bots, visitors, strict=True):
                await bot.answers()
                await visitor.open()
            await asyncio.gather(*(talk(visitor) for visitor in visitors))
            visitors.append(away := visitors[0].elsewhere(bots[1].url))
            await away.until(lambda: any("LS-2026-" in text for text in away.said("bot")))
        finally:
            for visitor in visitors:
                await visitor.close()
            ends = [await bot.end(signal.SIGTERM) for bot in bots]
        assert ends == [0, 0]
        code, _, err = await finish(tmp_path, "export", "--format", "json", "--out", "all.json", BOT_DATABASE__URL=url)
        assert code == FINE, err
    codes = [row["code"] for row in json.loads((tmp_path / "all.json").read_text())]
    assert sorted(codes) == ["LS-2026-00001", "LS-2026-00002"]


async def talk(visitor: Visitor) -> None:
    """A whole conversation to a sent proposal."""
    await visitor.say("em muốn vay vốn mở quán thì hỏi ở đâu ạ")
    for label in ("Đồng ý", "18–22", "Bỏ qua", "Gửi"):
        await visitor.press(label)
    await visitor.until(lambda: any("LS-2026-" in text for text in visitor.said("bot")))


async def answered(there: StandIn, number: int) -> float:
    """Somebody new writes; gives the seconds until they are answered."""
    phone, begun = Phone(there.world, number), time.monotonic()
    phone.send("em muốn vay vốn mở quán thì hỏi ở đâu ạ")
    await phone.sees("Bạn đồng ý chứ", seconds=30)
    return time.monotonic() - begun


def on(there: StandIn, url: str, files: Path) -> dict[str, str]:
    """Settings of one of several bots that talk on Telegram."""
    return {
        "BOT_DATABASE__URL": url,
        "BOT_FILES__FOLDER": str(files),
        "BOT_TELEGRAM__TOKEN": there.token,
        "BOT_TELEGRAM__API_BASE": there.url,
        "BOT_TELEGRAM__MESSAGES_PER_SECOND": "0",
        "BOT_TELEGRAM__PER_CHAT_SECONDS": "0",
    }


async def test_whoever_is_killed_another_goes_on_within_ten_seconds(tmp_path: Path, postgres: Databases) -> None:
    async with StandIn() as there:
        with postgres.new() as url:
            bots = [BotProcess(tmp_path / str(n), on(there, url, tmp_path / "files")) for n in range(2)]
            try:
                for bot in bots:
                    bot.folder.mkdir()
                    await bot.start()
                    await bot.answers()
                await answered(there, 1001)
                for n in range(3):
                    bot = bots[n % 2]
                    await bot.end(signal.SIGKILL)
                    assert await answered(there, 2001 + n) < 10
                    await bot.start()
                    await bot.answers()
                assert await answered(there, 3001) < 10
            finally:
                ends = [await bot.end(signal.SIGTERM) for bot in bots]
            assert ends == [0, 0]


async def test_a_server_that_is_started_again_is_outlived(tmp_path: Path) -> None:
    async with StandIn() as there:
        with cluster() as server:
            bots = [BotProcess(tmp_path / str(n), on(there, server.url, tmp_path / "files")) for n in range(2)]
            try:
                for bot in bots:
                    bot.folder.mkdir()
                    await bot.start()
                    await bot.answers()
                await answered(there, 1001)
                for how in ("fast", "immediate"):
                    await asyncio.to_thread(server.stop, how)
                    phone = Phone(there.world, 2001 if how == "fast" else 2002)
                    phone.send("em muốn vay vốn mở quán thì hỏi ở đâu ạ")
                    await asyncio.sleep(1.5)
                    assert phone.messages == []
                    await asyncio.to_thread(server.start)
                    await phone.sees("Bạn đồng ý chứ", seconds=30)
            finally:
                ends = [await bot.end(signal.SIGTERM) for bot in bots]
            assert ends == [0, 0]
