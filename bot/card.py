"""A card: a draft shown as one message, that grows with what the person sends and is changed by presses."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.errors import InvalidError
from bot.model import Json, Phrase
from bot.state import Answer, OpenQuestion
from bot.turn import Said

if TYPE_CHECKING:
    from bot.talk import Talk

D = TypeVar("D")
Rows = Sequence[Sequence[tuple[str, Phrase]]]


class Card(ABC, Generic[D]):
    """A draft that is shown as one message, grows with what the person sends, and is changed by presses.

    `fields` opens a question by a press, `notes` only says something, `ways_out` end the card.
    """

    ways_out: frozenset[str] = frozenset()
    look_up_by = ""  # the job that finds out what is shown beside the draft
    beside: Json = None  # what it found out last
    never_typed: frozenset[str] = frozenset()  # buttons whose label, typed, is only a text

    @property
    def fields(self) -> Mapping[str, Callable[[Talk, str, D], Awaitable[D]]]:
        """The questions that a press opens, by name: each changes the draft."""
        return {}

    @property
    def notes(self) -> Mapping[str, Callable[[Talk, D], None]]:
        """What a press only lets the card say, by name."""
        return {}

    @abstractmethod
    def new(self) -> D:
        """The draft before anything was sent."""

    @abstractmethod
    def load(self, value: Json) -> D:
        """A draft from its JSON."""

    @abstractmethod
    def dump(self, draft: D) -> Json:
        """The JSON of a draft."""

    @abstractmethod
    def take(self, talk: Talk, draft: D, answer: Answer) -> D:
        """Folds in what the person sent. May say something; raises InvalidError for what it cannot take."""

    def amend(self, draft: D, answer: Answer) -> D | None:
        """The draft after its author changed the text of a message in it; None where that message is not in it."""
        return None

    def settle(self, draft: D) -> D:
        """Works out what follows from what came in, once after all of it."""
        return draft

    @abstractmethod
    def text(self, draft: D) -> Phrase:
        """What the card shows."""

    @abstractmethod
    def rows(self, draft: D) -> Rows:
        """The buttons: names of fields, notes and ways out with their labels."""

    def look_up(self, draft: D) -> str:
        """What a job is to look up for the card that is shown now, as a mark; "" for nothing."""
        return ""

    def missing(self, way: str, draft: D) -> str:
        """Why a way out cannot be taken yet: the key of a text, or ""."""
        return ""

    def first(self, way: str, draft: D) -> str:
        """The field to be asked once before a way out, or ""."""
        return ""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[D]):
    """How a card ended: the way out and the draft as the pressed card showed it."""

    way: str
    draft: D


class OpenCard(Generic[D]):
    """A card in one run. `part` is what is stored of it: draft, revision, the open field, how many were opened.

    A way out carries the revision it was shown with, so that what is taken is what the pressed card showed; the card
    keeps its number for life, so that its field buttons work on every copy of it.
    """

    def __init__(self, talk: Talk, key: str, card: Card[D]) -> None:
        self.talk = talk
        self.key = key
        self.card = card
        fresh = {"draft": card.dump(card.new()), "revision": 0, "field": "", "opened": 0, "then": None, "asked": []}
        self.part: dict[str, Json] = talk.state.parts.setdefault(key, fresh)
        if "number" not in self.part:
            self.part["number"] = talk.next_number()
        card.beside = self.part.get("beside")

    @property
    def draft(self) -> D:
        return self.card.load(self.part["draft"])

    @property
    def number(self) -> int:
        return int(self.part["number"])

    async def run(self) -> str:
        """Takes what waits for the card and asks what is to be asked; gives the way out that was taken, or ""."""
        for answer in self.talk.state.take_held(self.key):
            if way := self._take(answer):
                return way
        self.talk.aloud += self.talk.said
        self.talk.said = []
        self._change(self.card.settle(self.draft))
        return await self._ask_field() if self.part["field"] else ""

    def look_ups(self) -> list[tuple[str, str]]:
        """The job to be ordered for what the card shows now, once for each mark."""
        mark = self.card.look_up(self.draft)
        looked_up = f"{mark} {self.talk.state.life}"  # once more where a draft is taken up again
        if not mark or looked_up == self.part.get("looked_up"):
            return []
        self.part["looked_up"] = looked_up
        self.card.beside = self.part["beside"] = None  # what was found then may be nobody's to see by now
        return [(self.card.look_up_by, f"{self.talk.serial} {self.key} {mark}")]

    def buttons(self) -> Rows:
        """The rows of buttons with their options."""
        rows = self.card.rows(self.draft)
        return [[(self._at(name, self.part["revision"]), label) for name, label in row] for row in rows]

    def _at(self, name: str, revision: int | str) -> str:
        return f"{name}-{revision}" if name in self.card.ways_out else name

    def _take(self, answer: Answer) -> str:
        if answer.edited:
            self._amend(answer)
            return ""
        option = answer.option or self._typed(answer)
        if not option:
            self._fold(answer)
            return ""
        self._close_field()
        name, _, revision = option.partition("-")
        if name in self.card.ways_out:
            return self._leave(name, revision)
        if name in self.card.notes:
            self.card.notes[name](self.talk, self.draft)
        elif name in self.card.fields:
            self._open_field(name)
        else:
            self.talk.say("talk.gone")
        return ""

    def _leave(self, way: str, revision: str) -> str:
        """The way out if it may be taken now."""
        if revision != str(self.part["revision"]):
            self.talk.say("talk.changed")
        elif missing := self.card.missing(way, self.draft):
            self.talk.say(missing)
        elif (first := self.card.first(way, self.draft)) and first not in self.part["asked"]:
            self.part["asked"].append(first)
            self._open_field(first)
            self.part["then"] = {"way": way, "revision": self.part["revision"]}
        else:
            return way
        return ""

    def _fold(self, answer: Answer) -> None:
        try:
            self._change(self.card.take(self.talk, self.draft, answer))
        except InvalidError as refused:
            self.talk.said.append(Said(Phrase(refused.key, refused.values)))

    def _amend(self, answer: Answer) -> None:
        """Lets the draft follow a message that was changed."""
        try:
            amended = self.card.amend(self.draft, answer)
        except InvalidError as refused:
            self.talk.said.append(Said(Phrase(refused.key, refused.values)))
            return
        if amended is None:
            self.talk.say("talk.edited_late")
        else:
            self._change(amended)

    def _change(self, draft: D) -> None:
        """Takes a changed draft; another revision is another card."""
        changed = self.card.dump(draft)
        if changed != self.part["draft"]:
            self.part["draft"], self.part["revision"] = changed, self.part["revision"] + 1

    def _typed(self, answer: Answer) -> str:
        """The option whose label was typed; a way out with the revision that the message sent last shows."""
        rows = self.card.rows(self.draft)
        labels = {name: label for row in rows for name, label in row if name not in self.card.never_typed}
        name = self.talk.named(labels, answer, exactly=True)
        begins = f"{self.talk.serial}.{self.number}.{name}-"
        shown = (data.removeprefix(begins) for data in self.talk.where.choices if data.startswith(begins))
        return self._at(name, next(shown, ""))

    async def _ask_field(self) -> str:
        """Puts the questions of the open field; gives the way out that waited for them, if it may be taken now."""
        name, prefix = self.part["field"], f"{self.key}/{self.part['opened']}/"
        self.talk.around = OpenQuestion(self.key, self.number)
        self._change(await self.card.fields[name](self.talk, prefix + name, self.draft))
        self.talk.around = None
        then = self.part["then"]
        self._close_field()
        return then["way"] if then and then["revision"] == self.part["revision"] else ""

    def _open_field(self, name: str) -> None:
        self.part |= {"field": name, "opened": self.part["opened"] + 1}

    def _close_field(self) -> None:
        self.part |= {"field": "", "then": None}
        self.talk.state.drop_within(f"{self.key}/")
