"""One person on several channels: a code from one chat, entered in the other, asked about in both."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from bot.feature import command
from bot.model import Phrase
from bot.turn import Choice, House, Turn
from handlers.acts import linking as acts
from handlers.acts.linking import Linked, NotYet, Refusal
from handlers.acts.rights import Right
from handlers.occasion import tell_seated, timing
from handlers.shown import channel, hour
from storage import linking
from storage.database import Transaction, micros
from storage.linking import Chat

_ONE = re.compile(r"(yes|no|part|parted) (\d{1,18})", re.ASCII)
_DRAFT = re.compile(r"(\d{1,18})\.(\d{1,9})", re.ASCII)
CHATS = Choice(Phrase("connect.chats"), "/connect")
REFUSED = {
    Refusal.WRONG: "connect.wrong",
    Refusal.LATER: "connect.later",
    Refusal.OWN: "connect.own",
    Refusal.ALREADY: "connect.already",
    Refusal.NOBODY: "connect.nobody",
}
MINE = Choice(Phrase("mine.list"), "/mine")


@command("connect", may=Right.TALK)
async def connect(turn: Turn) -> None:
    """Shows one's chats; "code" makes a code, a code is entered, the rest are the buttons' own."""
    argument = turn.argument.strip().lower()
    if not argument:
        return await show(turn)
    if argument == "code":
        code = await turn.once("code", lambda tx: acts.offer(tx, turn.where.address_id, turn.now))
        return turn.say("connect.code", code=code, minutes=int(acts.VALID.total_seconds()) // 60)
    if one := _ONE.fullmatch(argument):
        return await STEPS[one[1]](turn, int(one[2]))
    return await enter(turn, argument)


async def show(turn: Turn) -> None:
    """The chats of this person, and what can be done about them."""
    person, where = turn.where.person, turn.where
    chats = await linking.chats(await turn.read(), person.id) if person else []
    others = [chat for chat in chats if chat.address_id != where.address_id]
    parting = [[Choice(Phrase("connect.part", {"chat": called(turn.house, chat)}), f"/connect part {chat.address_id}")]
               for chat in others]  # fmt: skip
    turn.say(
        "connect.page" if others else "connect.alone",
        chats=[Phrase("connect.chat", {"chat": named(turn.house, chat)}) for chat in others],
        buttons=[[Choice(Phrase("connect.make"), "/connect code")], *parting],
        slot="connect",
    )


def called(house: House, chat: Chat) -> Phrase:
    """A chat by its messenger."""
    return channel(house, chat.channel)


def named(house: House, chat: Chat) -> Phrase:
    """A chat by its messenger and when it was used last, which tells several on one messenger apart."""
    return Phrase("connect.used", {"chat": called(house, chat), "at": hour(house, chat.last_written_at)})


# -- linking


async def enter(turn: Turn, code: str) -> None:
    """Enters a code here and asks the first side."""
    found = await turn.once("entered", lambda tx: acts.enter(tx, turn.where.address_id, code, turn.now))
    if isinstance(found, Refusal):
        again = [] if found is Refusal.ALREADY else [[CHATS]]
        return turn.say(REFUSED[found], buttons=again)
    return turn.say(
        "connect.ask_here",
        chat=called(turn.house, found.shower),
        goods=await goods(turn, found.entrant),
        role=[Phrase("connect.role_goes", {"role": role(found.entrant)})] if found.entrant.role else [],
        buttons=answers(found),
    )


async def goods(turn: Turn, chat: Chat) -> Phrase:
    """What a chat brings along."""
    found = await linking.belongings(await turn.read(), chat)
    return Phrase("connect.goods", {"proposals": found.proposals, "drafts": found.drafts})


def role(chat: Chat) -> Phrase:
    return Phrase(f"role.{chat.role}")


def answers(linked: Linked) -> list[list[Choice]]:
    number = linked.request.id
    return [
        [Choice(Phrase("connect.yes"), f"/connect yes {number}")],
        [Choice(Phrase("connect.no"), f"/connect no {number}")],
    ]


async def agree(turn: Turn, number: int) -> None:
    """One side says yes: the other is asked, or both are linked."""
    here = turn.where.address_id
    linked = await turn.once("agreed", lambda tx: agreed(tx, turn, number))
    if linked is None:
        return turn.say("connect.gone", buttons=[[CHATS]])
    other = linked.other(here)
    if here == linked.entrant.address_id:
        await ask_there(turn, linked)
        return turn.say("connect.asked", chat=called(turn.house, other))
    mine = linked.other(other.address_id)
    turn.tell(other.address_id, "connect.done", chat=called(turn.house, mine), buttons=[[MINE], [CHATS]], stays=True)
    return turn.say("connect.done", chat=called(turn.house, other), buttons=[[MINE], [CHATS]])


async def agreed(tx: Transaction, turn: Turn, number: int) -> Linked | None:
    """Agrees, and tells whoever has a seat now that one person had two of."""
    linked = await acts.agree(tx, turn.where.address_id, number, timing(turn))
    for event_id, people in linked.seated.items() if linked else ():
        await tell_seated(tx, turn, event_id, people)
    return linked


async def ask_there(turn: Turn, linked: Linked) -> None:
    """Asks in the chat that shows the code."""
    turn.tell(
        linked.shower.address_id,
        "connect.ask_there",
        chat=called(turn.house, linked.entrant),
        goods=await goods(turn, linked.shower),
        role=roles_then(linked),
        buttons=answers(linked),
        stays=True,
    )


def roles_then(linked: Linked) -> list[Phrase]:
    """What becomes of roles, a line each."""
    if not linked.role:
        return []
    ends = linked.entrant.role if linked.shower.role and linked.entrant.role != linked.shower.role else ""
    return [
        Phrase("connect.role_then", {"role": Phrase(f"role.{linked.role}")}),
        *([Phrase("connect.role_ends", {"role": Phrase(f"role.{ends}")})] if ends else []),
    ]


async def refuse(turn: Turn, number: int) -> None:
    """One side says no: nothing changes, and the other is told if it had agreed."""
    here = turn.where.address_id
    linked = await turn.once("refused", lambda tx: acts.refuse(tx, here, number, turn.now))
    if linked is None:
        return turn.say("connect.gone", buttons=[[CHATS]])
    other = linked.other(here)
    if linked.request.is_agreed:
        turn.tell(
            other.address_id, "connect.refused", chat=called(turn.house, linked.other(other.address_id)), stays=True
        )
    return turn.say("connect.left", buttons=[[CHATS]])


# -- undoing it


async def ask_part(turn: Turn, address_id: int) -> None:
    """Says who keeps what before a chat is separated."""
    chats = await linking.chats(await turn.read(), turn.where.person.id) if turn.where.person else []
    going = next((chat for chat in chats if chat.address_id == address_id), None)
    if going is None or len(chats) < 2:
        return turn.say("connect.not_linked", buttons=[[CHATS]])
    yes = Choice(Phrase("connect.part_yes"), f"/connect parted {address_id}")
    return turn.say("connect.part_ask", chat=named(turn.house, going), buttons=[[yes], [CHATS]])


async def part(turn: Turn, address_id: int) -> None:
    """Separates a chat, and tells it."""
    person, here = turn.where.person, turn.where.address_id
    gone = None
    if person is not None:
        gone = await turn.once("parted", lambda tx: acts.part(tx, person.id, here, address_id, turn.now))
    if gone is None:
        return turn.say("connect.not_linked", buttons=[[CHATS]])
    if address_id != here:
        turn.tell(address_id, "connect.parted_there", stays=True, buttons=[[MINE]])
    return turn.say("connect.parted", chat=called(turn.house, gone), buttons=[[MINE], [CHATS]])


STEPS: dict[str, Callable[[Turn, int], Awaitable[None]]] = {
    "yes": agree,
    "no": refuse,
    "part": ask_part,
    "parted": part,
}


# -- drafts


@command("fetch_draft", may=Right.FOLLOW)
async def fetch_draft(turn: Turn) -> None:
    """Takes over a draft from another of one's chats: "CHAT.NUMBER"."""
    one = _DRAFT.fullmatch(turn.argument)
    if one is None:
        return turn.say("mine.no_draft")
    begun, here = (int(one[1]), int(one[2])), turn.where.address_id
    serial = await turn.once("draft", lambda tx: acts.fetch_draft(tx, here, begun, micros(turn.now)))
    if isinstance(serial, NotYet):
        return turn.say("mine.no_draft" if serial is NotYet.GONE else "connect.draft_files")
    return turn.say("connect.draft_here", buttons=[[Choice(Phrase("propose.go_on"), f"{serial}.0.show")]])
