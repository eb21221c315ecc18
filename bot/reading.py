"""Reads what was sent: language, what staff should look at, and which proposals ask for the same.

What is unread stands in the database, so that nothing has to be remembered: whoever ticks next goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot import alike
from bot.alike import Found
from bot.errors import StaleError
from bot.insight.care import Flag, Recent, flags
from bot.insight.language import language
from bot.insight.likeness import Profile
from bot.insight.similar import terms
from bot.knowledge import READ, Knowledge
from storage import readings
from storage.database import Database, micros
from storage.readings import Earlier, Unread
from storage.readings import Read as Findings

log = structlog.get_logger()

READ_EVERY = 1  # seconds between looks for what was not read
AT_ONCE = 20  # proposals that are read before others may work
RESTS = 300  # ticks between looks for profiles that another version made: one may have served meanwhile
FLOOD = timedelta(minutes=10)
LONGEST = 12_000  # characters of which danger is looked for

IN_DANGER, SIGNS, FOREIGN = "danger", "sign", "foreign"
FOLDING = frozenset(str(flag) for flag in Flag)  # what has one of these is listed where it is asked for
NOT_FOREIGN = ("vi", "unsure")
_NEWEST = 2**62


class Reading:
    """Reads proposals one after the other: only one process may, so that each joins a group that is there."""

    def __init__(self, database: Database, knowledge: Knowledge) -> None:
        self._database = database
        self._knowledge = knowledge
        self._below, self._rests = _NEWEST, 0  # of renewing: what is left, and ticks until the next look

    async def read_new(self) -> None:
        """Reads everything that is unread."""
        while found := await self._unread():
            for one in found:
                await self._read(one)
                await asyncio.sleep(0)

    async def renew(self) -> None:
        """Makes some of the profiles anew that another lexicon or model made, the newest first; then rests for a while."""
        if self._rests:
            self._rests -= 1
            return
        made_by, make = self._knowledge.profiler.version, self._knowledge.profiler.profile
        reader = await self._database.snapshot()
        try:
            found = await readings.outdated(reader, made_by, self._below, AT_ONCE)
        finally:
            await reader.close()
        for one in found:
            profile = make(one.text[:READ])
            try:
                await self._database.write(readings.renew(one, profile.dump(), _terms(profile), made_by))
            except StaleError:
                log.info("a proposal changed meanwhile", proposal=one.id)
        self._below, self._rests = (found[-1].id, 0) if found else (_NEWEST, RESTS)

    async def _unread(self) -> list[Unread]:
        reader = await self._database.snapshot()
        try:
            return await readings.unread(reader, AT_ONCE)
        finally:
            await reader.close()

    async def _read(self, proposal: Unread) -> None:
        profile = self._knowledge.profiler.profile(proposal.text[:READ])
        reader = await self._database.snapshot()
        try:
            found = await alike.find(
                reader, proposal.dialogue_id, profile, self._knowledge.commonness, without=proposal.id
            )
            since = micros(proposal.created_at - FLOOD)
            before = await readings.earlier(reader, proposal, [int(near.id) for near in found.nearest], since)
        finally:
            await reader.close()
        try:
            await self._write(proposal, self._findings(proposal, profile, before), found)
        except StaleError:
            log.info("a proposal was read or changed meanwhile", proposal=proposal.id)

    async def _write(self, proposal: Unread, findings: Findings, found: Found) -> None:
        group = found.group
        unit = readings.write(proposal, findings, group, found.closeness(group) if group else {})
        await self._database.write(unit)

    def _findings(self, proposal: Unread, profile: Profile, before: Sequence[Earlier]) -> Findings:
        """What a proposal was found to say; one without a text says it by its files."""
        recent = [Recent(one.text, one.seconds, one.is_own) for one in before]
        said, whole = language(proposal.text), "\n".join((proposal.text, *proposal.more))[:LONGEST]
        urgency = self._knowledge.urgency(whole)
        marked = [
            *([{2: IN_DANGER, 1: SIGNS}[urgency]] if urgency else []),
            *([FOREIGN] if said not in NOT_FOREIGN else []),
            *(flag for flag in flags(proposal.text, recent) if proposal.text or flag is not Flag.EMPTY),
        ]
        return Findings(
            language=said,
            urgency=urgency,
            flags=tuple(map(str, marked)),
            folding=FOLDING,
            profile=profile.dump(),
            terms=_terms(profile),
            made_by=self._knowledge.profiler.version,
        )


def _terms(profile: Profile) -> tuple[str, ...]:
    return tuple(dict.fromkeys(terms(profile)))
