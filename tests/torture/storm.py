"""When the bot is killed: within a phase that was seen to begin, or at any moment, starts included."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from storage.migrate import FOLDER
from tests.torture.ground import Ground
from tests.torture.news import News
from tests.torture.phases import Phase
from tests.torture.worker import Worker

AIMED = 0.6  # of the kills; the others come at any moment
ALL = 0.1  # of the kills that end all processes at once
EARLY = 0.2  # of the moments taken at random that lie in a start
START = 60.0  # seconds until a process that was started makes its tables
LONGEST = 120.0  # seconds until a row that was cut off several times must have come to its end
PATIENCE = 2.0  # seconds that a phase is waited for
STEADY = (Phase.INBOX, Phase.TURN, Phase.SENDER, Phase.ROWS, Phase.BROADCAST)
NEWS = (Phase.ROWS, Phase.BROADCAST)
MOST_NEWS = 2  # broadcasts under way at once
LENGTHS = {
    Phase.MIGRATION: 0.05,
    Phase.INBOX: 0.004,
    Phase.TURN: 0.01,
    Phase.SENDER: 0.03,
    Phase.ROWS: 0.015,
    Phase.BROADCAST: 0.03,
}  # seconds after its beginning within which a phase is struck
AT_ONCE = 0.4  # of those that are struck the moment they begin
MIGRATIONS = len(list(Path(FOLDER).glob("*.sql")))


@dataclass(frozen=True, slots=True)
class Kill:
    """One SIGKILL: seconds since the storm began, whom it hit, what was aimed at, and what was going on at the death."""

    at: float
    worker: str
    aim: Phase | None
    hit: frozenset[Phase]

    def __str__(self) -> str:
        hit = ", ".join(sorted(self.hit)) or "nothing"
        return f"{self.at:7.2f} s  {self.worker}  aimed at {self.aim or 'no phase'}, within {hit}"


class Storm:
    """Kills the processes of a ground and starts them again; what it did is in `trail`."""

    def __init__(self, ground: Ground, news: News, dice: random.Random) -> None:
        self.trail: list[Kill] = []
        self._ground = ground
        self._news = news
        self._dice = dice
        self._began = time.monotonic()
        self._tried = Counter[Phase]()
        self._aim: Phase | None = None
        self._struck: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        for worker in ground.workers:
            worker.heard = self._hear

    @property
    def hits(self) -> Counter[Phase]:
        """How many kills fell into each phase."""
        return Counter(phase for kill in self.trail for phase in kill.hit)

    async def begin(self, most: int) -> None:
        """Starts the bot on an empty database, and kills it so many times at most while it makes its tables."""
        while len(self.trail) < most and self._ground.books.migrations() < MIGRATIONS:
            self._take_aim(Phase.MIGRATION)
            await self._raise()
            struck = await self._strike(START)
            assert struck, "no process began to make its tables"
            await self._bury(Phase.MIGRATION, self._ground.workers if self._dice.random() < 0.7 else [struck])
        await self._raise()
        await self._ground.all_ready()

    async def rage(self, times: int) -> None:
        """Kills so many times, and goes on, up to twice as many, where a phase was not hit yet."""
        while len(self.trail) < times or (self._missed() and len(self.trail) < 2 * times):
            await self._unsuspected()
            is_late = len(self.trail) > times / 2 and self._missed()
            aim = self._next_aim() if is_late or self._dice.random() < AIMED else None
            struck = await self._aimed(aim) if aim else None
            await self._bury(aim, [struck] if struck else await self._any())
            await self._raise()
        await self._ground.all_ready()

    # -- whom and when

    def _next_aim(self) -> Phase:
        """One that was not hit yet, or mostly the one that was hit and tried least."""
        if missed := self._missed():
            return self._dice.choice(missed)
        done, chance = self.hits + self._tried, len(self.trail) / 20
        aim = min(STEADY, key=lambda phase: done[phase] + self._dice.random() * (1 + chance))
        self._tried[aim] += 1
        return aim

    def _missed(self) -> list[Phase]:
        """What no kill has hit yet, although it goes on all the time."""
        hits = self.hits
        return [phase for phase in STEADY if not hits[phase]]

    async def _aimed(self, aim: Phase) -> Worker | None:
        await self._ground.ready()
        if aim in NEWS and self._news.under_way() < MOST_NEWS:
            await self._news.begin()
        self._take_aim(aim)
        return await self._strike()

    async def _any(self) -> list[Worker]:
        """Whoever it hits, at any moment."""
        if self._dice.random() < EARLY:
            await asyncio.sleep(self._dice.uniform(0, 0.8))
        else:
            await self._ground.ready()
            await asyncio.sleep(self._dice.expovariate(1 / 0.4))
        return self._ground.workers if self._dice.random() < ALL else [self._dice.choice(self._ground.workers)]

    def _take_aim(self, phase: Phase) -> None:
        self._struck = asyncio.get_running_loop().create_future()
        self._aim = phase

    async def _strike(self, patience: float = PATIENCE) -> Worker | None:
        """Waits for the phase that was aimed at; whom it killed, None where it did not begin in time."""
        await asyncio.wait([self._struck], timeout=patience)
        self._aim = None
        struck = self._struck
        struck.cancel()  # a blow that is on its way falls on nobody
        return None if struck.cancelled() else struck.result()

    def _hear(self, worker: Worker, phase: Phase) -> None:
        if phase is Phase.ROWS:
            worker.makes_rows = self._news.rows_are_missing()
        if phase is not self._aim or (phase is Phase.ROWS and not worker.makes_rows):
            return
        self._aim = None
        if self._dice.random() < AT_ONCE or (phase is Phase.MIGRATION and not self.trail):
            self._hit_now(worker, self._struck)
        else:
            delay = self._dice.uniform(0, LENGTHS[phase])
            asyncio.get_running_loop().call_later(delay, self._hit_now, worker, self._struck)

    def _hit_now(self, worker: Worker, struck: asyncio.Future[Worker]) -> None:
        if not struck.done():
            worker.kill()
            struck.set_result(worker)

    # -- the deed and what follows

    async def _bury(self, aim: Phase | None, killed: list[Worker]) -> None:
        """Kills whoever of them lives, and writes down what it hit."""
        for worker in killed:
            if not worker.is_killed:
                worker.kill()
        for worker in killed:
            assert await worker.gone() == -9, f"{worker.name} ended by itself:\n{worker.end_of_log()}"
            self.trail.append(Kill(time.monotonic() - self._began, worker.name, aim, self._hit(worker)))

    def _hit(self, worker: Worker) -> frozenset[Phase]:
        """What was going on; making rows and tables only where there were any to be made."""
        idle = {Phase.ROWS: not worker.makes_rows, Phase.MIGRATION: not worker.makes_tables}
        return frozenset(phase for phase in worker.phases.open() if not idle.get(phase))

    async def _raise(self) -> None:
        """Starts whoever is dead."""
        makes_tables = self._ground.books.migrations() < MIGRATIONS
        for worker in self._ground.workers:
            if not worker.is_alive:
                worker.makes_tables, worker.makes_rows = makes_tables, False
                await worker.start()

    async def _unsuspected(self) -> None:
        """Waits while a row was cut off so often that the next kill would make the bot give it up."""
        async with asyncio.timeout(LONGEST):
            while self._ground.books.suspects():  # noqa: ASYNC110 another process works
                await asyncio.sleep(0.02)
