"""Turns where everything is typed: what numbers, words and codes do, and what is asked about before it is done."""

from __future__ import annotations

from abc import ABC, abstractmethod

from bot.lists import PAGE, choices
from bot.model import Message, MessageKind, Phrase, plain
from bot.outgoing import as_choice
from bot.play import Play
from bot.state import Answer
from bot.turn import Choice, Said
from bot.typed import AS_TEXT, LONGEST, MORE, Lexicon, Meaning, Spelling, meaning, words_of
from storage import codes, lists
from storage.lists import Replied

NO = "0.0.no"  # a press of no conversation: it changes nothing and shows the open question
HIDDEN = {"unread.unsupported", "unread.elsewhere"}  # what is said to what the messenger keeps from the bot


class Listed(Play, ABC):
    """One try of one turn that can be answered by typing alone."""

    lexicon: Lexicon

    @abstractmethod
    async def _act(self, data: str, message: Message) -> None:
        """Does what the button of that data does."""

    @abstractmethod
    async def _text(self, answer: Answer) -> None:
        """Takes a text for what is open."""

    async def _by_typing(self, message: Message) -> bool:
        """Does what a text stands for beside itself; False where it is only a text."""
        meant = meaning(message.text, self.lexicon, self.opening.choices)
        meant = meant or self._with_argument(message.text)
        meant = meant or await self._coded(message.text) or await self._labelled(message.text)
        if meant is None or not self._may(meant):
            return False
        if meant.data == MORE:
            return await self._turn_page()
        question = self._state.open if self._state else None
        if self._is_certain(meant) or question is None:
            await self._do_meant(meant, message)
        elif question.key == question.card:
            await self._ask_which(meant, message)
        else:
            await self._as_text_first(meant, message)
        return True

    def _is_certain(self, meant: Meaning) -> bool:
        """Whether it can be nothing else. A choice alone is no list: its number may well be an answer."""
        return meant.certain and not (meant.number and len(choices(self.opening.choices)) == 1)

    async def _do_meant(self, meant: Meaning, message: Message) -> None:
        """Does it, unless something came by itself since the list that its number is of: then that is asked about."""
        last = await self._last() if meant.number else None
        if last and last.overtaken and (label := label_of(last, meant.data)):
            return self._confirm(meant.data, label)
        return await self._act(meant.data, message)

    async def _last(self) -> Replied | None:
        return await lists.last(await self._look(), self.opening.address_id)

    def _is_word(self, text: str) -> bool:
        """Whether a text is nothing but a word for a command, which tells nothing of its author's language."""
        typing = not self.house.channels[self.opening.channel].buttons
        return typing and len(text) <= LONGEST and bool(self.lexicon.find(words_of(text)))

    def _with_argument(self, text: str) -> Meaning | None:
        """The command whose word stands before what can only be meant for it."""
        before, _, last = text.strip().rpartition(" ")
        is_plain = before and len(text) <= LONGEST and not before.startswith("/")
        name = self.features.meant(last) if is_plain else ""
        is_said = bool(name) and self.lexicon.find(words_of(before)) == name
        return Meaning(f"/{name} {last}", certain=False) if is_said else None

    async def _coded(self, text: str) -> Meaning | None:
        """The button that a code stands for."""
        code = self.lexicon.code(words_of(text)) if len(text) <= LONGEST else ""
        data = await codes.find(await self._look(), self.opening.address_id, code) if code else ""
        return Meaning(data) if data else None

    async def _labelled(self, text: str) -> Meaning | None:
        """The choice of the last list whose words were typed, where they are not for the open question to know."""
        listed = choices(self.opening.choices)
        if len(text) > LONGEST or not any(map(self._is_apart, listed)) or (last := await self._last()) is None:
            return None
        typed, render = words_of(text), self.house.texts.render
        for number, data in enumerate(listed, 1):
            label = label_of(last, data)
            if label and self._is_apart(data) and Spelling.of(plain(render(self._language, label))).is_typed(typed):
                return Meaning(data, certain=False, number=number)
        return None

    def _is_apart(self, data: str) -> bool:
        """Whether a choice belongs to no question of the open conversation."""
        return not self._open or data.split(".")[0] != str(self._open.serial)

    def _may(self, meant: Meaning) -> bool:
        """Whether a word is a command for this person: to anybody else it is a text."""
        is_word = not meant.certain and not meant.number and meant.data.startswith("/")
        feature = self.features.find(name_of(meant.data)) if is_word else None
        return feature is None or self.features.allows(self.opening.role, feature.may)

    async def _turn_page(self) -> bool:
        """Shows more of the last list; False where nothing is left of it."""
        last = await self._last()
        rows = [[as_choice(one) for one in row] for row in last.body.get("buttons", ())] if last else []
        if not last or not rows:
            return False
        pages = -(-len(choices([one.data for row in rows for one in row])) // PAGE)
        page = (last.body.get("page", 0) + 1) % pages
        self.said.append(Said(Phrase("list.page", {"page": page + 1, "pages": pages}), rows, page=page))
        return True

    # -- what is asked about

    def _confirm(self, data: str, label: Phrase) -> None:
        no = NO if self._open else f"/{self.features.lost}"
        ways = [[Choice(Phrase("typed.yes"), data)], [Choice(Phrase("typed.no"), no)]]
        self.said.append(Said(Phrase("typed.sure", {"choice": label}), ways))

    async def _ask_which(self, meant: Meaning, message: Message) -> None:
        """A draft takes every text, so nothing of it is lost to a word that is a command or a number too."""
        last = await self._last() if meant.number else None
        what = label_of(last, meant.data) if last else Phrase(f"menu.{name_of(meant.data)}")
        if what is None or not self.house.texts.has(what.key):
            what = Phrase("typed.do")
        self._leave_open(message, Choice(what, meant.data))

    def _leave_open(self, message: Message, way: Choice) -> None:
        """Holds a text back until its author says whether it is that or a text after all."""
        if self._state:
            self._state.unsure = [message.text, message.handle]
        ways = [[way], [Choice(Phrase("typed.as_text"), AS_TEXT)]]
        self.said.append(Said(Phrase("typed.which", {"text": message.text}), ways))

    async def _take_unsure(self) -> None:
        """Takes as a text what might have been something else."""
        unsure = self._state.unsure if self._state else None
        if not unsure or not self._state:
            self.said += [] if self._state else [Said(Phrase("talk.over"))]
            return await self._continue()
        self._state.unsure = None
        text, message_id = unsure
        return await self._text(Answer("", text, (), message_id))

    async def _as_text_first(self, meant: Meaning, message: Message) -> None:
        """Lets the open question decide: what it takes as an answer is one, and only the rest is something else."""
        await self._text(Answer("", message.text, (), message.handle))
        if self.refused:
            self.said, self.refused, self.quiet = [], False, False
            await self._do_meant(meant, message)

    # -- what the messenger keeps to itself

    async def _unread(self, kind: MessageKind) -> Phrase:
        """What is said to what cannot be read; where it comes again, another way to reach the bot."""
        if kind is MessageKind.UNSUPPORTED and self.house.pages:
            said = await lists.said_last(await self._look(), self.opening.address_id)
            if HIDDEN.intersection(said):
                return Phrase("unread.elsewhere", {"address": self.house.pages})
        return Phrase(f"unread.{kind}")


def name_of(data: str) -> str:
    """The command that a button's data names."""
    return data[1:].partition(" ")[0]


def label_of(last: Replied, data: str) -> Phrase | None:
    """What a button of the last reply says."""
    every = (as_choice(one) for row in last.body.get("buttons", ()) for one in row)
    return next((one.label for one in every if one.data == data), None)
