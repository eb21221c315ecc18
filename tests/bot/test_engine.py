"""From the messenger to the turn: nothing is acknowledged before it is kept, and no turn harms another."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app import build
from bot.engine import Engine
from bot.errors import DatabaseTroubleError
from bot.feature import Command, Features
from bot.model import Attachment, AttachmentKind, Message
from bot.preparation import load_pack, open_database
from bot.turn import Turn
from handlers.features import FEATURES
from storage import claims, dialogues
from storage import inbox as inbox_rows
from storage.database import Statement, Transaction
from tests.bot.invented import ANY, Right, conversation, features, said
from tests.player import Messenger, Moving, Town, settings_in, town

SECRET = "chuyện riêng của em"


def command(run: Callable[[Turn], Awaitable[None]]) -> Features:
    """Features of which every text is for one command that asks nothing."""
    return features(conversation("none", _nothing), idle="it", commands=[Command("it", Right.TALK, run)])


async def _nothing(turn: Turn) -> None:
    """Never started."""


async def echo(turn: Turn) -> None:
    turn.say(ANY, unit=turn.argument)


async def inbox(place: Town) -> list[tuple[str, str]]:
    [rows] = await place.bot.database.read(Statement("SELECT status, payload FROM inbox ORDER BY id"))
    return [(row["status"], row["payload"]) for row in rows]


def message(chat: str, number: int, text: str = "a") -> Message:
    return Message("buttons", chat, f"{chat}:{number}", text)


# -- in


async def nobody(message: Message, notice: str) -> None:
    """Nobody waits for a press to be acknowledged."""


async def test_what_was_received_is_on_the_disk_before_it_is_acknowledged(tmp_path: Path) -> None:
    async def wait(turn: Turn) -> None:
        await asyncio.sleep(60)

    async with town(tmp_path, features=command(wait)) as place:
        await place.bot.engine.receive([message("lan", 1, SECRET)])
        with sqlite3.connect(tmp_path / "bot.db") as other:
            assert other.execute("SELECT status FROM inbox").fetchall() == [("new",)]
        other.close()
        await place.bot.engine.stop(0)


async def test_a_caller_that_is_cancelled_leaves_no_message_without_its_turn(tmp_path: Path) -> None:
    async with town(tmp_path, features=command(echo)) as place:
        for n in range(10):
            task = asyncio.create_task(place.bot.engine.receive([message("lan", n)]))
            for _ in range(n):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await place.settle()
        rows = await inbox(place)
        assert {status for status, _ in rows} == {"done"}
        assert place.person("lan").screen.heard == len(rows)


async def test_what_no_database_can_keep_is_replaced_and_not_refused(tmp_path: Path) -> None:
    photo = Attachment(AttachmentKind.PHOTO, "a\ud800.jpg", "image/jpeg", 1)
    async with town(tmp_path, features=command(echo)) as place:
        await place.bot.engine.receive([Message("buttons", "lan", "1", "a\ud800b\x00", attachments=(photo,))])
        await place.settle()
        assert place.person("lan").last == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"


# -- hops


async def test_a_guided_step_is_three_hops_besides_its_delivery(tmp_path: Path) -> None:
    async with town(tmp_path) as place:
        lan = place.person("lan")
        await lan.send("em muốn hỏi về vay vốn")
        agree = lan.button("Đồng ý")
    assert await hops(tmp_path, Message("buttons", "lan", "x1", press=agree)) <= 3


async def test_a_step_of_a_card_is_three_hops_too(tmp_path: Path) -> None:
    async with town(tmp_path) as place:
        lan = place.person("lan")
        await lan.send("em muốn hỏi về vay vốn")
        for label in ("Đồng ý", "18–22", "Bỏ qua"):
            await lan.press(label)
        change = lan.button("Đổi thông tin")
    assert await hops(tmp_path, Message("buttons", "lan", "x1", text="thêm một ý nữa")) <= 3
    assert await hops(tmp_path, Message("buttons", "lan", "x2", press=change)) <= 3


@pytest.mark.parametrize(("last", "most"), [("18–22", 3), ("Bỏ qua", 3), ("Gửi", 4)])
async def test_a_step_that_decides_in_a_transaction_is_few_hops_more(tmp_path: Path, last: str, most: int) -> None:
    async with town(tmp_path) as place:
        lan = place.person("lan")
        await lan.send("em muốn hỏi về vay vốn")
        for label in itertools.takewhile(lambda label: label != last, ("Đồng ý", "18–22", "Bỏ qua", "Gửi")):
            await lan.press(label)
        data = lan.button(last)
    assert await hops(tmp_path, Message("buttons", "lan", "x1", press=data)) <= most


async def hops(folder: Path, message: Message) -> int:
    """The hops from a message to its finished turn, with nothing else at work."""
    settings = settings_in(folder)
    pack, words = load_pack(settings)
    database = await open_database(settings)
    try:
        bot = build(settings, database, [Messenger("buttons", buttons=True)], Moving(), pack, words)
        replies: list[claims.Claimed] = []
        engine = Engine(
            database, bot.house, FEATURES, lambda: "counting", lambda rows, more: replies.extend(rows), nobody
        )
        await engine.receive([message])
        await engine.idle()
        assert replies
        return database.hops
    finally:
        await database.close()


# -- side by side


async def test_people_are_served_while_one_is_slow_and_each_in_order(tmp_path: Path) -> None:
    go_on = asyncio.Event()

    async def slow(turn: Turn) -> None:
        if turn.argument == "slow":
            await turn.read()
            await go_on.wait()
        turn.say(ANY, unit=turn.argument)

    async with town(tmp_path, features=command(slow)) as place:
        await place.bot.engine.receive([message("lan", 1, "slow"), message("lan", 2, "then")])
        await place.bot.engine.receive([message(f"other{n}", 1, "quick") for n in range(20)])
        async with asyncio.timeout(20):
            await heard(place, "other0", "other19")
        assert place.person("lan").screen.heard == 0
        go_on.set()
        await place.settle()
        assert said(place.person("lan")) == ["slow", "then"]


async def heard(place: Town, *chats: str) -> None:
    """Returns when each of the chats has heard something."""
    while not all(place.person(chat).screen.heard for chat in chats):
        await place.bot.sender.idle()
        await asyncio.sleep(0.001)


async def test_turns_that_look_first_and_write_first_never_wait_for_one_another_for_ever(tmp_path: Path) -> None:
    async def both(turn: Turn) -> None:
        if turn.argument == "write first":
            await turn.once("it", note)
            await asyncio.sleep(0.01)
            await (await turn.read()).rows("SELECT 1")
        else:
            await (await turn.read()).rows("SELECT 1")
            await asyncio.sleep(0.01)
            await turn.once("it", note)
        turn.say(ANY, unit="done")

    async def note(tx: Transaction) -> None:
        await dialogues.current(tx)

    async with town(tmp_path, features=command(both)) as place, asyncio.timeout(20):
        orders = ["write first" if n % 5 == 0 else "look first" for n in range(20)]
        await place.bot.engine.receive([message(f"p{n}", 1, order) for n, order in enumerate(orders)])
        await place.settle()
        assert [place.person(f"p{n}").last for n in range(20)] == ["done"] * 20


# -- trouble


async def test_a_turn_that_meets_a_locked_database_is_done_when_it_can_be(tmp_path: Path) -> None:
    async with town(tmp_path, features=command(echo)) as place:
        async with place.bot.database.transaction() as tx:
            await tx.run(Statement("PRAGMA busy_timeout = 10"))
        taken = asyncio.Event()

        async def lock(turn: Turn) -> None:
            taken.set()
            turn.say(ANY, unit=turn.argument)

        engine = Engine(
            place.bot.database, place.bot.house, command(lock), lambda: "boot", place.bot.sender.hand, nobody
        )
        other = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
        await engine.receive([message("lan", 1, SECRET)])
        other.execute("BEGIN EXCLUSIVE")
        with capture_logs() as logs:
            await taken.wait()
            await asyncio.sleep(0.05)
            assert [status for status, _ in await inbox(place)] == ["new"]
            other.execute("ROLLBACK")
            other.close()
            await asyncio.wait_for(engine.idle(), 5)
        await place.settle()
        assert place.person("lan").last == SECRET
        told = [entry["event"] for entry in logs if entry["log_level"] != "debug"]
        assert told == ["the database cannot work; the turn waits"]
        assert SECRET not in repr(logs)


async def test_what_cannot_be_kept_is_not_acknowledged(tmp_path: Path) -> None:
    async with town(tmp_path, features=command(echo)) as place:
        async with place.bot.database.transaction() as tx:
            await tx.run(Statement("PRAGMA busy_timeout = 10"))
        other = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseTroubleError):
            await place.bot.engine.receive([message("lan", 1)])
        other.execute("ROLLBACK")
        other.close()
        assert await inbox(place) == []


async def test_a_finished_turn_leaves_nothing_of_what_was_written_in_the_inbox(tmp_path: Path) -> None:
    async with town(tmp_path, features=command(echo)) as place:
        await place.person("lan").send(SECRET)
        assert await inbox(place) == [("done", "")]


async def test_a_turn_that_fails_is_kept_answered_once_and_followed_by_the_next(tmp_path: Path) -> None:
    async def fail(turn: Turn) -> None:
        turn.say(ANY, unit=turn.argument)
        if turn.argument == SECRET:
            raise ValueError(SECRET)

    async with town(tmp_path, features=command(fail)) as place:
        with capture_logs() as logs:
            await place.bot.engine.receive([message("lan", 1, SECRET), message("lan", 2, "next")])
            await place.settle()
        lan = place.person("lan")
        apology, last = said(lan)
        assert last == "next"
        [entry] = [entry for entry in logs if entry["event"] == "a turn failed"]
        assert entry["error_id"] in apology
        assert SECRET not in repr(logs)
        (status, payload), done = await inbox(place)
        assert (status, done) == ("failed", ("done", ""))
        assert SECRET in payload


async def test_what_a_failing_turn_wrote_is_undone(tmp_path: Path) -> None:
    async def fail(turn: Turn) -> None:
        await turn.once("it", lambda tx: tx.run(Statement("INSERT INTO people (created_at) VALUES (1)")))
        raise LookupError

    async with town(tmp_path, features=command(fail)) as place:
        await place.person("lan").send("a")
        [rows] = await place.bot.database.read(Statement("SELECT 1 FROM people"))
        assert rows == []


async def test_no_message_of_a_whole_conversation_stands_in_the_logs(place: Town) -> None:
    lan = place.person("lan")
    with capture_logs() as logs:
        await lan.send(f"em muốn vay vốn, {SECRET}")
        for label in ("Đồng ý", "18–22", "Bỏ qua", "Gửi"):
            await lan.press(label)
    assert "2026-00001" in lan.last
    assert SECRET not in repr(logs)


# -- after an end


async def test_what_was_left_is_taken_up_in_order(tmp_path: Path) -> None:
    async def wait(turn: Turn) -> None:
        await asyncio.sleep(60)

    messengers = {"buttons": Messenger("buttons", buttons=True)}
    async with town(tmp_path, features=command(wait), messengers=messengers) as place:
        await place.bot.engine.receive([message("lan", n, f"{n}") for n in range(5)])
        await asyncio.sleep(0.02)
        await place.bot.engine.stop(0)
    async with town(tmp_path, features=command(echo), messengers=messengers) as place:
        await place.settle()
        assert said(place.person("lan")) == ["0", "1", "2", "3", "4"]
        assert {status for status, _ in await inbox(place)} == {"done"}


async def test_a_message_that_ends_the_process_each_time_is_given_up_alone(tmp_path: Path) -> None:
    """The turns of the others wait for none of its starts, and whoever wrote it is told."""

    async def end(turn: Turn) -> None:
        if turn.argument == "end":
            await asyncio.sleep(60)
        turn.say(ANY, unit=turn.argument)

    messengers = {"buttons": Messenger("buttons", buttons=True)}
    for start in range(5):
        async with town(tmp_path, features=command(end), messengers=messengers) as place:
            if start == 0:
                await place.bot.engine.receive([message("lan", 1, "end"), message("minh", 1, "hello")])
            await asyncio.sleep(0.05 if start < 4 else 0.5)
            await place.bot.engine.stop(0)
            await place.bot.sender.idle()
    assert [status for status, _ in await left(tmp_path)] == ["failed", "done"]
    assert [shown.text for shown in messengers["buttons"].screen("minh").messages.values()] == ["hello"]
    assert messengers["buttons"].screen("lan").heard == 1


async def left(folder: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(folder / "bot.db") as other:
        rows = other.execute("SELECT status, payload FROM inbox ORDER BY id").fetchall()
    other.close()
    return rows


async def test_a_row_of_a_channel_that_is_switched_off_waits_for_it(tmp_path: Path) -> None:
    messengers = {"buttons": Messenger("buttons", buttons=True)}
    async with town(tmp_path, features=command(echo), messengers=messengers) as place:
        await place.bot.database.write([*inbox_rows.accept(message("lan", 1), 0)])
    async with town(tmp_path, features=command(echo), messengers={"other": Messenger("other", buttons=True)}) as place:
        await place.settle()
        assert [status for status, _ in await inbox(place)] == ["new"]
    async with town(tmp_path, features=command(echo), messengers=messengers) as place:
        await place.settle()
        assert place.person("lan").last == "a"
