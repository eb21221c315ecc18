"""The card of an event: what people will see, who is invited, and how; each part changed by a press."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from bot.card import Card, Rows
from bot.errors import InvalidError
from bot.insight.folding import fold
from bot.model import Json, Phrase
from bot.state import Answer
from bot.talk import Talk
from bot.turn import House
from handlers.cards import letters
from handlers.occasion import page
from handlers.when import ask_when
from storage.audiences import Audience
from storage.events import Plan, Quotas

TITLE = 120  # characters
HALL = 200
ABOUT = 1500
MOST_SEATS = 100_000
MOST_CHOSEN = 20
OFFERED = (20_160, 10_080, 4320, 1440, 180, 120, 60, 30)  # minutes before the start
BETWEEN = ",;."  # what people put between a hall and a link
_LINK = re.compile(r"https?://\S+", re.ASCII)
_NUMBERED = re.compile(r"\s*(?:(\d{1,4})\s+(.+?)|(.+?)[\s:]+(\d{1,4}))\s*")


class WayOut(StrEnum):
    """How an event's card ends."""

    PUBLISH = "publish"
    SAVE = "save"
    LEAVE = "leave"


class EventCard(Card[Plan]):
    """The card that an event is published or changed from."""

    ways_out = frozenset(WayOut)
    never_typed = frozenset({WayOut.LEAVE})

    def __init__(self, house: House, plan: Plan, *, is_published: bool) -> None:
        self.house = house
        self.plan = plan
        self.is_published = is_published

    def new(self) -> Plan:
        return self.plan

    def load(self, value: Json) -> Plan:
        return Plan.from_json(value)

    def dump(self, draft: Plan) -> Json:
        return draft.to_json()

    def take(self, talk: Talk, draft: Plan, answer: Answer) -> Plan:
        """What is written is the text of the event."""
        text = answer.text.strip()
        if not text or len(text) > ABOUT:
            raise InvalidError("planning.about_length", most=ABOUT)
        return replace(draft, about=text)

    def text(self, draft: Plan) -> Phrase:
        return Phrase(
            "planning.changing" if self.is_published else "planning.preview",
            {"page": page(self.house, draft), "lines": planned(self.house, draft)},
        )

    def rows(self, draft: Plan) -> Rows:
        fields: list[tuple[str, Phrase]] = [(name, Phrase(f"planning.field_{name}")) for name in FIELDS]
        if self.is_published:
            ways = [(WayOut.SAVE, Phrase("planning.save_tell")), (WayOut.LEAVE, Phrase("planning.leave"))]
            return [*pairs(fields), [(str(way), label) for way, label in ways]]
        return [
            [(WayOut.PUBLISH, Phrase("planning.publish"))],
            *pairs(fields),
            [(WayOut.SAVE, Phrase("planning.save")), (WayOut.LEAVE, Phrase("planning.drop"))],
        ]

    def missing(self, way: str, draft: Plan) -> str:
        if way == WayOut.LEAVE:
            return ""
        if way == WayOut.PUBLISH and not (draft.hall or draft.link):
            return "planning.where_missing"
        return ""

    @property
    def fields(self) -> Mapping[str, Callable[[Talk, str, Plan], Awaitable[Plan]]]:
        return FIELDS


def pairs(fields: list[tuple[str, Phrase]]) -> Rows:
    """Two a row."""
    return [fields[n : n + 2] for n in range(0, len(fields), 2)]


# -- what only staff see of a plan


def planned(house: House, plan: Plan) -> list[Phrase]:
    """Who is invited and how, when they are reminded, from where it is followed: a line each."""
    seats = Phrase("planning.seats", {"count": plan.seats}) if plan.seats else Phrase("planning.no_limit")
    return [
        Phrase("planning.for", {"who": invited(house, plan.audience)}),
        Phrase("planning.by_selection" if plan.is_selective else "planning.open", {"seats": seats}),
        *[Phrase("planning.quota", {"who": who, "count": n}) for who, n in quotas(house, plan.quotas)],
        Phrase("planning.reminders", {"spans": spans(plan.offsets)}),
        *([Phrase("planning.with_points")] if plan.has_points else []),
    ]


def invited(house: House, audience: Audience) -> Phrase:
    """Whom an event is for."""
    named = [
        *[house.pack.place(code, "", house.era) for code in audience.places],
        *[Phrase(f"group.{slug}") for slug in audience.groups],
        *[Phrase("planning.proposers", {"topic": Phrase(f"topic.{slug}")}) for slug in audience.topics],
    ]
    return in_a_row(named or [Phrase("planning.everybody")])


def in_a_row(ones: Sequence[Phrase]) -> Phrase:
    """Several, parted by commas."""
    first, *rest = ones
    return Phrase("planning.row", {"first": first, "rest": in_a_row(rest)}) if rest else first


def quotas(house: House, wanted: Quotas) -> list[tuple[Phrase, int]]:
    """Groups and places with how many of each."""
    groups = [(Phrase(f"group.{slug}"), n) for slug, n in wanted.groups.items()]
    return [*groups, *((house.pack.place(code, "", house.era), n) for code, n in wanted.places.items())]


def spans(offsets: Sequence[int]) -> Phrase:
    """How long before people are reminded."""
    return in_a_row([span(minutes) for minutes in offsets] or [Phrase("planning.no_reminder")])


def span(minutes: int) -> Phrase:
    """A span in the largest unit that it is whole in."""
    for unit, size in (("days", 1440), ("hours", 60)):
        if minutes % size == 0:
            return Phrase(f"planning.span_{unit}", {"count": minutes // size})
    return Phrase("planning.span_minutes", {"count": minutes})


# -- the fields


async def ask_title(talk: Talk, key: str) -> str:
    """A title in one line."""

    def parse(answer: Answer) -> str:
        text = " ".join(answer.text.split())
        if letters(text) < 3 or len(text) > TITLE:
            raise InvalidError("planning.title_length", most=TITLE)
        return text

    return await talk.ask(key, "planning.title_ask", parse)


async def ask_where(talk: Talk, key: str) -> list[str]:
    """The hall and the link, of which one may be empty."""

    def parse(answer: Answer) -> list[str]:
        found = _LINK.search(answer.text)
        link = found[0].rstrip(BETWEEN) if found else ""
        rest = answer.text.replace(link, " ") if link else answer.text
        hall = " ".join(rest.split()).strip(f"{BETWEEN} ")
        if not (hall or link) or len(hall) > HALL or len(link) > HALL:
            raise InvalidError("planning.where_length", most=HALL)
        return [hall, link]

    return await talk.ask(key, "planning.where_ask", parse)


async def change_title(talk: Talk, key: str, plan: Plan) -> Plan:
    return replace(plan, title=await ask_title(talk, key))


async def change_when(talk: Talk, key: str, plan: Plan) -> Plan:
    span_ = await ask_when(talk, key, "planning.when_ask")
    return replace(plan, start_at=span_.start, end_at=span_.end)


async def change_where(talk: Talk, key: str, plan: Plan) -> Plan:
    hall, link = await ask_where(talk, key)
    return replace(plan, hall=hall, link=link)


async def change_audience(talk: Talk, key: str, plan: Plan) -> Plan:
    """Everybody, or one narrowing more: places, groups, topics of what they proposed."""
    ways = {name: f"planning.for_{name}" for name in ("all", "places", "groups", "topics")}
    way, pack = await talk.choose(key, "planning.for_ask", ways), talk.house.pack
    if way == "all":
        return replace(plan, audience=Audience())
    if way == "places":
        codes = await talk.ask(f"{key}/places", "planning.places_ask", lambda answer: places_in(talk.house, answer))
        return replace(plan, audience=replace(plan.audience, places=tuple(codes)))
    if way == "groups":
        options = {slug: f"group.{slug}" for slug in pack.facts.groups}
        chosen = await talk.choose_many(
            f"{key}/groups", "planning.groups_ask", options, MOST_CHOSEN, plan.audience.groups
        )
        return replace(plan, audience=replace(plan.audience, groups=tuple(chosen)))
    options = {topic.slug: f"topic.{topic.slug}" for topic in pack.topics}
    chosen = await talk.choose_many(f"{key}/topics", "planning.topics_ask", options, MOST_CHOSEN, plan.audience.topics)
    return replace(plan, audience=replace(plan.audience, topics=tuple(chosen)))


def places_in(house: House, answer: Answer) -> list[str]:
    """The places of a list with commas. Raises InvalidError for the first that is none, or may be several."""
    return [place_of(house, name) for name in re.split(r"[,;\n]", answer.text) if name.strip()]


def place_of(house: House, name: str) -> str:
    """The one place that a name means, as a code. Raises InvalidError for any other."""
    found = {one.unit.code for one in house.places.find(name)}
    if len(found) != 1:
        raise InvalidError("planning.which_place" if found else "planning.no_place", name=name.strip()[:60])
    return found.pop()


async def change_seats(talk: Talk, key: str, plan: Plan) -> Plan:
    """Open or by selection, how many seats, and of whom how many."""
    way = await talk.choose(key, "planning.way_ask", {"open": "planning.way_open", "choose": "planning.way_choose"})
    seats = await talk.ask(
        f"{key}/seats", "planning.seats_ask", seats_in, {"any": "planning.any_seats"},
        usual=talk.house.pack.facts.events.seats or 30,
    )  # fmt: skip
    wanted: Json = {"groups": {}, "places": {}}
    if way == "choose":
        named = [
            Phrase(f"group.{slug}") for slug in talk.house.pack.facts.events.groups or talk.house.pack.facts.groups
        ]
        example = talk.house.pack.units(talk.house.era)[-1].name
        wanted = await talk.ask(
            f"{key}/quotas", "planning.quotas_ask", lambda answer: quotas_in(talk.house, answer),
            {"none": "planning.no_quotas"}, groups=named, example=example,
        )  # fmt: skip
    return replace(plan, is_selective=way == "choose", seats=seats, quotas=Quotas(**wanted))


def seats_in(answer: Answer) -> int:
    if answer.option:
        return 0
    found = re.search(r"\d{1,6}", answer.text, re.ASCII)
    if not found or not 0 < int(found[0]) <= MOST_SEATS:
        raise InvalidError("planning.seats_number")
    return int(found[0])


def quotas_in(house: House, answer: Answer) -> Json:
    """Groups and places with a number each, parted by commas: "A 5, B 3". Raises InvalidError."""
    wanted: dict[str, dict[str, int]] = {"groups": {}, "places": {}}
    if answer.option:
        return wanted
    for part in re.split(r"[,;\n]", answer.text):
        if not part.strip():
            continue
        found = _NUMBERED.fullmatch(part)
        if not found:
            raise InvalidError("planning.quota_shape", name=part.strip()[:60])
        number, name = int(found[1] or found[4]), found[2] or found[3]
        group = group_of(house, name)
        if group:
            wanted["groups"][group] = number
        else:
            wanted["places"][place_of(house, name)] = number
    return wanted


def group_of(house: House, name: str) -> str:
    """The group whose name, in any language, begins with what was written, or ""."""
    said = fold(name).strip()
    found = [
        slug
        for slug in house.pack.facts.groups
        if said and any(fold(full).startswith(said) for full in house.texts.every(f"group.{slug}"))
    ]
    return found[0] if len(found) == 1 else ""


async def change_about(talk: Talk, key: str, plan: Plan) -> Plan:
    def parse(answer: Answer) -> str:
        text = "" if answer.option else answer.text.strip()
        if len(text) > ABOUT:
            raise InvalidError("planning.about_length", most=ABOUT)
        return text

    return replace(plan, about=await talk.ask(key, "planning.about_ask", parse, {"none": "planning.no_about"}))


async def change_reminders(talk: Talk, key: str, plan: Plan) -> Plan:
    options = {str(minutes): span(minutes) for minutes in sorted({*OFFERED, *plan.offsets}, reverse=True)}
    ticked = [str(minutes) for minutes in plan.offsets]
    chosen = await talk.choose_many(key, "planning.reminders_ask", options, MOST_CHOSEN, ticked)
    return replace(plan, offsets=tuple(sorted(map(int, chosen), reverse=True)))


async def change_points(talk: Talk, key: str, plan: Plan) -> Plan:
    ways = {"yes": "planning.points_yes", "no": "planning.points_no"}
    count = len(talk.house.pack.bridge_points(talk.house.era))
    return replace(plan, has_points=await talk.choose(key, "planning.points_ask", ways, count=count) == "yes")


FIELDS: dict[str, Callable[[Talk, str, Plan], Awaitable[Plan]]] = {
    "title": change_title,
    "when": change_when,
    "where": change_where,
    "audience": change_audience,
    "seats": change_seats,
    "about": change_about,
    "reminders": change_reminders,
    "points": change_points,
}
