"""Files that people sent: their bytes under the name of their SHA-256, and who holds them."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from collections.abc import AsyncIterable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import FileTooLargeError
from storage.database import Database, Reader, Statement, Value, alone, one


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the store: the hex SHA-256 of its bytes and their number."""

    digest: str
    size: int


@dataclass(frozen=True)
class FileStore:
    """A folder of files, each named by the SHA-256 of its bytes; `largest` is in bytes."""

    folder: Path
    largest: int

    def path(self, digest: str) -> Path:
        """Where the bytes of a digest lie. Raises ValueError for what is no digest."""
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise ValueError("not a digest")
        return self.folder / digest[:2] / digest

    async def save(self, chunks: AsyncIterable[bytes]) -> Stored:
        """Writes a file, durable on return. Raises FileTooLargeError, and then keeps nothing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".part-")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                digest, size = hashlib.sha256(), 0
                async for chunk in chunks:
                    size += len(chunk)
                    if size > self.largest:
                        raise FileTooLargeError
                    digest.update(chunk)
                    await asyncio.to_thread(out.write, chunk)
                out.flush()
                await asyncio.to_thread(os.fsync, out.fileno())
            final = self.path(digest.hexdigest())
            final.parent.mkdir(exist_ok=True)
            await asyncio.to_thread(part.replace, final)
            await asyncio.to_thread(settle, final.parent)
        finally:
            part.unlink(missing_ok=True)
        return Stored(digest.hexdigest(), size)

    def remove(self, digest: str) -> None:
        """Deletes the bytes; nothing happens where there are none."""
        self.path(digest).unlink(missing_ok=True)

    def older(self, before: int) -> list[Path]:
        """Everything that has lain in the folder since before a time (microseconds), half-written files too."""
        return [path for path in self.folder.rglob("*") if is_older(path, before)]


def is_older(path: Path, before: int) -> bool:
    """Whether a file was last written before a time; False where there is none any more."""
    try:
        return path.is_file() and path.stat().st_mtime_ns < before * 1000
    except FileNotFoundError:
        return False


def settle(folder: Path) -> None:
    """Makes the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def add(stored: Stored, media_type: str, now: int) -> Statement:
    """Writes a stored file down."""
    return Statement(
        "INSERT INTO files (digest, size, media_type, stored_at) VALUES (:digest, :size, :media_type, :now)"
        " ON CONFLICT (digest) DO UPDATE SET stored_at = excluded.stored_at",
        {"digest": stored.digest, "size": stored.size, "media_type": media_type, "now": now},
    )


def hold(digest: str, address_id: int, now: int) -> Statement:
    """Notes that a chat may still use a file."""
    return Statement(
        "INSERT INTO held_files (address_id, digest, held_at) VALUES (:address_id, :digest, :now)"
        " ON CONFLICT (address_id, digest) DO UPDATE SET held_at = excluded.held_at",
        {"address_id": address_id, "digest": digest, "now": now},
    )


def send_for(address_id: int, reference: str, now: int) -> Statement:
    """Notes that a file which is with the messenger is to be fetched."""
    return Statement(
        "INSERT INTO fetches (address_id, reference, asked_at) VALUES (:address_id, :reference, :now)"
        " ON CONFLICT (address_id, reference) DO UPDATE SET asked_at = excluded.asked_at",
        {"address_id": address_id, "reference": reference, "now": now},
    )


async def wanted(reader: Reader, address_id: int, reference: str) -> bool:
    """Whether a file is still to be fetched: its chat may have been let go meanwhile."""
    row = await one(
        reader,
        "SELECT 1 FROM fetches WHERE address_id = :id AND reference = :reference AND digest IS NULL",
        {"id": address_id, "reference": reference},
    )
    return row is not None


def arriving(address_id: int) -> Statement:
    """Lets a file of a chat come either before a proposal names it or after: whichever is second finds the other."""
    return alone(f"files of {address_id}")


def fetched(address_id: int, reference: str, digest: str) -> list[Statement]:
    """Notes that a file was fetched; the proposals that were sent before it came have it from now on."""
    values: dict[str, Value] = {"address_id": address_id, "reference": reference, "digest": digest}
    return [
        arriving(address_id),
        Statement(
            "UPDATE fetches SET digest = :digest WHERE address_id = :address_id AND reference = :reference",
            values,
            changes=1,
        ),
        Statement(
            "UPDATE proposal_files SET digest = :digest WHERE reference = :reference AND digest IS NULL"
            " AND proposal_id IN (SELECT id FROM proposals WHERE address_id = :address_id)",
            values,
        ),
    ]


async def fetched_of(reader: Reader, address_id: int) -> dict[str, str]:
    """The digests of what was fetched for a chat, by the messenger's handle."""
    rows = await reader.rows(
        "SELECT reference, digest FROM fetches WHERE address_id = :id AND digest IS NOT NULL", {"id": address_id}
    )
    return {row["reference"]: row["digest"] for row in rows}


def let_go(address_id: int) -> list[Statement]:
    """Ends everything a chat holds or waits for."""
    values: dict[str, Value] = {"address_id": address_id}
    return [
        Statement("DELETE FROM held_files WHERE address_id = :address_id", values),
        Statement("DELETE FROM fetches WHERE address_id = :address_id", values),
    ]


_NO_DRAFT = "address_id NOT IN (SELECT c.address_id FROM conversations c)"  # that may name the file, however old it is


async def arrived(reader: Reader, address_id: int) -> dict[str, str]:
    """The digests of the files of a chat that have come from their messenger, by reference."""
    rows = await reader.rows(
        "SELECT reference, digest FROM fetches WHERE address_id = :id AND digest IS NOT NULL", {"id": address_id}
    )
    return {row["reference"]: row["digest"] for row in rows}


async def asked_since(reader: Reader, address_id: int, since: int) -> int:
    """How many files of a chat were sent for since a time (microseconds)."""
    [row] = await reader.rows(
        "SELECT count(*) AS n FROM fetches WHERE address_id = :id AND asked_at >= :since",
        {"id": address_id, "since": since},
    )
    return int(row["n"])


async def sweep(database: Database, store: FileStore, held_before: int, stored_before: int) -> int:
    """Deletes files that nothing and no chat uses; gives how many. Holds older than `held_before` end.

    What a process that was killed left in the folder goes too.
    """
    await database.write(
        [
            Statement(f"DELETE FROM held_files WHERE held_at < :before AND {_NO_DRAFT}", {"before": held_before}),
            Statement(f"DELETE FROM fetches WHERE asked_at < :before AND {_NO_DRAFT}", {"before": held_before}),
        ]
    )
    [gone] = await database.write(
        [
            Statement(
                "DELETE FROM files WHERE stored_at < :before"
                " AND NOT EXISTS (SELECT 1 FROM held_files h WHERE h.digest = files.digest)"
                " AND NOT EXISTS (SELECT 1 FROM fetches w WHERE w.digest = files.digest)"
                " AND NOT EXISTS (SELECT 1 FROM proposal_files p WHERE p.digest = files.digest)"
                " AND NOT EXISTS (SELECT 1 FROM broadcast_files b WHERE b.digest = files.digest)"
                " AND NOT EXISTS (SELECT 1 FROM article_files a WHERE a.digest = files.digest) RETURNING digest",
                {"before": stored_before},
            )
        ]
    )
    [known] = await database.read(Statement("SELECT digest FROM files"))
    digests = {row["digest"] for row in known}
    for row in gone:
        if row["digest"] not in digests:  # stored again meanwhile by another process
            store.remove(row["digest"])
    strays = [path for path in await asyncio.to_thread(store.older, stored_before) if path.name not in digests]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(gone) + len(strays)
