"""How a proposal and what became of it are shown, to its author and to staff alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.insight.dates import spoken as spoken_moment
from bot.insight.dates import spoken_day
from bot.model import Attachment, AttachmentKind, OutgoingFile, Phrase
from bot.turn import House
from handlers.acts.spoken import voices
from storage.cases import Case
from storage.proposals import Content

MEDIA_TYPES = {AttachmentKind.PHOTO: "image/jpeg", AttachmentKind.VOICE: "audio/ogg"}


def hour(house: House, at: datetime) -> str:
    """A day and an hour as they are read where the dialogue is."""
    return at.astimezone(house.zone).strftime("%d/%m/%Y %H:%M")


def spoken_end(at: datetime, house: House) -> Phrase:
    """The end of something in full words; midnight is the end of a day."""
    if at.astimezone(house.zone).time() != time():
        return spoken_moment(at, house.zone)
    return Phrase("dialogue.end_of", {"day": spoken_day(at - timedelta(microseconds=1), house.zone)})


def spoken_start(at: datetime, house: House) -> Phrase:
    """The beginning of something in full words; midnight is a whole day."""
    return spoken_day(at, house.zone) if at.astimezone(house.zone).time() == time() else spoken_moment(at, house.zone)


def channel(house: House, name: str) -> Phrase:
    """A messenger as it is called."""
    return Phrase(f"channel.{name}") if house.texts.has(f"channel.{name}") else Phrase("channel.other")


def path(house: House, case: Case) -> list[Phrase]:
    """The path that a proposal went, a line a step."""
    steps = [
        (step.at, Phrase("case.step", {"state": Phrase(f"state.{step.state}"), "at": hour(house, step.at)}))
        for step in case.steps
    ]
    passed = [
        (one.at, Phrase("case.passed", {"scope": scope_name(one.to_scope, house), "at": hour(house, one.at)}))
        for one in case.passings
    ]
    return [line for _, line in sorted([*steps, *passed], key=lambda dated: dated[0])]


def scope_name(scope: str, house: House) -> Phrase:
    """Whose dialogue it is, in words."""
    return house.pack.place(scope, "", house.era) if scope else Phrase("dialogue.province")


def said_since(house: House, case: Case) -> list[Phrase]:
    """What was added, asked and replied, a line each."""
    return [Phrase(f"case.{part.kind}", {"text": part.text, "at": hour(house, part.at)}) for part in case.parts]


def spoken(files: Sequence[Attachment]) -> Phrase:
    """The voice messages among some files: how many, and how long they are together where that is known."""
    found = voices(files)
    seconds = [file.seconds for file in found]
    if None in seconds:
        return Phrase("voice.some", {"count": len(found)})
    return Phrase("voice.long", {"count": len(found), "length": length(sum(filter(None, seconds)))})


def length(seconds: int) -> str:
    """Minutes and seconds: 0:42."""
    return f"{seconds // 60}:{seconds % 60:02}"


def wordless(files: Sequence[Attachment]) -> Phrase:
    """What stands where a text would, if there is none."""
    return Phrase("card.voice", {"voice": spoken(files)}) if voices(files) else Phrase("card.files_only")


def words(content: Content) -> Phrase:
    """What somebody wrote, whole."""
    return Phrase("card.text", {"text": content.text}) if content.text else wordless(content.files)


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
