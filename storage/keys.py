"""Keys that all processes on a database know."""

from __future__ import annotations

from storage.database import Database, Statement


async def shared(database: Database, name: str, new: bytes) -> bytes:
    """The key of a name; the new one where there was none. Processes that ask at once are given the same."""
    *_, [row] = await database.write(
        [
            Statement(
                "INSERT INTO keys (name, value) VALUES (:name, :new) ON CONFLICT (name) DO NOTHING",
                {"name": name, "new": new},
            ),
            Statement("SELECT value FROM keys WHERE name = :name", {"name": name}),
        ]
    )
    return bytes(row["value"])
