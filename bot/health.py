"""Whether the bot is well: a heartbeat of each part that goes on for ever, and what `/readyz` says of all."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from aiohttp import web

from bot.errors import StorageError
from bot.model import Json
from storage import claims
from storage.database import Database, Statement

ANSWER = 2.0  # seconds that the database has for a plain question
ROOM = 50 * 1024 * 1024  # bytes of the disk under which the bot is not ready: SQLite's journal must grow
LAG = 120.0  # seconds that what is due may wait for the sender


@dataclass
class Pulse:
    """The heartbeat of one part. Older than `patience` seconds, it stands still; 0 is a part that may rest."""

    patience: float
    beaten_at: float | None = None

    def beat(self) -> None:
        self.beaten_at = monotonic()

    @property
    def age(self) -> float | None:
        """Seconds since the last beat; None before the first."""
        return None if self.beaten_at is None else monotonic() - self.beaten_at

    @property
    def is_well(self) -> bool:
        return not self.patience or (self.age is not None and self.age <= self.patience)


@dataclass(frozen=True)
class Health:
    """What there is to look at. `pulses` are by the name of their part."""

    database: Database
    folder: Path
    clock: Callable[[], int]  # microseconds UTC
    pulses: dict[str, Pulse] = field(default_factory=dict)

    def pulse(self, name: str, patience: float) -> Pulse:
        """The heartbeat of a part, which is looked at from now on."""
        return self.pulses.setdefault(name, Pulse(patience))

    async def report(self) -> tuple[bool, Json]:
        """Whether all is well, and the figures: seconds and megabytes."""
        database, lag = await self._database()
        free = shutil.disk_usage(self.folder).free
        parts = {name: {"age": _rounded(pulse.age), "ok": pulse.is_well} for name, pulse in self.pulses.items()}
        ready = database and free >= ROOM and lag <= LAG and all(pulse.is_well for pulse in self.pulses.values())
        figures = {"database": database, "outbox_lag": round(lag, 1), "disk_free_mb": free // 1_048_576, "parts": parts}
        return ready, {"ready": ready, **figures}

    async def _database(self) -> tuple[bool, float]:
        """Whether the database answers, and for how many seconds the oldest due message has been waiting."""
        try:
            async with asyncio.timeout(ANSWER):
                await self.database.read(Statement("SELECT 1 AS one"))
                due = await claims.oldest_due(self.database, self.clock())
        except (StorageError, TimeoutError):
            return False, 0.0
        return True, max(0.0, (self.clock() - due) / 1e6) if due is not None else 0.0

    def routes(self) -> list[web.RouteDef]:
        """`/readyz`: 200 where all is well, else 503, with the figures as JSON."""
        return [web.get("/readyz", self._answer)]

    async def _answer(self, request: web.Request) -> web.Response:
        ready, figures = await self.report()
        return web.json_response(figures, status=200 if ready else 503)


def _rounded(age: float | None) -> float | None:
    return None if age is None else round(age, 1)
