"""One text looked up among stored proposals that may ask for the same, on SQLite, as the bot does it while it takes messages."""

from __future__ import annotations

import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot import alike
from bot import pack as packs
from bot.insight.commonness import Commonness
from bot.insight.profiles import Profile
from bot.insight.reader import commonness, profiler
from bot.insight.similar import terms
from bot.insight.training import examples_of
from bot.knowledge import READ
from bot.preparation import open_database, prepare
from storage.database import Database
from tests.bot.insight.learning_senses import NEEDS, needs
from tests.player import settings_in

ASKED = 300
TEXTS = Path(__file__).parent.parent / "tests" / "bot" / "insight" / "data" / "dev-similar.jsonl"
BORROWED = 0.3  # of the words of another text that a made-up one has beside its own


@dataclass(frozen=True, slots=True)
class Pace:
    """What looking up takes, in seconds, in the middle and at the 95th percentile: of processor and by the wall's clock."""

    processor: tuple[float, float]
    wall: tuple[float, float]


async def measure(proposals: int) -> Pace:
    """Looks up the texts of a development file, read and all, among so many proposals."""
    pack = packs.load(packs.DEFAULT)
    make, common = profiler(pack), commonness(pack)
    written = [*(one.text for one in needs(pack.folder / NEEDS)), *(one.text for one in examples_of(pack))]
    asked = [json.loads(line)["text"] for line in TEXTS.read_text("utf-8").splitlines()][:ASKED]
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_in(Path(folder), BOT_LOG__LEVEL="error")
        database = await open_database(settings)
        try:
            await prepare(database, settings, datetime.now(UTC))
            fill(Path(folder) / "bot.db", made_up(proposals, [make.profile(text) for text in written]))
            took = [await _looked_up(database, text, make.profile, common) for text in asked]
        finally:
            await database.close()
    return Pace(*(_middle_and_tail([one[clock] for one in took]) for clock in range(2)))


async def _looked_up(
    database: Database, text: str, read: Callable[[str], Profile], common: Commonness
) -> tuple[float, float]:
    processor, wall = time.process_time(), time.perf_counter()
    reader = await database.snapshot()
    try:
        await alike.find(reader, 1, read(text[:READ]), common)
    finally:
        await reader.close()
    return time.process_time() - processor, time.perf_counter() - wall


def _middle_and_tail(seconds: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(seconds)
    return ordered[len(ordered) // 2], ordered[int(0.95 * len(ordered))]


def made_up(proposals: int, profiles: Sequence[Profile]) -> Iterator[Profile]:
    """As many profiles as wanted: those of written texts, then such ones with some words of another."""
    chance = random.Random(5)
    yield from profiles[:proposals]
    for _ in range(proposals - len(profiles)):
        one, other = chance.choice(profiles), chance.choice(profiles)
        yield replace(one, words=one.words | {word for word in other.words if chance.random() < BORROWED})


def fill(file: Path, profiles: Iterator[Profile]) -> None:
    """Writes proposals that were read into a database whose tables are there."""
    with sqlite3.connect(file) as database:
        for n, profile in enumerate(profiles, 1):
            database.execute(
                "INSERT INTO proposals (id, code, dialogue_id, number, key_hash, text, kind, age_band, state, created_at,"
                " read_revision) VALUES (?, ?, 1, ?, 'x:y', '', 'question', '18-22', 'received', 0, 1)",
                (n, f"LS-2026-{n:05d}", n),
            )
            database.execute(
                "INSERT INTO readings (proposal_id, language, urgency, is_folded, profile) VALUES (?, 'vi', 0, 0, ?)",
                (n, profile.dump()),
            )
            database.executemany(
                "INSERT INTO terms (dialogue_id, term, proposal_id) VALUES (1, ?, ?)",
                [(term, n) for term in dict.fromkeys(terms(profile))],
            )
        database.execute("ANALYZE")
    database.close()
