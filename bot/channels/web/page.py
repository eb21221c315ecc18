"""The page itself and its static files, read once and kept in memory."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.channels.web.form import LONGEST_TEXT, MOST_FILES
from bot.model import Json
from bot.texts import SOURCE, Texts

FOLDER = Path(__file__).parent / "static"
OFFICE = "pack.office"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_HOLE = re.compile(r"\{\{([a-z_.]+)\}\}")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Static:
    """A static file and the hash of its bytes."""

    body: bytes
    media_type: str
    tag: str


class Page:
    """The page in each language. `largest` is the size in bytes of the largest file that is taken."""

    def __init__(self, texts: Texts, largest: int) -> None:
        self._statics = {file.name: static(file) for file in FOLDER.iterdir() if file.suffix in _TYPES}
        template = (FOLDER / "index.html").read_text("utf-8")
        self._pages = {language: fill(template, self._values(texts, language, largest)) for language in texts.languages}

    def index(self, accepted: str) -> web.Response:
        """The page in the best language for an Accept-Language header."""
        text = self._pages[best(accepted, tuple(self._pages))]
        headers = {"Cache-Control": "no-store", "Vary": "Accept-Language"}
        return web.Response(text=text, content_type="text/html", headers=headers)

    def file(self, request: web.Request) -> web.Response:
        """A static file. Raises HTTPNotFound."""
        found = self._statics.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        exact = request.query.get("v") == found.tag
        headers = {
            "ETag": f'"{found.tag}"',
            "Cache-Control": "public, max-age=31536000, immutable" if exact else "no-cache",
        }
        if any(tag.value in (found.tag, "*") for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(body=found.body, content_type=found.media_type, charset="utf-8", headers=headers)

    def _values(self, texts: Texts, language: str, largest: int) -> dict[str, str]:
        keys = [key for key in texts.catalogues[SOURCE] if key.startswith("web.")]
        said = {key: texts.template(language, key) for key in [*keys, OFFICE]}
        limits = {"files": MOST_FILES, "bytes": largest, "characters": LONGEST_TEXT}
        hashes = {f"hash.{name}": file.tag for name, file in self._statics.items()}
        escaped = {key: html.escape(value) for key, value in {**said, **hashes, "language": language}.items()}
        return {**escaped, "settings": as_script({"texts": said, "limits": limits})}


def static(file: Path) -> Static:
    body = file.read_bytes()
    return Static(body, _TYPES[file.suffix], hashlib.sha256(body).hexdigest()[:16])


def fill(template: str, values: Mapping[str, str]) -> str:
    """Puts escaped values into the {{holes}} of a template. Raises KeyError for a hole without a value."""
    return _HOLE.sub(lambda hole: values[hole[1]], template)


def as_script(value: Json) -> str:
    """JSON that may stand inside a <script> element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")


def tags(accepted: str) -> list[str]:
    """The language tags of an Accept-Language header, the most wanted first."""
    found = []
    for n, part in enumerate(accepted[:500].split(",")):
        tag, _, quality = part.strip().partition(";q=")
        if _TAG.fullmatch(tag) and (weight := _weight(quality)) > 0:
            found.append((-weight, n, tag))
    return [tag for _, _, tag in sorted(found)]


def best(accepted: str, languages: tuple[str, ...]) -> str:
    """The most wanted of our languages, else the first."""
    wanted = [tag.partition("-")[0].lower() for tag in tags(accepted)]
    return next((language for language in wanted if language in languages), languages[0])


def _weight(quality: str) -> float:
    return float(quality) if re.fullmatch(r"[01](\.\d{1,3})?", quality) else 1.0
