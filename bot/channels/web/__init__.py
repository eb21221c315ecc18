"""The web chat: a page like a phone's chat, for everybody who has a browser."""

from bot.channels.web.channel import WebChannel

__all__ = ["WebChannel"]
