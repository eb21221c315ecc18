"""Static files: read once, packed once, named by a hash over all of them so that a browser keeps them for good."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".html": "text/html",
    ".webmanifest": "application/manifest+json",
}
FOREVER = "public, max-age=31536000, immutable"
_LEAST = 200  # bytes under which packing is not worth it


@dataclass(frozen=True)
class Static:
    """A file as it is sent, packed and not, with a hash of its bytes."""

    body: bytes
    media_type: str

    @cached_property
    def tag(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:16]

    @cached_property
    def packed(self) -> bytes:
        return gzip.compress(self.body, 9, mtime=0)

    def answer(self, request: web.Request, cache: str, **headers: str) -> web.Response:
        """The file for a request, packed where the browser takes that; nothing where it has it."""
        pictures = self.media_type == "image/png"
        headers = {
            "ETag": f'"{self.tag}"',
            "Cache-Control": cache,
            **({} if pictures else {"Vary": "Accept-Encoding"}),
            **headers,
        }
        if any(tag.value in (self.tag, "*") for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        packs = not pictures and len(self.body) >= _LEAST and takes_gzip(request.headers.get("Accept-Encoding", ""))
        if packs:
            headers["Content-Encoding"] = "gzip"
        return web.Response(
            body=self.packed if packs else self.body,
            content_type=self.media_type,
            charset=None if pictures else "utf-8",
            headers=headers,
        )


class Statics:
    """All files of the folder. `version` changes when any of them does."""

    def __init__(self) -> None:
        found = [path for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES and path.suffix != ".html"]
        self.files = {path.name: Static(path.read_bytes(), TYPES[path.suffix]) for path in found}
        names = "".join(f"{name}:{file.tag};" for name, file in self.files.items())
        self.version = hashlib.sha256(names.encode()).hexdigest()[:16]

    def answer(self, request: web.Request) -> web.Response:
        """A file for a request. Raises HTTPNotFound."""
        found = self.files.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        exact = request.match_info.get("version") == self.version
        return found.answer(request, FOREVER if exact else "no-cache")


def takes_gzip(accepted: str) -> bool:
    """Whether a browser takes gzip, by its Accept-Encoding header."""
    offers = [offer.strip().lower() for offer in accepted[:500].split(",")]
    return any(offer.split(";")[0].strip() == "gzip" and not offer.endswith(("q=0", "q=0.0")) for offer in offers)
