"""What went wrong: messages and jobs that were given up, without a word of what they say."""

from __future__ import annotations

import re

from bot.feature import command
from bot.model import Phrase
from bot.turn import Choice, Turn
from handlers.acts import repairs
from handlers.acts.rights import Right
from handlers.shown import hour
from storage import inbox, outbox
from storage.database import micros
from storage.inbox import Failed

PAGE = 5
ACTS = {"retry": (repairs.retry, "failures.retried"), "drop": (repairs.drop, "failures.dropped")}
LABELS = {"retry": "failures.retry", "drop": "failures.drop"}
_ONE = re.compile(r"(retry|drop) (\d{1,18})", re.ASCII)


@command("failures", may=Right.REPAIR)
async def failures(turn: Turn) -> None:
    """Lists what was given up; "retry NUMBER" and "drop NUMBER" settle one."""
    if one := _ONE.fullmatch(turn.argument.strip().lower()):
        await settle(turn, one[1], int(one[2]))
        return
    page = int(turn.argument) if re.fullmatch(r"\d{1,6}", turn.argument, re.ASCII) else 1
    await show(turn, page)


async def settle(turn: Turn, what: str, inbox_id: int) -> None:
    """Does one thing about one failure."""
    where, (act, said) = turn.where, ACTS[what]
    done = await turn.once(what, lambda tx: act(tx, where.role, where.address_id, inbox_id, micros(turn.now)))
    turn.say(
        said if done else "failures.gone", number=inbox_id, buttons=[[Choice(Phrase("failures.list"), "/failures")]]
    )


async def show(turn: Turn, page: int) -> None:
    reader = await turn.read()
    total, undelivered = await inbox.count_failed(reader), await outbox.undelivered(reader)
    pages = max(-(-total // PAGE), 1)
    page = min(max(page, 1), pages)
    found = await inbox.failed(reader, (page - 1) * PAGE, PAGE)
    if not found:
        return turn.say("failures.none", failed=undelivered.failed, unsure=undelivered.unsure)
    rows = [[choice(one, "retry"), choice(one, "drop")] for one in found]
    newer = [Choice(Phrase("queue.newer"), f"/failures {page - 1}")] if page > 1 else []
    older = [Choice(Phrase("queue.older"), f"/failures {page + 1}")] if page < pages else []
    return turn.say(
        "failures.page",
        total=total,
        page=page,
        pages=pages,
        items=[item(turn, one) for one in found],
        failed=undelivered.failed,
        unsure=undelivered.unsure,
        buttons=[*rows, *([newer + older] if newer or older else [])],
        slot="failures",
    )


def item(turn: Turn, one: Failed) -> Phrase:
    """One failure in the list."""
    what = Phrase("failures.job", {"name": one.job}) if one.job else Phrase("failures.message")
    at = hour(turn.house, one.received_at)
    return Phrase(
        "failures.item", {"number": one.id, "at": at, "channel": one.channel, "what": what, "error": one.error}
    )


def choice(one: Failed, what: str) -> Choice:
    return Choice(Phrase(LABELS[what], {"number": one.id}), f"/failures {what} {one.id}")
