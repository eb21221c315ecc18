"""The text of a message or a caption as the server takes it in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.telegram.html import KINDS, Entities, parse, units
from tests.telegram.parameters import Given
from tests.telegram.refusals import bad

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f]")
OTHER_KINDS = {
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "expandable_blockquote",
    "text_mention", "custom_emoji", "date_time",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """Plain text, its entities, and the text as it was written."""

    text: str
    entities: Entities
    written: str


def text_of(given: Given) -> Content:
    """The text of a message."""
    written = given.text("text")
    if not written:
        raise bad("message text is empty")
    content = understood(given, written, "entities")
    if not content.text:
        raise bad("text must be non-empty")
    if len(content.text) * 2 > LONGEST_TEXT and units(content.text) > LONGEST_TEXT:
        raise bad("message is too long")
    return content


def caption_of(given: Given) -> Content:
    """The caption of a photo or document; it may be empty."""
    content = understood(given, given.text("caption"), "caption_entities")
    if units(content.text) > LONGEST_CAPTION:
        raise bad("message caption is too long")
    return content


def understood(given: Given, written: str, name: str) -> Content:
    mode = given.text("parse_mode").lower()
    if mode not in ("", "html"):
        raise bad("unsupported parse_mode")
    text = written.replace("\r", "")
    entities: Entities = []
    if mode and ("<" in text or "&" in text):
        text, entities = parse(text)
    elif not mode and name in given.values:
        entities = checked(given.object(name) or [], text)
    if UNSEEN.search(text):
        text = UNSEEN.sub(" ", text)
    return Content(*trimmed(text, entities), written)


def trimmed(text: str, entities: Entities) -> tuple[str, Entities]:
    """Without space at both ends, which the server cuts off."""
    short = text.strip()
    if not entities or short == text:
        return short, entities
    ahead, length = units(text) - units(text.lstrip()), units(short)
    kept = []
    for entity in entities:
        begin = max(0, entity["offset"] - ahead)
        end = min(length, entity["offset"] + entity["length"] - ahead)
        if end > begin:
            kept.append({**entity, "offset": begin, "length": end - begin})
    return short, kept


def checked(entities: Entities, text: str) -> Entities:
    length = units(text)
    for entity in entities:
        begin, long = entity.get("offset", 0), entity.get("length", 0)
        if entity.get("type") not in {*KINDS.values(), *OTHER_KINDS}:
            raise bad("can't parse MessageEntity: Unsupported type specified")
        if begin < 0:
            raise bad(f"receive an entity with incorrect offset {begin}")
        if begin > length:
            raise bad(f"entity begins after the end of the text at UTF-16 offset {begin}")
        if begin + long > length:
            raise bad(
                f"entity beginning at UTF-16 offset {begin} ends after the end of the text"
                f" at UTF-16 offset {begin + long}"
            )
    return entities
