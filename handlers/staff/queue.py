"""The newest proposals with their tags, five a page, narrowed by state, topic, place and day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.feature import command
from bot.model import Phrase
from bot.turn import Choice, House, Turn
from handlers.acts import hearing
from handlers.acts.cases import State
from handlers.acts.rights import Right, Standing, standing
from handlers.shown import scope_name
from handlers.staff.filters import FLAGS, Wish, as_filter, read
from storage import dialogues, proposals, readings
from storage.database import Reader
from storage.dialogues import PROVINCE, Dialogue
from storage.proposals import Listed

PAGE = 5
SHOWN = 200  # characters of each text
OFFERED = 9  # places
MENUS = {"state": "queue.by_state", "topic": "queue.by_topic", "days": "queue.by_days"}
BY_DIALOGUE = "dialogue"  # a menu as well, where there are several
SPANS = (1, 7, 30)  # days


@command("queue", may=Right.READ_QUEUE, wordy=True)
async def queue(turn: Turn) -> None:
    """Takes filters in any order, "von da_nhan 7", or the number of a page."""
    wish = read(turn.argument, turn.house)
    if wish.unknown:
        turn.say("queue.unknown", words=wish.unknown)
    if wish.menu == BY_DIALOGUE:
        ones = await readable(await turn.read(), standing(turn.where))
        return turn.say("queue.choose", buttons=of_dialogues(wish, ones, turn.house), slot="queue")
    if wish.menu:
        return turn.say("queue.choose", buttons=options(wish, turn.house), slot="queue")
    if wish.places:
        return turn.say("queue.which", buttons=which(wish, turn.house))
    return await show(turn, wish)


async def show(turn: Turn, wish: Wish) -> None:
    """A page of the list."""
    reader, house, by = await turn.read(), turn.house, standing(turn.where)
    ones = await readable(reader, by)
    dialogue = await meant(reader, by, wish, ones)
    wanted = as_filter(wish, house, turn.now.astimezone(house.zone), by)
    total = await proposals.count(reader, dialogue.id, wanted) if dialogue else 0
    found_folded = await readings.folded(reader, dialogue.id, wanted) if dialogue else {}
    folds = found_folded if not (wish.flag or wish.group) else {}
    if not dialogue or not total:
        if not wish.is_narrowed and not folds:
            return turn.say("queue.empty", buttons=narrowing(wish, ones)[1:], slot="queue")
        if not wish.is_narrowed:
            buttons = [*narrowing(wish, ones)[1:], *unfolding(folds)]
            return turn.say("queue.only_folded", folded=folded(folds), buttons=buttons, slot="queue")
        return turn.say("queue.none", filters=filters(wish, house), buttons=narrowing(wish, ones), slot="queue")
    pages = -(-total // PAGE)
    page = min(wish.page, pages)
    found = await proposals.newest(reader, dialogue.id, wanted, (page - 1) * PAGE, PAGE)
    return turn.say(
        "queue.filtered" if wish.is_narrowed else "queue.page",
        dialogue=dialogue.code,
        total=total,
        page=page,
        pages=pages,
        filters=filters(wish, house),
        items=[item(house, listed) for listed in found],
        folded=folded(folds),
        buttons=[
            *opening(found),
            *turning(replace(wish, page=page), pages),
            *narrowing(wish, ones),
            *unfolding(folds),
            *listening(await hearing.waiting(reader, by)),
        ],
        slot="queue",
    )


async def readable(reader: Reader, by: Standing) -> list[Dialogue]:
    """The dialogues that are not over and may hold proposals for somebody: the province's, and those of their communes."""
    return [
        one
        for one in await dialogues.live(reader)
        if by.places is None or one.scope == PROVINCE or one.scope in by.places
    ]


async def meant(reader: Reader, by: Standing, wish: Wish, ones: list[Dialogue]) -> Dialogue | None:
    """The dialogue whose proposals are listed: the one named, else the province's current one."""
    if not wish.dialogue:
        return next((one for one in ones if one.scope == PROVINCE and one.is_current), None)
    found = await dialogues.by_code(reader, wish.dialogue)
    is_theirs = found and (by.places is None or found.scope == PROVINCE or found.scope in by.places)
    return found if is_theirs else None


def item(house: House, listed: Listed) -> Phrase:
    """One proposal in the list."""
    return Phrase(
        "queue.item",
        {
            "code": listed.code,
            "day": listed.created_at.astimezone(house.zone).strftime("%d/%m %H:%M"),
            "text": marked(listed),
            "state": Phrase(f"state.{listed.state}"),
            "kind": Phrase(f"kind.{listed.kind}"),
            "topic": Phrase(f"topic.{listed.topics[0]}"),
            "place": house.pack.place(listed.place, listed.former_place, house.era),
            "age": Phrase(f"age.{listed.age_band}"),
            "readers": Phrase("queue.only_province" if listed.only_province else "queue.all_readers"),
            "group": Phrase("queue.item_group", {"number": listed.group}) if listed.group else "",
        },
    )


def marked(listed: Listed) -> Phrase:
    """The beginning of the text, under what it is flagged for, the most urgent first."""
    if not listed.flags:
        return shown(listed)
    flags = sorted(listed.flags, key=FLAGS.index)
    marks = [Phrase("flags.mark", {"flag": Phrase(f"flags.name_{flag}")}) for flag in flags]
    return Phrase("queue.marked", {"marks": marks, "text": shown(listed)})


def folded(folds: Mapping[str, int]) -> list[Phrase]:
    """What is not in the list, and how much of it."""
    return [Phrase("queue.folded", {"count": folds[flag], "flag": Phrase(f"flags.name_{flag}")}) for flag in folds]


def unfolding(folds: Mapping[str, int]) -> list[list[Choice]]:
    """The buttons that list what is folded."""
    return [
        [Choice(Phrase("queue.unfold", {"flag": Phrase(f"flags.name_{flag}")}), Wish(flag=flag).data)] for flag in folds
    ]


def shown(listed: Listed) -> Phrase:
    """The beginning of the text, and how many files there are."""
    text: str | Phrase = listed.text if len(listed.text) <= SHOWN else listed.text[:SHOWN].rstrip() + "…"
    if not text and listed.hearing:
        text = Phrase(f"hearing.{listed.hearing}")
    return Phrase("queue.with_files" if listed.files else "queue.text", {"text": text, "count": listed.files})


def filters(wish: Wish, house: House) -> list[Phrase]:
    """What the list is narrowed to, a line each."""
    named = [
        *([Phrase("queue.dialogue", {"code": wish.dialogue})] if wish.dialogue else []),
        *([Phrase(f"state.{wish.state}")] if wish.state else []),
        *([Phrase(f"topic.{wish.topic}")] if wish.topic else []),
        *([house.pack.place(wish.place, "", house.era)] if wish.place else []),
        *([when(wish.when)] if wish.when else []),
        *([Phrase("queue.in_group", {"number": wish.group})] if wish.group else []),
        *([Phrase(f"flags.name_{wish.flag}")] if wish.flag else []),
        *([Phrase("queue.district", {"name": district_name(wish.district, house)})] if wish.district else []),
    ]
    return [Phrase("queue.filter", {"what": what}) for what in named]


def district_name(code: str, house: House) -> str:
    return next(one.name for one in house.pack.places.districts if one.code == code)


def when(span: str) -> Phrase:
    """Days as they are called."""
    if not span.endswith("d"):
        return Phrase("queue.day", {"day": span})
    return Phrase("queue.today") if span == "1d" else Phrase("queue.days", {"count": int(span[:-1])})


# -- buttons


def opening(found: list[Listed]) -> list[list[Choice]]:
    """A button for each proposal, two a row."""
    ones = [Choice(Phrase("view.open", {"code": one.code}), f"/view {one.code}") for one in found]
    return [ones[n : n + 2] for n in range(0, len(ones), 2)]


def turning(wish: Wish, pages: int) -> list[list[Choice]]:
    """The buttons to the pages before and after."""
    page = wish.page
    back = [Choice(Phrase("queue.newer"), replace(wish, page=page - 1).data)] if page > 1 else []
    on = [Choice(Phrase("queue.older"), replace(wish, page=page + 1).data)] if page < pages else []
    return [back + on] if back or on else []


def narrowing(wish: Wish, ones: list[Dialogue]) -> list[list[Choice]]:
    """The buttons that lead to the choices, and the one that takes every filter away."""
    ways = [Choice(Phrase(label), replace(wish, menu=name).data) for name, label in MENUS.items()]
    several = [[Choice(Phrase("queue.by_dialogue"), replace(wish, menu=BY_DIALOGUE).data)]] if len(ones) > 1 else []
    return [ways, *several, *([[Choice(Phrase("queue.everything"), Wish().data)]] if wish.is_narrowed else [])]


def of_dialogues(wish: Wish, ones: list[Dialogue], house: House) -> list[list[Choice]]:
    """A press for each dialogue that is not over."""
    free = replace(wish, menu="", page=1)
    return [
        [
            Choice(
                Phrase("queue.one_dialogue", {"code": one.code, "scope": scope_name(one.scope, house)}),
                replace(free, dialogue="" if one.scope == PROVINCE and one.is_current else one.code).data,
            )
        ]
        for one in ones
    ]


def listening(count: int) -> list[list[Choice]]:
    """The button to what waits to be heard."""
    return [[Choice(Phrase("hear.waiting", {"count": count}), "/hear")]] if count else []


def options(wish: Wish, house: House) -> list[list[Choice]]:
    """What one filter can be, all others as they are."""
    free = replace(wish, menu="", page=1)
    match wish.menu:
        case "state":
            ways = [(Phrase(f"state.{state}"), replace(free, state=state.value)) for state in State]
            ways.append((Phrase("queue.any"), replace(free, state="")))
        case "topic":
            ways = [(Phrase(f"topic.{topic.slug}"), replace(free, topic=topic.slug)) for topic in house.pack.topics]
            ways.append((Phrase("queue.any"), replace(free, topic="")))
        case _:
            ways = [(when(f"{days}d"), replace(free, when=f"{days}d")) for days in SPANS]
            ways.append((Phrase("queue.any"), replace(free, when="")))
    return [[Choice(label, way.data)] for label, way in ways]


def which(wish: Wish, house: House) -> list[list[Choice]]:
    """The places that may be meant, all other filters as they are."""
    chosen = replace(wish, places=())
    return [
        [
            Choice(
                house.pack.place(one.unit.code, one.former.code if one.former else "", house.era),
                replace(chosen, place=one.unit.code).data,
            )
        ]
        for one in wish.places[:OFFERED]
    ]
