"""The inbox: every message and due job, from its arrival to the turn that finishes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bot.model import Message
from storage import addresses
from storage.database import Database, Result, Row, Statement

TRIES = 3  # a row that later processes took up so often without ending it is given up


@dataclass(frozen=True, slots=True)
class DueJob:
    """A job whose time has come."""

    id: int
    name: str
    argument: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do a turn for: a message or a job, and the address whose mailbox it goes through.

    `taken_up` is None for what is new, else how often it was begun by processes that had not received it.
    """

    inbox_id: int
    address_id: int
    content: Message | DueJob
    taken_up: int | None = None


def accept(message: Message, now: int) -> list[Statement]:
    """Takes a message in; `accepted` reads the results. A repeat leaves everything as it is."""
    return [
        addresses.seen(message.channel, message.chat, "", now, wrote=message.stands_last, message_id=message.id),
        Statement(
            "INSERT INTO inbox (channel, message_id, address_id, payload, received_at)"
            " SELECT :channel, :message_id, id, :payload, :now FROM addresses WHERE channel = :channel AND chat = :chat"
            " ON CONFLICT (channel, message_id) DO NOTHING RETURNING id, address_id",
            {
                "channel": message.channel,
                "chat": message.chat,
                "message_id": message.id,
                "payload": json.dumps(message.to_json(), ensure_ascii=False),
                "now": now,
            },
        ),
    ]


def accepted(messages: Sequence[Message], results: Sequence[Result]) -> list[Item]:
    """What is new among the messages taken in by one `accept` each."""
    return [
        Item(row["id"], row["address_id"], message)
        for message, rows in zip(messages, results[1::2], strict=True)
        for row in rows
    ]


async def take_jobs(database: Database, now: int, most: int = 100) -> list[Item]:
    """Moves due jobs into the inbox, each once."""
    items = []
    async with database.transaction() as tx:
        await tx.alone("due jobs")
        for row in await tx.rows(
            "SELECT id, name, address_id, argument FROM jobs WHERE due_at <= :now ORDER BY due_at, id LIMIT :most",
            {"now": now, "most": most},
        ):
            job = DueJob(row["id"], row["name"], row["argument"])
            [taken] = await tx.run(_accept_job(job, row["address_id"], now))
            await tx.run(Statement("DELETE FROM jobs WHERE id = :id", {"id": job.id}, changes=1))
            items.append(Item(taken["id"], row["address_id"], job))
    return items


def _accept_job(job: DueJob, address_id: int, now: int) -> Statement:
    return Statement(
        "INSERT INTO inbox (channel, message_id, address_id, job_id, payload, received_at)"
        " VALUES ('job', :message_id, :address_id, :job_id, :payload, :now) RETURNING id",
        {
            "message_id": f"job:{job.id}",
            "address_id": address_id,
            "job_id": job.id,
            "payload": json.dumps(asdict(job), ensure_ascii=False),
            "now": now,
        },
    )


async def left_over(database: Database) -> list[Item]:
    """What an earlier process left undone, oldest first."""
    [rows] = await database.read(
        Statement("SELECT id, address_id, job_id, payload, attempts FROM inbox WHERE status = 'new' ORDER BY id")
    )
    return [item(row) for row in rows]


def item(row: Row) -> Item:
    """A row that was left over as the thing to do."""
    payload = json.loads(row["payload"])
    content = DueJob(**payload) if row["job_id"] is not None else Message.from_json(payload)
    return Item(row["id"], row["address_id"], content, row["attempts"])


async def take_up(database: Database, inbox_id: int) -> bool:
    """Counts that a row left over is begun; False where that was done too often.

    The count is committed before anything is tried, so that a row that ends the process cannot do so for ever.
    """
    [rows] = await database.write(
        [Statement("UPDATE inbox SET attempts = attempts + 1 WHERE id = :id RETURNING attempts", {"id": inbox_id})]
    )
    return not rows or rows[0]["attempts"] <= TRIES


def forgive(inbox_id: int) -> Statement:
    """Takes a count back: the row was stopped, it ended nothing."""
    return Statement(
        "UPDATE inbox SET attempts = attempts - 1 WHERE id = :id AND status = 'new' AND attempts > 0", {"id": inbox_id}
    )


def finish(inbox_id: int) -> Statement:
    """Marks a row as done and blanks what it said; stale when it was done already."""
    return Statement(
        "UPDATE inbox SET status = 'done', payload = '' WHERE id = :id AND status = 'new'", {"id": inbox_id}, changes=1
    )


def fail(inbox_id: int, error: str) -> Statement:
    """Marks a row as failed; its payload stays until an owner retries or drops it."""
    return Statement(
        "UPDATE inbox SET status = 'failed', error = :error WHERE id = :id AND status = 'new'",
        {"id": inbox_id, "error": error},
        changes=1,
    )


def expire(before: int) -> Statement:
    """Removes rows done long enough ago that no messenger repeats them."""
    return Statement("DELETE FROM inbox WHERE status = 'done' AND received_at < :before", {"before": before})
