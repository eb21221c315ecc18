"""A bot in a process of its own, to be killed and started again on the same database and port."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

ROOT = Path(__file__).parents[2]
START = 20.0  # seconds until it must answer


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class BotProcess:
    """`python -m bot run` with everything inside a folder."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.folder / "bot.db"

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    async def start(self) -> None:
        """Starts the process; returns at once."""
        settings = {
            "BOT_DATABASE__URL": f"sqlite:///{self.database}",
            "BOT_FILES__FOLDER": str(self.folder / "files"),
            "BOT_WEB__LISTEN": f"127.0.0.1:{self.port}",
            "BOT_DIALOGUE__YEAR": "2026",
            "BOT_LOG__FORMAT": "json",
        }
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log
            )

    async def answers(self) -> None:
        """Returns when the process answers. Raises TimeoutError."""
        async with asyncio.timeout(START), aiohttp.ClientSession() as session:
            while True:
                with suppress(aiohttp.ClientError):
                    async with session.get(f"{self.url}/healthz") as response:
                        if response.status == 200:
                            return
                await asyncio.sleep(0.02)

    async def end(self, how: signal.Signals) -> int:
        """Ends the process; gives its exit code. Kills it where it does not end in time."""
        if self.process is None:
            return 0
        with suppress(ProcessLookupError):
            self.process.send_signal(how)
        try:
            return await asyncio.wait_for(self.process.wait(), 10)
        except TimeoutError:
            self.process.kill()
            return await self.process.wait()
