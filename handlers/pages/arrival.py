"""Where posters lead: the ways to talk, each of which knows already at which place somebody stands."""

from __future__ import annotations

import hashlib
import html
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from aiohttp import web

from bot.turn import House
from handlers.pages.lookup import FOREVER, Best

PLACE = "p_"  # what a start carries that names a place
HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Vary": "Accept-Language"}


class ArrivalPage:
    """A small page at `/p/<code of a place>`, in each language; a place that nobody knows is left out."""

    def __init__(self, house: House, best: Best) -> None:
        self._house = house
        self._best = best
        folder = Path(__file__).parent
        self._template = Template((folder / "arrival.html").read_text("utf-8"))
        self._style = (folder / "look.css").read_bytes()
        self._version = hashlib.sha256(self._style).hexdigest()[:16]
        self._places = {unit.code: unit.name for unit in house.pack.units(house.era)}

    def routes(self) -> list[web.RouteDef]:
        """What the server must answer for the page."""
        return [web.get("/p/look.css", self._look), web.get("/p/{place}", self._page)]

    async def _look(self, request: web.Request) -> web.Response:
        return web.Response(body=self._style, content_type="text/css", charset="utf-8", headers=FOREVER)

    async def _page(self, request: web.Request) -> web.Response:
        place = request.match_info["place"]
        name = self._places.get(place, "")
        language = self._language(request)
        values = {
            "language": language,
            "version": self._version,
            "title": self._said(language, "web.title"),
            "office": self._said(language, "pack.office"),
            "greeting": self._greeting(language, name),
            "ask": self._said(language, "arrival.ask"),
            "ways": "\n".join(self._ways(language, place if name else "")),
            "note": self._said(language, "arrival.note"),
            "others": "\n".join(self._other(one) for one in self._house.texts.languages if one != language),
        }
        text = self._template.substitute(values)
        return web.Response(text=text, content_type="text/html", headers=HEADERS)

    def _language(self, request: web.Request) -> str:
        languages, wanted = self._house.texts.languages, request.query.get("lang", "")
        return wanted if wanted in languages else self._best(request.headers.get("Accept-Language", ""), languages)

    def _said(self, language: str, key: str) -> str:
        return html.escape(self._house.texts.template(language, key))

    def _greeting(self, language: str, place: str) -> str:
        about = self._said(language, "pack.bot_about")
        return (
            f"{self._said(language, 'arrival.at').replace('{place}', html.escape(place))} {about}" if place else about
        )

    def _ways(self, language: str, place: str) -> list[str]:
        """A link for each way that is set up; the page itself is always one, and stands first."""
        start = f"{PLACE}{place}" if place else ""
        ways = self._house.ways
        telegram = joined(ways.telegram, start) if ways.telegram else ""
        links = (("web", joined("../", start)), ("zalo", ways.zalo), ("telegram", telegram))
        return [
            f'    <li><a class="way {name}" href="{html.escape(to)}" rel="noopener">{self._said(language, f"arrival.{name}")}</a></li>'
            for name, to in links
            if to
        ]

    def _other(self, language: str) -> str:
        name = self._said(language, f"language.{language}")
        return f'<a href="?lang={language}" lang="{language}" hreflang="{language}">{name}</a>'


def joined(address: str, start: str) -> str:
    """An address that carries a start along."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'start': start})}" if start else address
