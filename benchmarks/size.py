"""What a turn takes with many proposals in the database, beside the same with few."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from benchmarks.turns import STEPS, Phones, pressed, tell
from bot.app import Bot, build, running
from bot.model import Message
from bot.preparation import load_pack, open_database, prepare
from storage.database import Database, Statement
from tests.player import settings_in

PEOPLE = 10_000
TOPICS = ("von", "viec_lam", "nong_nghiep", "dat_dai", "giao_duc")
CHUNK = 100_000  # proposals written in one transaction
OTHER = ("/cuatoi", "/trogiup")  # what is asked beside the steps of a proposal


@asynccontextmanager
async def filled(folder: Path, proposals: int) -> AsyncIterator[tuple[Bot, Phones]]:
    """A running bot with so many proposals of ten thousand people."""
    settings = settings_in(folder, BOT_LOG__LEVEL="error")
    pack, words = load_pack(settings)
    database, phones = await open_database(settings), Phones()
    try:
        await prepare(database, settings, datetime.now(UTC))
        await fill(database, proposals)
        bot = build(settings, database, [phones], lambda: datetime.now(UTC), pack, words)
        async with running(bot):
            yield bot, phones
    finally:
        await database.close()


async def fill(database: Database, proposals: int) -> None:
    await database.write(
        [
            Statement(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :people)"
                " INSERT INTO people (id, created_at, age_band, age_told_at, place_told_at) SELECT i, 0, '18-22', 0, 0 FROM n",
                {"people": PEOPLE},
            )
        ]
    )
    for first in range(1, proposals + 1, CHUNK):
        last = min(first + CHUNK - 1, proposals)
        await database.write(_proposals(first, last))
    await database.write([Statement("UPDATE dialogues SET last_number = :n", {"n": proposals}), Statement("ANALYZE")])


def _proposals(first: int, last: int) -> list[Statement]:
    values = {"first": first, "last": last, "people": PEOPLE}
    numbers = "WITH RECURSIVE n (i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last) "
    topics = " ".join(f"WHEN {n} THEN '{topic}'" for n, topic in enumerate(TOPICS))
    return [
        Statement(
            f"{numbers}INSERT INTO proposals (id, code, dialogue_id, person_id, number, key_hash, text, kind, age_band, state,"
            " created_at, read_revision) SELECT i, 'LS-2026-' || printf('%05d', i), 1, 1 + i % :people, i, 'x:y',"
            " 'Em muốn hỏi điều thứ ' || i || ' về đường vào thôn em, mùa mưa xe không đi được', 'question', '18-22',"
            " 'received', i, 1 FROM n",
            values,
        ),
        Statement(
            f"{numbers}INSERT INTO proposal_topics (proposal_id, rank, topic, score, chosen_by)"
            f" SELECT i, 0, CASE i % {len(TOPICS)} {topics} END, 800, 'machine' FROM n",
            values,
        ),
        Statement(f"{numbers}INSERT INTO steps (proposal_id, state, at) SELECT i, 'received', i FROM n", values),
    ]


async def times(bot: Bot, phones: Phones, conversations: int, chats: count[int]) -> list[float]:
    """Seconds of each turn of whole conversations, one after the other."""
    found = []
    for _ in range(conversations):
        chat = f"c{next(chats)}"
        for n, label in enumerate((*STEPS, *OTHER)):
            press = pressed(phones, chat, label) if label in STEPS and label else ""
            text = label if label in OTHER else "" if label else "em muốn vay vốn mở quán thì hỏi ở đâu ạ"
            begun = time.perf_counter()
            await tell(bot, phones, Message("phones", chat, f"{chat}:{n}", text, press))
            found.append(time.perf_counter() - begun)
    return found


async def compare(few: int, many: int, conversations: int = 40, rounds: int = 5) -> tuple[float, float]:
    """The median seconds of a turn with few and with many proposals, measured by turns."""
    chats = count()
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        async with filled(Path(one), few) as little, filled(Path(other), many) as much:
            small: list[float] = []
            large: list[float] = []
            for _ in range(rounds):
                small += await times(*little, conversations, chats)
                large += await times(*much, conversations, chats)
    return statistics.median(small), statistics.median(large)
