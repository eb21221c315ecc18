"""Who is staff: inviting somebody with a role and a scope, the list, and ending somebody's rights."""

from __future__ import annotations

import re

from bot.errors import InvalidError
from bot.feature import command, conversation
from bot.model import Json, Phrase
from bot.state import Answer
from bot.talk import Talk
from bot.turn import Choice, House, Turn
from handlers.acts import staff as acts
from handlers.acts.rights import Right, Role, standing
from handlers.questions import ask_place
from handlers.shown import hour
from storage import staff
from storage.database import Transaction
from storage.staff import Member, Office

PAGE = 8
LABEL = 60  # characters
MOST_PLACES = 30


# -- inviting


@conversation("appoint", may=Right.APPOINT)
async def appoint(talk: Talk) -> None:
    role = Role(await talk.choose("role", "team.ask_role", {role: f"team.role_{role}" for role in Role}))
    scope = await ask_scope(talk, role)
    label = await talk.ask("label", "team.ask_label", parse_label, {"skip": "team.no_label"})
    office = Office(role, scope, label)
    way = await talk.choose(
        "sure", "team.review", {"yes": "team.make", "no": "team.leave"},
        role=Phrase(f"team.role_{role}"), scope=scope_of(office, talk.house), label=label or Phrase("team.nobody"),
    )  # fmt: skip
    if way == "no":
        return talk.say("team.left")
    where = talk.where
    code = await talk.once("code", lambda tx: acts.issue(tx, standing(where), where.address_id, office, talk.now))
    return talk.say("team.code", code=code, days=acts.VALID.days, role=Phrase(f"team.role_{role}"))


async def ask_scope(talk: Talk, role: Role) -> str:
    """The part of it all that a role is for: communes, an agency, or everything."""
    if role == Role.AGENCY:
        agencies = {slug: f"agency.{slug}" for slug in talk.house.pack.facts.agencies}
        return await talk.choose("agency", "team.ask_agency", agencies)
    if role != Role.LOCALITY:
        return ""
    places: list[str] = []
    for n in range(MOST_PLACES):
        place = await ask_place(talk, f"place{n}/", [])
        places += [place.unit] if place.unit and place.unit not in places else []
        ways = {"more": "team.more_places", **({"done": "team.places_done"} if places else {})}
        named = [Phrase("team.place", {"place": talk.house.pack.place(one, "", talk.house.era)}) for one in places]
        if await talk.choose(f"more{n}", "team.places", ways, places=named) == "done":
            break
    return " ".join(places)


def parse_label(answer: Answer) -> str:
    """By what the office knows somebody; "" where nothing was given."""
    label = "" if answer.option else " ".join(answer.text.split())
    if len(label) > LABEL or not (label or answer.option):
        raise InvalidError("team.label_length", most=LABEL)
    return label


# -- the list


@command("team", may=Right.APPOINT)
async def team(turn: Turn) -> None:
    """Lists everyone who has a role, with what it is for."""
    reader = await turn.read()
    total = await staff.count(reader)
    pages = max(-(-total // PAGE), 1)
    wanted = int(turn.argument) if re.fullmatch(r"\d{1,6}", turn.argument, re.ASCII) else 1
    page = min(max(wanted, 1), pages)
    first = (page - 1) * PAGE
    found = await staff.members(reader, first, PAGE)
    newer = [Choice(Phrase("team.before"), f"/team {page - 1}")] if page > 1 else []
    older = [Choice(Phrase("team.after"), f"/team {page + 1}")] if page < pages else []
    own = turn.where.person.id if turn.where.person else None
    turn.say(
        "team.page",
        total=total,
        page=page,
        pages=pages,
        items=[item(turn.house, number, one) for number, one in enumerate(found, first + 1)],
        buttons=[
            *([ending(number, one)] for number, one in enumerate(found, first + 1) if may_end(one, own)),
            *([newer + older] if newer or older else []),
            [Choice(Phrase("team.invite"), "/appoint")],
        ],
        slot="team",
    )


def may_end(one: Member, own: int | None) -> bool:
    """Whether somebody's rights can be ended here: the settings give theirs anew, and nobody ends their own."""
    return one.person_id != own and one.source != acts.SETTINGS


def ending(number: int, one: Member) -> Choice:
    return Choice(Phrase("team.end", {"number": number}), f"/dismiss {one.person_id}")


def item(house: House, number: int, one: Member) -> Phrase:
    """One of staff in the list."""
    key = "team.item_settings" if one.source == acts.SETTINGS else "team.item"
    return Phrase(key, {"number": number, **described(house, one)})


def described(house: House, one: Member) -> dict[str, str | Phrase]:
    """Who somebody is to the office, as far as it can be said."""
    return {
        "label": one.office.label or Phrase("team.nobody"),
        "role": Phrase(f"team.role_{one.office.role}"),
        "scope": scope_of(one.office, house),
        "channel": Phrase(f"team.on_{one.channel}") if one.channel in CHANNELS else Phrase("team.on_none"),
        "since": hour(house, one.given_at),
    }


CHANNELS = ("zalo", "telegram", "web", "console")


def scope_of(office: Office, house: House) -> Phrase:
    """What a role is for, in words."""
    if office.role == Role.AGENCY and office.scope in house.pack.facts.agencies:
        return Phrase(f"agency.{office.scope}")
    if office.role != Role.LOCALITY:
        return Phrase("team.everywhere")
    known = {unit.code: unit.name for unit in house.pack.units(house.era)}
    names = [known[place] for place in office.scope.split() if place in known]
    return Phrase("team.places_named", {"names": ", ".join(names)}) if names else Phrase("team.nowhere")


# -- ending


TWICE = (("sure", "team.dismiss_ask", "team.sure_yes"), ("again", "team.dismiss_again", "team.again_yes"))


@conversation("dismiss", may=Right.APPOINT, payload=True)
async def dismiss(talk: Talk) -> None:
    """Takes the number of a person; asks twice."""
    back = [[Choice(Phrase("team.list"), "/team")]]
    who = await talk.keep("who", lambda: shown(talk))
    if who is None:
        return talk.say("team.cannot", buttons=back)
    named = Phrase.from_json(who)
    for key, ask, yes in TWICE:
        if await talk.choose(key, ask, {"yes": yes, "no": "team.keep"}, who=named) == "no":
            return talk.say("team.kept", buttons=back)
    done = await talk.once("dismissed", lambda tx: end(tx, talk))
    return talk.say("team.dismissed" if done else "team.cannot", buttons=back)


async def shown(talk: Talk) -> Json:
    """Who is meant, as they stand in the list; None where their rights cannot be ended."""
    one = await acts.dismissible(await talk.read(), standing(talk.where), own_id(talk), meant(talk))
    return Phrase("team.who", described(talk.house, one)).to_json() if one else None


def own_id(talk: Talk) -> int | None:
    return talk.where.person.id if talk.where.person else None


def meant(talk: Talk) -> int:
    """The id that was given, or one that nobody has."""
    return int(talk.argument) if re.fullmatch(r"\d{1,18}", talk.argument, re.ASCII) else 0


async def end(tx: Transaction, talk: Talk) -> bool:
    """Ends the rights, and tells whoever had them."""
    where = talk.where
    chats = await acts.dismiss(tx, standing(where), own_id(talk), where.address_id, meant(talk), talk.now)
    for chat in chats or []:
        talk.tell(chat, "team.told")
    return chats is not None
