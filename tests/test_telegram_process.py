"""The bot on Telegram as its users start and stop it: what check says, and what a stop leaves behind."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from tests.processes import finish, free_port, start
from tests.telegram.limits import Limits
from tests.telegram.phone import Phone
from tests.telegram.server import StandIn

TEXT = "em muốn vay vốn mở quán cà phê thì hỏi ở đâu ạ"
PEOPLE = 20


@pytest.fixture
async def there() -> AsyncIterator[StandIn]:
    async with StandIn() as running:
        yield running


def on(there: StandIn, **more: str) -> dict[str, str]:
    """Settings of a bot that talks on Telegram alone, as fast as it can."""
    return {
        "BOT_TELEGRAM__TOKEN": there.token,
        "BOT_TELEGRAM__API_BASE": there.url,
        "BOT_TELEGRAM__MESSAGES_PER_SECOND": "0",
        "BOT_TELEGRAM__PER_CHAT_SECONDS": "0",
        "BOT_WEB__ENABLED": "false",
        **more,
    }


async def stopped(process: asyncio.subprocess.Process) -> tuple[int, float]:
    """Ends a process as a service manager does; gives its exit code and the seconds it took."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    process.send_signal(signal.SIGTERM)
    code = await asyncio.wait_for(process.wait(), 10)
    return code, loop.time() - begun


async def killed(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()


async def test_check_asks_telegram_who_the_bot_is(there: StandIn, tmp_path: Path) -> None:
    code, out, err = await finish(tmp_path, "check", **on(there))
    assert code == 0, err
    assert "telegram: @youth_test_bot, polling" in out


async def test_a_token_that_telegram_does_not_know_is_named_and_not_repeated(there: StandIn, tmp_path: Path) -> None:
    for command in ("check", "run"):
        code, _, err = await finish(
            tmp_path, command, **on(there, BOT_TELEGRAM__TOKEN="999:unknown", BOT_LOG__LEVEL="error")
        )
        assert code == 2
        assert "[telegram] token: Telegram does not know this token" in err
        assert "unknown" not in err


async def test_check_says_when_telegram_cannot_be_reached(there: StandIn, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    code, out, err = await finish(tmp_path, "check", **on(there, BOT_TELEGRAM__API_BASE=address))
    assert (code, out) == (2, "")
    [line] = err.splitlines()
    assert "[telegram] api_base: 127.0.0.1 does not answer" in line


async def test_where_telegram_cannot_be_reached_the_bot_goes_on_trying(there: StandIn, tmp_path: Path) -> None:
    await there.stop()
    process = await start(tmp_path, "run", **on(there))
    try:
        await asyncio.sleep(2.5)
        assert process.returncode is None
        await there.start(int(there.url.rpartition(":")[2]))
        lan = Phone(there.world, 1001)
        lan.send(TEXT)
        await lan.sees("Bạn đồng ý chứ?", 15)
    finally:
        await killed(process)


async def test_a_stop_finishes_what_is_in_hand_and_nobody_misses_an_answer(there: StandIn, tmp_path: Path) -> None:
    people = [Phone(there.world, 1001 + n) for n in range(PEOPLE)]
    process = await start(tmp_path, "run", **on(there))
    try:
        for person in people:
            person.send(TEXT)
        for person in people:
            await person.sees("Bạn đồng ý chứ?", 15)
        there.faults.sometimes("delay", 0.5, "sendMessage", seconds=0.3)
        for person in people:
            person.press("Đồng ý")
        await asyncio.sleep(0.1)
        code, seconds = await stopped(process)
        assert code == 0
        assert seconds < 5
        with sqlite3.connect(tmp_path / "data/bot.db") as database:
            [(leased,)] = database.execute("SELECT count(*) FROM outbox WHERE status = 'leased'").fetchall()
            assert leased == 0
        database.close()
        process = await start(tmp_path, "run", **on(there))
        for person in people:
            await person.sees("Bạn bao nhiêu tuổi?", 15)
        assert [len(person.messages) for person in people] == [2] * PEOPLE
        people[0].send("/trogiup")
        await people[0].sees("/quaylai: lùi một bước", 15)
        code, seconds = await stopped(process)
        assert (code, seconds < 5) == (0, True)
    finally:
        await killed(process)


async def test_within_its_budget_the_bot_is_never_too_fast(tmp_path: Path) -> None:
    async with StandIn(limits=Limits()) as there:
        budget = {"BOT_TELEGRAM__MESSAGES_PER_SECOND": "28", "BOT_TELEGRAM__PER_CHAT_SECONDS": "1.1"}
        process = await start(tmp_path, "run", **on(there, **budget))
        try:
            async with asyncio.TaskGroup() as people:
                for n in range(PEOPLE):
                    people.create_task(hurry(Phone(there.world, 1001 + n)))
        finally:
            await killed(process)
        assert there.limits
        assert there.limits.refused == 0
        assert there.world.messages_by_bot() > 5 * PEOPLE


async def hurry(person: Phone) -> None:
    """Somebody who answers at once, changes things on the card, and sends."""
    person.send(TEXT)
    for answer in ("Đồng ý", "18–22", "Bỏ qua", "Đổi thông tin", "Loại", "Hiến kế", "Viết lại"):
        await person.until(partial(offers, answer), 60)
        person.press(answer)
    await person.sees("nội dung mới", 60)
    person.send(TEXT + " nhé")
    await person.until(partial(offers, "Gửi"), 60)
    person.press("✅ Gửi")
    await person.sees("LS-", 60)


def offers(label: str, person: Phone) -> bool:
    """Whether the newest message has the button."""
    return any(label in text for message in person.messages[-1:] for row in message.buttons for text, _ in row)


async def test_a_second_run_on_the_same_file_says_who_holds_it(there: StandIn, tmp_path: Path) -> None:
    process = await start(tmp_path, "run", **on(there))
    try:
        lan = Phone(there.world, 1001)
        lan.send(TEXT)
        await lan.sees("Bạn đồng ý chứ?", 15)
        code, _, err = await finish(tmp_path, "run", **on(there))
        assert code == 2
        assert f"is in use by process {process.pid}" in err
        code, _ = await stopped(process)
        assert code == 0
    finally:
        await killed(process)


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_server_that_hangs_does_not_hold_up_the_stop(there: StandIn, tmp_path: Path, mode: str) -> None:
    port = free_port()
    there.ways["https://bot.example.org"] = f"http://127.0.0.1:{port}"
    hook = {
        "BOT_TELEGRAM__MODE": mode,
        "BOT_TELEGRAM__WEBHOOK_URL": "https://bot.example.org/telegram",
        "BOT_TELEGRAM__WEBHOOK_SECRET": "s-3",
        "BOT_TELEGRAM__WEBHOOK_LISTEN": f"127.0.0.1:{port}",
    }
    process = await start(tmp_path, "run", **on(there, **hook))
    try:
        lan = Phone(there.world, 1001)
        lan.send(TEXT)
        await lan.sees("Bạn đồng ý chứ?", 15)
        there.faults.sometimes("delay", 1.0, seconds=15)
        lan.press("Đồng ý")
        await asyncio.sleep(0.3)
        code, seconds = await stopped(process)
        assert code == 0
        assert seconds < 5
    finally:
        await killed(process)
