"""Adding to what was sent, until it is answered: also the reply to what staff asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.card import Card, Rows
from bot.errors import InvalidError
from bot.feature import conversation
from bot.model import Attachment, Json, Phrase
from bot.state import Answer
from bot.talk import Talk
from bot.turn import Choice, Limits
from handlers.acts import cases as acts
from handlers.acts.cases import GROWING
from handlers.acts.rights import Right
from handlers.acts.staff import answered
from handlers.cards import LONGEST, WayOut, fitting
from handlers.youth.change import LIST, opening
from storage import cases
from storage.database import Transaction, micros


@dataclass(frozen=True, slots=True)
class Addition:
    """What is about to be added. `said` holds [the message's id, its text]."""

    said: tuple[tuple[str, str], ...] = ()
    files: tuple[Attachment, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.said)


class AdditionCard(Card[Addition]):
    """The card that an addition is sent from; `room` is how many files may still come."""

    ways_out = frozenset({WayOut.SEND, WayOut.DROP})
    never_typed = frozenset({WayOut.DROP})

    def __init__(self, code: str, room: int, limits: Limits) -> None:
        self.code = code
        self.room = room
        self.limits = limits

    def new(self) -> Addition:
        return Addition()

    def load(self, value: Json) -> Addition:
        said = tuple((id_, text) for id_, text in value["said"])
        return Addition(said, tuple(Attachment.from_json(file) for file in value["files"]))

    def dump(self, draft: Addition) -> Json:
        return {"said": [list(pair) for pair in draft.said], "files": [file.to_json() for file in draft.files]}

    def take(self, talk: Talk, draft: Addition, answer: Answer) -> Addition:
        held = self.limits.files - self.room + len(draft.files)
        grown = replace(draft, files=(*draft.files, *fitting(talk, answer, held)))
        if not answer.text.strip():
            return grown
        return self.retold(replace(grown, said=(*draft.said, (answer.id, answer.text))))

    def amend(self, draft: Addition, answer: Answer) -> Addition | None:
        if all(id_ != answer.id for id_, _ in draft.said):
            return None
        changed = ((id_, answer.text if id_ == answer.id else text) for id_, text in draft.said)
        return self.retold(replace(draft, said=tuple((id_, text) for id_, text in changed if text.strip())))

    def retold(self, draft: Addition) -> Addition:
        """The draft, unless it is too long: then raises InvalidError."""
        if len(draft.text) > LONGEST:
            raise InvalidError("card.too_long", most=LONGEST)
        return draft

    def text(self, draft: Addition) -> Phrase:
        lines = [Phrase("card.text", {"text": draft.text})] if draft.said else []
        if draft.files:
            names = ", ".join(file.name for file in draft.files)
            lines.append(Phrase("card.files", {"count": len(draft.files), "names": names}))
        return Phrase("add.card" if lines else "add.ask", {"code": self.code, "lines": lines})

    def rows(self, draft: Addition) -> Rows:
        send = [[(WayOut.SEND, Phrase("add.send"))]] if draft.said or draft.files else []
        return [*send, [(WayOut.DROP, Phrase("add.leave"))]]

    def missing(self, way: str, draft: Addition) -> str:
        return "add.empty" if way == WayOut.SEND and not draft.said and not draft.files else ""


@conversation("add", may=Right.FOLLOW, takes="card", payload=True)
async def add(talk: Talk) -> None:
    code, person = talk.argument, talk.where.person
    room = await talk.keep("room", lambda: room_for_files(talk))
    if room is None or person is None:
        return talk.say("add.cannot", code=code, buttons=[[LIST]])
    done = await talk.card("card", AdditionCard(code, room, talk.house.limits))
    if done.way != WayOut.SEND:
        return talk.say("add.left", code=code, buttons=[[opening(code)]])
    added = await talk.once("added", lambda tx: send(tx, talk, person.id, done.draft))
    return talk.say("add.done" if added else "add.cannot", code=code, buttons=[[opening(code)]])


async def room_for_files(talk: Talk) -> int | None:
    """How many files may still be added; None where nothing may be."""
    person = talk.where.person
    case = await acts.own(await talk.read(), person.id if person else None, talk.argument)
    if case is None or case.state not in GROWING:
        return None
    return max(talk.house.limits.files - len(case.content.files), 0)


async def send(tx: Transaction, talk: Talk, person_id: int, draft: Addition) -> bool:
    """Adds it, and tells whoever of staff asked."""
    now, code = micros(talk.now), talk.argument
    case = await acts.add(tx, person_id, talk.where.address_id, code, draft.text, draft.files, now)
    asker = await cases.last_asker(tx, case.id) if case else None
    for chat in await answered(tx, asker, Right.TRIAGE) if asker is not None else ():
        view = [[Choice(Phrase("mine.open", {"code": code}), f"/view {code}")]]
        talk.tell(chat, "add.told", code=code, text=draft.text, buttons=view)
    return case is not None
