"""Staff add what people call a place, "the market street = Mill End": such names are known from then on."""

from __future__ import annotations

from bot.errors import InvalidError
from bot.feature import command, conversation
from bot.insight.folding import words
from bot.insight.reader import place_names
from bot.model import Json, Phrase
from bot.state import Answer
from bot.talk import Talk
from bot.turn import Choice, House, Turn
from handlers.acts import naming
from handlers.acts.rights import Right
from handlers.questions import pair
from storage import place_aliases
from storage.database import Transaction, micros

SHORTEST, LONGEST = 3, 40  # characters of a name
OFFERED = 9  # places


@conversation("alias", may=Right.NAME, takes="said")
async def alias(talk: Talk) -> None:
    """Takes "NAME = PLACE"; lists what is there where nothing follows the command."""

    def parse(answer: Answer) -> Json:
        return read(answer.text, talk.house)

    said = await talk.ask("said", "alias.ask", parse)
    name, found = said["name"], said["found"]
    unit = found[0][0]
    if len(found) > 1 or not said["sure"]:
        options = {f"u{one}": talk.house.pack.place(one, "", talk.house.era) for one, _ in found}
        unit = (await talk.choose("which", "alias.which", {**options, "leave": "alias.leave"}, name=name))[1:]
        if f"u{unit}" not in options:
            return talk.say("alias.left")
    done = await talk.once("added", lambda tx: add(tx, talk, name, unit))
    place = talk.house.pack.place(unit, "", talk.house.era)
    return talk.say("alias.done" if done else "alias.left", **({"name": name, "place": place} if done else {}))


async def add(tx: Transaction, talk: Talk, name: str, unit: str) -> bool:
    where = talk.where
    return await naming.add(tx, where.role, where.address_id, talk.house.era, name, unit, micros(talk.now))


def read(text: str, house: House) -> Json:
    """A name and the places that may be meant by it. Raises InvalidError with what is wrong."""
    name, _, place = (" ".join(part.split()) for part in text.partition("="))
    if not name or not place:
        raise InvalidError("alias.how")
    if not SHORTEST <= len(name) <= LONGEST or not words(name):
        raise InvalidError("alias.length", least=SHORTEST, most=LONGEST)
    if is_taken(name, house):
        raise InvalidError("alias.taken", name=name)  # a name alone would convert what is somewhere else
    found = house.places.find(place)
    if not found:
        raise InvalidError("place.unknown")
    units = list(dict.fromkeys(pair(one)[0] for one in found))[:OFFERED]
    return {"name": name, "found": [[unit, ""] for unit in units], "sure": len(units) == 1 and found[0].sure}


def is_taken(name: str, house: House) -> bool:
    """Whether a name means a place already, with a type word before it or without, or is an everyday word."""
    ordinary = {tuple(words(one)) for one in house.pack.places.ordinary}
    named = tuple(words(name)) in place_names(house.pack) | ordinary
    return named or any(one.sure for one in house.knowledge.official_places.find(name))


@command("aliases", may=Right.NAME)
async def aliases(turn: Turn) -> None:
    """Lists the names that were added."""
    house = turn.house
    found = await place_aliases.every(await turn.read(), house.era)
    if not found:
        return turn.say("alias.none")
    items = [
        Phrase("alias.item", {"name": one.name, "place": house.pack.place(one.unit, "", house.era)}) for one in found
    ]
    buttons = [[Choice(Phrase("alias.remove", {"name": one.name}), f"/unalias {one.id}")] for one in found]
    return turn.say("alias.list", items=items, buttons=buttons, slot="aliases")


@command("unalias", may=Right.NAME)
async def unalias(turn: Turn) -> None:
    """Removes a name by its number."""
    where, number = turn.where, turn.argument
    gone = ""
    if number.isascii() and number.isdecimal() and len(number) < 10:
        gone = await turn.once(
            "removed", lambda tx: naming.remove(tx, where.role, where.address_id, int(number), micros(turn.now))
        )
    if gone:
        return turn.say("alias.removed", name=gone)
    return turn.say("alias.gone")
