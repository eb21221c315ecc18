"""The page itself, in each language, alone and in a frame of another site; what a browser needs to install it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.channels.web.form import LONGEST_TEXT, MOST_FILES
from bot.channels.web.identity import LANGUAGE
from bot.channels.web.kinds import ENDINGS
from bot.channels.web.statics import FOLDER, Static, Statics
from bot.model import Json
from bot.texts import SOURCE, Texts

OFFICE, NAME, ABOUT = "pack.office", "pack.bot_name", "pack.bot_about"
OUTSIDE = ("web.title", "web.push_text")  # what is said outside of the page
COLOUR, BACK = "#a61f4f", "#fffaf5"
FIRST = ("main.js", "say.js", "draw.js", "outbox.js", "line.js", "composer.js")  # what the first question needs
_HOLE = re.compile(r"\{\{([a-z_.]+)\}\}")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")


@dataclass(frozen=True)
class About:
    """What the page must know: the size of the largest file, the key that pushes are signed with, who may frame it."""

    largest: int
    push_key: str
    base_path: str = ""
    embed_origins: Sequence[str] = ()


class Page:
    """The page in each language."""

    def __init__(self, texts: Texts, about: About) -> None:
        self._texts = texts
        self._about = about
        self.statics = Statics()
        template = (FOLDER / "index.html").read_text("utf-8")
        self._pages = {
            (language, framed): Static(fill(template, self._values(language, framed=framed)).encode(), "text/html")
            for language in texts.languages
            for framed in (False, True)
        }
        self._worker = self._with_values("sw.js")
        self._widget = self._with_values("widget.js")

    def index(self, request: web.Request, *, framed: bool = False) -> web.Response:
        """The page in the language that was chosen, else in the best one for the browser."""
        page = self._pages[self.language(request), framed]
        return page.answer(request, "no-store", Vary="Accept-Language, Accept-Encoding, Cookie")

    def language(self, request: web.Request) -> str:
        """The language of a request: the one asked for, the one chosen before, or the best the browser wants."""
        chosen = (request.query.get("lang", ""), request.cookies.get(LANGUAGE, ""))
        accepted = request.headers.get("Accept-Language", "")
        return next((one for one in chosen if one in self._texts.languages), best(accepted, self._texts.languages))

    @property
    def languages(self) -> tuple[str, ...]:
        return self._texts.languages

    def say(self, request: web.Request, key: str) -> str:
        """A text in the language of a request."""
        return self._texts.template(self.language(request), key)

    def worker(self, request: web.Request) -> web.Response:
        """The service worker, which must be looked for anew each time."""
        return self._worker.answer(request, "no-cache", **{"Service-Worker-Allowed": f"{self._about.base_path}/"})

    def widget(self, request: web.Request) -> web.Response:
        """The script that other sites show the chat with."""
        return self._widget.answer(request, "public, max-age=3600", **{"Cross-Origin-Resource-Policy": "cross-origin"})

    def manifest(self, request: web.Request) -> web.Response:
        """What the page is called and looks like once it is installed."""
        language, version = self.language(request), self.statics.version
        icons = [
            {"src": f"static/{version}/{name}", "sizes": sizes, "type": media_type, "purpose": purpose}
            for name, sizes, media_type, purpose in (
                ("icon.svg", "any", "image/svg+xml", "any"),
                ("icon-192.png", "192x192", "image/png", "any"),
                ("icon-512.png", "512x512", "image/png", "any"),
                ("icon-mask.png", "512x512", "image/png", "maskable"),
            )
        ]
        found = {
            "id": f"{self._about.base_path}/",
            "name": self._texts.template(language, NAME),
            "short_name": self._texts.template(language, NAME),
            "description": self._texts.template(language, ABOUT),
            "lang": language,
            "start_url": "./",
            "scope": "./",
            "display": "standalone",
            "background_color": BACK,
            "theme_color": COLOUR,
            "icons": icons,
        }
        body = json.dumps(found, ensure_ascii=False).encode()
        answer = Static(body, "application/manifest+json").answer(request, "no-cache")
        answer.headers["Vary"] = "Accept-Language, Accept-Encoding, Cookie"
        return answer

    def _with_values(self, name: str) -> Static:
        """A script that needs to know the version, and a few texts."""
        texts, languages = self._texts, self._texts.languages
        known = {
            "version": self.statics.version,
            "shell": [*FIRST, "chat.css", "icon.svg"],
            "languages": list(languages),
            "texts": {
                language: {key.removeprefix("web."): texts.template(language, key) for key in OUTSIDE}
                for language in languages
            },
        }
        source = self.statics.files[name].body.decode()
        return Static(f"const KNOWN = {as_script(known)};\n{source}".encode(), "text/javascript")

    def _values(self, language: str, *, framed: bool) -> dict[str, str]:
        texts, version = self._texts, self.statics.version
        keys = [key for key in texts.catalogues[SOURCE] if key.startswith("web.")]
        said = {key: texts.template(language, key) for key in [*keys, OFFICE]}
        settings = {
            "texts": said,
            "limits": {"files": MOST_FILES, "bytes": self._about.largest, "characters": LONGEST_TEXT},
            "languages": {one: texts.template(one, f"language.{one}") for one in texts.languages},
            "pushKey": self._about.push_key,
            "framed": framed,
            "embedOrigins": list(self._about.embed_origins) if framed else [],
        }
        links = "\n".join(f'<link rel="modulepreload" href="static/{version}/{name}">' for name in FIRST[1:])
        plain = {
            **said,
            "language": language,
            "version": version,
            "colour": COLOUR,
            "accept": accepted_kinds(),
            "view": "framed" if framed else "whole",
        }
        escaped = {key: html.escape(value) for key, value in plain.items()}
        return {**escaped, "preload": links, "settings": as_script(settings)}


def accepted_kinds() -> str:
    """What a browser should let people choose."""
    return ",".join(["image/*", "audio/*", *(f".{ending}" for endings in ENDINGS.values() for ending in endings)])


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
