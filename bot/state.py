"""Where a conversation stands: its answers in the order of the last run, and the question that waits."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from bot.model import Attachment, Json


class Entry(StrEnum):
    """What a line of the log is."""

    ANSWER = "answer"
    KEPT = "kept"
    DONE = "done"


class Back(StrEnum):
    """What became of a step back."""

    DONE = "done"
    FIRST = "first"  # there is no question before this one
    PAST = "past"  # an effect lies in between


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person gave to a question: a button's option, or text and files. `id` is the messenger's own.

    `edited` says that the text replaces what was given under that id before.
    """

    option: str = ""
    text: str = ""
    files: tuple[Attachment, ...] = ()
    id: str = ""
    edited: bool = False

    def to_json(self) -> Json:
        plain = {"option": self.option, "text": self.text, "id": self.id, "files": [f.to_json() for f in self.files]}
        return plain | ({"edited": True} if self.edited else {})

    @classmethod
    def from_json(cls, value: Json) -> Answer:
        files = tuple(Attachment.from_json(file) for file in value["files"])
        return cls(value["option"], value["text"], files, value["id"], value.get("edited", False))


@dataclass
class OpenQuestion:
    """The question that waits. Inside a field of a card, `card` and `card_number` name the card around it."""

    key: str
    number: int
    card: str = ""
    card_number: int = 0


@dataclass
class State:
    """The JSON of a row in `conversations`. `log` holds [key, entry, value] in the order the last run met them."""

    argument: str = ""
    log: list[list[Json]] = field(default_factory=list)
    open: OpenQuestion | None = None
    parts: dict[str, Json] = field(default_factory=dict)  # key -> half an answer: a card's draft, ticks
    redo: list[str] = field(default_factory=list)  # questions to put again; their old answer stands
    editing: bool = False  # `redo` came from again(): a step back calls it off
    held: dict[str, list[Json]] = field(default_factory=dict)  # key -> answers that the run has not met yet
    number: int = 0
    unsure: Json = None  # [a text that may have been meant otherwise, the id of its message]
    life: int = 0  # how often it was taken up again: then its card is a new message, not one far above

    def to_json(self) -> Json:
        """The state as it is now, for writing: what it holds is not copied."""
        return {**vars(self), "open": vars(self.open) if self.open else None}

    @classmethod
    def from_json(cls, value: Json) -> State:
        question = value["open"]
        known = {name: value[name] for name in cls.__dataclass_fields__ if name in value}
        return cls(**{**known, "open": OpenQuestion(**question) if question else None})

    def find(self, key: str) -> list[Json] | None:
        """The line of a key."""
        return next((line for line in self.log if line[0] == key), None)

    def put(self, key: str, entry: Entry, value: Json) -> Json:
        """Writes a line; a changed answer drops what was computed after it. Gives the value as it will be read."""
        if not isinstance(value, str | int | None):  # those are what they will be read as
            value = json.loads(json.dumps(value))
        line = self.find(key)
        if line is None:
            self.log.append([key, str(entry), value])
        elif line[2] != value:
            place = self.log.index(line)
            line[2] = value
            self.log[:] = [x for n, x in enumerate(self.log) if n <= place or x[1] != Entry.KEPT]
        if key in self.redo:
            self.redo.remove(key)
        return value

    def remove(self, key: str) -> None:
        """Takes a key's line out."""
        self.log[:] = [line for line in self.log if line[0] != key]

    def hold(self, key: str, answer: Answer) -> None:
        """Keeps an answer until the run meets its question."""
        self.held.setdefault(key, []).append(answer.to_json())

    def amend(self, answer: Answer) -> bool:
        """Changes the text of what waits under the answer's id; whether there was any."""
        waiting = [held for values in self.held.values() for held in values if held["id"] == answer.id]
        for held in waiting:
            held["text"] = answer.text
        return bool(waiting)

    def take_held(self, key: str) -> list[Answer]:
        """The answers that wait for a key, taken out."""
        return [Answer.from_json(value) for value in self.held.pop(key, [])]

    def all_held(self) -> list[Answer]:
        """What no question of this conversation took."""
        return [Answer.from_json(value) for values in self.held.values() for value in values]

    def order(self, met: Iterable[str]) -> None:
        """Puts the log in the order of the run: what was not met comes last."""
        rank = {key: n for n, key in enumerate(met)}
        self.log.sort(key=lambda line: rank.get(line[0], len(rank)))

    def drop_within(self, prefix: str) -> None:
        """Forgets every key that begins with the prefix."""
        self.log[:] = [line for line in self.log if not line[0].startswith(prefix)]
        for keyed in (self.parts, self.held):
            for key in [key for key in keyed if key.startswith(prefix)]:
                del keyed[key]

    def has_draft(self) -> bool:
        """Whether a card of this conversation holds something a person made."""
        return any(isinstance(part, dict) and part.get("revision") for part in self.parts.values())

    def is_shown(self, key: str) -> bool:
        """Whether the card of that key is what waits for an answer, and none of its questions."""
        return self.open is not None and self.open.key == key == self.open.card

    def step_back(self) -> Back:
        """Puts the question before the open one again; nothing is deleted."""
        if self.open is None:
            return Back.FIRST
        if self.open.card and self.open.key != self.open.card:
            self.parts[self.open.card] |= {"field": "", "then": None}
            self.drop_within(f"{self.open.card}/")
            return Back.DONE
        key = self.open.key
        keys = [line[0] for line in self.log]
        before = self.log[: keys.index(key)] if key in keys else self.log
        if self.editing and key in self.redo and not any(line[0] in self.redo for line in before):
            self.redo, self.editing = [], False
            return Back.DONE
        for line in reversed(before):
            if line[1] == Entry.DONE:
                return Back.PAST
            if line[1] == Entry.ANSWER:
                self.redo = [line[0], *(other for other in self.redo if other != line[0])]
                return Back.DONE
        return Back.FIRST
