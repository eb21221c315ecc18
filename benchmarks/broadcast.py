"""A broadcast to many people at the budget, and what a reply waits meanwhile, beside a time without one."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.listeners import FIRST, MARK
from benchmarks.telegram import cpu_of, ending, line_of
from bot.model import Json
from bot.preparation import open_database, prepare
from storage import broadcasts
from storage.audiences import Audience
from storage.broadcasts import New
from storage.database import Statement, micros
from storage.outbox import Kind
from tests.packs.awake import awake
from tests.player import settings_in
from tests.processes import environment
from tests.telegram.server import TOKEN

IDLE = 20.0  # seconds of asking without a broadcast
BUDGET = 28.0  # messages a second: the default
LONGEST = 1200.0


@dataclass(frozen=True, slots=True)
class Found:
    """What was seen. `idle` and `busy` are the milliseconds that nearly all replies took; `standstill` those of the loop."""

    a_second: float
    idle: float
    busy: float
    refused: int
    twice: int
    standstill: float
    over_ten: int
    peak_mb: float
    cpu_a_message: float

    @property
    def share(self) -> float:
        """Of the allowed rate."""
        return self.a_second / BUDGET


async def measure(people: int) -> Found:
    """Broadcasts to so many people. Raises TimeoutError; all processes are ended then."""
    with tempfile.TemporaryDirectory() as folder:
        far = await started(folder, "benchmarks.listeners", str(people), str(IDLE))
        async with ending(far), asyncio.timeout(LONGEST):
            address = await line_of(far)
            await fill(Path(folder), people)
            bot = await started(folder, "benchmarks.monitored", "run", address=address)
            async with ending(bot):
                idle = json.loads(await line_of(far))
                bot.send_signal(signal.SIGUSR1)
                before = cpu_of(bot.pid)
                await begin(Path(folder))
                busy = json.loads(await line_of(far))
                used = cpu_of(bot.pid) - before
                bot.send_signal(signal.SIGTERM)
                loop = json.loads(await line_of(bot))
                return found(idle, busy, loop, used / (people + busy["asked"]))


def found(idle: Json, busy: Json, loop: Json, cpu: float) -> Found:
    return Found(
        a_second=busy["a_second"],
        idle=1000 * idle["p99"],
        busy=1000 * busy["p99"],
        refused=busy["refused"],
        twice=busy["twice"],
        standstill=1000 * loop["standstill"],
        over_ten=loop["over_ten"],
        peak_mb=loop["peak_kb"] / 1024,
        cpu_a_message=1000 * cpu,
    )


async def started(folder: str, module: str, *arguments: str, address: str = "") -> asyncio.subprocess.Process:
    settings = {
        "BOT_DATABASE__URL": f"sqlite:///{folder}/bot.db",
        "BOT_FILES__FOLDER": f"{folder}/files",
        "BOT_WEB__ENABLED": "false",
        "BOT_PACK__PATH": str(awake(Path(folder))),
        "BOT_LOG__LEVEL": "error",
        "BOT_DIALOGUE__YEAR": "2026",
        "BOT_TELEGRAM__TOKEN": TOKEN,
        "BOT_TELEGRAM__API_BASE": address or "http://127.0.0.1:1",
        "BOT_TELEGRAM__MESSAGES_PER_SECOND": str(BUDGET),
        "BOT_INBOX__MESSAGES_PER_MINUTE": "0",
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, cwd=folder, env=environment(**settings),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


async def fill(folder: Path, people: int) -> None:
    """People who agreed, each with a chat on Telegram, as if they had come at some time before."""
    settings = settings_in(folder)
    database = await open_database(settings)
    try:
        await prepare(database, settings, datetime.now(UTC))
        await database.write(
            [
                Statement(
                    "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :most)"
                    " INSERT INTO people (id, created_at, age_band, age_told_at, place_told_at)"
                    " SELECT :first + i, 0, '18-22', 0, 0 FROM n",
                    {"most": people - 1, "first": FIRST},
                ),
                Statement(
                    "INSERT INTO addresses (channel, chat, person_id, language, last_written_at, created_at)"
                    " SELECT 'telegram', CAST(id AS TEXT), id, 'vi', 0, 0 FROM people"
                ),
            ]
        )
    finally:
        await database.close()


async def begin(folder: Path) -> None:
    """Orders the broadcast, as the staff's command does."""
    settings = settings_in(folder)
    database = await open_database(settings)
    now = micros(datetime.now(UTC))
    text = {"text": [{"$": "place.plain", "unit": f"{MARK}, sáng thứ Bảy này."}], "buttons": [], "files": []}
    try:
        async with database.transaction() as tx:
            await broadcasts.add(tx, New(Kind.BROADCAST, {"vi": text}, Audience(), now, None), now)
    finally:
        await database.close()
