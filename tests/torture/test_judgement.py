"""What is wrong after a storm is found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.preparation import open_database, prepare
from storage.database import Statement
from tests.crash.books import Books
from tests.player import settings_in
from tests.telegram.world import World
from tests.torture.judgement import of_books, of_news, of_order
from tests.torture.news import FIRST, News

CHAT = FIRST + 1


@pytest.fixture
async def books(tmp_path: Path) -> Books:
    settings = settings_in(tmp_path)
    database = await open_database(settings)
    await prepare(database, settings, datetime.now(UTC))
    await database.write(
        [
            Statement("INSERT INTO people (id, created_at, age_told_at) VALUES (1, 0, 0)"),
            Statement(
                "INSERT INTO addresses (channel, chat, person_id, last_written_at, created_at)"
                f" VALUES ('telegram', '{CHAT}', 1, 0, 0)"
            ),
        ]
    )
    await database.close()
    return Books(tmp_path / "bot.db", tmp_path / "files")


@pytest.fixture
def world() -> World:
    world = World()
    world.person(CHAT).started = True
    return world


async def write(books: Books, *statements: str) -> None:
    database = await open_database(settings_in(books.files.parent))
    await database.write([Statement(statement) for statement in statements])
    await database.close()


async def news_of(books: Books, status: str) -> News:
    """A broadcast that has begun, and what the bot thinks became of it."""
    await write(
        books,
        "INSERT INTO broadcasts (id, kind, bodies, audience, status, due_at, started_at, created_at)"
        " VALUES (7, 'broadcast', '{}', '{}', 'done', 0, 1, 0)",
        "INSERT INTO outbox (cause, address_id, person_id, broadcast_id, n, kind, priority, body, status, due_at,"
        f" created_at) VALUES ('broadcast:7', 1, 1, 7, 0, 'broadcast', 5, '{{}}', '{status}', 0, 0)",
    )
    news = News(settings_in(books.files.parent), books)
    news.begun[1] = 7
    return news


def say(world: World, text: str) -> None:
    world.add_message(world.chats[CHAT], world.bot, {"text": text}, by_bot=True, html=text)


@pytest.mark.parametrize(
    ("status", "came", "wrong"),
    [
        ("sent", 1, 0),
        ("unsure", 0, 0),
        ("unsure", 1, 0),
        ("sent", 0, 1),
        ("sent", 2, 2),
        ("unsure", 2, 1),
        ("new", 0, 1),
    ],
)
async def test_a_broadcast_that_came_twice_or_not_at_all_is_found(
    books: Books, world: World, status: str, came: int, wrong: int
) -> None:
    news = await news_of(books, status)
    for _ in range(came):
        say(world, "Bản tin 1: mời bạn")
    assert len(list(of_news(news, books, world))) == wrong


async def test_whoever_was_left_out_of_a_broadcast_is_found(books: Books, world: World) -> None:
    news = await news_of(books, "unsure")
    await write(books, "DELETE FROM outbox")
    assert list(of_news(news, books, world)) == [f"left out of a broadcast: [('{CHAT}', 7)]"]


@pytest.mark.parametrize(
    ("references", "wrong"), [((5, 6), 0), ((6, 5), 1), ((5, 6, 5), 1)], ids=["in order", "overtaken", "an old one"]
)
async def test_a_reply_that_was_overtaken_is_found(books: Books, references: Sequence[int], wrong: int) -> None:
    await write(books, *(sent(n, reference) for n, reference in enumerate(references)))
    assert len(list(of_order(books))) == wrong


async def test_an_edit_has_overtaken_nobody(books: Books) -> None:
    await write(books, sent(0, 5, "card"), sent(1, 6), sent(2, 5, "card"))
    assert list(of_order(books)) == []


def sent(n: int, reference: int, slot: str = "") -> str:
    return (
        "INSERT INTO outbox (cause, address_id, n, kind, priority, slot, body, status, reference, due_at, created_at)"
        f" VALUES ('turn:{n}', 1, 0, 'reply', 0, '{slot}', '{{}}', 'sent', '{reference}', 0, 0)"
    )


async def test_what_is_left_undone_is_found(books: Books) -> None:
    await write(
        books,
        "INSERT INTO inbox (channel, message_id, address_id, payload, received_at) VALUES ('telegram', '1', 1, '{}', 0)",
    )
    assert list(of_books([], books)) == ["left undone: ('inbox', 'new', 1)"]
