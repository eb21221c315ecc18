"""Jobs: work that needs code and a time."""

from __future__ import annotations

from storage.database import Database, Statement


def add(name: str, address_id: int, argument: str, due_at: int, now: int) -> Statement:
    """Puts a job on the list. It runs as a turn of that chat."""
    return Statement(
        "INSERT INTO jobs (name, address_id, argument, due_at, created_at)"
        " VALUES (:name, :address_id, :argument, :due_at, :now)",
        {"name": name, "address_id": address_id, "argument": argument, "due_at": due_at, "now": now},
    )


def offer_menu(address_id: int, now: int) -> Statement:
    """Puts on the list that a chat's menu of commands must be set anew."""
    return add("menu", address_id, '{"tries": 0}', now, now)


def watch(address_id: int, broadcast_id: int, now: int) -> Statement:
    """Puts on the list that a chat must be told how far a broadcast is."""
    return add("watch", address_id, f'{{"broadcast": {broadcast_id}}}', now, now)


def watch_on(address_id: int, broadcast_id: int, due_at: int, now: int) -> Statement:
    """The same for later, where it was told before."""
    return add("watch", address_id, f'{{"broadcast": {broadcast_id}, "again": true}}', due_at, now)


def end_watch(broadcast_id: int) -> Statement:
    """Takes off the list that somebody must be told how far a broadcast is."""
    first = f'{{"broadcast": {broadcast_id}}}'
    return Statement(
        "DELETE FROM jobs WHERE name = 'watch' AND argument IN (:first, :again)",
        {"first": first, "again": f'{first[:-1]}, "again": true}}'},
    )


async def next_due(database: Database) -> int | None:
    """When the next job is due (microseconds), or None."""
    [[row]] = await database.read(Statement("SELECT min(due_at) AS due_at FROM jobs"))
    return row["due_at"] if row["due_at"] is None else int(row["due_at"])
