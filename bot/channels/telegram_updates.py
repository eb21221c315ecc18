"""What Telegram tells the bot, as messages: an update of any shape in, a Message or nothing out.

Source: the Bot API, https://core.telegram.org/bots/api#update. The fields are read one by one and believed only where
they have the type that is promised there, since an update that cannot be read would come again for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.model import Attachment, AttachmentKind, Json, Message, MessageKind

NAME = "telegram"
WANTED = ("message", "edited_message", "callback_query", "my_chat_member")  # kinds of updates
LONGEST_NAME = 100  # characters of a file's name

_UNREAD = {
    "sticker": MessageKind.STICKER,
    "contact": MessageKind.CONTACT,
    "venue": MessageKind.LOCATION,
    "location": MessageKind.LOCATION,
    "poll": MessageKind.POLL,
}
_SERVICE = frozenset(
    {
        "pinned_message",
        "message_auto_delete_timer_changed",
        "write_access_allowed",
        "chat_background_set",
        "users_shared",
        "chat_shared",
        "connected_website",
    }
)  # what a chat tells about itself: nobody waits for an answer
_FILES = (
    ("voice", AttachmentKind.VOICE, "ogg", "audio/ogg"),
    ("audio", AttachmentKind.DOCUMENT, "mp3", "audio/mpeg"),
    ("video", AttachmentKind.DOCUMENT, "mp4", "video/mp4"),
    ("video_note", AttachmentKind.DOCUMENT, "mp4", "video/mp4"),
    ("animation", AttachmentKind.DOCUMENT, "mp4", "video/mp4"),
    ("document", AttachmentKind.DOCUMENT, "bin", "application/octet-stream"),
)
_UNFIT = re.compile(r"[/\\\x00-\x1f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")  # in the name of a file
_CALLED = re.compile(r"/\w+@(\w+)")
_STATUS = {"kicked": MessageKind.BLOCKED, "member": MessageKind.UNBLOCKED}


def read(update: Json, username: str) -> Message | None:
    """The message that an update is; None for one that nobody waits for an answer to.

    `username` is the bot's own, without "@": in a group only commands that name it are for the bot.
    """
    number = at(update, "update_id", int)
    before = "" if number is None else str(number)
    if message := at(update, "message", dict):
        return _said(message, before, username)
    if edited := at(update, "edited_message", dict):
        return _edited(edited, before)
    if query := at(update, "callback_query", dict):
        return _pressed(query, before)
    if member := at(update, "my_chat_member", dict):
        return _membership(member, before)
    return None


def at(value: Json, name: str, kind: type) -> Json:
    """A field if it has the type that it should have, else None."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, kind) and not (kind is int and isinstance(found, bool)) else None


def private_chat(message: Json) -> str:
    """The id of the chat with one person that a message is in; "" for every other chat."""
    chat, sender = at(message, "chat", dict), at(message, "from", dict)
    number = at(chat, "id", int)
    if number is None and chat is None:
        number = at(sender, "id", int)
    if number is None or number <= 0 or at(chat, "type", str) not in (None, "private"):
        return ""
    return str(number)


def _said(message: Json, before: str, username: str) -> Message | None:
    chat = private_chat(message)
    if at(at(message, "from", dict), "is_bot", bool):
        return None
    if not chat:
        return _in_public(message, before, username)
    files, text = tuple(_attachments(message)), _text(message)
    if text or files:
        return _message(message, chat, before, text, files)
    if any(name in message for name in _SERVICE):
        return None
    kind = next((kind for name, kind in _UNREAD.items() if name in message), MessageKind.OTHER)
    return _message(message, chat, before, "", (), kind)


def _message(
    message: Json,
    chat: str,
    before: str,
    text: str,
    files: tuple[Attachment, ...] = (),
    kind: MessageKind = MessageKind.SAID,
) -> Message:
    number = at(message, "message_id", int)
    return Message(
        channel=NAME,
        chat=chat,
        id=f"{before}:{chat}:{number}",
        text=text,
        attachments=files,
        language=at(at(message, "from", dict), "language_code", str) or "",
        kind=kind,
        reference=f"m{number}",
    )


def _edited(message: Json, before: str) -> Message | None:
    chat, text = private_chat(message), _text(message)
    if not chat or not (text or any(True for _ in _attachments(message))):  # a place that moves: nothing was written
        return None
    return _message(message, chat, f"{before}:edited", text, (), MessageKind.EDITED)


def _in_public(message: Json, before: str, username: str) -> Message | None:
    """A command that names the bot, or the news that a group goes on under another id."""
    number = at(at(message, "chat", dict), "id", int)
    if number is None:
        return None
    if (moved := at(message, "migrate_to_chat_id", int)) is not None:
        return _message(message, str(number), before, str(moved), (), MessageKind.MOVED)
    called = _CALLED.match(_text(message))
    if not called or called[1].lower() != username.lower():
        return None
    return _message(message, str(number), before, f"@{username}", (), MessageKind.PUBLIC)


def _pressed(query: Json, before: str) -> Message | None:
    """A press; the message it was on may be too old for Telegram to show, but not its chat."""
    message = at(query, "message", dict)
    chat = private_chat(message if message is not None else query)
    number = at(query, "id", str)
    if not chat or not number:
        return None
    return Message(
        channel=NAME,
        chat=chat,
        id=f"{before}:{chat}:press:{number}",
        press=at(query, "data", str) or "?",
        language=at(at(query, "from", dict), "language_code", str) or "",
        reference=number,
    )


def _membership(member: Json, before: str) -> Message | None:
    chat = private_chat(member)
    kind = _STATUS.get(at(at(member, "new_chat_member", dict), "status", str) or "")
    if not chat or kind is None:
        return None
    return Message(channel=NAME, chat=chat, id=f"{before}:{chat}:member", kind=kind)


def _text(message: Json) -> str:
    return at(message, "text", str) or at(message, "caption", str) or ""


def _attachments(message: Json) -> Iterator[Attachment]:
    number = at(message, "message_id", int)
    sizes = [size for size in at(message, "photo", list) or () if at(size, "file_id", str)]
    if sizes:
        largest = max(sizes, key=lambda size: (at(size, "width", int) or 0) * (at(size, "height", int) or 0))
        yield _attachment(largest, AttachmentKind.PHOTO, f"photo-{number}.jpg", "image/jpeg")
    for name, kind, ending, media_type in _FILES:
        file = at(message, name, dict)
        if at(file, "file_id", str):
            yield _attachment(file, kind, f"{name}-{number}.{ending}", media_type)
            return  # an animation stands under "document" once more


def _attachment(file: Json, kind: AttachmentKind, name: str, media_type: str) -> Attachment:
    """A file as it was described; what it is called and said to be only where Telegram says so."""
    given = _UNFIT.sub("_", at(file, "file_name", str) or "").strip()
    return Attachment(
        kind=kind,
        name=given[-LONGEST_NAME:] or name,
        media_type=at(file, "mime_type", str) or media_type,
        size=max(at(file, "file_size", int) or 0, 0),
        reference=at(file, "file_id", str),
        seconds=at(file, "duration", int) if kind is AttachmentKind.VOICE else None,
    )
