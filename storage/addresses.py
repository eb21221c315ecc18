"""Addresses: a chat on a channel, with or without a person behind it."""

from __future__ import annotations

from storage.database import Database, Reader, Statement, Value, one

_REPEATED = "EXISTS (SELECT 1 FROM inbox i WHERE i.channel = :channel AND i.message_id = :message_id)"


def seen(
    channel: str, chat: str, language: str, now: int, *, wrote: bool, message_id: str = "", share: int = 0
) -> Statement:
    """Makes sure of an address; `wrote` says that the person did something other than press a button.

    A message that is in the inbox already was not written now. `share` is what one message takes of the pace at which
    somebody is read, in microseconds.
    """
    return Statement(
        "INSERT INTO addresses (channel, chat, language, last_written_at, paced_until, created_at)"
        " VALUES (:channel, :chat, :language, :now, :now + :share, :now)"
        f" ON CONFLICT (channel, chat) DO UPDATE SET last_written_at = CASE WHEN :wrote = 1 AND NOT {_REPEATED}"
        " THEN excluded.last_written_at ELSE addresses.last_written_at END,"
        f" paced_until = CASE WHEN {_REPEATED} THEN addresses.paced_until"
        " WHEN addresses.paced_until > :now THEN addresses.paced_until + :share ELSE :now + :share END",
        {
            "channel": channel,
            "chat": chat,
            "language": language,
            "now": now,
            "wrote": int(wrote),
            "message_id": message_id,
            "share": share,
        },
    )


async def find(reader: Reader, channel: str, chat: str) -> int | None:
    """The id of an address."""
    row = await one(
        reader, "SELECT id FROM addresses WHERE channel = :channel AND chat = :chat", {"channel": channel, "chat": chat}
    )
    return int(row["id"]) if row else None


def speak(address_id: int, language: str) -> Statement:
    """Sets the language of a chat."""
    return Statement(
        "UPDATE addresses SET language = :language WHERE id = :id", {"id": address_id, "language": language}
    )


def speak_first(address_id: int, language: str) -> Statement:
    """Sets the language of a chat that has none yet."""
    return Statement(
        "UPDATE addresses SET language = :language WHERE id = :id AND language = ''",
        {"id": address_id, "language": language},
    )


def block(address_id: int, now: int) -> Statement:
    """Notes that somebody wants nothing from the bot: only what they ask for is sent until they write again."""
    return Statement(
        "UPDATE addresses SET blocked_at = :now WHERE id = :id AND blocked_at IS NULL", {"id": address_id, "now": now}
    )


def unblock(address_id: int) -> Statement:
    """Notes that somebody can be reached again."""
    return Statement("UPDATE addresses SET blocked_at = NULL WHERE id = :id", {"id": address_id})


def hold(address_id: int, until: int) -> Statement:
    """Notes that the messenger asked to wait with a chat until then (microseconds)."""
    return Statement("UPDATE addresses SET held_until = :until WHERE id = :id", {"id": address_id, "until": until})


def move(address_id: int, chat: str) -> Statement:
    """Notes that a chat goes on under another id, unless that one is known as a chat of its own."""
    return Statement(
        "UPDATE addresses SET chat = :chat WHERE id = :id AND NOT EXISTS"
        " (SELECT 1 FROM addresses o WHERE o.channel = addresses.channel AND o.chat = :chat)",
        {"id": address_id, "chat": chat},
    )


async def count_of(reader: Reader, address_id: int) -> int:
    """How many conversations were begun in a chat."""
    [row] = await reader.rows("SELECT conversations FROM addresses WHERE id = :id", {"id": address_id})
    return int(row["conversations"])


def count_conversation(address_id: int, serial: int) -> Statement:
    """Takes the next serial number; stale when another turn took it."""
    return Statement(
        "UPDATE addresses SET conversations = :serial WHERE id = :id AND conversations = :serial - 1",
        {"id": address_id, "serial": serial},
        changes=1,
    )


async def forget_strangers(database: Database, before: int) -> int:
    """Removes chats that got no person, an hour after the last thing said in them; gives how many."""
    strange = (
        "person_id IS NULL AND last_written_at < :before AND created_at < :before"
        " AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.address_id = addresses.id"
        "                 AND (i.status <> 'done' OR i.received_at >= :before))"
        " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.address_id = addresses.id"
        "                 AND (o.status IN ('new', 'leased') OR o.created_at >= :before OR o.sent_at >= :before))"
        " AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.address_id = addresses.id)"
    )
    values: dict[str, Value] = {"before": before}
    _, gone = await database.write(
        [  # whose message is being taken in right now is waited for, and seen by the second look
            Statement(f"UPDATE addresses SET created_at = created_at WHERE {strange}", values),
            Statement(f"DELETE FROM addresses WHERE {strange} RETURNING id", values),
        ]
    )
    return len(gone)
