"""The page for looking a proposal up: a form that needs no script and no cookie."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Callable
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from aiohttp import web

from bot.errors import DatabaseTroubleError
from bot.model import Phrase
from bot.turn import House
from handlers.acts import lookup as acts
from handlers.acts.lookup import Ask, Found, Later, clean_key, of_network, read
from handlers.looked_up import told
from storage.database import Database

LONGEST_FORM = 2048  # bytes
LONGEST_CODE = 40  # characters
MOST_FIELDS = 10
FORM = "application/x-www-form-urlencoded"
HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Vary": "Accept-Language"}
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
WORDS = {
    "title": "lookup.title",
    "office": "pack.office",
    "code_label": "lookup.code",
    "key_label": "lookup.key",
    "hint": "lookup.hint",
    "submit": "lookup.submit",
}

Best = Callable[[str, tuple[str, ...]], str]  # an Accept-Language header, our languages -> one of them


class LookupPage:
    """The page in each language, at the address that the command has in each of them.

    Tries are counted by the address that a request comes from, which the server reads from X-Forwarded-For where a
    trusted proxy says so, and nowhere else.
    """

    def __init__(self, database: Database, house: House, secret: bytes, best: Best) -> None:
        self._database = database
        self._house = house
        self._secret = secret
        self._best = best
        folder = Path(__file__).parent
        self._template = Template((folder / "look.html").read_text("utf-8"))
        self._style = (folder / "look.css").read_bytes()
        self._version = hashlib.sha256(self._style).hexdigest()[:16]

    @property
    def style(self) -> str:
        """Where the look of the page is found, for other pages that look like it."""
        return f"/{min(self._house.texts.every('command.lookup'))}/look.css?v={self._version}"

    def routes(self) -> list[web.RouteDef]:
        """What the server must answer for the page."""
        paths = [f"/{word}" for word in sorted(self._house.texts.every("command.lookup"))]
        return [
            *(web.get(path, self._form) for path in paths),
            *(web.post(path, self._ask) for path in paths),
            *(web.get(f"{path}/look.css", self._look) for path in paths),
        ]

    async def _look(self, request: web.Request) -> web.Response:
        return web.Response(body=self._style, content_type="text/css", charset="utf-8", headers=FOREVER)

    async def _form(self, request: web.Request) -> web.Response:
        return self._page(request, request.query.get("code", ""))

    async def _ask(self, request: web.Request) -> web.Response:
        fields = await posted(request)
        typed = fields.get("code", "")
        code, key = read(typed)
        key = clean_key(fields.get("key", "")) or key
        if not code:
            return self._page(request, typed, Phrase("lookup.no_code"), status=422)
        if not key:
            return self._page(request, code, Phrase("lookup.no_key"), status=422)
        try:
            found = await self._found(Ask(code, key, of_network(self._secret, request.remote or "")))
        except DatabaseTroubleError:
            return self._page(request, code, Phrase("lookup.trouble"), status=503)
        return self._page(request, code, told(self._house, found), status=429 if isinstance(found, Later) else 200)

    async def _found(self, ask: Ask) -> Found | Later | None:
        now = self._house.clock()
        reader = await self._database.snapshot()
        try:
            found = await acts.check(reader, ask, now)
        finally:
            await reader.close()
        if isinstance(found, Later):
            return found
        async with self._database.transaction() as tx:
            told_now = await acts.count(tx, ask, now, wrong=found is None)
            return found if told_now else await acts.blocked(tx, ask, now)

    def _page(self, request: web.Request, code: str, said: Phrase | None = None, *, status: int = 200) -> web.Response:
        texts = self._house.texts
        wanted = request.query.get("lang", "")
        accepted = request.headers.get("Accept-Language", "")
        language = wanted if wanted in texts.languages else self._best(accepted, texts.languages)
        values = {
            **{name: html.escape(texts.template(language, key)) for name, key in WORDS.items()},
            "language": language,
            "path": request.path,
            "version": self._version,
            "code": html.escape(code[:LONGEST_CODE]),
            "outcome": outcome(texts.render(language, said)) if said else "",
            "others": "\n".join(self._link(request, other) for other in texts.languages if other != language),
        }
        text = self._template.substitute(values)
        return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)

    def _link(self, request: web.Request, language: str) -> str:
        name = html.escape(self._house.texts.template(language, f"language.{language}"))
        return f'<a href="{request.path}?lang={language}" lang="{language}" hreflang="{language}">{name}</a>'


def outcome(text: str) -> str:
    """What was found, where a reader of screens begins; the text is HTML already."""
    return f'  <p class="outcome" id="outcome" role="status" tabindex="-1" autofocus>{text}</p>'


async def posted(request: web.Request) -> dict[str, str]:
    """The fields of a small form. Raises HTTPException for anything else."""
    if request.content_type != FORM:
        raise web.HTTPUnsupportedMediaType
    if request.content_length is None:
        raise web.HTTPLengthRequired
    if request.content_length > LONGEST_FORM:
        raise web.HTTPRequestEntityTooLarge(LONGEST_FORM, request.content_length)
    try:
        fields = parse_qs((await request.read()).decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise web.HTTPBadRequest from error
    return {name: values[0] for name, values in fields.items()}
