"""A dialogue's proposals as an export: read from the database, in the words of the pack."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from bot import pack as packs
from bot import texts
from bot.config import Location
from bot.errors import SettingsError
from bot.exports.labels import labels
from bot.exports.sheet import Heading, Line
from bot.exports.write import Format, write
from bot.model import Phrase, plain
from bot.pack import Pack
from bot.texts import Texts
from storage import dialogues, proposals
from storage.dialogues import Dialogue
from storage.opening import open_database
from storage.proposals import Listed


def export(
    database: Location, pack_folder: Path, code: str, form: Format, out: Path, language: str, made_at: datetime
) -> int:
    """Writes an export; gives the number of proposals. An empty code is the current dialogue.

    It opens everything itself and makes the folder of `out`, so that it can run in a process of its own. Raises
    SettingsError for an unknown code, DatabaseTroubleError and OSError.
    """
    pack = packs.load(pack_folder)
    words = texts.load(texts.HERE, pack.texts)
    found, listed = asyncio.run(_read(database, code))
    speaker = Speaker(pack, words, language, found.era)
    lines = sorted(
        (speaker.line(one) for one in listed), key=lambda line: (speaker.rank(line.topic), line.unit, line.code)
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    heading = Heading(
        speaker.say(Phrase("export.title")), speaker.say(Phrase("export.dialogue", {"code": found.code, "theme": found.theme})),
        made_at.astimezone(pack.zone),
    )  # fmt: skip
    write(form, out, heading, lambda: lines, labels(words, language))
    return len(lines)


async def _read(database: Location, code: str) -> tuple[Dialogue, list[Listed]]:
    source = await open_database(database, read_only=True)
    try:
        reader = await source.snapshot()
        found = await dialogues.by_code(reader, code) if code else await dialogues.current(reader)
        if found is None:
            known = ", ".join(d.code for d in await dialogues.every(reader)) or "none yet"
            raise SettingsError(f"--dialogue: there is no dialogue {code or '(current)'}; known are: {known}")
        listed = [one async for one in proposals.of_dialogue(reader, found.id)]
        await reader.close()
    finally:
        await source.close()
    return found, listed


class Speaker:
    """Puts a proposal in the words of an export."""

    def __init__(self, pack: Pack, words: Texts, language: str, era: int) -> None:
        self.pack = pack
        self.words = words
        self.language = language
        self.era = era
        self._ranks = {self.say(Phrase(f"topic.{topic.slug}")): rank for rank, topic in enumerate(pack.topics)}

    def say(self, phrase: Phrase) -> str:
        """A phrase as plain text."""
        return plain(self.words.render(self.language, phrase))

    def text(self, listed: Listed) -> str:
        """What was written. Of what was only spoken: that it waits to be typed, or the words with the note that staff typed them."""
        if listed.hearing in ("waiting", "unclear"):
            return "\n".join(filter(None, (listed.text, self.say(Phrase(f"hearing.{listed.hearing}")))))
        typed = listed.hearing == "typed"
        return self.say(Phrase("export.typed", {"text": listed.text})) if typed else listed.text

    def rank(self, topic: str) -> int:
        """Where a topic stands in the pack's list."""
        return self._ranks.get(topic, len(self._ranks))

    def line(self, listed: Listed) -> Line:
        """A proposal as a line. A name stands there only where its age band may be named."""
        main = listed.topics[0]
        named = self.pack.age(listed.age_band).may_be_named
        return Line(
            code=listed.code,
            text=self.text(listed),
            lead=listed.lead,
            topics=tuple(self.say(Phrase(f"topic.{topic}")) for topic in listed.topics),
            unit=self.say(self.pack.place(listed.place, "", self.era)),
            place=self.say(self.pack.place(listed.place, listed.former_place, self.era)),
            kind=self.say(Phrase(f"kind.{listed.kind}")),
            age_band=self.say(Phrase(f"age.{listed.age_band}")),
            name=listed.name if named else "",
            readers=self.say(Phrase("export.only_province" if listed.only_province else "export.all_readers")),
            competence="",
            agency=" / ".join(self.say(Phrase(f"agency.{slug}")) for slug in self.pack.agencies(main, self.era)),
            state=self.say(Phrase(f"state.{listed.state}")),
            created_at=listed.created_at.astimezone(self.pack.zone),
            files=listed.files,
            group=self.say(Phrase("export.group", {"number": listed.group})) if listed.group else "",
            typed_place=listed.typed_place,
        )
