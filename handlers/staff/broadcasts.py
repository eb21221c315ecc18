"""What staff see of broadcasts: the list, one of them and how far it is, and what can be done with it."""

from __future__ import annotations

import json
import secrets
from asyncio import to_thread
from datetime import timedelta

from bot.exports.reach import write_reach
from bot.feature import command, job
from bot.model import Json, OutgoingFile, Phrase
from bot.outgoing import in_language, said_again
from bot.turn import Choice, House, Said, Told, Turn
from handlers.acts import broadcasts as acts
from handlers.acts.broadcasts import Act, Actor
from handlers.acts.rights import Right, allows, having
from handlers.shown import hour
from handlers.staff import audience as audiences
from handlers.staff import times
from storage import audiences as audiences_of
from storage import broadcasts, jobs, reach, reports
from storage.broadcasts import Broadcast, Progress, Status
from storage.database import Reader, Transaction, micros, moment
from storage.outbox import Kind

PAGE = 8
SHOWN = 300  # characters of the text
LISTED = 60  # characters of it in the list
CELLS = 10  # of the line that fills
EVERY = timedelta(seconds=10)  # between two looks at how far it is
WRITE = [[Choice(Phrase("broadcast.write"), "/announce")]]
STEERING = {"pause": Act.PAUSED, "resume": Act.RESUMED, "cancel": Act.CANCELLED}
CSV = "text/csv; charset=utf-8"


@command("broadcast", may=Right.BROADCAST)
async def broadcast(turn: Turn) -> None:
    """Shows all of them, or "NUMBER" one of them, or "NUMBER ACT" does something with it."""
    number, _, act = turn.argument.lower().partition(" ")
    if not number.isdecimal() or len(number) > 15:
        return await show_list(turn)
    found = await broadcasts.get(await turn.read(), int(number))
    if found is None:
        return turn.say("broadcast.unknown", number=number, buttons=WRITE)
    match act:
        case "pause" | "resume" | "cancel yes":
            await steer(turn, found, STEERING[act.split()[0]])
        case "cancel":
            return ask_cancel(turn, found)
        case "release":
            return await release(turn, found)
        case "csv":
            return await order_report(turn, found)
        case "read":
            return read_whole(turn, found)
        case _:
            pass
    return await show(turn, found.id)


@command("refresh", may=Right.BROADCAST)
async def refresh(turn: Turn) -> None:
    """How far the newest broadcast is, where no message can update itself."""
    newest = await broadcasts.newest(await turn.read(), 1)
    return await show(turn, newest[0].id) if newest else await show_list(turn)


# -- shown


async def show_list(turn: Turn) -> None:
    """The newest ones, each with a button."""
    found = await broadcasts.newest(await turn.read(), PAGE)
    if not found:
        return turn.say("broadcast.none", buttons=WRITE)
    items = [
        Phrase(
            "broadcast.item",
            {
                "number": one.id,
                "status": Phrase(f"broadcast.is_{one.status}"),
                "day": hour(turn.house, moment(max(one.due_at, one.created_at))),
                "text": beginning(turn.house, one, turn.where.language, LISTED),
            },
        )
        for one in found
    ]
    ones = [Choice(Phrase("broadcast.open", {"number": one.id}), f"/broadcast {one.id}") for one in found]
    rows = [ones[n : n + 2] for n in range(0, len(ones), 2)]
    return turn.say("broadcast.page", items=items, buttons=[*WRITE, *rows])


async def show(turn: Turn, number: int) -> None:
    """One of them as it stands now, in the message that shows it already where there is one."""
    reader = await turn.read()
    found = await broadcasts.get(reader, number)
    if found:
        text = await page(reader, turn.house, found, turn.where.language)
        turn.said.append(Said(text, doing(actor(turn), found), slot=slot(number)))


def slot(number: int) -> str:
    """Where a broadcast is shown in a chat: one message, that changes."""
    return f"broadcast {number}"


async def page(reader: Reader, house: House, found: Broadcast, language: str) -> Phrase:
    """Everything about it: what it says, to whom, what was done with it, and how far it is."""
    progress = await broadcasts.progress(reader, found)
    done = await reports.steps(reader, found.id)
    return Phrase(
        "broadcast.shown",
        {
            "number": found.id,
            "status": Phrase(f"broadcast.is_{found.status}"),
            "text": beginning(house, found, language, SHOWN),
            "audience": audiences.told(house, found.audience),
            "figures": figures(house, found, progress),
            "steps": [
                Phrase(
                    "broadcast.step_reason" if step.reason else "broadcast.step",
                    {"at": hour(house, step.at), "act": Phrase(f"broadcast.act_{step.act}"), "reason": step.reason},
                )
                for step in done
            ],
        },
    )


def words(house: House, found: Broadcast, language: str) -> str:
    """What it says."""
    first, *_ = in_language(found.bodies, language)["text"]
    return house.texts.plain(language, Phrase.from_json(first))


def beginning(house: House, found: Broadcast, language: str, most: int) -> str:
    """The beginning of what it says."""
    text = words(house, found, language)
    return text if len(text) <= most else f"{text[:most].rstrip()}…"


def read_whole(turn: Turn, found: Broadcast) -> None:
    """Says it in each language as people will read it, files and buttons too: nobody releases what they did not see."""
    for body in found.bodies.values():
        turn.said += said_again(body)


def figures(house: House, found: Broadcast, progress: Progress) -> list[Phrase]:
    """How far it is, a line each; what is nought is left out but for what was sent."""
    total = sum(getattr(progress, name) for name in Progress.__slots__)
    if found.status is Status.UNRELEASED:
        return [Phrase("broadcast.to_release", {"count": total})]
    if found.status is Status.READY and found.due_at > found.created_at:
        return [Phrase("broadcast.begins", {"at": times.told(house, found.due_at), "count": total})]
    part = (total - progress.waiting) * CELLS // total if total else CELLS
    bar = Phrase(
        "broadcast.bar", {"bar": "▰" * part + "▱" * (CELLS - part), "count": total - progress.waiting, "total": total}
    )
    counts = [
        Phrase(f"broadcast.count_{name}", {"count": getattr(progress, name)})
        for name in Progress.__slots__
        if name == "sent" or getattr(progress, name)
    ]
    return [bar, *counts]


def doing(by: Actor, found: Broadcast) -> list[list[Choice]]:
    """The buttons for what can be done now."""
    number, ways = found.id, list[tuple[str, str]]()
    if found.status in (Status.UNRELEASED, Status.READY):
        ways.append((f"/broadcast {number} read", "broadcast.read"))
    if found.status is Status.UNRELEASED:
        if acts.may_release(by, found):
            ways.append((f"/broadcast {number} release", "release.do"))
        elif acts.may_release(by, found, "because"):
            ways.append((f"/release {number}", "release.alone"))
    if found.status in (Status.READY, Status.RUNNING):
        ways.append((f"/broadcast {number} pause", "broadcast.pause"))
    if found.status is Status.PAUSED:
        ways.append((f"/broadcast {number} resume", "broadcast.resume"))
    if not found.is_over:
        ways.append((f"/broadcast {number} cancel", "broadcast.cancel"))
    if found.status in (Status.RUNNING, Status.PAUSED):
        ways.append((f"/broadcast {number}", "broadcast.refresh"))
    if found.started_at is not None:
        ways.append((f"/broadcast {number} csv", "broadcast.csv"))
    return [[Choice(Phrase(label), data)] for data, label in ways]


def actor(turn: Turn) -> Actor:
    where = turn.where
    return Actor(where.role, where.person.id if where.person else 0, where.address_id)


# -- done


async def steer(turn: Turn, found: Broadcast, act: Act) -> None:
    """Pauses, resumes or calls off; says so where that could not be any more."""
    by, now = actor(turn), micros(turn.now)
    if not await turn.once("steered", lambda tx: acts.steer(tx, by, found.id, act, now)):
        turn.say("broadcast.too_late", number=found.id)


def ask_cancel(turn: Turn, found: Broadcast) -> None:
    """Calling off is for good: it takes a second press."""
    if found.is_over:
        return turn.say("broadcast.too_late", number=found.id)
    sure = [[Choice(Phrase("broadcast.cancel_yes"), f"/broadcast {found.id} cancel yes")]]
    keep = [[Choice(Phrase("broadcast.cancel_no"), f"/broadcast {found.id}")]]
    return turn.say("broadcast.cancel_ask", number=found.id, buttons=[*sure, *keep])


async def release(turn: Turn, found: Broadcast) -> None:
    """Lets somebody else's out, and tells its author."""
    by, now = actor(turn), micros(turn.now)
    if found.author_id == by.person_id:
        return turn.say("release.own", number=found.id)
    released = await turn.once("released", lambda tx: acts.release(tx, by, found.id, now))
    if released is None:
        turn.say("broadcast.too_late", number=found.id)
    elif released.address_id is not None:
        turn.tell(released.address_id, "release.told", number=found.id)
    return await show(turn, found.id)


# -- watched


@job("watch")
async def watch(turn: Turn) -> None:
    """Tells the author how far it is, in one message that changes, and at the end what became of it."""
    order, where, now = json.loads(turn.argument), turn.where, turn.now
    number = int(order["broadcast"])
    reader = await turn.read()
    found = await broadcasts.get(reader, number)
    if found is None or found.status is Status.PAUSED:
        return
    if found.status is Status.UNRELEASED:  # it has grown since it was made
        await ask_others(turn, found)
    if not allows(where.role, Right.BROADCAST):
        return
    text = await page(reader, turn.house, found, where.language)
    if found.is_over and not await turn.once("told", lambda tx: acts.report(tx, number, micros(now))):
        return
    if not found.is_over and found.status is not Status.UNRELEASED:
        await turn.once("on", lambda tx: acts.watch_on(tx, where.address_id, number, next_look(turn), micros(now)))
    if found.is_over or not order.get("again") or turn.house.channels[where.channel].edits:
        said = Said(text, doing(actor(turn), found), slot=slot(number))
        turn.told.append(Told(where.address_id, said, Kind.ALERT))


async def ask_others(turn: Turn, found: Broadcast) -> None:
    """Tells everyone else who may that it waits for its release."""
    reader = await turn.read()
    count = await audiences_of.size(reader, found.audience)
    opening = [[Choice(Phrase("broadcast.open", {"number": found.id}), f"/broadcast {found.id}")]]
    for address in await reach.staff(reader, having(Right.BROADCAST), found.author_id):
        turn.tell(address, "release.asked", number=found.id, count=count, buttons=opening)


def next_look(turn: Turn) -> int:
    """When to look again: nothing moves in the quiet hours."""
    pack = turn.house.pack
    return micros(pack.facts.quiet.ends(turn.now, pack.zone) or turn.now + EVERY)


# -- the report as a file


async def order_report(turn: Turn, found: Broadcast) -> None:
    now, argument = micros(turn.now), json.dumps({"broadcast": found.id})

    async def order(tx: Transaction) -> bool:
        tx.add(jobs.add("reach", turn.where.address_id, argument, now, now))
        return True

    await turn.once("ordered", order)


@job("reach")
async def make_report(turn: Turn) -> None:
    """Writes what became of a broadcast by place and channel, and sends the file."""
    if not allows(turn.where.role, Right.BROADCAST):
        return
    number, reader, house = int(json.loads(turn.argument)["broadcast"]), await turn.read(), turn.house
    found = await broadcasts.get(reader, number)
    if found is None:
        return
    table = await rows(reader, house, found, turn.where.language)
    out = house.exports / secrets.token_hex(8) / f"broadcast-{number}.csv"
    await to_thread(write_reach, out, table)
    turn.say("broadcast.report", number=number, files=[OutgoingFile(out, out.name, CSV)])


async def rows(reader: Reader, house: House, found: Broadcast, language: str) -> list[list[str | int]]:
    """The table of the report: a line a place and channel, and one for all."""

    def say(key: str, **values: Json) -> str:
        return house.texts.plain(language, Phrase(key, values))

    heads = [say(f"broadcast.column_{name}") for name in ("number", "begun", "text", "place", "channel")]
    counts = [say(f"broadcast.column_{name}") for name in Progress.__slots__]
    begun = hour(house, moment(found.started_at)) if found.started_at is not None else ""
    same: list[str | int] = [found.id, begun, words(house, found, language)]
    lines = [
        [
            *same,
            house.texts.plain(language, house.pack.place(one.place, "", house.era)),
            one.channel,
            *(getattr(one.progress, name) for name in Progress.__slots__),
        ]
        for one in await reports.by_place(reader, found.id)
    ]
    whole = await broadcasts.progress(reader, found)
    total = [*same, say("broadcast.column_total"), "", *(getattr(whole, name) for name in Progress.__slots__)]
    return [[*heads, *counts], *lines, total]
