"""Guided steps on Telegram, durable and to their end, beside bots that only echo: same stand-in, same run."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.postgres import URL, connected, databases
from tests.processes import ROOT, environment
from tests.telegram.server import TOKEN

LONGEST = 120.0  # seconds
TICKS = os.sysconf("SC_CLK_TCK")
SERVER = "postgres"  # what the processes of the database server are called


@dataclass(frozen=True, slots=True)
class Rival:
    """A bot to be measured: what its people do, and how it is started with a token and an address, and how often."""

    name: str
    what: str  # guided, echoes
    command: Sequence[str]
    on_postgres: bool = False
    processes: int = 1


@dataclass(frozen=True, slots=True)
class Pace:
    """Steps a second, and the microseconds of the processors that a step took: the bot's, the database server's, and the
    people's with their messenger."""

    a_second: float
    bot: float
    server: float
    people: float


def rivals() -> list[Rival]:
    """Everything that is measured; aiogram only where its environment is named by PEERS."""
    echo, run = str(ROOT / "benchmarks/peers/ptb_echo.py"), (sys.executable, "-m", "bot", "run")
    found = [
        Rival("guided steps on SQLite", "guided", run),
        *(
            Rival(f"guided steps on PostgreSQL, {n} process{'es' * (n > 1)}", "guided", run, True, n)
            for n in (1, 2, 4)
            if has_postgres()
        ),
        Rival("python-telegram-bot, echo", "echoes", (sys.executable, echo, "TOKEN", "ADDRESS")),
        Rival(
            "python-telegram-bot on our requests, echo",
            "echoes",
            (sys.executable, echo, "TOKEN", "ADDRESS", "--our-requests"),
        ),
    ]
    if python := os.environ.get("PEERS"):
        peer = str(ROOT / "benchmarks/peers/aiogram_echo.py")
        found.append(Rival("aiogram, echo", "echoes", (str(Path(python).absolute()), peer, "TOKEN", "ADDRESS")))
    return found


def has_postgres() -> bool:
    """Whether a server lets us in."""
    try:
        connected(URL).close()
    except Exception:  # noqa: BLE001 whatever the reason, it is not measured then, which is said
        return False
    return True


@contextmanager
def database(rival: Rival, folder: str) -> Iterator[str]:
    """A new database for a rival; gives its address."""
    if not rival.on_postgres:
        yield f"sqlite:///{folder}/bot.db"
        return
    with databases() as all_of_them, all_of_them.new() as url:
        yield url


async def measure(rival: Rival, people: int, seconds: float) -> Pace:
    """Lets a crowd talk to a bot, each in a process of its own. Raises TimeoutError; all are ended then."""
    with tempfile.TemporaryDirectory() as folder, database(rival, folder) as url:
        crowd = await started(
            folder, url, sys.executable, "-m", "benchmarks.crowd", rival.what, str(people), str(seconds)
        )
        async with ending(crowd):
            async with asyncio.timeout(LONGEST):
                address = await line_of(crowd)
                words = {"TOKEN": TOKEN, "ADDRESS": address}
                command = [words.get(word, word) for word in rival.command]
                bots = [await started(folder, url, *command, address=address) for _ in range(rival.processes)]
                async with ending(*bots):
                    await line_of(crowd)
                    before = used(bots, crowd)
                    found = json.loads(await line_of(crowd))
                    spent = [
                        1e6 * (now - then) / found["steps"] for now, then in zip(used(bots, crowd), before, strict=True)
                    ]
                    return Pace(found["steps"] / found["seconds"], *spent)


def used(bots: Sequence[asyncio.subprocess.Process], crowd: asyncio.subprocess.Process) -> tuple[float, float, float]:
    """Seconds of the processors so far: of the bots, the database server, the people."""
    return sum(cpu_of(bot.pid) for bot in bots), sum(map(cpu_of, servers())), cpu_of(crowd.pid)


def servers() -> list[int]:
    """The processes of the database server on this machine."""
    found = []
    for file in Path("/proc").glob("[0-9]*/comm"):
        try:
            if file.read_text().strip() == SERVER:
                found.append(int(file.parent.name))
        except OSError:  # it has just ended
            continue
    return found


async def started(folder: str, url: str, *command: str, address: str = "") -> asyncio.subprocess.Process:
    settings = {
        "BOT_DATABASE__URL": url,
        "BOT_FILES__FOLDER": f"{folder}/files",
        "BOT_WEB__ENABLED": "false",
        "BOT_LOG__LEVEL": "error",
        "BOT_INBOX__MESSAGES_PER_MINUTE": "0",
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
    """Seconds of CPU that a process has used (proc(5): fields 14 and 15 after the name); 0 for one that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


@asynccontextmanager
async def ending(*processes: asyncio.subprocess.Process | None) -> AsyncIterator[None]:
    """Ends processes after the block."""
    try:
        yield
    finally:
        for process in processes:
            if process and process.returncode is None:
                process.send_signal(signal.SIGKILL)
                await process.wait()
