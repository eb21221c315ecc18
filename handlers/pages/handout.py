"""Hands a file out to whoever has its link, and says kindly where there is none any more."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from string import Template
from urllib.parse import quote

from aiohttp import web

from bot.errors import DatabaseTroubleError
from bot.links import GOOD_FOR, Links
from bot.model import Phrase, plain
from bot.texts import Texts
from handlers.pages.lookup import Best
from storage.links import Link

HOURS = GOOD_FOR.days * 24
SAFE = (
    "image/jpeg", "image/png", "image/webp", "image/gif", "audio/aac", "audio/ogg", "audio/mpeg", "application/pdf",
    "text/csv", "text/calendar", "application/zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)  # fmt: skip
HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}


class HandoutPage:
    """The one route of files. Nothing outside of the `folders` is ever given out."""

    def __init__(self, links: Links, texts: Texts, best: Best, folders: Sequence[Path], style: str) -> None:
        self._links = links
        self._texts = texts
        self._best = best
        self._folders = tuple(folder.resolve() for folder in folders)
        self._style = style
        self._template = Template((Path(__file__).parent / "handout.html").read_text("utf-8"))

    def routes(self) -> list[web.RouteDef]:
        """What the server must answer for files."""
        return [web.get(r"/f/{token:[\w.-]{1,80}}", self._give)]

    async def _give(self, request: web.Request) -> web.StreamResponse:
        try:
            link = await self._links.find(request.match_info["token"])
        except DatabaseTroubleError:
            return web.Response(status=503, headers={**HEADERS, "Retry-After": "5"})
        if link is None:
            return self._gone(request, 404)
        if self._links.is_over(link) or (path := self._path(link)) is None:
            return self._gone(request, 410)
        return web.FileResponse(path, headers=file_headers(link))

    def _path(self, link: Link) -> Path | None:
        """Where a file lies, if it still does."""
        path = Path(link.path).resolve()
        return path if path.is_file() and any(path.is_relative_to(one) for one in self._folders) else None

    def _gone(self, request: web.Request, status: int) -> web.Response:
        """A kind word in every language, that of the browser first."""
        first = self._best(request.headers.get("Accept-Language", ""), self._texts.languages)
        languages = (first, *(one for one in self._texts.languages if one != first))
        text = self._template.substitute(
            language=first,
            title=html.escape(self._texts.template(first, "link.title")),
            office=html.escape(self._texts.template(first, "pack.office")),
            style=html.escape(self._style),
            paragraphs="\n".join(self._paragraph(language) for language in languages),
        )
        return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)

    def _paragraph(self, language: str) -> str:
        said = plain(self._texts.render(language, Phrase("link.gone", {"hours": HOURS})))
        return f'  <p class="outcome" lang="{language}">{html.escape(said)}</p>'


def file_headers(link: Link) -> dict[str, str]:
    """A file is saved, never opened as one of our own pages, and kept by nobody in between."""
    kind = link.media_type.partition(";")[0].strip().lower()
    return {
        **HEADERS,
        "Content-Type": kind if kind in SAFE else "application/octet-stream",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(link.name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
