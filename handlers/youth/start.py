"""The first contact, with or without something a link carries along."""

from __future__ import annotations

from bot.feature import conversation
from bot.talk import Talk
from handlers.acts import staff
from handlers.acts.rights import Right
from handlers.lost import WAYS
from handlers.questions import known_person
from handlers.youth.at_event import arrive

INVITATION = "i_"  # what a link begins with that carries a staff code


@conversation("start", may=Right.TALK, takes="said", payload=True)
async def start(talk: Talk) -> None:
    if talk.argument.startswith(INVITATION):
        code = talk.argument.removeprefix(INVITATION)
        role = await talk.once("role", lambda tx: staff.redeem(tx, talk.where.address_id, code, talk.now))
        return talk.say(f"staff.welcome_{role}") if role else talk.say("staff.bad_code")
    if talk.where.role:
        await talk.once("menu", lambda tx: staff.show_menu(tx, talk.where.address_id, talk.now))
    person = await known_person(talk, aside="said")
    if person and not await arrive(talk, person) and not talk.waiting("said"):
        talk.say("start.ready", buttons=WAYS)
    return None
