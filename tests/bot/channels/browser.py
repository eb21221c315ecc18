"""A browser as the server sees it: cookies, posts, one WebSocket."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientResponse, ClientSession, ClientWebSocketResponse, CookieJar, FormData

from bot.model import Button, Json, Reply
from tests.bot.channels.site import Site

PNG = bytes.fromhex("89504e470d0a1a0a") + b"0" * 100
YES = Reply("Bạn đến nhé?", ((Button("Có", "1:1:1"), Button("Không", "1:1:2")),))


class Browser:
    """A browser's cookies and what a page does with them."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.session = ClientSession(site.url, cookie_jar=CookieJar(unsafe=True))
        self.headers = {"Origin": site.url, "Accept-Language": "vi-VN,vi;q=0.9"}

    async def open(self) -> str:
        async with self.session.get("/") as response:
            assert response.status == 200
            return await response.text()

    @property
    def chat(self) -> str:
        return self.cookie.partition(".")[0]

    @property
    def cookie(self) -> str:
        return next(morsel.value for morsel in self.session.cookie_jar if morsel.key == "chat")

    async def post(self, *, status: int = 200, files: tuple[tuple[str, bytes, str], ...] = (), **fields: str) -> Json:
        form = FormData(default_to_multipart=True, quote_fields=False)
        for name, value in {"id": "message-1", **fields}.items():
            form.add_field(name, value)
        for name, content, media_type in files:
            form.add_field("files", io.BytesIO(content), filename=name, content_type=media_type)
        async with self.session.post("/chat/messages", data=form, headers=self.headers) as response:
            assert response.status == status, await response.text()
            return await response.json()

    @asynccontextmanager
    async def listening(self, after: int = 0) -> AsyncIterator[ClientWebSocketResponse]:
        async with self.session.ws_connect(f"/chat?after={after}", headers=self.headers) as socket:
            yield socket

    async def shown(self, after: int = 0) -> list[Json]:
        async with self.listening(after) as socket:
            return list((await told(socket))["messages"])

    async def file(self, path: str) -> ClientResponse:
        response = await self.session.get(path)
        await response.read()
        return response


async def told(socket: ClientWebSocketResponse) -> Json:
    return await socket.receive_json(timeout=15)


def text(message: Json) -> str:
    return "".join(run for run, _ in message["spans"])
