"""Guided steps on Telegram, durable and to their end, beside bots that only echo: same stand-in, same run."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.processes import ROOT, environment
from tests.telegram.server import TOKEN

LONGEST = 90.0  # seconds
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Rival:
    """A bot to be measured: what its people do, and how it is started with a token and an address."""

    name: str
    what: str  # guided, echoes
    command: Sequence[str]


@dataclass(frozen=True, slots=True)
class Pace:
    """What a bot did: steps a second, and the milliseconds of CPU that each took of its process."""

    a_second: float
    cpu: float


def rivals() -> list[Rival]:
    """Everything that is measured; aiogram only where its environment is named by PEERS."""
    echo = str(ROOT / "benchmarks/peers/ptb_echo.py")
    found = [
        Rival("guided steps on Telegram", "guided", (sys.executable, "-m", "bot", "run")),
        Rival("python-telegram-bot, echo", "echoes", (sys.executable, echo, "TOKEN", "ADDRESS")),
        Rival(
            "python-telegram-bot on our requests, echo",
            "echoes",
            (sys.executable, echo, "TOKEN", "ADDRESS", "--our-requests"),
        ),
    ]
    if python := os.environ.get("PEERS"):
        peer = str(ROOT / "benchmarks/peers/aiogram_echo.py")
        found.append(Rival("aiogram, echo", "echoes", (python, peer, "TOKEN", "ADDRESS")))
    return found


async def measure(rival: Rival, people: int, seconds: float) -> Pace:
    """Lets a crowd talk to a bot, each in a process of its own. Raises TimeoutError; all are ended then."""
    with tempfile.TemporaryDirectory() as folder:
        crowd = await started(folder, sys.executable, "-m", "benchmarks.crowd", rival.what, str(people), str(seconds))
        bot: asyncio.subprocess.Process | None = None
        try:
            async with asyncio.timeout(LONGEST):
                address = await line_of(crowd)
                words = {"TOKEN": TOKEN, "ADDRESS": address}
                bot = await started(folder, *(words.get(word, word) for word in rival.command), address=address)
                await line_of(crowd)
                before = cpu_of(bot.pid)
                found = json.loads(await line_of(crowd))
                return Pace(found["steps"] / found["seconds"], 1000 * (cpu_of(bot.pid) - before) / found["steps"])
        finally:
            await ended(bot, crowd)


async def started(folder: str, *command: str, address: str = "") -> asyncio.subprocess.Process:
    settings = {
        "BOT_DATABASE__URL": f"sqlite:///{folder}/bot.db",
        "BOT_FILES__FOLDER": f"{folder}/files",
        "BOT_WEB__ENABLED": "false",
        "BOT_LOG__LEVEL": "error",
        "BOT_TELEGRAM__TOKEN": TOKEN,
        "BOT_TELEGRAM__API_BASE": address or "http://127.0.0.1:1",
        "BOT_TELEGRAM__MESSAGES_PER_SECOND": "0",
        "BOT_TELEGRAM__PER_CHAT_SECONDS": "0",
    }
    return await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment(**settings), stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


async def line_of(process: asyncio.subprocess.Process) -> str:
    assert process.stdout
    return (await process.stdout.readline()).decode().strip()


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used (proc(5): fields 14 and 15 after the name)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def ended(*processes: asyncio.subprocess.Process | None) -> None:
    for process in processes:
        if process and process.returncode is None:
            process.send_signal(signal.SIGKILL)
            await process.wait()
