"""Asking staff when something is: as people write it, asked back until it is clear, and said in full words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import count

from bot.errors import InvalidError
from bot.insight.dates import Read, Unclear, read, spoken_reading
from bot.model import Json, Phrase
from bot.state import Answer
from bot.talk import Label, Talk
from bot.turn import House, Said
from storage.database import micros, moment

ASKED_BACK = 9  # times; more than anybody needs for one day
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class When:
    """What was said: a moment, or a whole day by its first moment; or the name of a button that was offered beside."""

    at: datetime = NEVER
    has_time: bool = True
    offered: str = ""


Complaint = Callable[[When], Phrase | None]


def nothing_wrong(when: When) -> Phrase | None:
    return None


async def ask_when(
    talk: Talk,
    key: str,
    text: str,
    offered: Mapping[str, Label] | None = None,
    complaint: Complaint = nothing_wrong,
) -> When:
    """Asks until a day or a moment is clear and nothing is wrong with it."""

    def parse(answer: Answer) -> Json:
        if answer.option.startswith("w"):
            return {"at": int(answer.option[2:]), "has_time": answer.option[1] == "t"}
        if answer.option:
            return {"offered": answer.option}
        found = read(answer.text, talk.now, talk.house.zone)
        if isinstance(found, Unclear):
            if not found.options:
                raise InvalidError(found.reason)
            return {"reason": found.reason, "options": [as_json(one) for one in found.options]}
        return as_json(found)

    asking, options = text, dict[str, Label](offered or {})
    for n in count():
        said = await talk.ask(f"{key}{n}", asking, parse, options)
        if "reason" in said:
            asking = said["reason"]
            options = {name_of(one): spoken_of(one, talk.house) for one in said["options"]}
            continue
        when = When(offered=said["offered"]) if "offered" in said else When(moment(said["at"]), said["has_time"])
        wrong = complaint(when)
        if wrong is None:
            return when
        talk.said.append(Said(wrong))
        asking, options = text, dict(offered or {})
    raise AssertionError("count() has no end")


def keys_of(key: str) -> list[str]:
    """The keys under which a day is asked for and asked back, to put all of it again."""
    return [f"{key}{n}" for n in range(ASKED_BACK)]


def as_json(found: Read) -> Json:
    return {"at": micros(found.start), "has_time": found.has_time}


def name_of(said: Json) -> str:
    """A reading as the option of a button."""
    return f"w{'t' if said['has_time'] else 'd'}{said['at']}"


def spoken_of(said: Json, house: House) -> Phrase:
    return spoken_reading(Read(moment(said["at"]), None, said["has_time"]), house.zone)


def end_of(when: When, house: House) -> datetime:
    """Up to when it is, if it is the last: a whole day counts to its end."""
    if when.has_time:
        return when.at
    following = when.at.astimezone(house.zone).date() + timedelta(days=1)
    return datetime.combine(following, time(), house.zone)
