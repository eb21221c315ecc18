"""What a person chose for themselves: language, place, group, and what they want to be told."""

from __future__ import annotations

from bot.feature import command, conversation
from bot.model import Phrase
from bot.talk import Talk
from bot.turn import Choice, Turn
from handlers.acts import people as acts
from handlers.acts.rights import Right
from handlers.questions import ask_place
from storage import people
from storage.database import micros

WISHES = ("reminders", "news")  # answers to one's own questions always come


@command("settings", may=Right.FOLLOW)
async def settings(turn: Turn) -> None:
    """Shows what is chosen; "group NAME", and "reminders" or "news" with "on" or "off" change it."""
    person = turn.where.person
    if person is None or not person.age_band:
        return turn.say("settings.first", buttons=[[Choice(Phrase("settings.start"), "/start")]])
    what, _, value = turn.argument.lower().partition(" ")
    if what == "group" and not value:
        groups = [[Choice(Phrase(f"group.{name}"), f"/settings group {name}")] for name in turn.house.pack.facts.groups]
        return turn.say(
            "settings.group_ask",
            buttons=[*groups, [Choice(Phrase("settings.group_none"), "/settings group -")]],
            slot="settings",
        )
    if what == "group" and value in (*turn.house.pack.facts.groups, "-"):
        await turn.once("group", lambda tx: acts.belong(tx, person.id, value.strip("-")))
    if what in WISHES and await is_other(turn, person.id, what, value):
        await turn.once("wish", lambda tx: acts.toggle(tx, person.id, what))
    return await show(turn, person.id)


async def is_other(turn: Turn, person_id: int, wish: str, value: str) -> bool:
    """Whether a wish is to be another one than it is; a button that was pressed before changes nothing."""
    if value not in ("on", "off"):
        return not value
    stands: bool = getattr(await people.chosen(await turn.read(), person_id), wish)
    return stands != (value == "on")


async def show(turn: Turn, person_id: int) -> None:
    chosen = await people.chosen(await turn.read(), person_id)
    place = turn.house.pack.place(chosen.place, chosen.former_place, turn.house.era)
    group = Phrase(f"group.{chosen.group}") if chosen.group else Phrase("place.none")
    buttons = [
        [Choice(Phrase("settings.language"), "/language"), Choice(Phrase("settings.place"), "/place")],
        [Choice(Phrase("settings.group"), "/settings group"), Choice(Phrase("connect.chats"), "/connect")],
        *(
            [Choice(Phrase(f"settings.{name}_{other}"), f"/settings {name} {other}")]
            for name in WISHES
            for other in ["off" if getattr(chosen, name) else "on"]
        ),
    ]
    turn.say(
        "settings.page",
        language=Phrase(f"language.{turn.where.language}"),
        place=place,
        group=group,
        reminders=Phrase(f"settings.{'yes' if chosen.reminders else 'no'}"),
        news=Phrase(f"settings.{'yes' if chosen.news else 'no'}"),
        buttons=buttons,
        slot="settings",
    )


@conversation("place", may=Right.FOLLOW)
async def place(talk: Talk) -> None:
    """Asks for the person's place anew."""
    person = talk.where.person
    if person is None or not person.age_band:
        return talk.say("settings.first", buttons=[[Choice(Phrase("settings.start"), "/start")]])
    found = await ask_place(talk, "where", [])
    await talk.once("place", lambda tx: acts.settle(tx, person.id, found, micros(talk.now)))
    shown = talk.house.pack.place(found.unit, found.former, talk.house.era)
    return talk.say("settings.moved", place=shown, buttons=[[Choice(Phrase("settings.list"), "/settings")]])
