"""Transcripts: what a chat of the web page shows, kept 30 days, so that a reload finds the conversation again.

A message has a `number` within its chat and the number of the chat's latest `change` to it. Changes rise with the clock,
so that a page that has seen change N never misses one, even where messages were erased in between.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced

from bot.model import Json
from storage import files
from storage.database import Result, Row, Statement, alone

CHANNEL = "web"
_COLUMNS = "number, change, side, key, content, has_buttons, created_at"
_ADDRESS = f"SELECT id FROM addresses WHERE channel = '{CHANNEL}' AND chat = :chat"
_NEXT_CHANGE = (
    "(SELECT CASE WHEN COALESCE(MAX(t.change), 0) < :now THEN :now ELSE MAX(t.change) + 1 END"
    " FROM transcripts t WHERE t.address_id = {address})"
)
_LATEST = (
    "CASE WHEN EXISTS (SELECT 1 FROM transcripts p WHERE p.address_id = transcripts.address_id"
    " AND p.side = 'person' AND p.number > transcripts.number)"
    " THEN (SELECT MAX(m.number) + 1 FROM transcripts m WHERE m.address_id = transcripts.address_id)"
    " ELSE number END"
)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a message. `size` is in bytes, `digest` the SHA-256 of the bytes, which lie in the file store."""

    name: str
    type: str
    size: int
    digest: str

    def to_json(self) -> dict[str, Json]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Content:
    """What a message shows: the HTML of a Reply, rows of (label, data), files. Data that is an address is a link."""

    text: str
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()
    files: tuple[File, ...] = ()

    def to_text(self) -> str:
        shown = {"text": self.text, "buttons": self.buttons, "files": [file.to_json() for file in self.files]}
        return json.dumps(shown, ensure_ascii=False)

    @classmethod
    def from_text(cls, stored: str) -> Content:
        shown = json.loads(stored)
        buttons = tuple(tuple((label, data) for label, data in row) for row in shown.get("buttons", ()))
        return cls(shown["text"], buttons, tuple(File(**file) for file in shown["files"]))


@dataclass(frozen=True, slots=True)
class Entry:
    """A message of a transcript. `side` is "bot" or "person", `created_at` microseconds UTC."""

    number: int
    change: int
    side: str
    key: str
    content: Content
    created_at: int


def write_down(chat: str, side: str, key: str, content: Content, now: int) -> list[Statement]:
    """Adds a message to the transcript of a known address; a key that is there already changes nothing.

    `reference` reads the results.
    """
    values = {"chat": chat, "side": side, "key": key}
    insert = Statement(
        "INSERT INTO transcripts (address_id, number, change, side, key, content, created_at)"
        " SELECT a.id, (SELECT COALESCE(MAX(t.number), 0) + 1 FROM transcripts t WHERE t.address_id = a.id),"
        f" {_NEXT_CHANGE.format(address='a.id')}, :side, :key, :content, :now"
        f" FROM addresses a WHERE a.channel = '{CHANNEL}' AND a.chat = :chat"
        " ON CONFLICT (address_id, side, key) DO NOTHING RETURNING number, change",
        {**values, "content": content.to_text(), "now": now},
    )
    place = Statement(
        f"SELECT id FROM transcripts WHERE address_id = ({_ADDRESS}) AND side = :side AND key = :key",
        values,
    )
    return [_in_turn(chat), *_keep_files(chat, content.files, now), insert, place]


def reference(results: Sequence[Result]) -> int | None:
    """The id of the message that was written down, now or by an earlier try; None where the address is unknown."""
    return results[-1][0]["id"] if results[-1] else None


def replace(chat: str, reference: int, content: Content, now: int) -> list[Statement]:
    """Shows something else in a message of the bot; `changed` reads the results.

    Where the person did something since, the message moves to the end: its new content answers that.
    """
    assignment = f"content = :content, has_buttons = 1, number = {_LATEST}"
    return [
        _in_turn(chat),
        *_keep_files(chat, content.files, now),
        _change(chat, reference, now, assignment, content=content.to_text()),
        Statement(_ADDRESS, {"chat": chat}),
    ]


def changed(results: Sequence[Result]) -> tuple[bool, bool]:
    """Whether `replace` found the message, and whether it found the address."""
    return bool(results[-2]), bool(results[-1])


def strip(chat: str, reference: int, now: int) -> list[Statement]:
    """Takes the buttons off a message of the bot; nothing happens where there is none."""
    return [_in_turn(chat), _change(chat, reference, now, "has_buttons = 0")]


def since(chat: str, change: int) -> list[Statement]:
    """Two SELECTs: the messages that changed after a change, and the numbers of all that stand; `entry` reads rows."""
    return [
        Statement(
            f"SELECT {_COLUMNS} FROM transcripts WHERE address_id = ({_ADDRESS}) AND change > :change ORDER BY change",
            {"chat": chat, "change": change},
        ),
        Statement(
            f"SELECT number FROM transcripts WHERE address_id = ({_ADDRESS}) ORDER BY number",
            {"chat": chat},
        ),
    ]


def message(chat: str, number: int) -> Statement:
    """One message of a chat; `entry` reads its row."""
    return Statement(
        f"SELECT {_COLUMNS} FROM transcripts WHERE address_id = ({_ADDRESS}) AND number = :number",
        {"chat": chat, "number": number},
    )


def offered(chat: str, most: int = 100) -> Statement:
    """The contents of the bot's latest messages, newest first: where the label of a pressed button stands."""
    return Statement(
        f"SELECT content FROM transcripts WHERE address_id = ({_ADDRESS}) AND side = 'bot' AND has_buttons = 1"
        " ORDER BY change DESC LIMIT :most",
        {"chat": chat, "most": most},
    )


def entry(row: Row) -> Entry:
    content = Content.from_text(row["content"])
    shown = content if row["has_buttons"] else replaced(content, buttons=())
    return Entry(row["number"], row["change"], row["side"], row["key"], shown, row["created_at"])


def erase_said(address_id: int) -> Statement:
    """Removes what the person said."""
    return Statement("DELETE FROM transcripts WHERE address_id = :id AND side = 'person'", {"id": address_id})


def expire(before: int) -> Statement:
    """Removes what was said before a time."""
    return Statement("DELETE FROM transcripts WHERE created_at < :before", {"before": before})


def _in_turn(chat: str) -> Statement:
    """Has the changes of a chat committed in the order of their numbers: a page asks for what came after one."""
    return alone(f"transcript of {chat}")


def _change(chat: str, reference: int, now: int, assignment: str, **values: str) -> Statement:
    return Statement(
        f"UPDATE transcripts SET {assignment}, change = {_NEXT_CHANGE.format(address='transcripts.address_id')}"
        f" WHERE address_id = ({_ADDRESS}) AND id = :id AND side = 'bot' RETURNING number, change",
        {"chat": chat, "id": reference, "now": now, **values},
    )


def _keep_files(chat: str, kept: Sequence[File], now: int) -> list[Statement]:
    """Notes the files and that the chat holds them, so that they are not swept away."""
    return [
        statement
        for file in kept
        for statement in (
            files.add(files.Stored(file.digest, file.size), file.type, now),
            _hold(chat, file.digest, now),
        )
    ]


def _hold(chat: str, digest: str, now: int) -> Statement:
    return Statement(
        "INSERT INTO held_files (address_id, digest, held_at)"
        f" SELECT id, :digest, :now FROM addresses WHERE channel = '{CHANNEL}' AND chat = :chat"
        " ON CONFLICT (address_id, digest) DO UPDATE SET held_at = excluded.held_at",
        {"chat": chat, "digest": digest, "now": now},
    )
