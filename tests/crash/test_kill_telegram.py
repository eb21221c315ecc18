"""Killed at any moment while many people talk on Telegram and the line is bad: nothing is lost, nothing twice."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.crash.books import Books
from tests.crash.killing import chance, kill_and_start, kills
from tests.crash.process import START, BotProcess
from tests.crash.talker import FIRST_PERSON, NAME, Talker
from tests.processes import free_port
from tests.telegram.faults import Kind
from tests.telegram.limits import Limits
from tests.telegram.methods import METHODS
from tests.telegram.server import StandIn

PEOPLE = 20
DRAINED = 150.0  # seconds: a file that could not be fetched is tried again after up to a minute
PUBLIC = "https://bot.example.org"
SECRET = "a-secret-of-the-webhook"
FAULTS = {
    Kind.ERROR: (0.03, 0.0),
    Kind.GATEWAY: (0.02, 0.0),
    Kind.RESET_BEFORE: (0.03, 0.0),
    Kind.RESET_AFTER: (0.04, 0.0),
    Kind.DELAY: (0.03, 0.3),
    Kind.LATE: (0.03, 0.3),
    Kind.REDELIVERY: (0.1, 0.0),
}  # how likely, and for how many seconds
FETCHING = ("getfile", "file")  # a third as likely: a file that failed three times is tried again after a minute

pytestmark = pytest.mark.crash


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_nothing_is_lost_or_doubled_on_telegram(tmp_path: Path, mode: str) -> None:
    begun, dice, port = time.monotonic(), chance(), free_port()
    stop = asyncio.Event()
    async with bad_line(dice, {PUBLIC: f"http://127.0.0.1:{port}"}) as standin:
        bot = BotProcess(tmp_path, settings(standin, mode, port))
        books = Books(bot.database, bot.files)
        talkers = [Talker(standin.world, n, random.Random(dice.random()), stop) for n in range(PEOPLE)]
        repeating = asyncio.create_task(repeat_updates(standin, random.Random(dice.random())))
        try:
            await bot.start()
            async with asyncio.TaskGroup() as people:
                for talker in talkers:
                    people.create_task(talker.live())
                await kill_and_start(bot, kills(mode), dice, lambda: taken_up(standin), standin.world.changed)
                stop.set()
            await drained(books)
            assert await bot.end(signal.SIGTERM) == 0
        finally:
            repeating.cancel()
            await bot.end(signal.SIGKILL)
    tell(mode, talkers, standin, books, time.monotonic() - begun)
    check_people(talkers)
    check_books(talkers, books)
    check_log(bot, standin.token)


def settings(standin: StandIn, mode: str, port: int) -> dict[str, str]:
    """A bot on Telegram alone; sometimes it sends faster than the stand-in allows."""
    return {
        "BOT_WEB__ENABLED": "false",
        "BOT_TELEGRAM__TOKEN": standin.token,
        "BOT_TELEGRAM__API_BASE": standin.url,
        "BOT_TELEGRAM__MODE": mode,
        "BOT_TELEGRAM__MESSAGES_PER_SECOND": "90",
        "BOT_TELEGRAM__PER_CHAT_SECONDS": "0.35",
        "BOT_TELEGRAM__WEBHOOK_URL": f"{PUBLIC}/telegram",
        "BOT_TELEGRAM__WEBHOOK_LISTEN": f"127.0.0.1:{port}",
        "BOT_TELEGRAM__WEBHOOK_SECRET": SECRET,
    }


def bad_line(dice: random.Random, ways: dict[str, str]) -> StandIn:
    standin = StandIn(limits=Limits(per_second=100, chat_burst=3, chat_per_second=2), ways=ways)
    for kind, (probability, seconds) in FAULTS.items():
        for method in (*METHODS, "file"):
            likely = probability / 3 if method in FETCHING else probability
            standin.faults.sometimes(kind, likely, method, seed=dice.randrange(2**32), seconds=seconds)
    return standin


async def repeat_updates(standin: StandIn, dice: random.Random) -> None:
    """Delivers something again now and then that was delivered before."""
    while True:
        await asyncio.sleep(dice.expovariate(1 / 0.3))
        updates = standin.world.updates
        if taken := [update for update in updates.made[-100:] if update not in updates.waiting]:
            standin.world.repeat(dice.choice(taken))


async def taken_up(standin: StandIn) -> None:
    """Returns when a bot that has just been started takes updates in."""
    calls = standin.world.calls
    before = calls["getme"]
    async with asyncio.timeout(START):
        while calls["getme"] == before:  # noqa: ASYNC110 another process calls
            await asyncio.sleep(0.01)


async def drained(books: Books) -> None:
    """Returns when nothing is left to be done, or nothing comes of waiting."""
    end = time.monotonic() + DRAINED
    while books.undone() and time.monotonic() < end:  # noqa: ASYNC110 another process works
        await asyncio.sleep(0.2)


# -- what must be so


def check_people(talkers: list[Talker]) -> None:
    """Everybody was led step by step, and nobody was told of an error."""
    for talker in talkers:
        talker.read()
        expected = ["hello", "age", "place", *["card", "code"] * len(talker.sent)]
        assert talker.steps() == expected + ["card"] * bool(talker.draft.texts or talker.draft.photos)
        assert not any("Mã lỗi" in message.text for message in talker.phone.messages)


def check_books(talkers: list[Talker], books: Books) -> None:
    """What people saw and what the office has are the same, each once, and nothing is left undone."""
    assert books.undone() == []
    assert books.sound()
    proposals, drafts = books.proposals(), books.drafts()
    assert list(proposals) == [f"LS-2026-{n:05d}" for n in range(1, len(proposals) + 1)]
    for talker in talkers:
        chat = str(talker.phone.person.id)
        mine = {code: (stored.text, stored.files) for code, stored in proposals.items() if stored.chat == chat}
        assert mine == {code: (draft.text, list(draft.photos.values())) for code, draft in talker.sent.items()}
        assert drafts.pop(chat, []) == list(talker.draft.texts.values())
    assert drafts == {}


def check_log(bot: BotProcess, token: str) -> None:
    """The log says that the bot was well, and nothing about anybody."""
    written = bot.log.read_text("utf-8", "replace")
    for private in ("việc", "em muốn", "Tân Thanh", NAME, token, SECRET, str(FIRST_PERSON)[:-2]):
        assert private not in written
    assert "Traceback" not in written
    assert [line for line in bot.logged() if line["level"] == "error"] == []


def tell(mode: str, talkers: list[Talker], standin: StandIn, books: Books, seconds: float) -> None:
    """The figures."""
    faults = Counter[str]()
    for (_, kind), times in standin.faults.struck.items():
        faults[kind.value] += times
    faults["429"] = standin.limits.refused if standin.limits else 0
    proposals = sum(len(talker.sent) for talker in talkers)
    repeats = standin.world.messages_by_bot() - books.messages_sent()
    print(
        f"{mode}: {kills(mode)} kills, {proposals} proposals, {seconds:.0f} s, {repeats} messages came twice, {dict(faults)}"
    )
