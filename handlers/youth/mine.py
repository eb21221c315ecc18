"""What became of one's own proposals: the list, each of them, and the drafts."""

from __future__ import annotations

import re

from bot.feature import command
from bot.model import Phrase
from bot.turn import Choice, House, Turn
from handlers.acts import cases as acts
from handlers.acts.cases import CHANGEABLE, GROWING
from handlers.acts.hearing import Hearing, can_be_reworded
from handlers.acts.rights import Right
from handlers.shown import channel, file_names, path, said_since, to_send, words
from handlers.youth.propose import excerpt
from storage import cases, conversations
from storage.cases import Case, Own
from storage.conversations import Elsewhere

PAGE = 5
SHOWN = 120  # characters of each text in the list
CODE = re.compile(r"[A-Z]{1,8}-\d{4}-\d{5,9}")


@command("mine", may=Right.FOLLOW)
async def mine(turn: Turn) -> None:
    """Lists, or shows the one whose code is given: "CODE", or "CODE files" for its files."""
    code, _, wanted = turn.argument.upper().partition(" ")
    if not CODE.fullmatch(code):
        return await show_list(turn, int(code) if re.fullmatch(r"\d{1,6}", code, re.ASCII) else 1)
    person = turn.where.person
    case = await acts.own(await turn.read(), person.id if person else None, code)
    if case is None:
        return turn.say("mine.unknown", code=code)
    if wanted:
        return turn.say("mine.files", code=code, files=to_send(turn.house, case))
    return show(turn, case)


async def show_list(turn: Turn, page: int) -> None:
    reader, person = await turn.read(), turn.where.person
    total = await cases.count_own(reader, person.id) if person else 0
    drafts = await conversations.all_parked(reader, turn.where.address_id)
    pages = max(-(-total // PAGE), 1)
    page = min(max(page, 1), pages)
    found = await cases.own(reader, person.id, (page - 1) * PAGE, PAGE) if person else []
    elsewhere = [one for one in await conversations.elsewhere(reader, turn.where.address_id) if excerpt(one.open)]
    if not found and not drafts and not elsewhere:
        return turn.say("mine.none", buttons=[[Choice(Phrase("help.propose"), "/propose")]])
    ones = [[Choice(Phrase("mine.open", {"code": one.code}), f"/mine {one.code}")] for one in found]
    kept = [
        row
        for draft in drafts
        for row in (
            [Choice(Phrase("mine.go_on", {"text": excerpt(draft)}), f"{draft.serial}.0.show")],
            [Choice(Phrase("mine.discard", {"text": excerpt(draft)}), f"/discard {draft.serial}")],
        )
    ]
    return turn.say(
        "mine.page" if total else "mine.drafts",
        total=total,
        page=page,
        pages=pages,
        items=[item(turn, one) for one in found],
        buttons=[*ones, *turning(page, pages), *kept, *fetching(turn.house, elsewhere)],
        slot="mine",
    )


def fetching(house: House, drafts: list[Elsewhere]) -> list[list[Choice]]:
    """A button for each draft in another of one's chats, to go on with it here."""
    return [
        [
            Choice(
                Phrase("mine.fetch", {"text": excerpt(one.open), "chat": channel(house, one.channel)}),
                f"/fetch_draft {one.address_id}.{one.open.serial}",
            )
        ]
        for one in drafts
    ]


def item(turn: Turn, one: Own) -> Phrase:
    """One proposal in the list."""
    text: str | Phrase = one.text if len(one.text) <= SHOWN else one.text[:SHOWN].rstrip() + "…"
    if not text and one.hearing:
        text = Phrase(f"hearing.{one.hearing}")
    day = one.created_at.astimezone(turn.house.zone).strftime("%d/%m/%Y")
    return Phrase("mine.item", {"code": one.code, "day": day, "state": Phrase(f"state.{one.state}"), "text": text})


def turning(page: int, pages: int) -> list[list[Choice]]:
    """The buttons to the pages before and after."""
    newer = [Choice(Phrase("queue.newer"), f"/mine {page - 1}")] if page > 1 else []
    older = [Choice(Phrase("queue.older"), f"/mine {page + 1}")] if page < pages else []
    return [newer + older] if newer or older else []


def show(turn: Turn, case: Case) -> None:
    """One proposal: what was sent, what became of it, and what can be done about it now."""
    content = case.content
    lines = [
        Phrase("card.kind", {"kind": Phrase(f"kind.{content.kind}")}),
        Phrase("card.place", {"place": turn.house.pack.place(content.place, content.former_place, turn.house.era)}),
        Phrase("card.named", {"name": content.name}) if content.name else Phrase("card.anonymous"),
    ]
    if content.files:
        lines.append(Phrase("card.files", {"count": len(content.files), "names": file_names(case)}))
    if case.hearing:
        lines.append(Phrase(f"hearing.{case.hearing}"))
    doing = [
        *([("heard", "heard.right")] if case.hearing == Hearing.TYPED else []),
        *([("reword", "heard.reword")] if can_be_reworded(case) and case.state not in CHANGEABLE else []),
        *([("change", "mine.change"), ("withdraw", "mine.withdraw")] if case.state in CHANGEABLE else []),
        *([("add", "mine.add")] if case.state in GROWING else []),
    ]
    buttons = [[Choice(Phrase(label), f"/{name} {case.code}")] for name, label in doing]
    if any(file.digest for file in content.files):
        buttons.append([Choice(Phrase("mine.send_files"), f"/mine {case.code} files")])
    turn.say(
        "mine.case",
        code=case.code,
        text=words(content),
        lines=lines,
        path=path(turn.house, case),
        since=said_since(turn.house, case),
        buttons=buttons,
    )


@command("discard", may=Right.FOLLOW)
async def discard(turn: Turn) -> None:
    """Throws a kept draft away."""
    if not re.fullmatch(r"\d{1,9}", turn.argument, re.ASCII):
        return turn.say("mine.no_draft")
    serial = int(turn.argument)
    gone = await turn.once("discarded", lambda tx: acts.discard(tx, turn.where.address_id, serial))
    return turn.say("propose.dropped" if gone else "mine.no_draft")
