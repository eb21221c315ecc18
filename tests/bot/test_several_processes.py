"""Several bots on one database: each chat in its order, each turn once, one of them sends, and any of them may go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from bot.feature import Features
from bot.model import Message
from bot.turn import Turn
from handlers.features import FEATURES
from storage import inbox, linking, outbox, people
from storage.database import Statement, micros
from storage.outbox import Kind, Outgoing
from tests.bot.invented import ANY
from tests.bot.test_engine import command
from tests.messengers.client import Client
from tests.messengers.memory import Messenger
from tests.player import Moving, Town, town

PATIENCE = 20.0


@asynccontextmanager
async def several(
    count: int, folder: Path, url: str, messenger: Client, features: Features = FEATURES
) -> AsyncIterator[list[Town]]:
    """So many bots on one database, all on one messenger."""
    clock = Moving()
    async with AsyncExitStack() as stack:
        files = str(folder / "files")
        yield [
            await stack.enter_async_context(
                town(
                    folder / str(n), clock, features, {messenger.name: messenger}, None,
                    BOT_DATABASE__URL=url, BOT_FILES__FOLDER=files,
                )
            )
            for n in range(count)
        ]  # fmt: skip


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not so():  # noqa: ASYNC110 several bots work at once
            await asyncio.sleep(0.01)


class Patient(Messenger):
    """A messenger that notes whose presses were acknowledged."""

    def __init__(self) -> None:
        super().__init__("buttons", buttons=True)
        self.acknowledged: list[str] = []

    async def acknowledge(self, message: Message, notice: str) -> None:
        self.acknowledged.append(message.chat)


@pytest.fixture
def messenger() -> Patient:
    return Patient()


def message(chat: str, n: int, press: str = "") -> Message:
    return Message("buttons", chat, f"{chat}:{n}", "" if press else f"{n}", press)


def said(messenger: Messenger, chat: str) -> list[str]:
    return [shown.text for shown in messenger.screen(chat).messages.values()]


async def test_each_chat_is_answered_in_order_whoever_takes_its_messages_in(
    tmp_path: Path, postgres_url: str, messenger: Messenger
) -> None:
    async def echo(turn: Turn) -> None:
        await asyncio.sleep(0.001)
        turn.say(ANY, unit=turn.argument)

    async with several(3, tmp_path, postgres_url, messenger, command(echo)) as bots:
        for n in range(20):
            for chat in ("lan", "hoa", "minh"):
                await bots[(n + len(chat)) % 3].bot.engine.receive([message(chat, n)])
        for chat in ("lan", "hoa", "minh"):
            await until(lambda chat=chat: len(said(messenger, chat)) >= 20)  # type: ignore[misc]
            assert said(messenger, chat) == [str(n) for n in range(20)]


async def test_what_follows_a_slow_turn_waits_for_it_in_whatever_process(
    tmp_path: Path, postgres_url: str, messenger: Messenger
) -> None:
    free, begun = asyncio.Event(), list[str]()

    async def slow(turn: Turn) -> None:
        begun.append(turn.argument)
        if turn.argument == "0":
            await free.wait()
        turn.say(ANY, unit=turn.argument)

    async with several(2, tmp_path, postgres_url, messenger, command(slow)) as (one, other):
        await one.bot.engine.receive([message("lan", 0)])
        await until(lambda: begun == ["0"])
        await other.bot.engine.receive([message("lan", 1)])
        await other.bot.engine.receive([message("hoa", 5)])
        await until(lambda: "5" in begun)
        await asyncio.sleep(0.3)
        assert begun == ["0", "5"]
        free.set()
        await until(lambda: said(messenger, "lan") == ["0", "1"])


async def test_the_chats_of_one_person_are_answered_in_one_order_whoever_takes_their_messages_in(
    tmp_path: Path, postgres_url: str, messenger: Messenger
) -> None:
    answered: list[str] = []

    async def note(turn: Turn) -> None:
        await asyncio.sleep(0.003)
        answered.append(turn.argument)

    async with several(3, tmp_path, postgres_url, messenger, command(note)) as bots:
        database = bots[0].bot.database
        for chat in ("lan", "hoa"):
            await bots[0].bot.engine.receive([message(chat, 0)])
        await until(lambda: len(answered) == 2)
        joint = await database.read(Statement("SELECT id FROM addresses ORDER BY id"))
        async with database.transaction() as tx:
            person_id = await people.of_address(tx, joint[0][0]["id"], 0)
            stranger = await linking.chat(tx, joint[0][1]["id"])
            assert stranger
            await linking.join(tx, person_id, [stranger])
        answered.clear()
        for n in range(30):
            await bots[n % 3].bot.engine.receive([message("lan" if n % 2 else "hoa", n + 1)])
        await until(lambda: len(answered) == 30)
        assert answered == [str(n + 1) for n in range(30)]


async def test_what_one_has_no_room_for_another_does(tmp_path: Path, postgres_url: str, messenger: Messenger) -> None:
    free, at_once = asyncio.Event(), [0, 0]

    async def wait(turn: Turn) -> None:
        at_once[0] += 1
        at_once[1] = max(at_once)
        await free.wait()
        at_once[0] -= 1
        turn.say(ANY, unit=turn.argument)

    async with several(2, tmp_path, postgres_url, messenger, command(wait)) as (one, _):
        await one.bot.engine.receive([message(f"c{n}", n) for n in range(50)])
        await until(lambda: at_once[0] == 50)  # 32 in one, the rest in the other
        free.set()
        await until(lambda: all(said(messenger, f"c{n}") == [f"{n}"] for n in range(50)))


async def test_one_of_them_sends_and_another_goes_on_where_it_ends(
    tmp_path: Path, postgres_url: str, messenger: Messenger
) -> None:
    async def echo(turn: Turn) -> None:
        turn.say(ANY, unit=turn.argument)

    async with AsyncExitStack() as first:
        [one] = await first.enter_async_context(several(1, tmp_path / "a", postgres_url, messenger, command(echo)))
        async with several(1, tmp_path / "b", postgres_url, messenger, command(echo)) as [other]:
            await until(lambda: one.bot.sender.is_on_duty)
            await other.bot.engine.receive([message("lan", 0)])
            await until(lambda: said(messenger, "lan") == ["0"])
            assert not other.bot.sender.is_on_duty
            await first.aclose()
            await other.bot.engine.receive([message("lan", 1)])
            await until(lambda: said(messenger, "lan") == ["0", "1"])
            assert other.bot.sender.is_on_duty


async def test_a_press_is_acknowledged_when_its_turn_ends_elsewhere(
    tmp_path: Path, postgres_url: str, messenger: Patient
) -> None:
    free = asyncio.Event()

    async def show(turn: Turn) -> None:
        if turn.where.chat != "lan":
            await free.wait()
        turn.say(ANY, unit="xong")

    async with several(2, tmp_path, postgres_url, messenger, command(show)) as (one, _):
        await one.bot.engine.receive([message(f"c{n}", n) for n in range(32)])  # it has no room any more
        await asyncio.sleep(0.2)
        begun = asyncio.get_running_loop().time()
        await one.bot.engine.receive([message("lan", 0, press="/it")])
        await until(lambda: messenger.acknowledged == ["lan"])
        assert asyncio.get_running_loop().time() - begun < 1.9  # sooner than where nothing had been heard of it
        free.set()


async def test_jobs_and_what_was_put_aside_are_done_by_any(
    tmp_path: Path, postgres_url: str, messenger: Messenger
) -> None:
    async with several(2, tmp_path, postgres_url, messenger) as (one, other):
        lan = other.person("lan")
        await lan.send("/ngonngu en")
        await until(lambda: messenger.screen("lan").heard > 0)
        [[jobs]] = await one.bot.database.read(Statement("SELECT count(*) AS n FROM jobs"))
        await until(lambda: bool(one.bot.sender.is_on_duty or other.bot.sender.is_on_duty))
        async with asyncio.timeout(PATIENCE):
            while jobs["n"]:
                await asyncio.sleep(0.1)
                [[jobs]] = await one.bot.database.read(Statement("SELECT count(*) AS n FROM jobs"))


async def test_a_row_that_a_process_left_behind_is_taken_up_by_another(
    tmp_path: Path, postgres_url: str, messenger: Messenger
) -> None:
    async def wait(turn: Turn) -> None:
        await asyncio.sleep(60)

    async def echo(turn: Turn) -> None:
        turn.say(ANY, unit=turn.argument)

    async with several(1, tmp_path / "a", postgres_url, messenger, command(wait)) as [one]:
        await one.bot.engine.receive([message("lan", 7)])
        await asyncio.sleep(0.1)
    async with several(1, tmp_path / "b", postgres_url, messenger, command(echo)):
        await until(lambda: said(messenger, "lan") == ["7"])


async def test_what_cannot_be_done_here_is_not_tried_for_ever(
    tmp_path: Path, postgres_url: str, messenger: Messenger
) -> None:
    """A row of a channel that this process is not on stays for one that is."""
    async with several(1, tmp_path, postgres_url, messenger) as [one]:
        stranger = Message("telegram", "1001", "1", "chào")
        await one.bot.database.write(inbox.accept(stranger, micros(one.clock())))
        before = one.bot.database.hops
        await asyncio.sleep(2.5)
        assert one.bot.database.hops - before < 60
        [rows] = await one.bot.database.read(Statement("SELECT status FROM inbox"))
        assert [row["status"] for row in rows] == ["new"]


async def test_a_broadcast_is_sent_once_by_whoever_has_the_post(
    tmp_path: Path, postgres_url: str, messenger: Messenger
) -> None:
    async def echo(turn: Turn) -> None:
        turn.say(ANY, unit=turn.argument)

    async with several(3, tmp_path, postgres_url, messenger, command(echo)) as bots:
        for n in range(30):
            await bots[n % 3].bot.engine.receive([message(f"c{n}", n)])
        await until(lambda: all(said(messenger, f"c{n}") for n in range(30)))
        database = bots[0].bot.database
        [rows] = await database.read(Statement("SELECT id FROM addresses"))
        text = {"text": [{"$": ANY, "unit": "tin"}], "buttons": [], "files": []}
        for row in rows:
            said_to = Outgoing(row["id"], 0, text, kind=Kind.NEWS)
            await database.write(outbox.add("news:1", said_to, "", micros(bots[0].clock())))
        await database.signals.tell("outbox")
        await until(lambda: all(said(messenger, f"c{n}")[1:] == ["tin"] for n in range(30)))
