"""What happens by itself: due jobs become turns, and what is no longer needed goes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.engine import Engine
from bot.errors import DatabaseTroubleError
from storage import (
    addresses,
    broadcasts,
    codes,
    conversations,
    devices,
    events,
    files,
    inbox,
    linking,
    links,
    lookups,
    outbox,
    quota,
    reminders,
    transcripts,
)
from storage.database import Database, Post, micros

log = structlog.get_logger()

STILL = 120.0  # seconds that a tick may take
JOBS_EVERY = 1  # seconds
REMIND_EVERY = 20  # seconds
NUDGE_EVERY = 60  # seconds
CLEAN_EVERY = 600  # seconds

STRANGERS = timedelta(hours=1)
PARKED = timedelta(days=30)
INBOX = timedelta(days=7)
SAID = timedelta(days=7)
TRANSCRIPTS = timedelta(days=30)
COOKIES = timedelta(days=366)  # after which no browser is left that could have been signed out
UPLOADS = timedelta(minutes=10)  # a file may be on its way to the message that holds it


@dataclass(frozen=True, slots=True)
class Tick:
    """Something to be done every so many seconds, that may take so long."""

    work: Callable[[], Awaitable[None]]
    seconds: int
    still: float = STILL


class Clock:
    """The loops. APScheduler only ticks them: what is due stands in the database."""

    def __init__(
        self,
        database: Database,
        engine: Engine,
        store: files.FileStore,
        exports: Callable[[datetime], int],
        wake: Callable[[], None],
        now: Callable[[], datetime],
        beat: Callable[[], None] = lambda: None,
        more: Sequence[Tick] = (),
        remind: Callable[[], Awaitable[None]] | None = None,
        nudge: Callable[[], Awaitable[int]] | None = None,
    ) -> None:
        self.database = database
        self.engine = engine
        self.store = store
        self.exports = exports
        self.wake = wake
        self.now = now
        self.beat = beat
        self.ticks = (
            Tick(self.take_jobs, JOBS_EVERY),
            Tick(self.fan_out, JOBS_EVERY),
            Tick(self.remind, REMIND_EVERY),
            Tick(self.nudge, NUDGE_EVERY),
            Tick(self.clean, CLEAN_EVERY),
            *more,
        )
        self._remind = remind
        self._nudge = nudge
        self._taking = asyncio.Lock()

    async def serve(self, post: Post) -> None:
        """Ticks as long as the post is this process's."""
        scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        for tick in self.ticks:
            scheduler.add_job(guarded, "interval", args=(tick.work, tick.still), seconds=tick.seconds)
        scheduler.start()
        try:
            await asyncio.Event().wait()
        finally:
            scheduler.shutdown(wait=False)

    async def take_jobs(self) -> None:
        """Gives due jobs to the engine."""
        async with self._taking:  # on return nothing that was due is between the list and its mailbox
            while items := await inbox.take_jobs(self.database, micros(self.now()), self.engine.features.aside):
                self.engine.deliver(items)
            self.engine.deliver(await inbox.take_retried(self.database))
        self.beat()

    async def fan_out(self) -> None:
        """Makes the next rows of broadcasts and reminders, and tells the sender of them."""
        log.debug("making rows")
        await events.over_invited(self.database, micros(self.now()))
        made = await broadcasts.step(self.database, micros(self.now()), self.engine.house.outreach.release_above)
        made += await reminders.step(self.database, micros(self.now()))
        log.debug("rows are made", rows=made)
        if made:
            self.wake()

    async def remind(self) -> None:
        """Has told what the calendar says is due."""
        if self._remind:
            await self._remind()

    async def nudge(self) -> None:
        """Speaks of drafts that nobody goes on with."""
        if self._nudge and await self._nudge():
            self.wake()

    async def clean(self) -> None:
        """Removes what was only kept for a while."""
        now = self.now()
        await self.database.write(
            [
                conversations.expire_parked(micros(now - PARKED)),
                inbox.expire(micros(now - INBOX)),
                lookups.expire(micros(now - lookups.COUNTED)),
                outbox.blank(micros(now - SAID)),
                transcripts.expire(micros(now - TRANSCRIPTS)),
                codes.expire(micros(now - codes.KEPT)),
                links.expire(micros(now)),
                quota.renew(micros(now)),
                *quota.expire(micros(now - quota.KEPT)),
                *devices.expire(micros(now), micros(now - COOKIES)),
                *linking.expire(micros(now)),
            ]
        )
        strangers = await addresses.forget_strangers(self.database, micros(now - STRANGERS))
        swept = await files.sweep(self.database, self.store, micros(now - PARKED), micros(now - UPLOADS))
        await self.database.tidy()
        log.info("cleaned", strangers=strangers, files=swept, exports=self.exports(now))


async def guarded(tick: Callable[[], Awaitable[None]], still: float = STILL) -> None:
    """A tick whose trouble with the database only delays it, and that gives up where it stands still.

    It also returns where it is cancelled, as the clock's end does: APScheduler would call that an error of the job.
    """
    try:
        async with asyncio.timeout(still):
            await tick()
    except DatabaseTroubleError as trouble:
        log.error("the clock waits for the database", why=str(trouble))
    except TimeoutError:
        log.error("the clock stood still", what=getattr(tick, "__name__", ""), seconds=still)
    except asyncio.CancelledError:
        log.debug("a tick ends with the clock", what=getattr(tick, "__name__", ""))
