"""What Zalo tells the bot: an event becomes a message or nothing.

Source: https://bot.zaloplatforms.com/docs/webhook. Nothing is believed to be there or to have its type. By webhook an event
comes alone or inside of an answer, `{ok, result}`; by polling as the result.
"""

from __future__ import annotations

import hashlib
import json

from bot.model import Attachment, AttachmentKind, Json, Message, MessageKind

NAME = "zalo"
LANGUAGE = "vi"  # a hint: hardly anybody else uses it
LONGEST_ADDRESS = 2000  # characters
TEXT, IMAGE, VOICE = "message.text.received", "message.image.received", "message.voice.received"
STICKER, UNSUPPORTED = "message.sticker.received", "message.unsupported.received"
_WITHOUT_CONTENT = {STICKER: MessageKind.STICKER, UNSUPPORTED: MessageKind.UNSUPPORTED}


def at(value: Json, name: str, kind: type) -> Json:
    """A field if it has the type that it should have, else None."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, kind) and not (kind is int and isinstance(found, bool)) else None


def read(update: Json, bot_name: str) -> Message | None:
    """The message that an event is; None for one that nobody waits for an answer to.

    `bot_name` is what the bot is called: in a group it only answers to a command or to its name.
    """
    event = at(update, "result", dict) or update
    message, what = at(event, "message", dict), at(event, "event_name", str) or ""
    chat = _id(at(message, "chat", dict))
    if not chat or at(at(message, "from", dict), "is_bot", bool):
        return None
    if (at(at(message, "chat", dict), "chat_type", str) or "PRIVATE").upper() != "PRIVATE":
        return _in_public(message, chat, bot_name)
    if kind := _WITHOUT_CONTENT.get(what):
        return _message(message, chat, kind=kind)
    text, files = at(message, "text", str) or at(message, "caption", str) or "", _attachments(message)
    if text or files:
        return _message(message, chat, text, files)
    return _message(message, chat, kind=MessageKind.OTHER) if what in (TEXT, IMAGE, VOICE) else None


def _message(
    message: Json,
    chat: str,
    text: str = "",
    files: tuple[Attachment, ...] = (),
    kind: MessageKind = MessageKind.SAID,
) -> Message:
    return Message(NAME, chat, _number(message, chat), text, attachments=files, language=LANGUAGE, kind=kind)


def _in_public(message: Json, chat: str, bot_name: str) -> Message | None:
    text = at(message, "text", str) or ""
    called = text.startswith("/") or (bot_name and bot_name.lower() in text.lower())
    return _message(message, chat, bot_name, kind=MessageKind.PUBLIC) if called else None


def _id(value: Json) -> str:
    """An id, which is a text; a number is taken for one."""
    number = at(value, "id", int)
    return at(value, "id", str) or ("" if number is None else str(number))


def _number(message: Json, chat: str) -> str:
    """What a repeat of this message is known by."""
    given = at(message, "message_id", str)
    whole = json.dumps(message, sort_keys=True).encode("utf-8", "surrogatepass")
    return f"{chat}:{given or hashlib.sha256(whole).hexdigest()}"


def _attachments(message: Json) -> tuple[Attachment, ...]:
    """The picture and the voice message, by their address. They have no names there."""
    short = _number(message, "").removeprefix(":")[:8]
    picture, voice = _address(message, "photo") or _address(message, "photo_url"), _address(message, "voice_url")
    return (
        *([Attachment(AttachmentKind.PHOTO, f"photo-{short}.jpg", "image/jpeg", 0, "", picture)] if picture else []),
        *([Attachment(AttachmentKind.VOICE, f"voice-{short}.aac", "audio/aac", 0, "", voice)] if voice else []),
    )


def _address(message: Json, name: str) -> str:
    found = at(message, name, str) or ""
    return found if found.startswith(("https://", "http://")) and len(found) <= LONGEST_ADDRESS else ""
