"""What tests of storage start from: chats, messages, things to be said."""

from __future__ import annotations

from bot.model import Message
from storage import addresses, claims, inbox, outbox
from storage.database import Database, Result, Row, Statement
from storage.outbox import Kind, Outgoing

BOOT = "boot"
BODY = {"text": [{"$": "start.ready"}], "buttons": [], "files": []}


async def chat(database: Database, name: str = "c1", channel: str = "web", now: int = 0) -> int:
    """An address; gives its id."""
    await database.write([addresses.seen(channel, name, "", now, wrote=True)])
    found = await rows(database, "SELECT id FROM addresses WHERE channel = :channel AND chat = :chat", channel, name)
    return int(found[0]["id"])


async def rows(database: Database, sql: str, channel: str = "", chat: str = "") -> Result:
    """The rows of a SELECT that may name :channel and :chat."""
    [found] = await database.read(Statement(sql, {"channel": channel, "chat": chat}))
    return found


async def row(database: Database, sql: str) -> Row:
    """The only row of a SELECT."""
    [found] = await rows(database, sql)
    return found


async def receive(database: Database, *messages: Message, now: int = 0) -> list[inbox.Item]:
    """What is new among messages that are taken in as one unit."""
    unit = [part for message in messages for part in inbox.accept(message, now)]
    return inbox.accepted(messages, await database.write(unit))


async def say(database: Database, address_id: int, cause: str, now: int = 0, **more: object) -> list[claims.Claimed]:
    """Puts something into the outbox; gives what came leased to BOOT."""
    given = {"n": 0, "body": BODY, "slot": "", "kind": Kind.REPLY, "due_at": 0, **more}
    said = Outgoing(address_id=address_id, **given)  # type: ignore[arg-type]
    unit = [*outbox.add(cause, said, BOOT, now), claims.of_cause(cause, BOOT)]
    return claims.rows_of(await database.write(unit))
