"""The newest proposals with their tags, five a page."""

from __future__ import annotations

import re

from bot.feature import command
from bot.model import Phrase
from bot.turn import Choice, House, Turn
from handlers.acts.rights import Right
from storage import dialogues, proposals
from storage.proposals import Listed

PAGE = 5
SHOWN = 200  # characters of each text


@command("queue", may=Right.READ_QUEUE)
async def queue(turn: Turn) -> None:
    reader = await turn.read()
    dialogue = await dialogues.current(reader)
    total = await proposals.count(reader, dialogue.id) if dialogue else 0
    if not dialogue or not total:
        return turn.say("queue.empty")
    pages = -(-total // PAGE)
    page = min(max(int(turn.argument), 1), pages) if re.fullmatch(r"\d{1,6}", turn.argument, re.ASCII) else 1
    found = await proposals.newest(reader, dialogue.id, (page - 1) * PAGE, PAGE)
    return turn.say(
        "queue.page",
        dialogue=dialogue.code,
        total=total,
        page=page,
        pages=pages,
        items=[item(turn.house, listed) for listed in found],
        buttons=turning(page, pages),
        slot="queue",
    )


def item(house: House, listed: Listed) -> Phrase:
    """One proposal in the list."""
    return Phrase(
        "queue.item",
        {
            "code": listed.code,
            "day": listed.created_at.astimezone(house.zone).strftime("%d/%m %H:%M"),
            "text": shown(listed),
            "kind": Phrase(f"kind.{listed.kind}"),
            "topic": Phrase(f"topic.{listed.topics[0]}"),
            "place": house.pack.place(listed.place, listed.former_place, house.era),
            "age": Phrase(f"age.{listed.age_band}"),
            "readers": Phrase("queue.only_province" if listed.only_province else "queue.all_readers"),
        },
    )


def shown(listed: Listed) -> Phrase:
    """The beginning of the text, and how many files there are."""
    text = listed.text if len(listed.text) <= SHOWN else listed.text[:SHOWN].rstrip() + "…"
    return Phrase("queue.with_files" if listed.files else "queue.text", {"text": text, "count": listed.files})


def turning(page: int, pages: int) -> list[list[Choice]]:
    """The buttons to the pages before and after."""
    back = [Choice(Phrase("queue.newer"), f"/queue {page - 1}")] if page > 1 else []
    on = [Choice(Phrase("queue.older"), f"/queue {page + 1}")] if page < pages else []
    return [back + on] if back or on else []
