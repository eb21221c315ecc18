"""The inbox: every message and due job, from its arrival to the turn that finishes it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from bot.model import Message
from storage import addresses
from storage.database import Database, Reader, Result, Row, Statement, Transaction, moment

TRIES = 3  # a row that later processes took up so often without ending it is given up


@dataclass(frozen=True, slots=True)
class DueJob:
    """A job whose time has come."""

    id: int
    name: str
    argument: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do a turn for: a message or a job, its address, and the mailbox that it goes through.

    `due_at` is when it may be read (microseconds), `taken_up` None for what is new, else how often it was begun by
    processes that had not received it.
    """

    inbox_id: int
    address_id: int
    content: Message | DueJob
    due_at: int = 0
    taken_up: int | None = None
    mailbox: int = 0  # of its person, or of its address where those have one each: 0


MINUTE = 60_000_000  # microseconds
_MAILBOX = "(SELECT m.mailbox FROM addresses m WHERE m.id = inbox.address_id) AS mailbox"
_COLUMNS = f"id, address_id, job_id, payload, due_at, attempts, {_MAILBOX}"


def accept(message: Message, now: int, a_minute: int = 0) -> list[Statement]:
    """Takes a message in; `accepted` reads the results. A repeat leaves everything as it is.

    Of one chat so many messages `a_minute` are to be read, as many at once and then one at a time; 0 is no limit.
    """
    share = MINUTE // a_minute if a_minute else 0
    return [
        addresses.seen(
            message.channel, message.chat, "", now, wrote=message.stands_last, message_id=message.id, share=share
        ),
        Statement(
            "INSERT INTO inbox (channel, message_id, address_id, payload, received_at, due_at)"
            " SELECT :channel, :message_id, id, :payload, :now,"
            " CASE WHEN paced_until - :minute > :now THEN paced_until - :minute ELSE :now END"
            " FROM addresses WHERE channel = :channel AND chat = :chat"
            f" ON CONFLICT (channel, message_id) DO NOTHING RETURNING id, address_id, due_at, {_MAILBOX}",
            {
                "channel": message.channel,
                "chat": message.chat,
                "message_id": message.id,
                "payload": json.dumps(message.to_json(), ensure_ascii=False),
                "now": now,
                "minute": MINUTE,
            },
        ),
    ]


def accepted(messages: Sequence[Message], results: Sequence[Result]) -> list[Item]:
    """What is new among the messages taken in by one `accept` each."""
    return [
        Item(row["id"], row["address_id"], message, row["due_at"], mailbox=row["mailbox"] or 0)
        for message, rows in zip(messages, results[1::2], strict=True)
        for row in rows
    ]


async def kept(database: Database, messages: Sequence[Message]) -> list[Item]:
    """What is in the inbox of some messages, and not yet dealt with."""
    results = await database.read(
        *(
            Statement(
                f"SELECT id, address_id, due_at, {_MAILBOX} FROM inbox WHERE channel = :channel AND message_id = :id AND status = 'new'",
                {"channel": message.channel, "id": message.id},
            )
            for message in messages
        )
    )
    return [
        Item(row["id"], row["address_id"], message, row["due_at"], mailbox=row["mailbox"] or 0)
        for message, rows in zip(messages, results, strict=True)
        for row in rows
    ]


async def take_jobs(database: Database, now: int, aside: Collection[str] = (), most: int = 100) -> list[Item]:
    """Moves due jobs into the inbox, each once; those of the names `aside` go beside what their chat says."""
    items = []
    async with database.transaction() as tx:
        await tx.alone("due jobs")
        for row in await tx.rows(
            "SELECT id, name, address_id, argument FROM jobs WHERE due_at <= :now ORDER BY due_at, id LIMIT :most",
            {"now": now, "most": most},
        ):
            job = DueJob(row["id"], row["name"], row["argument"])
            [taken] = await tx.run(_accept_job(job, row["address_id"], now, job.name in aside))
            await tx.run(Statement("DELETE FROM jobs WHERE id = :id", {"id": job.id}, changes=1))
            items.append(Item(taken["id"], row["address_id"], job, mailbox=taken["mailbox"] or 0))
    return items


def _accept_job(job: DueJob, address_id: int, now: int, is_aside: bool) -> Statement:
    return Statement(
        "INSERT INTO inbox (channel, message_id, address_id, job_id, is_aside, payload, received_at)"
        " VALUES ('job', :message_id, :address_id, :job_id, :is_aside, :payload, :now)"
        f" RETURNING id, {_MAILBOX}",
        {
            "message_id": f"job:{job.id}",
            "address_id": address_id,
            "job_id": job.id,
            "is_aside": int(is_aside),
            "payload": json.dumps(asdict(job), ensure_ascii=False),
            "now": now,
        },
    )


async def left_over(database: Database) -> list[Item]:
    """What an earlier process left undone, oldest first."""
    [rows] = await database.read(Statement(f"SELECT {_COLUMNS} FROM inbox WHERE status = 'new' ORDER BY id"))
    return [item(row) for row in rows]


def waiting(mailbox: int, now: int, most: int, *, is_aside: bool) -> Statement:
    """What is due in one lane of a mailbox, oldest first; `item` reads its rows."""
    return Statement(
        f"SELECT {_COLUMNS} FROM inbox WHERE address_id IN"
        " (SELECT a.id FROM addresses a WHERE (a.id = :mailbox AND a.mailbox IS NULL) OR a.mailbox = :mailbox)"
        " AND status = 'new' AND due_at <= :now AND is_aside = :is_aside ORDER BY id LIMIT :most",
        {"mailbox": mailbox, "now": now, "most": most, "is_aside": int(is_aside)},
    )


async def unserved(database: Database, now: int, most: int) -> list[tuple[int, bool]]:
    """Where something is due, be it in some process's hands or in nobody's: mailbox and lane, the longest wait first."""
    [rows] = await database.read(
        Statement(
            "SELECT coalesce(a.mailbox, a.id) AS mailbox, i.is_aside FROM inbox i JOIN addresses a ON a.id = i.address_id"
            " WHERE i.status = 'new' AND i.due_at <= :now"
            " GROUP BY coalesce(a.mailbox, a.id), i.is_aside ORDER BY min(i.id) LIMIT :most",
            {"now": now, "most": most},
        )
    )
    return [(int(row["mailbox"]), bool(row["is_aside"])) for row in rows]


def item(row: Row) -> Item:
    """A row that was left over as the thing to do."""
    payload = json.loads(row["payload"])
    content = DueJob(**payload) if row["job_id"] is not None else Message.from_json(payload)
    return Item(row["id"], row["address_id"], content, row["due_at"], row["attempts"], row["mailbox"] or 0)


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
    return Statement(
        "DELETE FROM inbox WHERE status IN ('done', 'dropped') AND received_at < :before", {"before": before}
    )


# -- what failed


@dataclass(frozen=True, slots=True)
class Failed:
    """A row that was given up: which one, on which channel, what it was (a job's name, or ""), the number of its error."""

    id: int
    channel: str
    job: str
    error: str
    received_at: datetime


async def failed(reader: Reader, offset: int, most: int) -> list[Failed]:
    """What was given up, the newest first; nothing of what it says."""
    rows = await reader.rows(
        "SELECT i.id, a.channel, i.job_id, i.payload, i.error, i.received_at FROM inbox i"
        " LEFT JOIN addresses a ON a.id = i.address_id WHERE i.status = 'failed'"
        " ORDER BY i.id DESC LIMIT :most OFFSET :offset",
        {"most": most, "offset": offset},
    )
    return [
        Failed(
            row["id"],
            row["channel"] or "",
            json.loads(row["payload"])["name"] if row["job_id"] is not None else "",
            row["error"],
            moment(row["received_at"]),
        )
        for row in rows
    ]


async def count_failed(reader: Reader) -> int:
    """How many rows were given up."""
    [row] = await reader.rows("SELECT count(*) AS n FROM inbox WHERE status = 'failed'")
    return int(row["n"])


async def retry(tx: Transaction, inbox_id: int) -> bool:
    """Has a row tried again that was given up; False where there is none."""
    return await _settle(tx, inbox_id, "status = 'retry', attempts = 0, error = ''")


async def drop(tx: Transaction, inbox_id: int) -> bool:
    """Lets a row go that was given up, and what it said; False where there is none."""
    return await _settle(tx, inbox_id, "status = 'dropped', payload = ''")


async def _settle(tx: Transaction, inbox_id: int, change: str) -> bool:
    sql = f"UPDATE inbox SET {change} WHERE id = :id AND status = 'failed' RETURNING id"
    return bool(await tx.run(Statement(sql, {"id": inbox_id})))


async def take_retried(database: Database) -> list[Item]:
    """Takes up what is to be tried again."""
    [rows] = await database.write(
        [Statement(f"UPDATE inbox SET status = 'new' WHERE status = 'retry' RETURNING {_COLUMNS}")]
    )
    return [item(row) for row in rows]
