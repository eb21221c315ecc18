"""Groups of proposals that ask for the same: the largest, what they say, and grouping all anew to compare."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from bot.feature import command, job
from bot.insight import reader as insight
from bot.model import Phrase
from bot.turn import Choice, Turn
from handlers.acts import grouping
from handlers.acts.rights import Right, allows, standing
from handlers.hints import SHOWN
from handlers.staff.filters import readers
from storage import dialogues, groups, jobs
from storage.database import Transaction, micros

MOST = 10
OFFERED = 5  # groups that may be one


@command("groups", may=Right.READ_QUEUE)
async def show_groups(turn: Turn) -> None:
    """The largest groups, each with its most typical text."""
    reader, by = await turn.read(), standing(turn.where)
    dialogue = await dialogues.current(reader)
    found = await groups.largest(reader, dialogue.id, MOST, readers(by)) if dialogue else []
    anew = [[Choice(Phrase("groups.anew"), "/regroup")]] if allows(by.role, Right.TRIAGE) else []
    if not found or not dialogue:
        return turn.say("groups.none", buttons=anew)
    items = [
        Phrase("groups.item", {"number": one.number, "count": one.count, "code": one.code, "text": one.text[:SHOWN]})
        for one in found
    ]
    ones = [Choice(Phrase("groups.open", {"number": one.number}), f"/queue g{one.number}") for one in found]
    rows = [ones[n : n + 2] for n in range(0, len(ones), 2)]
    return turn.say("groups.page", dialogue=dialogue.code, items=items, buttons=[*rows, *anew], slot="groups")


@command("regroup", may=Right.TRIAGE)
async def regroup(turn: Turn) -> None:
    """Has all proposals grouped anew, for comparing: nothing is moved by it."""
    dialogue = await dialogues.current(await turn.read())
    if dialogue is None:
        return turn.say("groups.none")
    order, now = json.dumps({"dialogue": dialogue.id}), micros(turn.now)

    async def add(tx: Transaction) -> bool:
        tx.add(jobs.add("regroup", turn.where.address_id, order, now, now))
        return True

    await turn.once("ordered", add)
    return turn.say("groups.working")


@job("regroup", aside=True)
async def compare(turn: Turn) -> None:
    """Groups all anew in a process of its own, and says which groups that are there would be one."""
    if not allows(turn.where.role, Right.TRIAGE):
        return None
    dialogue_id = json.loads(turn.argument)["dialogue"]
    reader = await turn.read()
    found = await groups.profiles(reader, dialogue_id)
    anew = await turn.house.workers.run(insight.regrouped, turn.house.pack.folder, found)
    pairs = together(anew, await groups.numbers(reader, dialogue_id))[:OFFERED]
    if not pairs:
        return turn.say("groups.same", count=len(anew))
    buttons = [
        [Choice(Phrase("groups.merge", {"number": other, "into": into}), f"/merge {other} {into}")]
        for into, other in pairs
    ]
    return turn.say("groups.differ", count=len(anew), buttons=buttons)


def together(anew: Sequence[Sequence[str]], number_of: Mapping[str, int]) -> list[tuple[int, int]]:
    """Pairs of groups most of whose members are now in one: the larger one first, the surest pair first."""
    size = Counter(number_of.values())
    pairs: list[tuple[int, int, int]] = []
    for members in anew:
        met = Counter(number_of[one] for one in members if one in number_of)
        whole = [number for number, count in met.items() if count * 2 > size[number]]
        largest = max(whole, key=lambda number: (size[number], -number), default=0)
        pairs += [(met[number], largest, number) for number in whole if number != largest]
    return [(into, other) for _, into, other in sorted(pairs, key=lambda pair: (-pair[0], pair[1:]))]


@command("merge", may=Right.TRIAGE)
async def merge(turn: Turn) -> None:
    """Puts all of one group into another: "NUMBER INTO"."""
    numbers = [int(word) for word in turn.argument.split() if word.isascii() and word.isdecimal() and len(word) < 9]
    where = turn.where
    merged = len(numbers) == 2 and await turn.once(
        "merged", lambda tx: grouping.merge(tx, where.role, where.address_id, numbers[0], numbers[1], micros(turn.now))
    )
    if not merged:
        return turn.say("groups.gone")
    opened = [[Choice(Phrase("groups.open", {"number": numbers[1]}), f"/queue g{numbers[1]}")]]
    return turn.say("groups.merged", number=numbers[0], into=numbers[1], buttons=opened)
