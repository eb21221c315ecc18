"""What a call brings along: query string, form, multipart or JSON, all as one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from tests.telegram.refusals import RefusalError, bad

LARGEST = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in a part of a form."""

    name: str
    media_type: str
    content: bytes


@dataclass(slots=True)
class Given:
    """The parameters of a call; numbers, flags and objects may come as text or as JSON."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        value = self.values.get(name, "")
        if not isinstance(value, str):
            return json.dumps(value, ensure_ascii=False)
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise bad("strings must be encoded in UTF-8") from None
        return value

    def number(self, name: str, default: int = 0) -> int:
        value = self.values.get(name, default)
        if isinstance(value, int):
            return value
        try:
            return int(value)
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        value = self.values.get(name, False)
        return value if isinstance(value, bool) else str(value).lower() in ("true", "yes", "1")

    def object(self, name: str) -> Any:
        """An object or a list; None if it is not there."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """The file for a parameter, whether it came in its own part or as attach://part."""
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            return self.uploads.get(value.removeprefix("attach://"))
        return self.uploads.get(name)


async def read(request: web.BaseRequest) -> Given:
    """Everything a request brings."""
    given = Given(dict(request.query) if request.query_string else {})
    if request.method != "POST" or not request.can_read_body:
        return given
    if (request.content_length or 0) > LARGEST:
        raise RefusalError(413, "Request Entity Too Large")
    kind = request.content_type
    if kind == "application/json":
        given.values.update(from_json(await request.read()))
    elif kind == "multipart/form-data":
        await read_parts(request, given)
    elif kind == "application/x-www-form-urlencoded":
        given.values.update(parse_qsl((await request.read()).decode("utf-8", "surrogateescape"), True))
    return given


def from_json(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        values = json.loads(body)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise bad("can't parse JSON object")
    return {name: value for name, value in values.items() if value is not None}


async def read_parts(request: web.BaseRequest, given: Given) -> None:
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        content = bytes(await part.read())
        if part.filename is None:
            given.values[part.name or ""] = content.decode("utf-8", "surrogateescape")
        else:
            media_type = part.headers.get("Content-Type", "application/octet-stream")
            given.uploads[part.name or ""] = Upload(part.filename, media_type, content)
