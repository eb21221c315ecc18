"""How a proposal and what became of it are shown, to its author and to staff alike."""

from __future__ import annotations

from datetime import datetime

from bot.model import AttachmentKind, OutgoingFile, Phrase
from bot.turn import House
from storage.cases import Case

MEDIA_TYPES = {AttachmentKind.PHOTO: "image/jpeg", AttachmentKind.VOICE: "audio/ogg"}


def hour(house: House, at: datetime) -> str:
    """A day and an hour as they are read where the dialogue is."""
    return at.astimezone(house.zone).strftime("%d/%m/%Y %H:%M")


def channel(house: House, name: str) -> Phrase:
    """A messenger as it is called."""
    return Phrase(f"channel.{name}") if house.texts.has(f"channel.{name}") else Phrase("channel.other")


def path(house: House, case: Case) -> list[Phrase]:
    """The path that a proposal went, a line a step."""
    return [
        Phrase("case.step", {"state": Phrase(f"state.{step.state}"), "at": hour(house, step.at)}) for step in case.steps
    ]


def said_since(house: House, case: Case) -> list[Phrase]:
    """What was added, asked and replied, a line each."""
    return [Phrase(f"case.{part.kind}", {"text": part.text, "at": hour(house, part.at)}) for part in case.parts]


def file_names(case: Case) -> str:
    """The files by name."""
    return ", ".join(file.name for file in case.content.files)


def to_send(house: House, case: Case) -> list[OutgoingFile]:
    """The files that are in the store, ready to be sent; one that is still with a messenger is not."""
    return [
        OutgoingFile(house.files.path(file.digest), file.name, file.media_type or MEDIA_TYPES.get(file.kind, ""))
        for file in case.content.files
        if file.digest
    ]
