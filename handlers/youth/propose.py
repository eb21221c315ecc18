"""A young person sends a proposal: text first, one card."""

from __future__ import annotations

from bot.feature import conversation
from bot.model import Json, Phrase
from bot.talk import Talk
from bot.turn import Choice
from handlers.acts import proposals
from handlers.acts.people import Known
from handlers.acts.rights import Right
from handlers.cards import Draft, ProposalCard, WayOut, content
from handlers.questions import ask_age, ask_place, known_person
from storage import conversations
from storage.conversations import Open
from storage.database import Transaction, micros

EXCERPT = 80  # characters
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
            key, key_hash = await talk.keep("key", proposals.new_key)
            code = await talk.once("proposal", lambda tx: send(tx, talk, done.draft, person, key_hash))
            buttons = [*waking(talk), *AGAIN]
            talk.say("propose.done", code=code, lookup=key, next=next_steps(talk), buttons=buttons)
        case WayOut.KEEP:
            talk.say("propose.kept", buttons=[[Choice(Phrase("propose.go_on"), f"{talk.serial}.0.show")]])
            talk.park()
        case WayOut.DROP:
            talk.say("propose.dropped", buttons=AGAIN)


def next_steps(talk: Talk) -> Phrase:
    """What happens now, and how an answer can come where the messenger is silent once it is closed."""
    steps = Phrase("pack.next_steps")
    if talk.house.channels[talk.where.channel].reaches_closed:
        return steps
    ways = talk.house.ways
    lines = [Phrase("ways.messenger", {"name": Phrase(f"ways.{name}"), "address": to}) for name, to in ways.named()]
    if waking(talk):
        lines.append(Phrase("ways.waking"))
    word = talk.house.texts.template(talk.where.language, "command.lookup")
    lines.append(Phrase("ways.lookup", {"address": f"{ways.pages}/{word}"}))
    return Phrase("ways.after", {"next": steps, "ways": lines})


def waking(talk: Talk) -> list[list[Choice]]:
    """The button by which somebody can ask to be woken, where the messenger has one."""
    data = talk.house.channels[talk.where.channel].waking
    return [[Choice(Phrase("ways.wake"), data)]] if data else []


async def offer_kept(talk: Talk) -> None:
    """Offers to go on with a draft kept earlier, unless something new was written already."""
    kept = await talk.keep("kept draft", lambda: kept_draft(talk))
    if not kept:
        return
    ways = {"old": "propose.go_on", "new": "propose.new"}
    if await talk.choose("go on", "propose.found_kept", ways, aside="card", draft=kept["text"]) == "old":
        await talk.resume(kept["serial"])


async def kept_draft(talk: Talk) -> Json:
    """The number and the beginning of the newest draft that was kept."""
    if talk.waiting("card"):
        return None
    found = await conversations.parked(await talk.read(), talk.where.address_id, "propose")
    return {"serial": found.serial, "text": excerpt(found)} if found else None


def excerpt(draft: Open) -> str:
    """The beginning of a draft that was kept."""
    said = [text for _, text in draft.state["parts"].get("card", {}).get("draft", {}).get("said", [])]
    held = [answer["text"] for answer in draft.state["held"].get("card", [])]
    return " ".join([*said, *held])[:EXCERPT].strip()


async def send(tx: Transaction, talk: Talk, draft: Draft, person: Known, key_hash: str) -> str:
    """Stores the proposal as the card showed it; gives its code."""
    return await proposals.send(tx, content(draft), key_hash, person.id, talk.where.address_id, micros(talk.now))
