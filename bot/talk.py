"""What features are written with: a Turn says and does things, a Talk also asks.

A conversation is a coroutine that runs from the top at every turn. A question that has its answer returns it at once;
the first one without is put, and the run ends there. What may happen in between is bound to keys, met once a run.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any, Generic, NoReturn, Protocol, TypeVar

from bot.channel import Abilities
from bot.errors import InvalidError, RepeatedKeyError
from bot.insight.folding import fold
from bot.model import Json, Message, OutgoingFile, Phrase, PhraseValue
from bot.pack import Pack
from bot.state import Answer, Entry, OpenQuestion, State
from bot.texts import Texts
from storage.database import Reader, Statement, Transaction

T = TypeVar("T")
D = TypeVar("D")

BACK = "_back"  # the option of a field's own way back to its card


# -- what surrounds every turn


class Workers(Protocol):
    """Where heavy work is done: a process of its own."""

    async def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """Runs a function of a module elsewhere and gives its result."""


@dataclass(frozen=True)
class House:
    """What every feature may look at. `data` is what app wired for the features, by their own type."""

    texts: Texts
    pack: Pack
    zone: tzinfo
    clock: Callable[[], datetime]
    channels: Mapping[str, Abilities]
    workers: Workers
    data: Any


@dataclass(frozen=True, slots=True)
class Person:
    """The person behind a chat. `age_band` is empty until they consented."""

    id: int
    age_band: str
    place: str
    former_place: str


@dataclass(frozen=True, slots=True)
class Where:
    """The chat a turn happens in. `role` is empty for everyone who is not staff."""

    inbox_id: int
    address_id: int
    channel: str
    language: str
    person: Person | None
    role: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A button before it is put in somebody's language. `data` that starts with "/" is a command."""

    label: Phrase
    data: str


Choices = Sequence[Sequence[Choice]]


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said. Things without buttons, files and slot may share a message."""

    text: Phrase
    buttons: Choices = ()
    files: Sequence[OutgoingFile] = ()
    slot: str = ""

    @property
    def bare(self) -> bool:
        return not (self.buttons or self.files or self.slot)


# -- how a run ends before its end


class Waiting(BaseException):
    """A question is put."""

    def __init__(self, question: Said, *, quiet: bool) -> None:
        self.question = question
        self.quiet = quiet  # a card that waits for the person to finish, where it cannot be edited


class Restarted(BaseException):
    """The conversation runs again from the top, in the same turn."""


class Parked(BaseException):
    """The conversation is put aside as it stands."""


class Resumed(BaseException):
    """The conversation ends and another one, parked before, goes on."""

    def __init__(self, serial: int) -> None:
        self.serial = serial


# -- turns


class Turn:
    """One message, press or due job, and what is said and done because of it."""

    def __init__(
        self,
        house: House,
        where: Where,
        argument: str,
        begin: Callable[[], Awaitable[Transaction]],
        look: Callable[[], Awaitable[Reader]],
    ) -> None:
        self.house = house
        self.where = where
        self.argument = argument
        self.said: list[Said] = []
        self.writes: list[Statement] = []
        self._begin = begin
        self._look = look

    @property
    def now(self) -> datetime:
        """The time of this run; a conversation that decides on it wraps it in keep()."""
        return self.house.clock()

    async def read(self) -> Reader:
        """A snapshot of the database that stands still for the whole run."""
        return await self._look()

    def say(self, key: str, *, buttons: Choices = (), files: Sequence[OutgoingFile] = (), slot: str = "", **values: PhraseValue) -> None:
        """Says a text."""
        self.said.append(Said(Phrase(key, values), buttons, files, slot))

    def speak(self, statement: Statement) -> None:
        """Adds a harmless setting of the chat (its language) to what the turn writes."""
        self.writes.append(statement)

    async def once(self, key: str, make: Callable[[Transaction], Awaitable[T]]) -> T:
        """Does something that lasts. `make` is the only place where a Transaction can be had."""
        return await make(await self._begin())


class Card(Generic[D]):
    """A draft that is shown as one message, grows with what the person sends, and is changed by presses.

    `fields` opens a question by a press, `notes` only says something, `ways_out` end the card.
    """

    fields: Mapping[str, Callable[[Talk, str, D], Awaitable[D]]] = {}
    notes: Mapping[str, Callable[[Talk, D], None]] = {}
    ways_out: frozenset[str] = frozenset()

    def new(self) -> D:
        """The draft before anything was sent."""
        raise NotImplementedError

    def load(self, value: Json) -> D:
        """A draft from its JSON."""
        raise NotImplementedError

    def dump(self, draft: D) -> Json:
        """The JSON of a draft."""
        raise NotImplementedError

    def take(self, talk: Talk, draft: D, answer: Answer) -> D:
        """Folds what the person sent in. May say something; raises InvalidError for what it cannot take."""
        raise NotImplementedError

    def text(self, draft: D) -> Phrase:
        """What the card shows."""
        raise NotImplementedError

    def rows(self, draft: D) -> Sequence[Sequence[tuple[str, Phrase]]]:
        """The buttons: names of fields, notes and ways out with their labels."""
        raise NotImplementedError

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


class Talk(Turn):
    """A turn of a conversation: it can ask."""

    state: State
    serial: int
    heard: bool  # this turn brought an answer

    def join(self, state: State, serial: int) -> Talk:
        """Makes this turn one of the conversation of that number."""
        self.state = state
        self.serial = serial
        self.argument = state.argument
        self.met: list[str] = []
        self.last = ""
        self._answered: set[str] = set()
        self._around: OpenQuestion | None = None
        return self

    # -- questions

    async def ask(
        self, key: str, text: str, parse: Callable[[Answer], T], options: Mapping[str, str | Phrase] | None = None,
        rows: Sequence[Sequence[str]] | None = None, **values: PhraseValue,
    ) -> T:  # fmt: skip
        """Puts a question; `parse` turns the answer into plain JSON or raises InvalidError with the reason."""
        labels = {name: label if isinstance(label, Phrase) else Phrase(label) for name, label in (options or {}).items()}

        def parse_known(answer: Answer) -> T:
            option = answer.option or self._named(labels, answer.text)
            if answer.option and option not in labels:
                raise InvalidError("talk.gone")
            return parse(replace(answer, option=option))

        layout = rows if rows is not None else [[name] for name in labels]
        buttons = [[(name, labels[name]) for name in row] for row in layout]
        result: T = self._question(key, Phrase(text, values), buttons, parse_known)
        return result

    async def choose(
        self, key: str, text: str, options: Mapping[str, str | Phrase], *, aside: str = "",
        rows: Sequence[Sequence[str]] | None = None, **values: PhraseValue,
    ) -> str:  # fmt: skip
        """Puts a choice; gives the option. What is written instead goes to the question named by `aside`, if any."""
        line = self.state.find(key)
        if line and line[2] not in options:  # a stored choice that is no longer offered is asked again
            self.state.remove(key)

        def pick(answer: Answer) -> str:
            if answer.option:
                return answer.option
            if aside and (answer.text or answer.files):
                self.state.hold(aside, answer)
                raise InvalidError("talk.noted")
            raise InvalidError("talk.choose")

        return await self.ask(key, text, pick, options, rows, **values)

    async def choose_many(self, key: str, text: str, options: Mapping[str, Phrase], most: int, ticked: Sequence[str], **values: PhraseValue) -> list[str]:
        """Puts a list to tick, at most so many; gives the ticked options in the order they were ticked."""
        part: list[str] = [name for name in self.state.parts.setdefault(key, list(ticked)) if name in options]

        def tick(answer: Answer) -> list[str]:
            option = answer.option
            if option == "ok":
                return part
            if option not in options:
                raise InvalidError("talk.choose")
            ticks = [name for name in part if name != option] if option in part else [*part, option]
            self.state.parts[key] = ticks[-most:]
            raise InvalidError("talk.ticked", count=len(ticks[-most:]))

        def marked() -> dict[str, str | Phrase]:
            ticks = self.state.parts.get(key, part)
            return {n: Phrase("talk.tick", {"name": p}) if n in ticks else p for n, p in options.items()} | {
                "ok": Phrase("talk.ready")
            }

        try:
            return await self.ask(key, text, tick, marked(), **values)
        except Waiting as waiting:
            marks = marked()
            waiting.question = replace(waiting.question, buttons=self._buttons([[(n, as_phrase(p))] for n, p in marks.items()]))
            raise

    async def card(self, key: str, card: Card[D]) -> Outcome[D]:
        """Shows a card until a way out is pressed that bears the revision the card shows now."""
        self._meet(key)
        line = self.state.find(key)
        if line and key not in self.state.redo:
            self.said.clear()
            self.last = key
            return Outcome(line[2]["way"], card.load(line[2]["draft"]))
        part = self.state.parts.setdefault(key, {"draft": card.dump(card.new()), "revision": 0, "field": "", "opened": 0})
        number = self._number(key, part)
        for answer in self.state.take_held(key):
            way = self._take(key, card, part, answer)
            if way:
                return self._leave(key, card, part, way)
        while part["field"]:
            name = part["field"]
            prefix = f"{key}/{part['opened']}/"
            self._around = OpenQuestion(key, number)
            draft = card.dump(await card.fields[name](self, prefix + name, card.load(part["draft"])))
            self._around = None
            part["field"] = ""
            self.state.drop_within(prefix)
            if draft != part["draft"]:
                part["draft"], part["revision"] = draft, part["revision"] + 1
            then = part.pop("then", None)
            if then and then["revision"] == part["revision"]:
                return self._leave(key, card, part, then["way"])
        draft_now = card.load(part["draft"])
        buttons = [
            [(f"{name}-{part['revision']}" if name in card.ways_out else name, label) for name, label in row]
            for row in card.rows(draft_now)
        ]
        self.state.open = OpenQuestion(key, number, card=key, card_number=number)
        raise Waiting(self._put(card.text(draft_now), buttons, slot=self._slot(key)), quiet=True)

    # -- what is kept and done

    async def keep(self, key: str, make: Callable[[], Awaitable[T]]) -> T:
        """Holds a computed value fixed until an answer before it changes."""
        self._meet(key)
        line = self.state.find(key)
        kept: T = line[2] if line else self.state.put(key, Entry.KEPT, await make())
        return kept

    async def once(self, key: str, make: Callable[[Transaction], Awaitable[T]]) -> T:
        """Does something that lasts, once in the life of the conversation; `make` gives plain JSON."""
        self._meet(key)
        line = self.state.find(key)
        done: T = line[2] if line else self.state.put(key, Entry.DONE, await make(await self._begin()))
        return done

    async def again(self, *keys: str) -> NoReturn:
        """Puts those questions again; their old answers stand until they are replaced."""
        self.state.remove(self.last)  # the press that asked for it
        self.state.redo, self.state.editing = list(keys), True
        raise Restarted

    def park(self) -> NoReturn:
        """Puts the conversation aside at the question answered last, to be gone on with."""
        self.state.remove(self.last)
        raise Parked

    def resume(self, serial: int) -> NoReturn:
        """Ends this conversation and goes on with the parked one of that number."""
        raise Resumed(serial)

    def forget(self) -> None:
        """Lets go of everything the person sent in this conversation."""
        self.state.held.clear()
        self.state.parts.clear()

    # -- the one mechanism

    def _meet(self, key: str) -> None:
        if key in self.met:
            raise RepeatedKeyError(f"the key {key!r} was met twice in one run")
        self.met.append(key)

    def _question(self, key: str, text: Phrase, buttons: Sequence[Sequence[tuple[str, Phrase]]], parse: Callable[[Answer], Any]) -> Any:
        self._meet(key)
        line = self.state.find(key)
        if line and key not in self.state.redo:
            return self._return(key, line[2])
        same = self._still_open(key)
        for answer in self.state.take_held(key)[:1]:
            try:
                value = self.state.put(key, Entry.ANSWER, parse(answer))
            except InvalidError as refused:
                self.said = [Said(Phrase(refused.key, refused.values))]
            else:
                self.state.parts.pop(key, None)
                self._answered.add(key)
                return self._return(key, value)
        number = same or self._next_number()
        self.state.open = OpenQuestion(key, number)
        slot = ""
        if self._around:
            self.state.open.card, self.state.open.card_number = self._around.key, self._around.number
            slot = self._slot(self._around.key)
            buttons = [*buttons, [(BACK, Phrase("talk.back"))]]
        raise Waiting(self._put(text, buttons, slot=slot), quiet=False)

    def _return(self, key: str, value: Any) -> Any:
        self.said.clear()
        self.last = key
        return value

    def _still_open(self, key: str) -> int:
        """The number of the question if it is the very one that was open when the turn began."""
        question = self.state.open
        return question.number if question and question.key == key and key not in self._answered else 0

    def _next_number(self) -> int:
        self.state.number += 1
        return self.state.number

    def _put(self, text: Phrase, buttons: Sequence[Sequence[tuple[str, Phrase]]], slot: str) -> Said:
        return Said(text, self._buttons(buttons), slot=slot)

    def _buttons(self, rows: Sequence[Sequence[tuple[str, Phrase]]]) -> Choices:
        number = self.state.open.number if self.state.open else 0
        return [[Choice(label, f"{self.serial}.{number}.{name}") for name, label in row] for row in rows]

    def _slot(self, key: str) -> str:
        return f"{self.serial}/{key}"

    def _named(self, labels: Mapping[str, Phrase], text: str) -> str:
        """The option whose label was typed."""
        typed = fold(text)
        render = self.house.texts.render
        return next((n for n, label in labels.items() if typed and plain_fold(render(self.where.language, label)) == typed), "")

    # -- cards

    def _number(self, key: str, part: dict[str, Json]) -> int:
        """A card keeps its number for life, so that its field buttons work on every copy of it."""
        if "number" not in part:
            part["number"] = self._next_number()
        number: int = part["number"]
        return number

    def _take(self, key: str, card: Card[D], part: dict[str, Json], answer: Answer) -> str:
        """Lets a card have an answer; gives the way out that was taken, or ""."""
        draft = card.load(part["draft"])
        option = answer.option or self._pressed_by_name(card, draft, part, answer)
        if not option:
            return self._fold(card, part, draft, answer)
        self._close_field(key, part)
        name, _, revision = option.partition("-")
        if name in card.notes:
            card.notes[name](self, draft)
        elif name in card.fields:
            part["field"], part["opened"] = name, part["opened"] + 1
        elif name not in card.ways_out:
            self.say("talk.gone")
        elif revision != str(part["revision"]):
            self.say("talk.changed")
        elif missing := card.missing(name, draft):
            self.say(missing)
        elif (first := card.first(name, draft)) and first not in part.setdefault("asked", []):
            part["asked"].append(first)
            part["then"] = {"way": name, "revision": part["revision"]}
            part["field"], part["opened"] = first, part["opened"] + 1
        else:
            return name
        return ""

    def _fold(self, card: Card[D], part: dict[str, Json], draft: D, answer: Answer) -> str:
        try:
            taken = card.dump(card.take(self, draft, answer))
        except InvalidError as refused:
            self.say(refused.key, **refused.values)
            return ""
        if taken != part["draft"]:
            part["draft"], part["revision"] = taken, part["revision"] + 1
        return ""

    def _pressed_by_name(self, card: Card[D], draft: D, part: dict[str, Json], answer: Answer) -> str:
        labels = {name: label for row in card.rows(draft) for name, label in row}
        name = "" if answer.files else self._named(labels, answer.text)
        return f"{name}-{part['revision']}" if name in card.ways_out else name

    def _close_field(self, key: str, part: dict[str, Json]) -> None:
        if part["field"]:
            part["field"] = ""
            part.pop("then", None)
            self.state.drop_within(f"{key}/")

    def _leave(self, key: str, card: Card[D], part: dict[str, Json], way: str) -> Outcome[D]:
        stored = self.state.put(key, Entry.ANSWER, {"way": way, "draft": part["draft"]})
        self._answered.add(key)
        self.said.clear()
        self.last = key
        return Outcome(way, card.load(stored["draft"]))


def as_phrase(label: str | Phrase) -> Phrase:
    return label if isinstance(label, Phrase) else Phrase(label)


def plain_fold(html_text: str) -> str:
    """A label as somebody would type it: without markup, marks and the picture in front."""
    from bot.model import plain

    return fold("".join(c for c in plain(html_text) if c.isalnum() or c.isspace() or c in "-–/")).strip()
