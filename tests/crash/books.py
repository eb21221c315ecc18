"""What the office has: proposals with their files, drafts, and what is still to be done."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.inbox import TRIES

DRAINED = 60.0  # seconds until what is due must have been done

UNDONE = """
SELECT 'inbox', status, count(*) FROM inbox WHERE status <> 'done' GROUP BY 2
UNION ALL SELECT 'outbox', status, count(*) FROM outbox WHERE status NOT IN ('sent', 'replaced', 'unsure') GROUP BY 2
UNION ALL SELECT 'jobs', name, count(*) FROM jobs GROUP BY 2
"""


@dataclass(frozen=True)
class Stored:
    """A proposal; `files` are the bytes in the file store, None for one that is not there."""

    chat: str
    text: str
    files: list[bytes | None]


class Books:
    """Reads the database file of a bot from outside."""

    def __init__(self, database: Path, files: Path) -> None:
        self._database = database
        self.files = files

    def close(self) -> None:
        """Nothing is held between two looks."""

    def proposals(self) -> dict[str, Stored]:
        """All proposals by code, in the order of their numbers."""
        found = self.rows(
            "SELECT p.code, a.chat, p.text, p.id FROM proposals p JOIN addresses a ON a.id = p.address_id ORDER BY p.number"
        )
        return {code: Stored(chat, text, self._files_of(id_)) for code, chat, text, id_ in found}

    def _files_of(self, proposal: int) -> list[bytes | None]:
        found = self.rows("SELECT digest FROM proposal_files WHERE proposal_id = ? ORDER BY n", proposal)
        return [self._content(digest) for (digest,) in found]

    def _content(self, digest: str | None) -> bytes | None:
        file = self.files / digest[:2] / digest if digest else None
        return file.read_bytes() if file and file.exists() else None

    def drafts(self) -> dict[str, list[str]]:
        """The texts of what is still open or put aside, by chat."""
        found = self.rows("SELECT a.chat, c.state FROM conversations c JOIN addresses a ON a.id = c.address_id")
        texts: dict[str, list[str]] = {}
        for chat, state in found:
            said = json.loads(state)["parts"]["card"]["draft"]["said"]
            texts.setdefault(chat, []).extend(text for _, text in said)
        return texts

    def undone(self) -> list[tuple[str, str, int]]:
        """What waits or failed: where, in which state, how much."""
        return [(where, state, count) for where, state, count in self.rows(UNDONE)]

    def suspects(self) -> int:
        """How many rows would be given up if they were cut off twice more."""
        if "inbox" not in self.tables():
            return 0
        return len(self.rows("SELECT 1 FROM inbox WHERE status = 'new' AND attempts >= ?", TRIES - 1))

    def tables(self) -> set[str]:
        """The names of all tables there are."""
        if not self._database.exists():
            return set()
        return {name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def migrations(self) -> int:
        """How many migrations were applied."""
        return len(self.rows("SELECT name FROM migrations")) if "migrations" in self.tables() else 0

    def messages_sent(self) -> int:
        """How many messages went out, as far as the bot knows; an edit is no other message."""
        [[count]] = self.rows("SELECT count(DISTINCT address_id || ':' || reference) FROM outbox WHERE status = 'sent'")
        return int(count)

    def sound(self) -> bool:
        return self.rows("PRAGMA integrity_check") == [("ok",)]

    def rows(self, sql: str, *values: int) -> list[tuple[Any, ...]]:
        """The rows of a statement; values stand where its question marks are."""
        with closing(sqlite3.connect(f"file:{self._database}?mode=rw", uri=True)) as reading:
            return reading.execute(sql, values).fetchall()


async def drained(books: Books) -> None:
    """Returns when nothing is left to be done, or nothing comes of waiting."""
    for _ in range(int(DRAINED / 0.2)):
        if not books.undone():
            return
        await asyncio.sleep(0.2)
