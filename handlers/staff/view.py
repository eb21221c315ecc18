"""One proposal as staff see it: everything that was sent and what became of it, and taking it up."""

from __future__ import annotations

import re

from bot.feature import command
from bot.model import Phrase
from bot.turn import Choice, House, Turn
from handlers.acts import cases as acts
from handlers.acts.cases import GROWING, State
from handlers.acts.rights import Right, Standing, allows, standing
from handlers.shown import hour, path, to_send, words
from handlers.staff.notes import Notes, noted, topic_line
from storage.cases import Case
from storage.database import micros
from storage.hearings import OPEN

SINCE = {"added": "view.added", "replied": "view.replied", "asked": "view.asked"}


@command("view", may=Right.READ)
async def view(turn: Turn) -> None:
    """Shows the proposal of a code: "CODE", or "CODE files" for its files."""
    code, _, wanted = turn.argument.upper().partition(" ")
    if not code:
        return turn.say("view.how")
    case = await acts.seen(await turn.read(), standing(turn.where), code)
    if case is None:
        return turn.say("view.unknown", code=code)
    return send_files(turn, case) if wanted == "FILES" else show(turn, case, await noted(turn, case))


@command("takeup", may=Right.TRIAGE)
async def take_up(turn: Turn) -> None:
    """Notes that staff work on it, tells its author, and shows it anew, in the place that its button names."""
    where, (code, _, spot) = turn.where, turn.argument.upper().partition(" ")
    if not code:
        return turn.say("view.how")
    taken = await turn.once(
        "taken up", lambda tx: acts.take_up(tx, standing(where), where.address_id, code, micros(turn.now))
    )
    case = await acts.seen(await turn.read(), standing(where), code)
    if case is None:
        return turn.say("view.unknown", code=code)
    if taken is None:
        turn.say("view.already", code=code, state=Phrase(f"state.{case.state}"))
    elif case.address_id is not None:
        own = [[Choice(Phrase("mine.open", {"code": code}), f"/mine {code}")]]
        turn.tell(case.address_id, "view.told", code=code, buttons=own)
    return show(turn, case, await noted(turn, case), spot)


def show(turn: Turn, case: Case, notes: Notes, spot: str = "") -> None:
    """The whole proposal with what this role can do about it now; `spot` is the number of a showing to be redrawn."""
    number = spot if re.fullmatch(r"\d{1,18}", spot, re.ASCII) else str(turn.where.inbox_id)
    turn.say(
        "view.case",
        code=case.code,
        state=Phrase(f"state.{case.state}"),
        day=hour(turn.house, case.created_at),
        text=said(case),
        lines=[*notes.urgent, *about(turn.house, case), *files(case), *notes.lines],
        path=path(turn.house, case),
        since=since(turn.house, case),
        buttons=[*doing(standing(turn.where), case, number), *notes.buttons],
        slot=f"view {case.code} {number}",
    )


def said(case: Case) -> list[Phrase]:
    """The whole text, what is asked for first, and where it was only spoken, whose words these are."""
    lead = [Phrase("card.lead", {"lead": case.content.lead})] if case.content.lead else []
    heard = [Phrase(f"hearing.{case.hearing}")] if case.hearing else []
    return [*lead, words(case.content), *heard]


def about(house: House, case: Case) -> list[Phrase]:
    """What it is, where from, whose and for whom, a line each."""
    content = case.content
    topics = [topic_line(house, case, tag) for tag in content.tags]
    return [
        Phrase("card.kind", {"kind": Phrase(f"kind.{content.kind}")}),
        *topics,
        Phrase("card.place", {"place": house.pack.place(content.place, content.former_place, house.era)}),
        *([Phrase("view.typed_place", {"name": content.typed_place})] if content.typed_place else []),
        Phrase("card.age", {"age": Phrase(f"age.{content.age_band}")}),
        Phrase("card.named", {"name": content.name}) if content.name else Phrase("card.anonymous"),
        Phrase("card.only_province" if content.only_province else "card.all_readers"),
    ]


def files(case: Case) -> list[Phrase]:
    """The files by name: those that are here and those that are still with a messenger."""
    here = [file.name for file in case.content.files if file.digest]
    coming = [file.name for file in case.content.files if not file.digest]
    return [
        *([Phrase("card.files", {"count": len(here), "names": ", ".join(here)})] if here else []),
        *([on_its_way(coming)] if coming else []),
    ]


def on_its_way(names: list[str]) -> Phrase:
    return Phrase("view.on_its_way", {"count": len(names), "names": ", ".join(names)})


def since(house: House, case: Case) -> list[Phrase]:
    """What was added, asked and replied, and how often it was changed."""
    parts = [Phrase(SINCE[part.kind], {"at": hour(house, part.at), "text": part.text}) for part in case.parts]
    return [*parts, *([Phrase("view.changed", {"count": case.revision - 1})] if case.revision > 1 else [])]


def doing(by: Standing, case: Case, number: str) -> list[list[Choice]]:
    """The buttons for what can be done now."""
    ways = []
    if allows(by.role, Right.TRIAGE):
        ways += [(f"/hear {case.code}", "hear.this")] if case.hearing in OPEN and case.state != State.WITHDRAWN else []
        ways += [(f"/takeup {case.code} {number}", "view.take_up")] if case.state == State.RECEIVED else []
        ways += [(f"/correct {case.code}", "view.correct")] if case.state != State.WITHDRAWN else []
        is_open_to_all = case.state != State.WITHDRAWN and not case.content.only_province
        ways += [(f"/clear {case.code}", "view.clear")] if is_open_to_all else []
        ways += [(f"/ask {case.code}", "view.ask")] if case.state in GROWING and case.address_id is not None else []
    if allows(by.role, Right.MOVE) and case.state in GROWING and by.holds(case.scope):
        ways.append((f"/pass_on {case.code}", "view.pass_on"))
    rows = [[Choice(Phrase(label), data)] for data, label in ways]
    return [*rows, *([[Choice(Phrase("view.files"), f"/view {case.code} files")]] if case.content.files else [])]


def send_files(turn: Turn, case: Case) -> None:
    """The files as files; what is still with a messenger is named."""
    coming = [file.name for file in case.content.files if not file.digest]
    here = to_send(turn.house, case)
    if here:
        turn.say("view.files_of", code=case.code, files=here)
    if coming:
        turn.say("view.on_its_way", count=len(coming), names=", ".join(coming))
    if not case.content.files:
        turn.say("view.no_files", code=case.code)


def opening(code: str) -> list[list[Choice]]:
    """The button that shows a proposal to staff."""
    return [[Choice(Phrase("view.open", {"code": code}), f"/view {code}")]]
