"""What a page posts: one message as multipart/form-data, its files streamed into the file store."""

from __future__ import annotations

import asyncio
import re
import warnings
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from aiohttp import BadContentDispositionHeader, BadContentDispositionParam, BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.channels.web.kinds import PHOTOS, kind
from bot.errors import FileTooLargeError
from bot.model import Attachment, AttachmentKind, readable
from storage.files import FileStore

MOST_FILES = 5
LONGEST_TEXT = 16_000  # characters: what the conversation takes, and some to spare for it to explain its limit
_FIELDS = {
    "id": re.compile(r"[A-Za-z0-9-]{8,64}"),
    "press": re.compile(r"[ -~]{1,64}"),
    "start": re.compile(r"[A-Za-z0-9_-]{0,64}"),
    "seconds": re.compile(r"[0-9]{1,5}"),
}
_CHUNK = 64 * 1024
_BESIDES_FILES = 256 * 1024  # bytes of a body that its texts and headers may need

# These warnings repeat the header, which holds the name of a person's file.
warnings.simplefilter("ignore", BadContentDispositionHeader)
warnings.simplefilter("ignore", BadContentDispositionParam)


class RefusedFormError(Exception):
    """A form that is not taken: the HTTP status, and the key of the text that says why."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status = status
        self.key = key


@dataclass
class Form:
    """A posted message. `start` is None where the person did not just open the chat.

    `seconds` is how long the voice message among its files is, as the page counted.
    """

    id: str = ""
    text: str = ""
    press: str = ""
    start: str | None = None
    seconds: str = ""
    files: list[Attachment] = field(default_factory=list)

    def check(self) -> None:
        """Raises RefusedFormError for a form that says nothing, or two things at once."""
        said = [bool(self.text.strip() or self.files), bool(self.press), self.start is not None]
        if not self.id or sum(said) != 1:
            raise RefusedFormError(400, "web.refused")

    def settle(self) -> None:
        """Gives a voice message its length."""
        voices = [n for n, file in enumerate(self.files) if file.kind is AttachmentKind.VOICE]
        if self.seconds and len(voices) == 1:
            self.files[voices[0]] = replace(self.files[voices[0]], seconds=int(self.seconds))


async def read(request: web.Request, store: FileStore, form: Form) -> None:
    """Fills the form from the body of a request; `form.files` tells what was stored, also when it raises.

    Raises RefusedFormError, and OSError where a file cannot be kept now.
    """
    if request.content_type != "multipart/form-data":
        raise RefusedFormError(400, "web.refused")
    if (request.content_length or 0) > MOST_FILES * store.largest + _BESIDES_FILES:
        raise RefusedFormError(413, "web.too_large")
    seen: set[str] = set()
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name in seen:
                raise RefusedFormError(400, "web.refused")
            if part.name != "files":
                seen.add(part.name or "")
            await _take(part, store, form)
    except FileTooLargeError as error:
        raise RefusedFormError(413, "web.too_large") from error
    except (
        ValueError,
        ConnectionError,
        HttpProcessingError,
        web.RequestPayloadError,
    ) as error:  # no multipart, cut off
        raise RefusedFormError(400, "web.refused") from error
    form.check()
    form.settle()


async def _take(part: BodyPartReader, store: FileStore, form: Form) -> None:
    match part.name:
        case "files":
            if len(form.files) == MOST_FILES:
                raise RefusedFormError(413, "web.too_many")
            form.files.append(await _file(part, store))
            if not form.files[-1].media_type:
                raise RefusedFormError(415, "web.bad_kind")
        case "text":
            form.text = readable(await _text(part, LONGEST_TEXT))
        case "id" | "press" | "start" | "seconds":
            setattr(form, part.name, await _word(part))
        case _:
            raise RefusedFormError(400, "web.refused")


async def _word(part: BodyPartReader) -> str:
    value = await _text(part, 64)
    if not _FIELDS[part.name or ""].fullmatch(value):
        raise RefusedFormError(400, "web.refused")
    return value


async def _text(part: BodyPartReader, most: int) -> str:
    """A field's text. Bytes that are no UTF-8 become U+FFFD: better a mark than a message that is lost."""
    found = bytearray()
    async for chunk in _chunks(part):
        found += chunk
        if len(found) > 4 * most:
            raise RefusedFormError(413, "web.too_long")
    text = found.decode("utf-8", "replace")
    if len(text) > most:
        raise RefusedFormError(413, "web.too_long")
    return text


async def _file(part: BodyPartReader, store: FileStore) -> Attachment:
    """A file by what stands in it, whatever it is said to be; without a type where it is nothing that is taken."""
    stored = await store.save(_chunks(part))
    found = await asyncio.to_thread(kind, store.path(stored.digest))
    name = file_name(part.filename)
    media_type = found.media_type if found else ""
    return Attachment(role(media_type), found.name(name) if found else name, media_type, stored.size, stored.digest)


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(_CHUNK):
        yield chunk


def role(media_type: str) -> AttachmentKind:
    """What a file of a type is to the person who sent it."""
    if media_type in PHOTOS:
        return AttachmentKind.PHOTO
    return AttachmentKind.VOICE if media_type.startswith("audio/") else AttachmentKind.DOCUMENT


def file_name(given: str | None) -> str:
    """The last part of a file's name, on one line, at most 120 characters and with its ending."""
    name = re.sub(r"[\s\u2028\u2029]+", " ", readable(given or "")).replace("\\", "/").rpartition("/")[2].strip(" .")
    return (name if len(name) <= 120 else name[:100] + "…" + name[-16:]) or "file"
