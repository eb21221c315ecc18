"""Links that open a chat with the bot and hand it a payload, such as where a poster hangs."""

from __future__ import annotations

import re

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")  # what Telegram allows; the web page takes the same


def telegram_link(bot: str, payload: str = "") -> str:
    """The chat with the bot of that user name on Telegram. Raises ValueError for a payload that may not travel."""
    return f"https://t.me/{bot.removeprefix('@')}{_start(payload)}"


def web_link(public_url: str, payload: str = "") -> str:
    """The web chat. Raises ValueError for a payload that may not travel."""
    return f"{public_url.rstrip('/')}/{_start(payload)}"


def _start(payload: str) -> str:
    if not _PAYLOAD.fullmatch(payload):
        raise ValueError("a payload has at most 64 of A–Z a–z 0–9 _ -")
    return f"?start={payload}" if payload else ""
