"""A process of the bot whose log is followed while it writes it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from bot.model import Json
from tests.crash.process import BotProcess
from tests.torture.phases import Phase, Phases

Heard = Callable[["Worker", Phase], None]


def nobody(worker: Worker, phase: Phase) -> None:
    """Where nobody waits for a phase."""


@dataclass
class Worker(BotProcess):
    """`heard` is told of each phase the moment it begins; what was open at the death can be asked for after `gone`."""

    name: str = ""
    heard: Heard = nobody
    is_killed: bool = False
    makes_tables: bool = False  # whether there were any to be made when it started
    makes_rows: bool = False  # whether a broadcast lacked any when it last looked
    phases: Phases = field(default_factory=Phases)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    _following: asyncio.Task[None] | None = None

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.returncode is None

    async def start(self) -> None:
        self.phases, self.is_killed = Phases(), False
        self.ready.clear()
        await self.launch(asyncio.subprocess.PIPE)
        assert self.process
        assert self.process.stderr
        self._following = asyncio.create_task(self._follow(self.process.stderr))

    def kill(self) -> None:
        """Kills the process; `gone` waits for its end, and tells where it had ended by itself."""
        if self.process and self.is_alive:
            self.is_killed = True
            self.process.kill()

    async def gone(self) -> int:
        """The exit code, once the process has ended and its log is read to the end."""
        assert self.process
        code = await self.process.wait()
        if self._following:
            await self._following
        return code

    def end_of_log(self) -> str:
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-8:])

    async def _follow(self, stream: asyncio.StreamReader) -> None:
        with self.log.open("ab") as log:
            async for raw in stream:
                log.write(raw)
                with suppress(ValueError):  # cut off by a kill, or not ours
                    self._take(json.loads(raw))

    def _take(self, line: Json) -> None:
        if line.get("event") == "running":
            self.ready.set()
        if phase := self.phases.take(line):
            self.heard(self, phase)
