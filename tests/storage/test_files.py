"""A file stays as long as a proposal or a chat uses it, whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import FileTooLargeError
from storage import files
from storage.database import Database, Statement
from storage.files import FileStore, Stored
from tests.storage.chats import chat, rows

NOW = 10_000


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files", 1000)


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def kept(database: Database, store: FileStore, content: bytes, now: int = 0) -> Stored:
    """A file that is stored and written down; its bytes are as old as `now` says."""
    stored = await store.save(chunks(content))
    os.utime(store.path(stored.digest), ns=(now * 1000, now * 1000))
    await database.write([files.add(stored, "image/jpeg", now)])
    return stored


async def use(database: Database, digest: str) -> None:
    """A proposal with the file."""
    await database.write(
        [
            Statement("INSERT INTO dialogues (id, code, theme, era, is_current, created_at) VALUES (1, 'LS', '', 0, 1, 0)"),
            Statement(
                "INSERT INTO proposals (id, code, dialogue_id, number, key_hash, text, kind, age_band, state, created_at)"
                " VALUES (1, 'LS-1', 1, 1, '', 'a', 'question', '', 'received', 0)"
            ),
            Statement("INSERT INTO proposal_files VALUES (1, 0, :digest, '', 'photo', 'a.jpg', NULL)", {"digest": digest}),
        ]
    )  # fmt: skip


def everything(store: FileStore) -> list[Path]:
    return [path for path in store.folder.rglob("*") if path.is_file()]


async def test_a_file_lies_under_the_name_of_its_bytes(store: FileStore) -> None:
    stored = await store.save(chunks(b"one ", b"two"))
    assert stored == Stored(hashlib.sha256(b"one two").hexdigest(), 7)
    assert store.path(stored.digest).read_bytes() == b"one two"
    assert everything(store) == [store.path(stored.digest)]


async def test_a_file_that_is_too_large_leaves_nothing(store: FileStore) -> None:
    with pytest.raises(FileTooLargeError):
        await store.save(chunks(b"a" * 600, b"b" * 600))
    assert everything(store) == []


async def test_a_file_that_breaks_off_leaves_nothing(store: FileStore) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await store.save(broken())
    assert everything(store) == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 63 + "/"])
def test_only_a_digest_is_a_path(store: FileStore, name: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        store.path(name)


async def test_a_file_that_nobody_uses_is_swept(database: Database, store: FileStore) -> None:
    stored = await kept(database, store, b"photo")
    assert await files.sweep(database, store, 0, NOW) == 1
    assert everything(store) == []
    assert await rows(database, "SELECT digest FROM files") == []
    assert stored.size == 5


async def test_a_file_that_was_just_stored_stays(database: Database, store: FileStore) -> None:
    await kept(database, store, b"photo", now=NOW)
    assert await files.sweep(database, store, 0, NOW) == 0
    assert len(everything(store)) == 1


async def test_a_file_stored_again_counts_as_new(database: Database, store: FileStore) -> None:
    await kept(database, store, b"photo")
    await kept(database, store, b"photo", now=NOW)
    assert await files.sweep(database, store, 0, NOW) == 0


async def test_a_file_that_a_chat_holds_stays_until_it_is_let_go(database: Database, store: FileStore) -> None:
    stored, address = await kept(database, store, b"photo"), await chat(database)
    await database.write([files.hold(stored.digest, address, 50)])
    assert await files.sweep(database, store, 50, NOW) == 0
    await database.write(files.let_go(address))
    assert await files.sweep(database, store, 50, NOW) == 1


async def test_a_hold_ends_with_time(database: Database, store: FileStore) -> None:
    stored, address = await kept(database, store, b"photo"), await chat(database)
    await database.write([files.hold(stored.digest, address, 50)])
    assert await files.sweep(database, store, 51, NOW) == 1


async def test_a_file_of_a_proposal_stays(database: Database, store: FileStore) -> None:
    stored = await kept(database, store, b"photo")
    await use(database, stored.digest)
    assert await files.sweep(database, store, NOW, NOW) == 0
    assert store.path(stored.digest).read_bytes() == b"photo"


async def test_what_a_killed_process_left_behind_is_swept(database: Database, store: FileStore) -> None:
    unknown = store.path((await store.save(chunks(b"never written down"))).digest)
    part = store.folder / ".part-half"
    part.write_bytes(b"half")
    fresh = store.path((await store.save(chunks(b"on its way"))).digest)
    for path in (unknown, part):
        os.utime(path, (0, 0))
    assert await files.sweep(database, store, 0, NOW) == 2
    assert everything(store) == [fresh]
