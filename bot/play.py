"""What a turn runs: the open conversation, a command or a job, and what is written of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.errors import EndlessConversationError
from bot.feature import Command, Conversation, Features
from bot.model import Phrase
from bot.state import Answer, State
from bot.talk import Parked, Restarted, Resumed, Talk, Waiting
from bot.turn import House, Person, Said, Told, Turn, Where
from storage import addresses, conversations
from storage.conversations import Open, Opening
from storage.database import Reader, Statement, Transaction, micros
from storage.inbox import DueJob

RESTARTS = 5


class Play:
    """One try of one turn. `said`, `quiet` and `writes` are what came of it; `closed` are cards that were left."""

    def __init__(
        self,
        house: House,
        features: Features,
        opening: Opening,
        begin: Callable[[], Awaitable[Transaction]],
        look: Callable[[], Awaitable[Reader]],
        again: Callable[[Opening], Awaitable[Opening]],
    ) -> None:
        self.house = house
        self.features = features
        self.opening = opening
        self.said: list[Said] = []
        self.closed: list[Said] = []
        self.told: list[Told] = []
        self.quiet = False
        self.refused = False  # an answer was, by the question that it was given to
        self._wrote = False
        self._begin = begin
        self._look = look
        self._again = again
        self._language = opening.language
        self._count = opening.conversations
        self._state: State | None = State.from_json(opening.open.state) if opening.open else None
        self._open = opening.open
        self._statements: list[Statement] = []

    # -- what asks nothing

    async def _do(self, feature: Command, argument: str) -> None:
        turn = Turn(self.house, self._where(), argument, self._begin, self._look)
        await feature.run(turn)
        self.said += turn.said
        self.told += turn.told

    async def _do_job(self, due: DueJob) -> None:
        self._open = self._state = None  # whatever is open goes on beside it: a job has no business with it
        job = self.features.job(due.name)
        if job is None:
            raise LookupError(f"no job is called {due.name!r}")
        turn = Turn(self.house, self._where(), due.argument, self._begin, self._look)
        await job.run(turn)
        self.said += turn.said
        self.told += turn.told

    async def _begin_with(self, answers: list[Answer]) -> None:
        """Starts what a text is for where nothing is open."""
        text = "\n".join(answer.text for answer in answers if answer.text)
        feature = self.features.find(self.features.idle(self._where(), text, any(answer.files for answer in answers)))
        if isinstance(feature, Conversation) and self.features.allows(self.opening.role, feature.may):
            return await self._start(feature, "", answers)
        if isinstance(feature, Command):
            return await self._do(feature, text)
        return await self._lost()

    async def _lost(self) -> None:
        feature = self.features.find(self.features.lost)
        if isinstance(feature, Command):
            await self._do(feature, "")

    # -- conversations

    async def _start(self, feature: Conversation, argument: str, answers: list[Answer]) -> None:
        if self._state and self._open:
            if self._open.name == feature.name and (self._state.has_draft() or not argument):
                return await self._go_on(feature, answers)
            if self._state.has_draft():
                self._park()
                self.said.append(Said(Phrase("talk.parked")))
            else:
                answers = [*self._state.all_held(), *answers]
                self._end()
        self._count += 1
        self._statements.append(addresses.count_conversation(self.opening.address_id, self._count))
        self._open = Open(self._count, feature.name, None, 0)
        self._state = State(argument=argument)
        for answer in answers:
            self._state.hold(feature.takes, answer)
        return await self._continue()

    async def _go_on(self, feature: Conversation, answers: list[Answer]) -> None:
        """What was started is open already: it is shown again, with what was said now."""
        for answer in answers:
            if self._state:
                self._state.hold(feature.takes, answer)
        await self._continue()

    async def _continue(self) -> None:
        """Runs the open conversation up to its next question or its end."""
        if not self._open or not self._state:
            return
        feature = self.features.find(self._open.name)
        if not isinstance(feature, Conversation) or not self.features.allows(self.opening.role, feature.may):
            self._end()
            await self._lost()
            return
        before = self.said
        for _ in range(RESTARTS):
            talk = Talk(self.house, self._where(), "", self._begin, self._look).join(self._state, self._open.serial)
            try:
                await feature.run(talk)
            except Restarted:
                before = [*before, *talk.aloud]
                self.told += talk.told
                continue
            except Waiting as waiting:
                self._state.order(talk.met)
                self.said = [*before, *talk.aloud, *talk.said, waiting.question]
                self.quiet = waiting.quiet and self._wrote
                self.refused = talk.refused
            except Parked:
                self.said = [*before, *talk.aloud, *talk.said]
                self._park()
            except Resumed as resumed:
                self.said = before
                await self._resume(resumed.serial)
            else:
                self.said = [*before, *talk.aloud, *talk.said]
                await self._over()
            self.closed += [talk.closed] if talk.closed else []
            self.told += talk.told
            return
        raise EndlessConversationError(f"{feature.name} puts no question")

    async def _over(self) -> None:
        """Ends the conversation; what it was given and never met is a text of its own."""
        left = self._state.all_held() if self._state else []
        self._end()
        if left:
            self.opening = await self._again(self.opening)  # the conversation may have changed who this is
            await self._begin_with(left)

    async def _resume(self, serial: int) -> None:
        moved = self._state.all_held() if self._state else []
        if self._state and self._state.has_draft():
            self._state.held.clear()
            self._park()
            self.said.append(Said(Phrase("talk.parked")))
        else:
            self._end()
        if not await self._reopen(serial):
            return await (self._begin_with(moved) if moved else self._lost())
        for answer in moved:
            if self._state and self._state.open:
                self._state.hold(self._state.open.card or self._state.open.key, answer)
        return await self._continue()

    async def _reopen(self, serial: int) -> bool:
        """Takes a parked conversation up again; False where it is no longer there."""
        found = await conversations.get_parked(await self._look(), self.opening.address_id, serial)
        if found:
            self._open, self._state = found, State.from_json(found.state)
            self._state.life += 1
        return found is not None

    # -- what is written

    def _park(self) -> None:
        self._close("parked")

    def _end(self) -> None:
        self._close("")

    def _close(self, status: str) -> None:
        """Writes the open conversation away as parked, or removes it."""
        if self._open and self._state:
            now_open = Open(self._open.serial, self._open.name, self._state.to_json(), self._open.version)
            self._statements += self._storing(now_open, status)
        self._open = self._state = None

    def _storing(self, conversation: Open, status: str) -> list[Statement]:
        address, now = self.opening.address_id, micros(self.house.clock())
        if not status:
            return [conversations.end(address, conversation)] if conversation.version else []
        if not conversation.version:
            return [conversations.begin(address, conversation, now, status)]
        return [conversations.save(address, conversation, now, status)]

    def writes(self) -> list[Statement]:
        """Everything the turn writes, but for the inbox and what was said."""
        if not self._open or not self._state:
            return self._statements
        now_open = Open(self._open.serial, self._open.name, self._state.to_json(), self._open.version)
        return [*self._statements, *self._storing(now_open, "open")]

    def _where(self) -> Where:
        opening = self.opening
        person = None
        if opening.person_id is not None:
            person = Person(opening.person_id, opening.age_band, opening.place, opening.former_place, opening.is_placed)
        return Where(
            inbox_id=opening.inbox_id,
            address_id=opening.address_id,
            channel=opening.channel,
            language=self._language,
            person=person,
            role=opening.role,
            scope=opening.scope,
            choices=opening.choices,
            chat=opening.chat,
        )
