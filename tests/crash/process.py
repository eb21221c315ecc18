"""A bot in a process of its own, to be killed and started again on the same database and port."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.model import Json
from tests.processes import environment, free_port

START = 20.0  # seconds until it must answer


@dataclass
class BotProcess:
    """`python -m bot run` with everything inside a folder; `settings` are more of its environment."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.folder / "bot.db"

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    async def start(self) -> None:
        """Starts the process; returns at once."""
        with self.log.open("ab") as log:
            await self.launch(log.fileno())

    async def launch(self, log: int) -> None:
        """Starts the process with something to write its log to."""
        settings = {
            "BOT_DATABASE__URL": f"sqlite:///{self.database}",
            "BOT_FILES__FOLDER": str(self.files),
            "BOT_WEB__LISTEN": f"127.0.0.1:{self.port}",
            "BOT_DIALOGUE__YEAR": "2026",
            "BOT_LOG__FORMAT": "json",
        }
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=self.folder, env=environment(**{**settings, **self.settings}),
            stdout=asyncio.subprocess.DEVNULL, stderr=log,
        )  # fmt: skip

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

    def logged(self) -> list[Json]:
        """What the process logged; what it was writing when it was killed may be cut off."""
        lines = []
        for line in self.log.read_text("utf-8").splitlines():
            with suppress(ValueError):
                lines.append(json.loads(line))
        return lines
