"""A young person sends a proposal: text first, one card."""

from __future__ import annotations

from bot.feature import conversation
from bot.model import Phrase
from bot.talk import Talk
from bot.turn import Choice
from handlers.acts import proposals
from handlers.acts.people import Known
from handlers.acts.rights import Right
from handlers.cards import Draft, ProposalCard, WayOut, content
from handlers.questions import ask_age, ask_place, known_person
from storage import conversations
from storage.database import Transaction, micros

AGAIN = [[Choice(Phrase("propose.another"), "/propose")]]


@conversation("propose", may=Right.PROPOSE, takes="card")
async def propose(talk: Talk) -> None:
    person = await known_person(talk, aside="card")
    if person is None:
        return
    await offer_kept(talk)
    done = await talk.card("card", ProposalCard(talk.house, person, ask_place, ask_age))
    match done.way:
        case WayOut.SEND:
            code, key = await talk.once("proposal", lambda tx: send(tx, talk, done.draft, person))
            talk.say("propose.done", code=code, lookup=key, next=Phrase("pack.next_steps"), buttons=AGAIN)
        case WayOut.KEEP:
            talk.say("propose.kept", buttons=[[Choice(Phrase("propose.go_on"), "/propose")]])
            talk.park()
        case WayOut.DROP:
            talk.say("propose.dropped", buttons=AGAIN)


async def offer_kept(talk: Talk) -> None:
    """Offers to go on with a draft kept earlier, unless something new was written already."""
    kept = await talk.keep("kept draft", lambda: kept_draft(talk))
    if not kept:
        return
    answer = await talk.choose(
        "go on", "propose.found_kept", {"old": "propose.go_on", "new": "propose.new"}, aside="card"
    )
    if answer == "old":
        talk.resume(kept)


async def kept_draft(talk: Talk) -> int | None:
    """The number of the newest conversation with a kept draft."""
    if talk.waiting("card"):
        return None
    found = await conversations.parked(await talk.read(), talk.where.address_id, "propose")
    return found.serial if found else None


async def send(tx: Transaction, talk: Talk, draft: Draft, person: Known) -> tuple[str, str]:
    """Stores the proposal as the card showed it; gives its code and key."""
    receipt = await proposals.send(tx, content(draft), person.id, talk.where.address_id, micros(talk.now))
    return receipt.code, receipt.key
