"""Who a broadcast is for: chosen on its card, one criterion at a time, and read back in words."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.errors import InvalidError
from bot.insight.candidates import Candidate
from bot.model import Phrase
from bot.state import Answer
from bot.talk import Talk
from bot.turn import House
from handlers.acts.rights import Role
from storage import events
from storage.audiences import Audience

MANY = 99  # nobody ticks more
EVENTS = 20  # the newest
SHOWN = 4  # places that are named where a name is not clear
_APART = re.compile(r"[;\n]")


async def choose(talk: Talk, key: str, audience: Audience) -> Audience:
    """Asks for one criterion and gives the audience with it."""
    ways = {"everyone": "audience.everyone"} | {name: f"audience.by_{name}" for name in QUESTIONS}
    what = await talk.choose(f"{key}/what", "audience.ask", ways)
    if what == "everyone":
        return Audience()
    return await QUESTIONS[what](talk, f"{key}/{what}", audience)


async def _places(talk: Talk, key: str, audience: Audience) -> Audience:
    def parse(answer: Answer) -> list[str]:
        return [] if answer.option else places_in(answer.text, talk.house, talk.where.language)

    chosen = await talk.ask(key, "audience.places_ask", parse, {"all": "audience.any"})
    return replace(audience, places=tuple(chosen))


async def _topics(talk: Talk, key: str, audience: Audience) -> Audience:
    options = {topic.slug: f"topic.{topic.slug}" for topic in talk.house.pack.topics}
    chosen = await talk.choose_many(key, "audience.topics_ask", options, MANY, audience.topics)
    return replace(audience, topics=tuple(chosen), roles=())


async def _ages(talk: Talk, key: str, audience: Audience) -> Audience:
    options = {band.slug: f"age.{band.slug}" for band in talk.house.pack.facts.ages if band.admitted}
    chosen = await talk.choose_many(key, "audience.ages_ask", options, MANY, audience.age_bands)
    return replace(audience, age_bands=tuple(chosen), roles=())


async def _groups(talk: Talk, key: str, audience: Audience) -> Audience:
    options = {name: f"group.{name}" for name in talk.house.pack.facts.groups}
    chosen = await talk.choose_many(key, "audience.groups_ask", options, MANY, audience.groups)
    return replace(audience, groups=tuple(chosen), roles=())


async def _languages(talk: Talk, key: str, audience: Audience) -> Audience:
    options = {name: f"language.{name}" for name in talk.house.texts.languages}
    chosen = await talk.choose_many(key, "audience.languages_ask", options, MANY, audience.languages)
    return replace(audience, languages=tuple(chosen))


async def _events(talk: Talk, key: str, audience: Audience) -> Audience:
    found = await events.every(await talk.read(), 0, EVENTS)
    options = {str(one.id): Phrase("card.text", {"text": one.plan.title}) for one in found}
    ticked = [str(event_id) for event_id in audience.events]
    chosen = await talk.choose_many(key, "audience.events_ask", options, MANY, ticked)
    return replace(audience, events=tuple(int(event_id) for event_id in chosen), roles=())


async def _roles(talk: Talk, key: str, audience: Audience) -> Audience:
    options = {str(role): f"audience.role_{role}" for role in Role}
    chosen = await talk.choose_many(key, "audience.roles_ask", options, MANY, audience.roles)
    return Audience(places=audience.places, languages=audience.languages, roles=tuple(chosen))


QUESTIONS: dict[str, Callable[[Talk, str, Audience], Awaitable[Audience]]] = {
    "places": _places,
    "topics": _topics,
    "ages": _ages,
    "groups": _groups,
    "languages": _languages,
    "events": _events,
    "roles": _roles,
}


def places_in(text: str, house: House, language: str) -> list[str]:
    """The codes of the places that are named, parted by line ends or semicolons.

    Raises InvalidError for a name that is no place's, or several places'.
    """
    codes: list[str] = []
    for name in filter(None, (" ".join(part.split()) for part in _APART.split(text))):
        found = house.places.find(name)
        if not found:
            raise InvalidError("audience.place_unknown", name=name)
        if len(found) > 1 or not found[0].sure:
            places = "; ".join(house.texts.plain(language, named(house, one)) for one in found[:SHOWN])
            raise InvalidError("audience.place_unclear", name=name, places=places)
        codes.append(found[0].unit.code)
    if not codes:
        raise InvalidError("audience.place_unknown", name=text)
    return list(dict.fromkeys(codes))


def named(house: House, one: Candidate) -> Phrase:
    """A place that may be meant."""
    return house.pack.place(one.unit.code, one.former.code if one.former else "", house.era)


def told(house: House, audience: Audience) -> list[Phrase]:
    """Who it is for, a line a criterion."""
    named = {
        "roles": [Phrase(f"audience.role_{role}") for role in audience.roles],
        "places": [house.pack.place(code, "", house.era) for code in audience.places],
        "topics": [Phrase(f"topic.{topic}") for topic in audience.topics],
        "ages": [Phrase(f"age.{band}") for band in audience.age_bands],
        "groups": [Phrase(f"group.{name}") for name in audience.groups],
        "languages": [Phrase(f"language.{name}") for name in audience.languages],
        "events": [Phrase("audience.event", {"number": event_id}) for event_id in audience.events],
    }
    lines = [line(name, items) for name, items in named.items() if items]
    return lines or [Phrase("audience.all")]


def line(name: str, items: list[Phrase]) -> Phrase:
    """One criterion with what was chosen."""
    joined = items[0]
    for item in items[1:]:
        joined = Phrase("audience.joined", {"before": joined, "last": item})
    return Phrase("audience.line", {"what": Phrase(f"audience.by_{name}"), "items": joined})
