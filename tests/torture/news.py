"""Broadcasts that go on while the bot is killed, and the many who do nothing but get them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.config import Settings
from bot.preparation import open_database
from storage import broadcasts
from storage.audiences import Audience
from storage.broadcasts import New
from storage.database import Statement, micros
from storage.outbox import Kind
from tests.crash.books import Books
from tests.telegram.world import World

FIRST = 8_200_000_000  # the number of the first who only listens, less their id in the database
SIGN = re.compile(r"Bản tin (\d+):")
UNDER_WAY = "SELECT count(*) FROM broadcasts WHERE status IN ('ready', 'running')"
MAKING = f"{UNDER_WAY} AND is_gone_through = 0"


class News:
    """The broadcasts of a storm. `begun` is the id of each by the number in its text."""

    def __init__(self, settings: Settings, books: Books) -> None:
        self.begun: dict[int, int] = {}
        self._settings = settings
        self._books = books

    async def gather(self, world: World, listeners: int) -> None:
        """Makes people who came at some time before, each with a chat."""
        database = await open_database(self._settings)
        try:
            await database.write(
                [
                    Statement(
                        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most)"
                        " INSERT INTO people (created_at, age_band, age_told_at, place_told_at)"
                        " SELECT 0, '18-22', 0, 0 FROM n",
                        {"most": listeners},
                    ),
                    Statement(
                        "INSERT INTO addresses (channel, chat, person_id, language, last_written_at, created_at)"
                        " SELECT 'telegram', CAST(:first + id AS TEXT), id, 'vi', 0, 0 FROM people WHERE created_at = 0",
                        {"first": FIRST},
                    ),
                ]
            )
        finally:
            await database.close()
        for (chat,) in self._books.rows("SELECT chat FROM addresses WHERE created_at = 0"):
            world.person(int(chat), "Hoa").started = True

    async def begin(self) -> None:
        """Orders another one, as the staff's command does."""
        number, now = len(self.begun) + 1, micros(datetime.now(UTC))
        said = [{"$": "place.plain", "unit": f"Bản tin {number}: mời bạn đến nhà văn hoá sáng thứ Bảy."}]
        text = {"text": said, "buttons": [], "files": []}
        database = await open_database(self._settings)
        try:
            async with database.transaction() as tx:
                new = New(Kind.BROADCAST, {"vi": text}, Audience(), now, None)
                self.begun[number] = await broadcasts.add(tx, new, now)
        finally:
            await database.close()

    def under_way(self) -> int:
        """How many are not done."""
        return int(self._books.rows(UNDER_WAY)[0][0]) if self.begun else 0

    def rows_are_missing(self) -> bool:
        """Whether one has not gone through everybody yet."""
        return bool(self.begun) and self._books.rows(MAKING)[0][0] > 0


def arrived(world: World) -> Counter[tuple[str, int]]:
    """How often each broadcast was taken for each chat, by chat and number."""
    return Counter(
        (str(chat.id), int(found[1]))
        for chat in world.chats.values()
        for message in chat.messages.values()
        if message.by_bot and (found := SIGN.search(message.html))
    )


def in_outbox(books: Books, begun: Mapping[int, int]) -> dict[tuple[str, int], str]:
    """What the bot thinks became of each, by chat and number."""
    numbers = {id_: number for number, id_ in begun.items()}
    found = books.rows(
        "SELECT a.chat, o.broadcast_id, o.status FROM outbox o JOIN addresses a ON a.id = o.address_id"
        " WHERE o.broadcast_id IS NOT NULL"
    )
    return {(chat, numbers[id_]): status for chat, id_, status in found}
