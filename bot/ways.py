"""Where people find the bot, by the settings."""

from __future__ import annotations

from bot.config import Settings
from bot.turn import Ways


def public_url(settings: Settings) -> str:
    """Where people find the pages."""
    return settings.web.public_url or f"http://{settings.web.listen}{settings.web.base_path}"


def ways(settings: Settings) -> Ways:
    """The messengers that the pages offer, and where a proposal is looked up."""
    return Ways(settings.web.zalo_url, settings.web.telegram_url, public_url(settings) if settings.web.enabled else "")


def open_pages(settings: Settings) -> str:
    """Where people on other messengers can open the pages; "" where they cannot."""
    return settings.web.public_url if settings.web.enabled else ""
