"""The queue of updates that wait for the bot."""

from __future__ import annotations

import asyncio
from typing import Any

Json = dict[str, Any]

KINDS = frozenset({
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
    "edited_business_message", "deleted_business_messages", "guest_message", "message_reaction",
    "message_reaction_count", "inline_query", "chosen_inline_result", "callback_query", "shipping_query",
    "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member",
    "chat_join_request", "chat_boost", "removed_chat_boost", "managed_bot",
})  # fmt: skip
USUAL = KINDS - {"chat_member", "message_reaction", "message_reaction_count"}

FAR = 10
"""An offset that lies further than this behind the newest update is taken for one of another numbering."""


class Updates:
    """What waits, in order; `made` is everything there ever was; `bell` rings at whatever is new."""

    def __init__(self, first_id: int) -> None:
        self.next_id = first_id
        self.waiting: list[Json] = []
        self.made: list[Json] = []
        self.allowed = USUAL
        self.given_allowed: list[str] = []
        self._again: list[Json] = []
        self._forgetful = False
        self._poll: asyncio.Future[str] | None = None
        self._empty = asyncio.Event()
        self.bell = asyncio.Event()

    def allow(self, kinds: list[str]) -> None:
        """From now on only these are made; none: the usual ones."""
        self.given_allowed = kinds
        self.allowed = frozenset(kinds) or USUAL

    def add(self, kind: str, body: object) -> Json | None:
        """A new update, unless the bot does not want this kind."""
        return self.put({kind: body}) if kind in self.allowed else None

    def put(self, raw: Json) -> Json:
        """Anything at all; it gets an update_id if it has none."""
        update = {"update_id": self.next_id, **raw}
        self.next_id += "update_id" not in raw
        self.made.append(update)
        self.waiting.append(update)
        self._tell()
        return update

    def again(self, update: Json) -> None:
        """The next answer holds this update once more, whatever was confirmed."""
        self._again.append(update)
        self._tell()

    def forget_next_confirmation(self) -> None:
        self._forgetful = True

    def confirm(self, offset: int) -> None:
        """Forgets what lies before an offset; a negative one keeps the last so many."""
        if self._forgetful:
            self._forgetful = False
            return
        if offset < 0:
            del self.waiting[:offset]
        elif offset <= self.next_id + FAR:
            self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        self._look()

    def take(self, limit: int) -> list[Json]:
        """The first that wait. They stay until they are confirmed."""
        repeats, self._again = self._again, []
        self._look()
        return (repeats + self.waiting)[:limit]

    def drop(self) -> None:
        self.waiting.clear()
        self._look()

    def posted(self, update: Json) -> None:
        """A webhook took this very update; another one may look alike."""
        for place, one in enumerate(self.waiting):
            if one is update:
                del self.waiting[place]
                break
        self._look()

    async def emptied(self, seconds: float = 20.0) -> None:
        """Waits until the bot has taken everything."""
        async with asyncio.timeout(seconds):
            while not self.is_empty:
                self._empty.clear()
                await self._empty.wait()

    @property
    def is_empty(self) -> bool:
        return not self.waiting and not self._again

    def collect_repeats(self) -> None:
        """For a webhook, repeats are updates like others."""
        self.waiting.extend(self._again)
        self._again.clear()

    def end_poll(self, reason: str) -> None:
        """Ends a long poll that is under way; an empty reason ends it without complaint."""
        if self._poll and not self._poll.done():
            self._poll.set_result(reason)

    async def arrival(self, seconds: float) -> str:
        """Waits for updates; gives the reason why somebody else ended the wait, or ""."""
        self._poll = poll = asyncio.get_running_loop().create_future()
        done, _ = await asyncio.wait({poll}, timeout=seconds)
        return poll.result() if done else ""

    def _look(self) -> None:
        if self.is_empty:
            self._empty.set()

    def _tell(self) -> None:
        self.end_poll("")
        self.bell.set()
