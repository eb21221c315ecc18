"""A shelf of books: what tests of writing write."""

from __future__ import annotations

from bot.config import Location
from storage.database import Database, Statement
from storage.opening import open_database

COUNT = "SELECT count(*) AS n FROM books"


def book(title: str, copies: int = 1) -> Statement:
    return Statement("INSERT INTO books VALUES (:title, :copies)", {"title": title, "copies": copies})


def lend(title: str) -> Statement:
    return Statement(
        "UPDATE books SET copies = copies - 1 WHERE title = :title AND copies > 0", {"title": title}, changes=1
    )


async def titles(database: Database) -> list[str]:
    [rows] = await database.read(Statement("SELECT title FROM books ORDER BY title"))
    return [row["title"] for row in rows]


async def outside(location: Location) -> list[str]:
    """The titles as another process sees them."""
    other = await open_database(location, read_only=True)
    try:
        return await titles(other)
    finally:
        await other.close()
