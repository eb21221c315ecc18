"""Somebody with a browser who goes on until the bot has answered, however often the connection breaks."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from contextlib import suppress

import aiohttp

from bot.model import Json

PATIENCE = 30.0  # seconds until a person who is not answered gives up
AGAIN = 0.03  # seconds between tries


class Visitor:
    """One browser: its cookie, its screen, and what it posted."""

    def __init__(self, url: str, cookies: aiohttp.CookieJar | None = None) -> None:
        self.url = url
        self.screen: dict[int, Json] = {}
        self._seen = 0
        self._cookies = cookies or aiohttp.CookieJar(unsafe=True)
        self._session = aiohttp.ClientSession(url, cookie_jar=self._cookies)
        self._headers = {"Origin": url, "Accept-Language": "vi"}

    def elsewhere(self, url: str) -> Visitor:
        """The same browser at another address of the same host."""
        return Visitor(url, self._cookies)

    async def close(self) -> None:
        await self._session.close()

    async def open(self) -> None:
        """Loads the page, which gives the browser its chat."""
        while True:
            with suppress(aiohttp.ClientError):
                async with self._session.get("/") as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(AGAIN)

    async def say(self, text: str) -> None:
        await self._post(text=text)

    async def press(self, label: str) -> None:
        """Presses the newest button whose label holds the text, as soon as there is one."""
        await self.until(lambda: self._button(label) is not None)
        await self._post(press=self._button(label) or "")

    async def until(self, seen: Callable[[], bool]) -> None:
        """Watches the screen until something is seen. Raises TimeoutError with what is there instead."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not seen():
                    with suppress(aiohttp.ClientError, ConnectionError):
                        await self._watch(seen)
                    await asyncio.sleep(AGAIN)
        except TimeoutError:
            raise TimeoutError(f"nothing more came after:\n{self.shown()}") from None

    def said(self, side: str) -> list[str]:
        """What one side said, in order."""
        return [text(message) for _, message in sorted(self.screen.items()) if message["side"] == side]

    def shown(self) -> str:
        """The whole screen, buttons included."""
        lines = (
            f"{m['side']}: {text(m)} {[b['label'] for row in m['buttons'] for b in row]}"
            for _, m in sorted(self.screen.items())
        )
        return "\n".join(lines)

    def _button(self, label: str) -> str | None:
        for _, message in sorted(self.screen.items(), reverse=True):
            for row in message["buttons"]:
                for button in row:
                    if label in button["label"]:
                        return str(button["data"])
        return None

    async def _post(self, **fields: str) -> None:
        """Posts until it is acknowledged, each time under the same id: a page does not know what arrived."""
        id_ = uuid.uuid4().hex
        while True:
            with suppress(aiohttp.ClientError, ConnectionError):
                form = aiohttp.FormData({"id": id_, **fields}, default_to_multipart=True)
                async with self._session.post("/chat/messages", data=form, headers=self._headers) as response:
                    if response.status == 200:
                        return
                    assert response.status == 503, (response.status, await response.text())
            await asyncio.sleep(AGAIN)

    async def _watch(self, seen: Callable[[], bool]) -> None:
        async with self._session.ws_connect(f"/chat?after={self._seen}", headers=self._headers) as socket:
            async for frame in socket:
                self._take(frame.json())
                if seen():
                    return

    def _take(self, told: Json) -> None:
        for message in told.get("messages", ()):
            self.screen[message["number"]] = message
            self._seen = max(self._seen, message["change"])
        if "standing" in told:
            self.screen = {number: self.screen[number] for number in told["standing"]}


def text(message: Json) -> str:
    return "".join(run for run, _ in message["spans"])
