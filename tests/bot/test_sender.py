"""What leaves the outbox: in order, within the budget, and what went wrong is tried again or said to have failed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.channel import Abilities, Budget
from bot.delivery import TRIES
from bot.errors import DeliveryError, NotSentError, RefusedError, TooFastError, UnreachableError, UnsureError
from bot.model import Json
from storage import claims, outbox
from storage.database import Statement
from storage.outbox import Kind, Outgoing
from storage.sqlite import SqliteDatabase
from tests.bot.post import Line, Post, post
from tests.player import Moving


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
async def desk(tmp_path: Path, line: Line) -> AsyncIterator[Post]:
    async with post(tmp_path, line) as desk:
        yield desk


def button(label: str) -> list[Json]:
    return [[{"label": {"$": "b", "text": label}, "data": f"1.1.{label}"}]]


# -- order


async def test_each_chat_reads_in_order(desk: Post, line: Line) -> None:
    line.pause = 0.001
    chats = [await desk.chat(f"c{n}") for n in range(3)]
    for n in range(5):
        for chat in chats:
            await desk.say(chat, f"{chat}:{n}a", f"{chat}:{n}b")
    await desk.settle()
    for chat in chats:
        mine = [text for text in line.sent if text.startswith(f"{chat}:")]
        assert mine == [f"{chat}:{n}{part}" for n in range(5) for part in "ab"]
    assert set(await desk.states()) == {"sent"}


@pytest.mark.parametrize("trouble", [NotSentError(), TooFastError(0.1), UnsureError(), ValueError("a bug")])
async def test_what_follows_never_overtakes_what_must_be_tried_again(
    desk: Post, line: Line, trouble: Exception
) -> None:
    line.troubles = [trouble, trouble]
    chat = await desk.chat()
    await desk.say(chat, "a", "b")
    await desk.say(chat, "c")
    await desk.settle()
    await desk.say(chat, "d")
    await desk.settle()
    assert line.sent == ["a", "b", "c", "d"]


async def test_what_was_leased_while_the_one_before_failed_waits_for_it(desk: Post, line: Line) -> None:
    """A turn may commit its reply as leased just before the reply before it is put back."""
    line.troubles = [NotSentError()]
    chat = await desk.chat()
    await desk.say(chat, "a", hand=False)
    await desk.say(chat, "b", hand=False)
    [first, second] = [
        (await desk.database.write([claims.of_cause(f"turn:{text}", "boot")]))[-1] for text in ("a", "b")
    ]
    desk.sender.hand(claims.rows_of([first]))
    await desk.sender.idle()
    desk.sender.hand(claims.rows_of([second]))
    await desk.settle()
    assert line.sent == ["a", "b"]


async def test_a_chat_that_fails_holds_up_no_other(desk: Post, line: Line) -> None:
    line.troubles = [TooFastError(30)]
    here, there = await desk.chat("c1"), await desk.chat("c2")
    await desk.say(here, "a")
    await desk.sender.idle()
    await desk.say(there, "b")
    await desk.sender.idle()
    assert line.sent == ["b"]


async def test_a_lease_that_ends_in_a_long_queue_sends_nothing_twice(desk: Post, line: Line) -> None:
    line.pause = 0.005
    chat = await desk.chat()
    await desk.say(chat, *(f"{n}" for n in range(10)), cause="turn:1")
    await asyncio.sleep(0.01)
    desk.clock.forward(seconds=120)
    await desk.sender.claim()
    await desk.settle()
    assert line.sent == [f"{n}" for n in range(10)]


# -- trouble


@pytest.mark.parametrize("trouble", [RefusedError(), UnreachableError()])
async def test_what_is_refused_has_failed_for_good_and_the_next_goes(
    desk: Post, line: Line, trouble: DeliveryError
) -> None:
    line.troubles = [trouble]
    await desk.say(await desk.chat(), "a", "b")
    await desk.settle()
    assert line.sent == ["b"]
    assert await desk.states() == ["failed", "sent"]


async def test_a_reply_that_never_gets_through_is_given_up_after_minutes_and_the_next_goes(
    desk: Post, line: Line
) -> None:
    line.troubles = [NotSentError() for _ in range(TRIES)]
    chat, begun = await desk.chat(), desk.clock.now
    await desk.say(chat, "a", "b")
    await desk.settle()
    assert line.sent == ["b"]
    assert await desk.states() == ["failed", "sent"]
    assert 500 < (desk.clock.now - begun).total_seconds() < 900


async def test_a_reply_that_waited_for_hours_is_not_given_up_at_its_first_trouble(desk: Post, line: Line) -> None:
    line.troubles = [NotSentError()]
    await desk.say(await desk.chat(), "a", hand=False)
    await desk.database.write([claims.void_leases()])
    desk.clock.forward(hours=8)
    await desk.settle()
    assert line.sent == ["a"]


async def test_a_reply_of_which_nobody_knows_is_sent_again_under_the_same_key(desk: Post, line: Line) -> None:
    line.troubles = [None, UnsureError()]
    await desk.say(await desk.chat(), "a", "b")
    await desk.settle()
    assert line.sent == ["a", "b"]
    assert len(set(line.keys)) == 2


async def test_an_answer_of_which_nobody_knows_is_unsure_and_not_sent_again(desk: Post, line: Line) -> None:
    line.troubles = [UnsureError()]
    await desk.say(await desk.chat(), "a", kind=Kind.ANSWER)
    await desk.settle()
    assert line.sent == []
    assert await desk.states() == ["unsure"]


async def test_what_cannot_be_rendered_is_given_up_and_the_next_goes(desk: Post, line: Line) -> None:
    chat = await desk.chat()
    broken = Outgoing(chat, 0, {"text": [{"$": "no such text"}], "buttons": [], "files": []})
    with capture_logs() as logs:
        await desk.database.write(outbox.add("turn:0", broken, "", 0))
        await desk.say(chat, "b")
        await desk.settle()
    assert line.sent == ["b"]
    assert sorted(await desk.states()) == ["failed", "sent"]
    assert "a channel failed" in {entry["event"] for entry in logs}


async def test_what_was_sent_is_marked_when_the_database_works_again_and_not_sent_twice(
    desk: Post, line: Line, tmp_path: Path
) -> None:
    chat = await desk.chat()
    async with desk.database.transaction() as tx:
        await tx.run(Statement("PRAGMA busy_timeout = 10"))
    await desk.say(chat, "a", "b", hand=False)
    rows = claims.rows_of(await desk.database.write([claims.of_cause("turn:a", "boot")]))
    other = await SqliteDatabase.open(tmp_path / "bot.db")
    async with other.transaction():
        desk.sender.hand(rows)
        await asyncio.sleep(0.1)
        assert line.sent == ["a"]
    await asyncio.wait_for(desk.sender.idle(), 10)
    await other.close()
    assert line.sent == ["a", "b"]
    assert await desk.states() == ["sent", "sent"]


# -- cards


async def test_a_card_is_edited_where_nothing_came_after_it(desk: Post, line: Line) -> None:
    chat = await desk.chat()
    for text in ("a", "b"):
        await desk.say(chat, text, slot="1/card")
        await desk.settle()
        desk.clock.forward(seconds=1)
    assert line.done == [("send", "a"), ("edit ref-1", "b")]


async def test_a_card_comes_anew_where_the_person_wrote_after_it_and_the_old_buttons_go(desk: Post, line: Line) -> None:
    chat = await desk.chat()
    await desk.say(chat, "a", slot="1/card")
    await desk.settle()
    desk.clock.forward(seconds=1)
    await desk.chat()
    await desk.say(chat, "b", slot="1/card")
    await desk.settle()
    assert line.done == [("send", "a"), ("strip ref-1", ""), ("send", "b")]


async def test_an_edit_that_is_refused_is_sent_anew(desk: Post, line: Line) -> None:
    line.edit_troubles = [RefusedError()]
    chat = await desk.chat()
    for text in ("a", "b"):
        await desk.say(chat, text, slot="1/card")
        await desk.settle()
        desk.clock.forward(seconds=1)
    assert line.done == [("send", "a"), ("send", "b")]


async def test_a_card_that_follows_at_once_still_edits_the_one_before(desk: Post, line: Line) -> None:
    chat = await desk.chat()
    for text in ("a", "b", "c"):
        await desk.say(chat, text, slot="1/card")
    await desk.settle()
    assert [what for what, _ in line.done] == ["send", "edit ref-1", "edit ref-1"]


# -- what a messenger can


async def test_a_long_text_comes_in_pieces_with_the_buttons_on_the_last(tmp_path: Path) -> None:
    line = Line(abilities=Abilities(True, True, True, 40))
    async with post(tmp_path, line) as desk:
        await desk.say(await desk.chat(), "Câu thứ nhất đây. Câu thứ hai đây. Câu thứ ba.", buttons=button("Gửi"))
        await desk.settle()
    assert line.sent == ["Câu thứ nhất đây. Câu thứ hai đây. ", "Câu thứ ba."]
    assert line.last
    assert line.last.buttons[0][0].label == "Gửi"
    assert len(set(line.keys)) == 2


async def test_without_buttons_a_list_is_numbered(tmp_path: Path) -> None:
    line = Line(abilities=Abilities(False, False, False, 4096))
    async with post(tmp_path, line) as desk:
        await desk.say(await desk.chat(), "Chọn nhé", buttons=[*button("A <3"), *button("B")])
        await desk.settle()
    assert line.sent == ["Chọn nhé\n\n1. A <3\n2. B\nGõ số."]


# -- what waits


async def test_at_night_only_replies_and_alerts_go_out(tmp_path: Path) -> None:
    clock, line = Moving(), Line()
    morning = clock.now + timedelta(hours=8)

    def quiet(moment: datetime) -> datetime | None:
        return morning if moment < morning else None

    async with post(tmp_path, line, clock, quiet=quiet) as desk:
        for kind in Kind:
            await desk.say(await desk.chat(kind), kind, kind=kind)
        await desk.sender.claim()
        await desk.sender.idle()
        assert sorted(line.sent) == ["alert", "reply"]
        clock.forward(hours=8)
        await desk.settle()
        assert set(line.sent) == set(Kind)


async def test_what_follows_a_broadcast_that_waits_goes_before_it(tmp_path: Path) -> None:
    line = Line(budget=Budget(per_second=20, capacity=1))
    async with post(tmp_path, line) as desk:
        chats = [await desk.chat(f"c{n}") for n in range(6)]
        for chat in chats:
            await desk.say(chat, f"news {chat}", kind=Kind.NEWS)
        await desk.sender.claim()
        await desk.say(chats[-1], "reply")
        await desk.settle()
    assert "reply" in line.sent[:2]
    assert len(line.sent) == 7


async def test_only_as_much_is_in_hand_as_will_soon_be_sent(tmp_path: Path) -> None:
    """What is in hand when the process ends is unsure: that must be few."""
    line = Line(budget=Budget(per_second=28, capacity=2), pause=0.05)
    async with post(tmp_path, line) as desk:
        for n in range(40):
            await desk.say(await desk.chat(f"c{n}"), f"{n}", kind=Kind.BROADCAST)
        await desk.sender.claim()
        await desk.sender.claim()
        assert (await desk.states()).count("leased") <= 9


async def test_a_lease_that_ended_is_not_sent_but_put_back(desk: Post, line: Line) -> None:
    line.pause = 0.02
    chat = await desk.chat()
    await desk.say(chat, "a", "b", cause="turn:1")
    await asyncio.sleep(0.005)  # "a" is on its way
    desk.clock.forward(seconds=120)
    await desk.sender.idle()
    assert line.sent == ["a"]
    await desk.settle()
    assert line.sent == ["a", "b"]


async def test_no_log_line_repeats_what_is_sent(desk: Post, line: Line) -> None:
    line.troubles = [NotSentError(), ValueError("bí mật"), RefusedError()]
    with capture_logs() as logs:
        await desk.say(await desk.chat(), "bí mật")
        await desk.settle()
    assert logs
    assert "bí mật" not in repr(logs)


async def test_being_asked_to_wait_is_no_try_that_failed(desk: Post, line: Line) -> None:
    line.troubles = [TooFastError(0.001) for _ in range(2 * TRIES)]
    await desk.say(await desk.chat(), "a")
    await desk.settle()
    assert line.sent == ["a"]


async def test_a_message_in_pieces_goes_on_where_it_failed(tmp_path: Path) -> None:
    line = Line(abilities=Abilities(True, True, True, text_limit=10), troubles=[None, NotSentError(), NotSentError()])
    async with post(tmp_path, line) as desk:
        await desk.say(await desk.chat(), "một hai ba bốn năm sáu")
        await desk.settle()
    assert len(line.sent) > 2
    assert len(set(line.sent)) == len(line.sent)
