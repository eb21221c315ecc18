"""The words of an export in one language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from bot.exports.sheet import COLUMNS
from bot.texts import Texts

_HOLE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Labels:
    """All words that an export needs besides what its lines say. Those marked have holes."""

    columns: tuple[str, ...]
    summary: str
    questions: str
    made: str  # {time} {date}
    page: str  # {page} {pages}
    count: str
    total: str
    topic: str  # {topic} {count}
    place: str  # {place} {count}
    all: str  # {count}
    nothing: str
    no_topic: str
    no_place: str
    unknown: str
    goes_on: str
    rest: str  # {code}
    by_topic: str
    by_kind: str
    by_age_band: str
    by_day: str
    by_place_and_topic: str


def labels(texts: Texts, language: str) -> Labels:
    """The words in a language; what it lacks comes in the source language. Raises KeyError where that lacks one too."""
    say = partial(texts.template, language)
    return Labels(
        columns=tuple(say(column.title) for column in COLUMNS),
        summary=say("export.summary"),
        questions=say("export.questions"),
        made=say("export.made"),
        page=say("export.page"),
        count=say("export.count"),
        total=say("export.total"),
        topic=say("export.topic"),
        place=say("export.place"),
        all=say("export.all"),
        nothing=say("export.nothing"),
        no_topic=say("export.no_topic"),
        no_place=say("export.no_place"),
        unknown=say("export.unknown"),
        goes_on=say("export.goes_on"),
        rest=say("export.rest"),
        by_topic=say("export.by.topic"),
        by_kind=say("export.by.kind"),
        by_age_band=say("export.by.age_band"),
        by_day=say("export.by.day"),
        by_place_and_topic=say("export.by.place_and_topic"),
    )


def fill(label: str, **values: str | int) -> str:
    """The label with its holes filled; nothing is escaped, and a hole without a value stays as it is."""
    return _HOLE.sub(lambda match: str(values.get(match[1], match[0])), label)
