"""Staff write to many people: one card, whom it reaches, how long it takes, and then now or at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.card import Rows
from bot.feature import conversation
from bot.model import Attachment, Json, Phrase
from bot.talk import Talk
from bot.turn import Choice
from handlers.acts import broadcasts as acts
from handlers.acts.broadcasts import Actor, Made, Wanted
from handlers.acts.rights import Right, allows, having
from handlers.cards import WayOut
from handlers.staff import audience as audiences
from handlers.staff import duration, times
from handlers.staff.writing import Field, Writing, WritingCard, bodies, here, message
from storage import audiences as stored
from storage import reach
from storage.audiences import Audience
from storage.database import Transaction, micros, moment

LIST = [[Choice(Phrase("broadcast.list"), "/broadcast")]]


@dataclass(frozen=True, slots=True)
class Announcement(Writing):
    """A broadcast in the making; `count` is how many it reached when the audience was chosen, -1 before."""

    audience: tuple[tuple[str, tuple[str, ...]], ...] = ()
    count: int = -1

    @property
    def whom(self) -> Audience:
        return Audience.from_json(dict(self.audience))


class AnnouncementCard(WritingCard[Announcement]):
    """The card that a broadcast is sent from."""

    Kind = Announcement
    title = "announce.card"

    def new(self) -> Announcement:
        return Announcement(self.language)

    def load(self, value: Json) -> Announcement:
        chosen = tuple((name, tuple(items)) for name, items in value["audience"])
        return super().load({**value, "audience": chosen})

    def dump(self, draft: Announcement) -> Json:
        return super().dump(draft) | {"audience": [[name, list(items)] for name, items in draft.audience]}

    def lines(self, draft: Announcement) -> list[Phrase]:
        if draft.count < 0:
            return [Phrase("announce.no_audience")]
        return [*audiences.told(self.house, draft.whom), Phrase("announce.count", {"count": draft.count})]

    def rows(self, draft: Announcement) -> Rows:
        return [
            [(WayOut.SEND, Phrase("announce.send"))],
            [("audience", Phrase("announce.audience")), ("preview", Phrase("announce.preview"))],
            *self.editing(draft),
            [(WayOut.KEEP, Phrase("card.keep")), (WayOut.DROP, Phrase("card.drop"))],
        ]

    def missing(self, way: str, draft: Announcement) -> str:
        if not draft.count and way == WayOut.SEND:
            return "announce.nobody"
        return super().missing(way, draft)

    def first(self, way: str, draft: Announcement) -> str:
        return "audience" if way == WayOut.SEND and draft.count < 0 else ""

    async def choose_audience(self, talk: Talk, key: str, draft: Announcement) -> Announcement:
        """One criterion more, or another one; counted at once."""
        chosen = await audiences.choose(talk, key, draft.whom)
        count = await talk.keep(f"{key}/count", lambda: size(talk, chosen))
        whom = tuple((name, tuple(items)) for name, items in chosen.to_json().items())
        return replace(draft, audience=whom, count=count)

    async def preview(self, talk: Talk, key: str, draft: Announcement) -> Announcement:
        """Says it to its author alone, in each language, as people will read it."""
        attachments = await here(talk, draft)
        for text in draft.texts.values():
            talk.said += message(self.house, text, draft, attachments, *footer(draft))
        if not draft.texts:
            talk.say("writing.too_short")
        return draft

    @property
    def fields(self) -> Mapping[str, Field[Announcement]]:
        return {**super().fields, "audience": self.choose_audience, "preview": self.preview}


@conversation("announce", may=Right.BROADCAST, takes="card")
async def announce(talk: Talk) -> None:
    done = await talk.card("card", AnnouncementCard(talk.house, talk.where.language))
    match done.way:
        case WayOut.SEND:
            await send(talk, done.draft)
        case WayOut.KEEP:
            talk.say("announce.kept")
            talk.park()
        case _:
            talk.say("announce.dropped", buttons=LIST)


async def size(talk: Talk, audience: Audience) -> int:
    return await stored.size(await talk.read(), audience)


def footer(draft: Announcement) -> list[Phrase]:
    """How to get no more of these; staff are told whatever they wish."""
    return [] if draft.whom.is_staff else [Phrase("announce.how_to_stop")]


# -- now or at a time


async def send(talk: Talk, draft: Announcement) -> None:
    """Asks whether to send it as it stands, and makes the broadcast."""
    way = await ask_way(talk, draft)
    if way == "back":
        await talk.again("card")
    if way == "look":
        await talk.again("way")
    due = await ask_due(talk) if way == "later" else 0
    attachments = await here(talk, draft)
    made = await talk.once("made", lambda tx: make(tx, talk, draft, attachments, due))
    if made is None:
        return talk.say("announce.nobody", buttons=LIST)
    number = made["id"]
    if made["is_held"]:
        alone = allows(talk.where.role, Right.RELEASE_ALONE)
        row = [[Choice(Phrase("release.alone"), f"/release {number}")]] if alone else []
        values = {"count": made["count"], "limit": talk.house.outreach.release_above}
        return talk.say("announce.held", number=number, **values, buttons=[*row, *opening(number)])
    if due:
        at = times.told(talk.house, due)
        return talk.say("announce.later", number=number, at=at, buttons=opening(number))
    return talk.say("announce.now", number=number, buttons=opening(number))


async def ask_way(talk: Talk, draft: Announcement) -> str:
    """Shows whom it reaches and how long it takes; while a file is still on its way it cannot go."""
    whole = len(await here(talk, draft)) == len(draft.files)
    ways = {"now": "announce.go_now", "later": "announce.go_later"} if whole else {"look": "announce.look"}
    counts = await stored.by_channel(await talk.read(), draft.whom)
    return await talk.choose(
        "way",
        "announce.confirm" if whole else "announce.coming",
        ways | {"back": "announce.back"},
        lines=[*audiences.told(talk.house, draft.whom), *expected(talk, counts)],
    )


def expected(talk: Talk, counts: Mapping[str, int]) -> list[Phrase]:
    """How many it reaches now, how long that takes, and what is in its way."""
    house, total = talk.house, sum(counts.values())
    quiet, needed = house.pack.facts.quiet, duration.work(counts, house.outreach.rates)
    done = duration.end(talk.now, needed, quiet, house.pack.zone)
    lines = [
        Phrase("announce.count", {"count": total}),
        Phrase("announce.takes", {"span": duration.spoken(needed), "end": times.told(house, micros(done))}),
    ]
    if quiet.ends(talk.now, house.pack.zone):
        lines.append(Phrase("announce.at_night", {"start": f"{quiet.start:%H:%M}", "end": f"{quiet.end:%H:%M}"}))
    if days := duration.limited(counts, house.channels):
        lines.append(Phrase("announce.limited", {"days": days}))
    if 0 < house.outreach.release_above < total:
        lines.append(Phrase("announce.needs_release", {"limit": house.outreach.release_above}))
    return lines


async def ask_due(talk: Talk) -> int:
    """When it shall go out, read back once; what would go out in the quiet hours does after them."""
    house = talk.house
    at = await times.ask_moment(talk, "when", "announce.when")
    morning = house.pack.facts.quiet.ends(moment(at), house.pack.zone)
    due = micros(morning) if morning else at
    ways = {"yes": "announce.yes", "other": "announce.other_time"}
    sure = "announce.sure_after_night" if morning else "announce.sure"
    if await talk.choose("sure", sure, ways, at=times.told(house, at), due=times.told(house, due)) == "other":
        await talk.again(*times.keys(talk, "when"))
    return due


async def make(
    tx: Transaction, talk: Talk, draft: Announcement, attachments: list[Attachment], due: int
) -> dict[str, Any] | None:
    """Makes it, and asks the others who may for its release where it needs that."""
    by = actor(talk)
    digests = tuple(file.digest for file in attachments)
    wanted = Wanted(bodies(talk.house, draft, attachments, *footer(draft)), draft.whom, due, digests)
    made = await acts.make(tx, by, wanted, talk.house.outreach.release_above, micros(talk.now))
    if made is None:
        return None
    if made.is_held:
        await ask_others(tx, talk, by, made)
    return {"id": made.id, "count": made.count, "is_held": made.is_held}


async def ask_others(tx: Transaction, talk: Talk, by: Actor, made: Made) -> None:
    for address in await reach.staff(tx, having(Right.BROADCAST), by.person_id):
        talk.tell(address, "release.asked", number=made.id, count=made.count, buttons=opening(made.id))


def actor(talk: Talk) -> Actor:
    """Who writes. Staff are always somebody."""
    where = talk.where
    return Actor(where.role, where.person.id if where.person else 0, where.address_id)


def opening(number: int) -> list[list[Choice]]:
    """The button that shows a broadcast."""
    return [[Choice(Phrase("broadcast.open", {"number": number}), f"/broadcast {number}")]]
