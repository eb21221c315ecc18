"""What conversations are written with: a Talk is a Turn that also asks.

A conversation is a coroutine that runs from the top at every turn. A question that has its answer returns it at once;
the first one without is put, and the run ends there. What may happen in between is bound to keys, met once a run.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn, TypeVar

from bot.card import Card, OpenCard, Outcome, Rows
from bot.errors import InvalidError, RepeatedKeyError
from bot.insight.folding import spelled, words
from bot.model import Json, Phrase, PhraseValue, plain
from bot.state import Answer, Entry, OpenQuestion, State
from bot.turn import Choice, Choices, Said, Turn
from storage import conversations
from storage.database import Transaction

T = TypeVar("T")
D = TypeVar("D")
Label = str | Phrase

MOST_HELD = 100  # answers that wait for one question
LONGEST_HELD = 12_000  # characters of them together
SHORT_ANSWER = 3  # words: so few are meant for the question, even where they do not answer it,
LONG_ANSWER = 40  # unless they have more characters, as a link has
BACK = "_back"  # the option of a field's own way back to its card


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


class Talk(Turn):
    """A turn of a conversation: it can ask."""

    state: State
    serial: int

    def join(self, state: State, serial: int) -> Talk:
        """Makes this turn one of the conversation of that number."""
        self.state = state
        self.serial = serial
        self.argument = state.argument
        self.met: list[str] = []
        self.last = ""
        self._answered: set[str] = set()
        self._before: dict[str, Json] = {}  # what the answers given in this run replaced
        self.aloud: list[Said] = []  # said by a card of what it was given: whatever the run comes to
        self.closed: Said | None = None  # a card that was left in this run, without its buttons
        self.around: OpenQuestion | None = None  # the card whose field is asked about
        self.refused = False  # what was given to the question that is put now
        return self

    # -- questions

    async def ask(
        self, key: str, text: str, parse: Callable[[Answer], T], options: Mapping[str, Label] | None = None, *,
        aside: str = "", **values: PhraseValue,
    ) -> T:  # fmt: skip
        """Puts a question; `parse` turns the answer into plain JSON or raises InvalidError with the reason.

        Files that come with an answer go to the question named by `aside`, if any.
        """

        def labels() -> dict[str, Phrase]:
            return {name: as_phrase(label) for name, label in (options or {}).items()}

        def parse_text(answer: Answer) -> T:
            if aside and answer.files:
                self.set_aside(aside, replace(answer, option="", text=""))
                if not answer.text and not answer.option:
                    raise InvalidError("talk.noted")
            return parse(replace(answer, files=()))

        result: T = self._question(key, Phrase(text, values), labels, parse_text)
        return result

    async def choose(
        self, key: str, text: str, options: Mapping[str, Label], *, aside: str = "",
        spoken: Callable[[str], str] = lambda text: "", **values: PhraseValue,
    ) -> str:  # fmt: skip
        """Puts a choice; gives the option, pressed, typed, or `spoken`: what a text means, or "".

        What is written instead goes to the question named by `aside`, if any.
        """
        line = self.state.find(key)
        if line and line[2] not in options:  # a stored choice that is no longer offered is asked again
            self.state.remove(key)

        def pick(answer: Answer) -> str:
            option = answer.option or spoken(answer.text)
            if option in options:
                return option
            if aside and (len(words(answer.text)) > SHORT_ANSWER or len(answer.text) > LONG_ANSWER):
                self.set_aside(aside, answer)
                raise InvalidError("talk.noted")
            raise InvalidError("talk.choose")

        return await self.ask(key, text, pick, options, aside=aside, **values)

    async def choose_many(
        self, key: str, text: str, options: Mapping[str, Label], most: int, ticked: Sequence[str], **values: PhraseValue
    ) -> list[str]:
        """Puts a list to tick, at most so many; gives the ticked options in the order they were ticked."""

        def ticks() -> list[str]:
            return [name for name in self.state.parts.setdefault(key, list(ticked)) if name in options]

        def tick(answer: Answer) -> list[str]:
            part, option = ticks(), answer.option
            if option == "ok":
                return part
            if option not in options:
                raise InvalidError("talk.choose")
            part = [name for name in part if name != option] if option in part else [*part, option]
            if len(part) > most:
                raise InvalidError("talk.most", most=most)
            self.state.parts[key] = part
            raise InvalidError("")

        def labels() -> dict[str, Phrase]:
            marked = {
                n: Phrase("talk.tick", {"name": as_phrase(p)}) if n in ticks() else as_phrase(p)
                for n, p in options.items()
            }
            return marked | {"ok": Phrase("talk.ready")}

        chosen: list[str] = self._question(key, Phrase(text, values), labels, tick)
        return chosen

    async def card(self, key: str, card: Card[D]) -> Outcome[D]:
        """Shows a card until a way out is pressed that bears the revision the card shows now."""
        self.meet(key)
        line = self.state.find(key)
        if line and key not in self.state.redo:
            return Outcome(line[2]["way"], card.load(self._return(key, line[2])["draft"]))
        shown = OpenCard(self, key, card)
        way = await shown.run()
        if way:
            self.closed = Said(card.text(shown.draft), slot=self.slot(key))
            self._return(key, self._answer(key, {"way": way, "draft": shown.part["draft"]}))
            return Outcome(way, shown.draft)
        self.state.open = OpenQuestion(key, shown.number, card=key, card_number=shown.number)
        raise Waiting(Said(card.text(shown.draft), self._buttons(shown.buttons()), slot=self.slot(key)), quiet=True)

    # -- what is kept and done

    async def keep(self, key: str, make: Callable[[], Awaitable[T]]) -> T:
        """Holds a computed value fixed until an answer before it changes."""
        self.meet(key)
        line = self.state.find(key)
        kept: T = line[2] if line else self.state.put(key, Entry.KEPT, await make())
        return kept

    async def once(self, key: str, make: Callable[[Transaction], Awaitable[T]]) -> T:
        """Does something that lasts, once in the life of the conversation; `make` gives plain JSON."""
        self.meet(key)
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

    async def resume(self, serial: int) -> None:
        """Goes on with the parked conversation of that number instead of this one; returns where it is gone."""
        if not await conversations.get_parked(await self.read(), self.where.address_id, serial):
            return
        if line := self.state.find(self.last):  # put aside, this one stands as it did before that choice
            line[2] = self._before.get(self.last, line[2])
        raise Resumed(serial)

    @property
    def life(self) -> int:
        """How often this conversation was taken up again after it had been put aside."""
        return self.state.life

    def waiting(self, key: str) -> list[Answer]:
        """What the person sent that waits for a question not met yet."""
        return [Answer.from_json(value) for value in self.state.held.get(key, [])]

    def set_aside(self, key: str, answer: Answer) -> None:
        """Keeps an answer for a question not met yet. Raises InvalidError when that would be too much."""
        waiting = self.waiting(key)
        if len(waiting) >= MOST_HELD or sum(len(one.text) for one in (*waiting, answer)) > LONGEST_HELD:
            raise InvalidError("talk.too_much")
        self.state.hold(key, answer)

    def forget(self) -> None:
        """Lets go of everything the person sent in this conversation."""
        self.state.held.clear()
        self.state.parts.clear()

    # -- the one mechanism

    def meet(self, key: str) -> None:
        """Notes that this run met a key. Raises RepeatedKeyError the second time."""
        if key in self.met:
            raise RepeatedKeyError(f"the key {key!r} was met twice in one run")
        self.met.append(key)

    def _question(
        self, key: str, text: Phrase, labels: Callable[[], Mapping[str, Phrase]], parse: Callable[[Answer], Any]
    ) -> Any:
        self.meet(key)
        line = self.state.find(key)
        if line and key not in self.state.redo:
            return self._return(key, line[2])
        same = self._still_open(key)
        for answer in self.state.take_held(key)[:1]:
            try:
                known = self._known(answer, labels())
                if self.around and not known.option and self.named({BACK: Phrase("talk.back")}, answer):  # typed
                    self.state.step_back()
                    raise Restarted
                value = parse(known)
            except InvalidError as refused:
                self.said = [Said(Phrase(refused.key, refused.values))] if refused.key else []
                self.refused = bool(refused.key)
            else:
                self.state.parts.pop(key, None)
                return self._return(key, self._answer(key, value))
        self.state.open = OpenQuestion(key, same or self.next_number())
        buttons = [[option] for option in labels().items()]
        if not self.around:
            raise Waiting(Said(text, self._buttons(buttons)), quiet=False)
        self.state.open.card, self.state.open.card_number = self.around.key, self.around.number
        back = [(BACK, Phrase("talk.back"))]
        raise Waiting(Said(text, self._buttons([*buttons, back]), slot=self.slot(self.around.key)), quiet=False)

    def _known(self, answer: Answer, labels: Mapping[str, Phrase]) -> Answer:
        """The answer with its option, pressed or typed. Raises InvalidError for one that is not offered."""
        if answer.option and answer.option not in labels:
            raise InvalidError("talk.gone")
        return replace(answer, option=answer.option or self.named(labels, answer))

    def _answer(self, key: str, value: Any) -> Any:
        self._answered.add(key)
        if line := self.state.find(key):
            self._before[key] = line[2]
        return self.state.put(key, Entry.ANSWER, value)

    def _return(self, key: str, value: Any) -> Any:
        self.said.clear()
        self.last = key
        return value

    def _still_open(self, key: str) -> int:
        """The number of the question if it is the very one that was open when the turn began."""
        question = self.state.open
        return question.number if question and question.key == key and key not in self._answered else 0

    def next_number(self) -> int:
        """The next question's number."""
        self.state.number += 1
        return self.state.number

    def _buttons(self, rows: Rows) -> Choices:
        number = self.state.open.number if self.state.open else 0
        return [
            [Choice(label, name if name.startswith("/") else f"{self.serial}.{number}.{name}") for name, label in row]
            for row in rows
        ]

    def slot(self, key: str) -> str:
        """The slot of a card's messages."""
        return f"{self.serial}/{key}/{self.state.life}"

    def named(self, labels: Mapping[str, Phrase], answer: Answer, *, exactly: bool = False) -> str:
        """The option whose label was typed: with marks or without, or exactly ("bò" is not "Bỏ")."""
        apart = typed_words if exactly else words
        typed = apart(answer.text)
        if not typed or answer.files:
            return ""
        render, language = self.house.texts.render, self.where.language
        return next(
            (
                n
                for n, label in labels.items()
                if not n.startswith("/") and apart(plain(render(language, label))) == typed
            ),
            "",
        )


def typed_words(text: str) -> list[str]:
    """The words of a text with their marks, in lower case."""
    return [word.lower() for word in spelled(text)]


def as_phrase(label: Label) -> Phrase:
    """A label that is only a key as a Phrase."""
    return label if isinstance(label, Phrase) else Phrase(label)
