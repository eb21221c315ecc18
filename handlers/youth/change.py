"""Changing or withdrawing what was sent, as long as staff have not taken it up."""

from __future__ import annotations

from bot.card import Rows
from bot.feature import conversation
from bot.model import Json, Phrase
from bot.talk import Talk
from bot.turn import Choice, House
from handlers.acts import cases
from handlers.acts.cases import CHANGEABLE
from handlers.acts.people import Known
from handlers.acts.rights import Right
from handlers.cards import AskAge, AskPlace, Draft, ProposalCard, WayOut, content
from handlers.questions import ask_age, ask_place
from storage.database import micros
from storage.proposals import Content

REASONS = ("solved", "mistake", "other", "none")


class ChangeCard(ProposalCard):
    """The card of a proposal that was sent, with what it says now."""

    def __init__(self, house: House, person: Known, ask_place: AskPlace, ask_age: AskAge, before: Json) -> None:
        super().__init__(house, person, ask_place, ask_age)
        self.before = before

    def new(self) -> Draft:
        return self.load(self.before)

    def rows(self, draft: Draft) -> Rows:
        *before, _, editing, changing, _ = super().rows(draft)
        save, leave = [(WayOut.SEND, Phrase("change.save"))], [(WayOut.DROP, Phrase("change.leave"))]
        return [*before, save, editing, changing, leave]

    def look_up(self, draft: Draft) -> str:
        return ""  # it was done when it was sent


@conversation("change", may=Right.FOLLOW, takes="card", payload=True)
async def change(talk: Talk) -> None:
    before = await talk.keep("before", lambda: as_draft(talk))
    person = talk.where.person
    if before is None or person is None:
        return talk.say("change.cannot", code=talk.argument, buttons=[[LIST]])
    known = Known(person.id, person.age_band, person.place, person.former_place)
    card = ChangeCard(talk.house, known, ask_place, ask_age, before)
    done = await talk.card("card", card)
    if done.way != WayOut.SEND or done.draft == card.new():
        return talk.say("change.left", code=talk.argument, buttons=[[opening(talk.argument)]])
    changed = await talk.once(
        "changed",
        lambda tx: cases.change(
            tx, person.id, talk.where.address_id, talk.argument, content(done.draft), micros(talk.now)
        ),
    )
    return talk.say(
        "change.done" if changed else "change.cannot", code=talk.argument, buttons=[[opening(talk.argument)]]
    )


async def as_draft(talk: Talk) -> Json:
    """The JSON of what may still be changed, as a draft; None where nothing of this person's may."""
    person = talk.where.person
    case = await cases.own(await talk.read(), person.id if person else None, talk.argument)
    if case is None or case.state not in CHANGEABLE:
        return None
    return drafted(case.content)


def drafted(sent: Content) -> Json:
    """What was sent as the JSON of a draft: what was chosen then stays chosen."""
    return {
        "said": [["", sent.text]] if sent.text else [],
        "files": [file.to_json() for file in sent.files],
        "lead": sent.lead,
        "kind": sent.kind,
        "kind_chosen": True,
        "tags": [[tag.topic, tag.score] for tag in sent.tags],
        "tags_chosen": any(tag.chosen_by != "machine" for tag in sent.tags),
        "place": sent.place,
        "former_place": sent.former_place,
        "age_band": sent.age_band,
        "name": sent.name,
        "only_province": sent.only_province,
        "typed_place": sent.typed_place,
        "version": sent.tags[0].version if sent.tags else "",
    }


@conversation("withdraw", may=Right.FOLLOW, payload=True)
async def withdraw(talk: Talk) -> None:
    """Asks twice; the second press may say why."""
    code, person = talk.argument, talk.where.person
    if person is None or not await talk.keep("may", lambda: may_change(talk)):
        return talk.say("change.cannot", code=code, buttons=[[LIST]])
    if await talk.choose("sure", "withdraw.ask", {"yes": "withdraw.yes", "no": "withdraw.no"}, code=code) == "no":
        return talk.say("withdraw.kept", code=code, buttons=[[opening(code)]])
    reasons = {name: f"withdraw.reason_{name}" for name in REASONS} | {"keep": "withdraw.no"}
    reason = await talk.choose("reason", "withdraw.again", reasons, code=code)
    if reason == "keep":
        return talk.say("withdraw.kept", code=code, buttons=[[opening(code)]])
    gone = await talk.once(
        "withdrawn",
        lambda tx: cases.withdraw(tx, person.id, talk.where.address_id, code, reason, micros(talk.now)),
    )
    return talk.say("withdraw.done" if gone else "change.cannot", code=code, buttons=[[LIST]])


async def may_change(talk: Talk) -> bool:
    return await as_draft(talk) is not None


LIST = Choice(Phrase("mine.list"), "/mine")


def opening(code: str) -> Choice:
    """The button that shows a proposal."""
    return Choice(Phrase("mine.open", {"code": code}), f"/mine {code}")
