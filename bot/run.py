"""What a message is for, and the run of the feature that it is for."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from bot.channel import Abilities, Policy
from bot.feature import Command, Conversation
from bot.insight.language import guess
from bot.listed import Listed
from bot.model import UNREAD, Attachment, Message, MessageKind, Phrase, PhraseValue, plain
from bot.state import Answer, Back
from bot.talk import BACK, LONGEST_HELD
from bot.turn import Choice, Said
from bot.typed import AS_TEXT
from storage import addresses, files, jobs, outbox, quota
from storage.database import micros
from storage.inbox import DueJob

HOUR = 3_600_000_000  # microseconds
MOST_PROPOSALS = 4  # whose files are fetched within an hour
STEPS = ("back", "cancel")  # what every conversation knows
LONGEST_NOTICE = 200  # characters (Telegram's limit)
ARGUMENTS = 3  # words that a command may be given; more are somebody's text
_PAYLOAD = re.compile(r"[\w-]{1,64}", re.ASCII)
_COMMAND = re.compile(r"/(\w+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_PRESS = re.compile(r"(\d{1,9})\.(\d{1,9})\.([\w-]{1,40})", re.ASCII)


class Run(Listed):
    """One try of one turn: finds out what the message or job is for, and plays that."""

    # -- what it is for

    async def go(self, content: Message | DueJob) -> None:
        """Runs what the message or job is for."""
        if isinstance(content, DueJob):
            return await self._do_job(content)
        was_waited_for = await self._let_out(content)
        await self._take(content)
        self._offer_missed()
        self._heed(content)
        self.quiet = self.quiet or was_waited_for  # the reply comes after it: its list must stand last
        return None

    async def _let_out(self, content: Message) -> bool:
        """Lets out what might not be sent before this person wrote; whether there was any."""
        address = self.opening.address_id
        if not content.stands_last or self._able.proactive == Policy():
            return False
        if not await quota.is_waiting(await self._look(), address):
            return False
        self._statements += quota.release(address, micros(self.house.clock()))
        return True

    def _offer_missed(self) -> None:
        """Says that something may not have come: once, before all else, since a list of numbers must stand last."""
        if self.opening.has_unsure and self.said:
            show = [[Choice(Phrase("talk.show_missed"), f"/{self.features.missed}")]]
            self.said.insert(0, Said(Phrase("talk.missed"), show))
            self._statements.append(outbox.offered(self.opening.address_id, micros(self.house.clock())))

    def _heed(self, content: Message) -> None:
        """Says what a text must be answered with before all else."""
        if content.text and content.kind in (MessageKind.SAID, MessageKind.EDITED):
            self.said[:0] = self.features.heed(self.house, self._where(), content.text)

    async def _take(self, content: Message) -> None:
        """Runs what a message is for."""
        self._settle_language(content)
        if not await self._is_said(content):
            return None
        content = await self._with_files_that_fit(content)
        if not (content.text or content.press or content.attachments):
            return await self._continue()
        if content.press:
            return await self._act(content.press, content)
        if not content.attachments and self._is_asked_about(content):
            return None
        if not self._able.buttons and not content.attachments and await self._by_typing(content):
            return None
        if content.text.startswith("/") and await self._is_command(content):
            return None
        return await self._text(Answer("", content.text, content.attachments, content.handle))

    def _is_asked_about(self, message: Message) -> bool:
        """Asks what a text is for that would go into what is open, and hardly is meant to."""
        name = self.features.meant(message.text) if self._state and self._state.open else ""
        if name:
            self._leave_open(message, Choice(Phrase(f"menu.{name}"), f"/{name} {message.text.strip()}"))
        return bool(name)

    async def _act(self, data: str, message: Message) -> None:
        if data == AS_TEXT:
            return await self._take_unsure()
        return await (self._command(data, message) if data.startswith("/") else self._press(data, message))

    async def _is_said(self, message: Message) -> bool:
        """Whether the message is something to be answered by what is open; deals with everything else."""
        address, kind = self.opening.address_id, message.kind
        if kind is MessageKind.BLOCKED:
            self._statements.append(addresses.block(address, micros(self.house.clock())))
        elif self.opening.blocked:
            self._statements.append(addresses.unblock(address))
        if kind is MessageKind.MOVED:
            self._statements.append(addresses.move(address, message.text))
        elif kind is MessageKind.PUBLIC:
            self.said.append(Said(Phrase("talk.public", {"name": message.text})))
        elif kind in UNREAD:
            self.said.append(Said(await self._unread(kind)))
            await self._continue()
        elif kind is MessageKind.EDITED:
            await self._edited(Answer("", message.text, (), message.handle, edited=True))
        return kind is MessageKind.SAID

    async def _edited(self, answer: Answer) -> None:
        """Lets the open draft follow a text that its author changed."""
        question = self._state.open if self._state else None
        command = _COMMAND.fullmatch(answer.text)
        if command and self._named(command[1]):  # only what follows it was ever taken
            answer = replace(answer, text=(command[2] or "").strip())
        if self._state and self._state.amend(answer):
            return await self._continue()
        if self._state and question and question.card:
            self._state.hold(question.card, answer)
            return await self._continue()
        self.said.append(Said(Phrase("talk.edited_late")))
        return None

    async def _with_files_that_fit(self, message: Message) -> Message:
        """The message with the files that can be had; what is still with the messenger is sent for."""
        if any(not file.digest for file in message.attachments) and await self._is_flooded():
            self.said.append(Said(Phrase("files.too_many")))
            return replace(message, attachments=())
        largest = min(filter(None, (self._able.largest_file, self.house.limits.file_bytes)))
        for file in message.attachments:
            if file.size > largest:
                values: dict[str, PhraseValue] = {"name": file.name, "megabytes": largest // 1_048_576}
                self.said.append(Said(Phrase("files.too_large", values)))
            elif file.reference and not file.digest:
                self._send_for(file)
        return replace(message, attachments=tuple(file for file in message.attachments if file.size <= largest))

    async def _is_flooded(self) -> bool:
        """Whether somebody sent more files within the hour than several proposals hold."""
        since = micros(self.house.clock()) - HOUR
        asked = await files.asked_since(await self._look(), self.opening.address_id, since)
        return asked >= MOST_PROPOSALS * max(self.house.limits.files, 1)

    def _send_for(self, file: Attachment) -> None:
        address, now = self.opening.address_id, micros(self.house.clock())
        wanted = json.dumps({"file": file.to_json(), "tries": 0}, ensure_ascii=False)
        self._statements.append(files.send_for(address, file.reference, now))
        self._statements.append(jobs.add(self.features.fetch, address, wanted, now, now))

    def _settle_language(self, message: Message) -> None:
        """The first thing a chat says, or what its messenger tells of it, decides its language until it is changed."""
        if self._language:
            return
        words = "" if message.text.startswith("/") or self._is_word(message.text) else message.text
        language = guess(words, message.language)
        self._language = language if language in self.house.texts.languages else self.house.pack.facts.languages[0]
        self._statements.append(addresses.speak_first(self.opening.address_id, self._language))

    async def _is_command(self, message: Message) -> bool:
        """Runs a command. Something longer that only begins with a stroke is somebody's text."""
        match = _COMMAND.fullmatch(message.text)
        if not match:
            return False
        known = self._named(match[1])
        if not known and len(message.text) > 32:
            return False
        await self._command(f"/{known or match[1]} {match[2] or ''}", message)
        return True

    def _named(self, word: str) -> str:
        """The name of the command that has this word in any language."""
        texts = self.house.texts
        for name in (*STEPS, *self.features.names):
            if texts.has(f"command.{name}") and word.lower() in {name, *texts.every(f"command.{name}")}:
                return name
        return ""

    # -- commands

    async def _command(self, data: str, message: Message) -> None:
        name, _, argument = data[1:].partition(" ")
        feature = self.features.find(name)
        if not feature or not self.features.allows(self.opening.role, feature.may):
            feature = self.features.find(self.features.lost)
        if isinstance(feature, Conversation) and name not in STEPS:
            return await self._begin_by_command(feature, argument.strip(), message)
        await self._obey(name, feature, argument.strip())
        wordy = isinstance(feature, Command) and feature.wordy
        text = argument.strip() if len(argument.split()) > ARGUMENTS and not wordy else ""
        if text or message.attachments:  # more than the command can use: it is kept
            await self._text(Answer("", text, message.attachments, message.handle))
        return None

    async def _begin_by_command(self, feature: Conversation, argument: str, message: Message) -> None:
        payload = argument if feature.payload and _PAYLOAD.fullmatch(argument) else ""
        said = Answer("", "" if payload else argument, message.attachments, message.handle)
        await self._start(feature, payload, [said] if said.text or said.files else [])

    async def _obey(self, name: str, feature: Conversation | Command | None, argument: str) -> None:
        """Does what only shows or steps."""
        if name == "back":
            return await self._step_back()
        if name == "cancel":
            return self._cancel()
        if isinstance(feature, Command):
            await self._do(feature, argument)
            if feature.reshow and argument and self._state:
                self.opening = await self._again(self.opening)
                self._language = self.opening.language or self._language
                await self._continue()
            elif self._state and not self._able.buttons and not any(said.buttons for said in self.said):
                await self._continue()  # so that a number belongs to the open question again
        return None

    @property
    def _able(self) -> Abilities:
        return self.house.channels[self.opening.channel]

    async def _step_back(self) -> None:
        if not self._state:
            return self.said.append(Said(Phrase("talk.nothing")))
        match self._state.step_back():
            case Back.FIRST:
                self.said.append(Said(Phrase("talk.first")))
            case Back.PAST:
                self.said.append(Said(Phrase("talk.past")))
            case Back.DONE:
                pass
        await self._continue()
        return None

    def _cancel(self) -> None:
        if not self._state:
            self.said.append(Said(Phrase("talk.nothing")))
        elif self._state.has_draft() or (self._state.held and self.opening.age_band):
            self._park()
            self.said.append(Said(Phrase("talk.kept")))
        else:
            self.said.append(Said(Phrase("talk.cancelled_forgotten" if self._state.held else "talk.cancelled")))
            self._end()

    # -- answers

    async def _press(self, data: str, message: Message) -> None:
        match = _PRESS.fullmatch(data)
        if match and not self._open:
            await self._reopen(int(match[1]))
        if not self._state or not self._open:
            self.said.append(Said(Phrase("talk.over")))
            return None
        if not match or int(match[1]) != self._open.serial:
            return await self._continue()
        question, number, option = self._state.open, int(match[2]), match[3]
        if question and number == question.number and option == BACK:
            return await self._step_back()
        if question and number == question.number:
            self._state.hold(question.key, Answer(option, id=message.id))
        elif question and question.card and number == question.card_number:
            self._state.hold(question.card, Answer(option, id=message.id))
        return await self._continue()

    async def _text(self, answer: Answer) -> None:
        self._wrote = True
        if len(answer.text) > LONGEST_HELD:
            self.said.append(Said(Phrase("talk.too_long", {"most": LONGEST_HELD})))
            answer = replace(answer, text="")
            if not answer.files:
                return await self._continue()
        if not self._state or not self._state.open:
            return await self._begin_with([answer])
        question = self._state.open
        in_field = bool(question.card) and question.key != question.card
        if in_field and answer.files:  # files go to the draft, the text answers the question
            self._state.hold(question.card, replace(answer, text=""))
            answer = replace(answer, files=())
        if answer.text or not in_field:
            self._state.hold(question.key, answer)
        return await self._continue()

    @property
    def notice(self) -> str:
        """What a press is answered with at once, where that is short: a reason rather than a question."""
        if not self.said or not (first := self.said[0]).bare or (len(self.said) == 1 and self._state):
            return ""
        text = plain(self.house.texts.render(self._language, first.text))
        return text if len(text) <= LONGEST_NOTICE else ""
