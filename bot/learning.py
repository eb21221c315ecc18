"""Learns topics anew from what people put right, and lets every process know what was learnt or added."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from bot.errors import DatabaseTroubleError
from bot.insight import training
from bot.insight.topic_model import from_json
from bot.knowledge import KNOWLEDGE, Knowledge
from bot.pack import Pack
from bot.turn import Workers
from storage import place_aliases, topic_models
from storage.database import Database, micros
from storage.signals import telling
from storage.topic_models import Trained

log = structlog.get_logger()

ENOUGH = 50  # corrections since the last try
LEARN_EVERY = 600  # seconds between looks whether there are
LEARNING = 1800.0  # seconds that learning may take
LOOKS_EVERY = 60.0  # seconds until a process looks for what it was not told


class Learning:
    """What is learnt lies in the database. One process learns, each looks."""

    def __init__(
        self, database: Database, knowledge: Knowledge, pack: Pack, era: int, workers: Workers,
        now: Callable[[], datetime], enough: int = ENOUGH,
    ) -> None:  # fmt: skip
        self._database, self._knowledge, self._pack, self._era = database, knowledge, pack, era
        self._workers, self._now, self._enough = workers, now, enough
        self._told = asyncio.Event()
        database.signals.listen(KNOWLEDGE, lambda _: self._told.set())

    async def retrain(self) -> None:
        """Trains in a process of its own where enough was put right since the last try; what is worse is not kept."""
        reader = await self._database.snapshot()
        try:
            last = await topic_models.newest(reader, self._knowledge.source)
            used = await topic_models.in_use(reader, self._knowledge.source)
            count = await topic_models.count_corrections(reader)
            if count - (last.corrections if last else 0) < self._enough:
                return
            corrected = await topic_models.corrections(reader)
        finally:
            await reader.close()
        log.info("learning topics", corrections=count)
        learnt = await self._workers.run(training.train, self._pack.folder, corrected, used.after if used else 0.0)
        version, source = learnt["model"]["version"], self._knowledge.source
        tried = Trained(version, source, learnt["kept"], count, learnt["before"], learnt["after"])
        await self._database.write([*topic_models.add(tried, learnt["model"], micros(self._now())), telling(KNOWLEDGE)])
        log.info("topics were learnt", kept=tried.is_kept, before=tried.before, after=tried.after)

    async def refresh(self) -> None:
        """Takes up what was learnt or added, by whichever process."""
        reader = await self._database.snapshot()
        try:
            aliases = await place_aliases.every(reader, self._era)
            used = await topic_models.in_use(reader, self._knowledge.source)
            if used and used.version != self._knowledge.topics.version:
                numbers = await topic_models.numbers(reader, used.version)
                self._knowledge.use(from_json(numbers) if numbers else None)
        finally:
            await reader.close()
        self._knowledge.call({alias.name: alias.unit for alias in aliases})

    async def run(self) -> None:
        """Looks whenever it is told to, and now and then, until it is cancelled."""
        while True:
            self._told.clear()
            try:
                await self.refresh()
            except DatabaseTroubleError as trouble:
                log.error("what is known waits for the database", why=str(trouble))
            try:
                async with asyncio.timeout(LOOKS_EVERY):
                    await self._told.wait()
            except TimeoutError:
                continue
