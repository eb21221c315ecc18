"""Addresses of files for those whose messenger carries none: signed, for one chat, and gone after a day."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import OutgoingFile
from storage import addresses, links
from storage.database import Database, micros
from storage.links import Link

GOOD_FOR = timedelta(days=1)
_ID = 12  # bytes that are drawn
_SIGNATURE = 16  # bytes


@dataclass(frozen=True)
class Links:
    """Makes links and finds what they lead to. `pages` is the address that people open, "" where there is none.

    A link is a number that is drawn and a signature over all that it stands for, which is stored nowhere: whoever reads
    the database still cannot open one.
    """

    database: Database
    secret: bytes
    pages: str
    clock: Callable[[], datetime]

    async def offer(self, channel: str, chat: str, file: OutgoingFile) -> str:
        """An address where the chat finds a file for a day; "" where there are no pages or no such chat.

        Raises StorageErrors.
        """
        if not self.pages:
            return ""
        reader = await self.database.snapshot()
        try:
            address_id = await addresses.find(reader, channel, chat)
        finally:
            await reader.close()
        if address_id is None:
            return ""
        expires = micros(self.clock() + GOOD_FOR)
        drawn = secrets.token_urlsafe(_ID)
        link = Link(drawn, address_id, str(file.path), file.name, file.media_type, expires)
        await self.database.write([links.add(link)])
        return f"{self.pages}/f/{drawn}.{self._signature(link)}"

    async def find(self, token: str) -> Link | None:
        """What the last part of an address stands for, be it expired; None for one that was never made here."""
        drawn, _, signature = token.partition(".")
        reader = await self.database.snapshot()
        try:
            link = await links.find(reader, drawn)
        finally:
            await reader.close()
        expected = self._signature(link) if link else ""
        genuine = hmac.compare_digest(signature.encode("utf-8", "replace"), expected.encode())
        return link if genuine else None

    def is_over(self, link: Link) -> bool:
        """Whether a link has expired."""
        return link.expires_at <= micros(self.clock())

    def _signature(self, link: Link) -> str:
        said = "\0".join(("file", link.id, str(link.address_id), link.path, str(link.expires_at)))
        whole = hmac.new(self.secret, said.encode("utf-8", "surrogateescape"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(whole[:_SIGNATURE]).decode().rstrip("=")
