"""What every messenger shares: a message that came in, a phrase to be said, a reply that goes out."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

Json = Any  # what json.loads gives: None, bool, int, float, str, list, dict


class AttachmentKind(StrEnum):
    """What a file is to the person who sent it."""

    PHOTO = "photo"
    VOICE = "voice"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message.

    `size` is in bytes, 0 where the messenger does not say; `digest` is the SHA-256 of the bytes in hex where they lie in
    the file store already, else `reference` is the messenger's own handle for fetching them. `seconds` is how long a
    voice message is, where the messenger says so.
    """

    kind: AttachmentKind
    name: str
    media_type: str
    size: int
    digest: str = ""
    reference: str = ""
    seconds: int | None = None

    def to_json(self) -> dict[str, Json]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, value: Mapping[str, Json]) -> Attachment:
        return cls(**{**value, "kind": AttachmentKind(value["kind"])})


class MessageKind(StrEnum):
    """What somebody did in a chat."""

    SAID = "said"  # wrote, sent files, or pressed a button
    EDITED = "edited"  # changed the text of something said before
    PUBLIC = "public"  # called the bot where others read along
    BLOCKED = "blocked"  # wants nothing from the bot any more
    UNBLOCKED = "unblocked"
    MOVED = "moved"  # the chat goes on under the id that is the text
    STICKER = "sticker"
    CONTACT = "contact"
    LOCATION = "location"
    POLL = "poll"
    UNSUPPORTED = "unsupported"  # something that the messenger keeps from the bot
    OTHER = "other"  # something else that the bot cannot read


UNREAD = frozenset(
    {
        MessageKind.STICKER,
        MessageKind.CONTACT,
        MessageKind.LOCATION,
        MessageKind.POLL,
        MessageKind.UNSUPPORTED,
        MessageKind.OTHER,
    }
)  # what a person is told that the bot cannot read


@dataclass(frozen=True, slots=True)
class Message:
    """One thing a person did in a chat: wrote, sent files, or pressed a button.

    `id` is the messenger's own id of this update, unique within the channel, so that a repeat is known as one.
    `press` is the data of the button that was pressed; it is empty for everything else.
    `language` is a hint (BCP 47: the browser's, the messenger's), never a decision.
    `reference` is the messenger's handle on what was said or pressed: a later edit names it, a press is acknowledged
    by it. Where it is empty, `id` is that too.
    """

    channel: str
    chat: str
    id: str
    text: str = ""
    press: str = ""
    attachments: tuple[Attachment, ...] = ()
    language: str = ""
    kind: MessageKind = MessageKind.SAID
    reference: str = ""

    @property
    def handle(self) -> str:
        """What a later edit of this message names."""
        return self.reference or self.id

    @property
    def stands_last(self) -> bool:
        """Whether the chat shows this below everything that was there before."""
        return not self.press and (self.kind is MessageKind.SAID or self.kind in UNREAD)

    def to_json(self) -> dict[str, Json]:
        plain = {name: getattr(self, name) for name in self.__slots__}
        return {**plain, "attachments": [file.to_json() for file in self.attachments]}

    @classmethod
    def from_json(cls, value: Mapping[str, Json]) -> Message:
        files = tuple(Attachment.from_json(file) for file in value["attachments"])
        return cls(**{**value, "attachments": files, "kind": MessageKind(value.get("kind", MessageKind.SAID))})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text by its key, with the values for its holes: what is said before it is put in somebody's language.

    A value is a str (escaped when rendered), an int, another Phrase, or a list of phrases (one a line).
    """

    key: str
    values: Mapping[str, PhraseValue] = field(default_factory=dict)

    def to_json(self) -> Json:
        return {"$": self.key} | {name: _plain(value) for name, value in self.values.items()}

    @classmethod
    def from_json(cls, value: Mapping[str, Json]) -> Phrase:
        return cls(value["$"], {name: _value(item) for name, item in value.items() if name != "$"})


PhraseValue = str | int | Phrase | list[Phrase]


def _plain(value: PhraseValue) -> Json:
    match value:
        case Phrase():
            return value.to_json()
        case list():
            return [item.to_json() for item in value]
        case _:
            return value


def _value(value: Json) -> PhraseValue:
    match value:
        case dict():
            return Phrase.from_json(value)
        case list():
            return [Phrase.from_json(item) for item in value]
        case str() | int():
            return value
        case _:
            raise TypeError(f"not a value of a phrase: {type(value).__name__}")


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message. `data` is ASCII, at most 64 bytes; data that starts with "/" is a command.

    One with a `url` opens that page and tells the bot nothing; its data is empty.
    """

    label: str
    data: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file that goes out with a reply. `path` is where its bytes lie, `name` what the receiver sees."""

    path: Path
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message ready to be sent.

    `text` is HTML of three elements only, <b>, <i> and <code>, with every value escaped; line breaks are "\\n".
    `language` is the one it is written in, for a channel that has something to add.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    language: str = ""


STYLES = frozenset({"b", "i", "code"})


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style."""

    text: str
    style: str = ""  # "", "b", "i", "code"


_TAG = re.compile(r"(</?[a-zA-Z][^<>]*>)")  # values are escaped: what looks like a tag is one


def spans(text: str) -> Iterator[Span]:
    """The text of a Reply as runs of plain text, for channels that build their own markup."""
    styles: list[str] = []
    for n, piece in enumerate(_TAG.split(text)):
        name = piece.strip("</>")
        if n % 2 == 0:
            if piece:
                yield Span(html.unescape(piece), styles[-1] if styles else "")
        elif name in STYLES and not piece.startswith("</"):
            styles.append(name)
        elif name in styles:
            styles.remove(name)


def plain(text: str) -> str:
    """The text of a Reply without markup."""
    return html.unescape(_TAG.sub("", text))


def escape(value: str) -> str:
    """A value made harmless inside the text of a Reply."""
    return html.escape(value, quote=False)


_UNSENDABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]"  # controls, lone surrogates, non-characters
)


def readable(text: str) -> str:
    """The text as every database, messenger and workbook can carry it.

    Line ends become "\\n"; control characters and lone surrogates become U+FFFD, so that nobody's words shift place.
    """
    return _UNSENDABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
