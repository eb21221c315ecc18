"""How replies look on Telegram, and what is made of a refusal of their looks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import structlog

from bot.errors import NotSentError, RefusedError
from bot.model import Button, Json, OutgoingFile, Reply, plain

log = structlog.get_logger()
T = TypeVar("T")

LARGEST_OUT = 50 * 1024 * 1024  # bytes


def looks(reply: Reply) -> dict[str, Json]:
    """How a message is shown: its buttons, and no previews of links."""
    rows = [[as_key(button) for button in row] for row in reply.buttons]
    buttons = {"reply_markup": {"inline_keyboard": rows}} if rows else {}
    return {"link_preview_options": {"is_disabled": True}, **buttons}


def as_key(button: Button) -> dict[str, str]:
    """A button as Telegram has it."""
    return {"text": button.label} | ({"url": button.url} if button.url else {"callback_data": button.data})


async def marked_up(text: str, send: Callable[[str, dict[str, str]], Awaitable[T]]) -> T:
    """Sends a text with its markup, or without where Telegram refuses that."""
    try:
        return await send(text, {"parse_mode": "HTML"})
    except RefusedError as error:
        if "parse entities" not in str(error):
            raise
        log.error("a text was refused for its markup")
        return await send(plain(text), {})


@contextmanager
def unless_it_is_so_already() -> Iterator[None]:
    """What is shown already need not be changed."""
    try:
        yield
    except RefusedError as error:
        if "not modified" not in str(error):
            raise


def content_of(file: OutgoingFile) -> bytes:
    """The bytes of a file. Raises RefusedError where it is gone or Telegram would never take it."""
    try:
        if file.path.stat().st_size > LARGEST_OUT:
            raise RefusedError("the file is too large")
        return file.path.read_bytes()
    except FileNotFoundError as error:
        raise RefusedError("the file is gone") from error
    except OSError as error:
        raise NotSentError("the file cannot be read") from error
