"""What is only spoken: which proposals those are, and which voice messages can be taken."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Attachment, AttachmentKind
from storage.proposals import Content

FEWEST = 5  # letters: fewer beside a voice message are no words of their own
LONGEST = 300  # seconds


def voices(files: Sequence[Attachment]) -> list[Attachment]:
    """The voice messages among some files."""
    return [file for file in files if file.kind is AttachmentKind.VOICE]


def is_spoken(content: Content) -> bool:
    """Whether what is proposed is in a voice message alone."""
    return bool(voices(content.files)) and sum(map(str.isalpha, content.text)) < FEWEST


def is_too_short(file: Attachment) -> bool:
    """Whether a voice message is over before anything can be said; of whose length nobody knows, none is."""
    return file.kind is AttachmentKind.VOICE and file.seconds is not None and file.seconds < 1


def is_too_long(file: Attachment) -> bool:
    """Whether a voice message is longer than anybody can be asked to type."""
    return file.kind is AttachmentKind.VOICE and (file.seconds or 0) > LONGEST
