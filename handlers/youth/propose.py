"""A young person sends a proposal: text first, one card."""

from __future__ import annotations

import json

from bot.feature import conversation, job
from bot.model import Json, Phrase
from bot.talk import Talk
from bot.turn import Choice, House, Turn
from handlers.acts import proposals
from handlers.acts.calendar import Intake, intake
from handlers.acts.people import Known
from handlers.acts.proposals import Sent
from handlers.acts.rights import Right
from handlers.cards import Draft, ProposalCard, WayOut, content
from handlers.questions import ask_age, ask_place, known_person
from handlers.shown import spoken_end, spoken_start
from storage import conversations, dialogues
from storage.conversations import Open
from storage.database import Transaction, micros, moment
from storage.outbox import Kind

EXCERPT = 80  # characters
AGAIN = [[Choice(Phrase("propose.another"), "/propose")]]


@conversation("propose", may=Right.PROPOSE, takes="card")
async def propose(talk: Talk) -> None:
    standing = await talk.keep("standing", lambda: asked_calendar(talk))
    person = await known_person(talk, aside="card")
    if person is None:
        return
    await offer_kept(talk)
    card = ProposalCard(talk.house, person, ask_place, ask_age, note_of(standing, talk.house))
    done = await talk.card("card", card)
    match done.way:
        case WayOut.SEND:
            key, key_hash = await talk.keep("key", proposals.new_key)
            sent = await talk.once(f"proposal {talk.life}", lambda tx: send(tx, talk, done.draft, person, key_hash))
            if "opens" in sent:
                talk.say(
                    "propose.waits",
                    opens=spoken_start(moment(sent["opens"]), talk.house),
                    buttons=[[go_on(talk.serial)]],
                )
                talk.park()
            say_done(talk, sent, key)
        case WayOut.KEEP:
            talk.say("propose.kept", buttons=[[go_on(talk.serial)]])
            talk.park()
        case WayOut.DROP:
            talk.say("propose.dropped", buttons=AGAIN)


def go_on(serial: int) -> Choice:
    """The button that takes a draft up again."""
    return Choice(Phrase("propose.go_on"), f"{serial}.0.show")


def say_done(talk: Talk, sent: Json, key: str) -> None:
    """Says that it was sent, and to what where that is not the dialogue that everyone speaks of."""
    if sent["is_for_next"]:
        talk.say("propose.for_next", dialogue=sent["code"].rpartition("-")[0])
    buttons = [*waking(talk), *AGAIN]
    talk.say("propose.done", code=sent["code"], lookup=key, next=next_steps(talk), buttons=buttons)


async def asked_calendar(talk: Talk) -> Json:
    """Where the dialogue stands: [NOT_YET or CLOSED, since or from when], or None where it takes proposals."""
    current = await dialogues.current(await talk.read())
    if current is None:
        return None
    standing = intake(current.dates, talk.now)
    at = current.dates.opens if standing is Intake.NOT_YET else current.dates.closes
    return [standing, micros(at)] if at and standing is not Intake.OPEN else None


def note_of(standing: Json, house: House) -> Phrase | None:
    """What the card says of a dialogue that takes nothing yet, or nothing any more."""
    if standing is None:
        return None
    intake_is, at = standing
    if intake_is == Intake.NOT_YET:
        return Phrase("propose.not_yet", {"opens": spoken_start(moment(at), house)})
    return Phrase("propose.closed", {"closed": spoken_end(moment(at), house)})


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


async def send(tx: Transaction, talk: Talk, draft: Draft, person: Known, key_hash: str) -> Json:
    """Stores the proposal as the card showed it and gives its code; or has the draft wait, and gives when it "opens"."""
    where, now = talk.where, micros(talk.now)
    sent = await proposals.send(tx, content(draft), key_hash, person.id, where.address_id, now)
    if isinstance(sent, Sent):
        return {"code": sent.code, "is_for_next": sent.is_for_next}
    await proposals.wait(tx, where.address_id, talk.serial, sent)
    return {"opens": micros(sent.dates.opens or talk.now)}


@job("opened")
async def opened(turn: Turn) -> None:
    """Offers a draft that waited for its dialogue to open, if it is still there."""
    serial = int(json.loads(turn.argument)["serial"])
    draft = await conversations.get_parked(await turn.read(), turn.where.address_id, serial)
    if draft:
        turn.tell(
            turn.where.address_id,
            "propose.opened",
            kind=Kind.REMINDER,
            draft=excerpt(draft),
            buttons=[[go_on(serial)]],
            stays=True,
        )
