"""What jobs ask of the messengers: files that are still there, and menus of commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import aclosing

import structlog

from bot.channel import Channel, Command
from bot.errors import NotSentError
from bot.feature import Features
from bot.run import STEPS
from bot.texts import Texts
from bot.turn import Where
from storage.files import FileStore, Stored

log = structlog.get_logger()


class Reach:
    """The channels by name, as jobs may use them."""

    def __init__(self, channels: Mapping[str, Channel], store: FileStore, features: Features, texts: Texts) -> None:
        self._channels = channels
        self._store = store
        self._features = features
        self._texts = texts

    async def fetch(self, channel: str, reference: str) -> Stored:
        """Puts a file into the store. Raises FileTooLargeError and DeliveryErrors."""
        try:
            async with aclosing(self._channels[channel].fetch(reference)) as chunks:
                return await self._store.save(chunks)
        except OSError as error:
            log.error("a file cannot be kept", reason=error.strerror)
            raise NotSentError(f"the file cannot be kept: {error.strerror}") from error

    async def offer(self, where: Where) -> None:
        """Shows the person of a chat the commands of their role. Raises DeliveryErrors."""
        commands = menu(self._features, self._texts, where.language, where.role)
        await self._channels[where.channel].offer(where.chat, commands)


def menu(features: Features, texts: Texts, language: str, role: str) -> Sequence[Command]:
    """The commands with a description that a role may use, in the order of the features."""
    names = [name for name in features.names if features.may_use(role, name)]
    return [
        Command(texts.template(language, f"command.{name}"), texts.template(language, f"menu.{name}"))
        for name in (*names, *STEPS)
        if texts.has(f"menu.{name}")
    ]
