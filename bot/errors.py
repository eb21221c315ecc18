"""Every error that is raised on purpose. The docstring of a class is its message unless one is given."""

from __future__ import annotations

import re


class BotError(Exception):
    """Something went wrong."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


# -- at start


class SettingsError(BotError):
    """A setting is wrong."""


class PackError(BotError):
    """The pack is incomplete or contradicts itself."""


class DatabaseLockedError(BotError):
    """Another process runs the bot on this database."""


# -- in storage


class StorageError(BotError):
    """The database refused a statement."""


class DatabaseTroubleError(StorageError):
    """The database cannot work now: full disk, lock, lost connection. It may work later."""


class ConflictError(StorageError):
    """A row with the same key is there already, or a rule of the schema forbids this one."""


class StaleError(StorageError):
    """Somebody else changed what this was decided on."""


class CollisionError(StaleError):
    """Two transactions stood in each other's way, and this one was given up."""


# -- in conversations


class InvalidError(BotError):
    """An answer cannot be taken. Its message is the key of the text that says why and what to do."""

    def __init__(self, key: str, **values: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class RepeatedKeyError(BotError):
    """A conversation met the same key twice in one run."""


class EndlessConversationError(BotError):
    """A conversation started over again and again without putting a question."""


class NoDialogueError(BotError):
    """No dialogue takes proposals."""


# -- while sending


class DeliveryError(BotError):
    """A message could not be delivered."""


class RefusedError(DeliveryError):
    """The messenger will never take this message."""


class UnreachableError(DeliveryError):
    """The person has blocked the bot or is gone."""


class MovedError(DeliveryError):
    """The chat goes on under another id."""

    def __init__(self, chat: str) -> None:
        super().__init__()
        self.chat = chat


class NotSentError(DeliveryError):
    """The message certainly did not reach the messenger; it may be tried again."""


class TooFastError(DeliveryError):
    """The messenger asks to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds:g} s")
        self.seconds = seconds


class UnsureError(DeliveryError):
    """Nobody knows whether the messenger took the message."""


# -- files


class FileTooLargeError(BotError):
    """The file is larger than the bot takes."""


# -- in logs

_PATH = re.compile(r"^.*/(?=bot/|handlers/|storage/)")


def frames(error: BaseException) -> str:
    """Where an error came from, by file and line: its message may hold what somebody wrote."""
    lines = [type(error).__name__]
    trace = error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        lines.append(f"{_PATH.sub('', code.co_filename)}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " < ".join(lines)
