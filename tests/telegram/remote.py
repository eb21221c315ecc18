"""A phone in a stand-in that runs as a process of its own."""

from __future__ import annotations

import base64
from typing import Any, cast

from aiohttp import ClientSession

Json = dict[str, Any]


class RemotePhone:
    """A person; what a Phone does, over HTTP."""

    def __init__(self, session: ClientSession, url: str, user_id: int, first_name: str = "Lan") -> None:
        self._session = session
        self._url = f"{url}/phone/{user_id}"
        self._first_name = first_name

    async def send(self, text: str) -> int:
        return cast(int, await self._act("send", text=text))

    async def start(self, payload: str = "") -> int:
        return cast(int, await self._act("start", payload=payload))

    async def edit(self, message_id: int, text: str) -> int:
        return cast(int, await self._act("edit", message_id=message_id, text=text))

    async def press(self, label: str) -> str:
        return cast(str, await self._act("press", label=label))

    async def press_on(self, message_id: int, data: str) -> str:
        return cast(str, await self._act("press_on", message_id=message_id, data=data))

    async def photo(self, content: bytes, caption: str = "") -> int:
        return cast(int, await self._act("photo", content=packed(content), caption=caption))

    async def document(self, name: str, content: bytes, media_type: str, caption: str = "") -> int:
        whole = {"name": name, "media_type": media_type, "caption": caption}
        return cast(int, await self._act("document", content=packed(content), **whole))

    async def block(self) -> None:
        await self._act("block")

    async def unblock(self) -> None:
        await self._act("unblock")

    async def screen(self) -> list[Json]:
        """Everything in the chat, in order, as Shown.json gives it."""
        return cast(list[Json], await self._get("screen"))

    async def notices(self) -> list[list[str]]:
        """The answers to presses, as [query id, text]."""
        return cast(list[list[str]], await self._get("notices"))

    async def _get(self, what: str) -> Any:
        async with self._session.get(f"{self._url}/{what}") as response:
            return await response.json()

    async def _act(self, act: str, **given: Any) -> Any:
        async with self._session.post(f"{self._url}/{act}", json={"first_name": self._first_name, **given}) as response:
            answer = await response.json()
        if "error" in answer:
            raise LookupError(answer["error"])
        return answer["result"]


def packed(content: bytes) -> str:
    return base64.b64encode(content).decode()
