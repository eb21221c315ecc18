"""The limits: how much may go out, and what they say of it."""

from __future__ import annotations

import pytest

from tests.telegram.conftest import Bot
from tests.telegram.limits import Limits
from tests.telegram.phone import Phone
from tests.telegram.refusals import RefusalError
from tests.telegram.server import StandIn


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def tries(limits: Limits, chat_id: int) -> int:
    """Seconds to wait as the refusal says; 0: it went out."""
    try:
        limits.take(chat_id)
    except RefusalError as refusal:
        return refusal.parameters["retry_after"]
    return 0


def test_no_more_than_thirty_a_second_go_out() -> None:
    clock = Clock()
    limits = Limits(clock=clock)
    assert [tries(limits, chat) for chat in range(1, 41)] == [0] * 30 + [1] * 10
    assert limits.refused == 10
    clock.now += 0.5
    assert tries(limits, 50) == 1
    clock.now += 0.5
    assert tries(limits, 50) == 0


def test_a_chat_takes_a_burst_and_then_one_a_second() -> None:
    clock = Clock()
    limits = Limits(clock=clock)
    assert [tries(limits, 1) for _ in range(5)] == [0, 0, 0, 0, 1]
    for _ in range(30):
        clock.now += 1
        assert tries(limits, 1) == 0
    assert tries(limits, 1) == 1


def test_a_group_takes_twenty_a_minute() -> None:
    clock = Clock()
    limits = Limits(clock=clock)
    for _ in range(20):
        assert tries(limits, -1) == 0
        clock.now += 2
    assert tries(limits, -1) == 20
    clock.now += 20
    assert tries(limits, -1) == 0


@pytest.fixture
def limited(standin: StandIn) -> Limits:
    standin.world.limits = limits = Limits()
    return limits


async def test_a_refusal_says_how_long_to_wait(bot: Bot, lan: Phone, limited: Limits) -> None:
    sent = [await bot.answer("sendMessage", chat_id=5, text=str(number)) for number in range(5)]
    assert [answer["ok"] for answer in sent] == [True] * 4 + [False]
    assert sent[-1] == {
        "ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }  # fmt: skip
    assert (len(lan.messages), limited.refused) == (4, 1)


async def test_edits_count_and_answers_do_not(bot: Bot, lan: Phone, limited: Limits) -> None:
    number = (await bot.say("0", "Có"))["message_id"]
    for text in "123":
        await bot.call("editMessageText", chat_id=5, message_id=number, text=text)
    refusal = await bot.refusal("editMessageText", chat_id=5, message_id=number, text="4")
    assert refusal == "Too Many Requests: retry after 1"
    assert lan.last.text == "3"
    for _ in range(50):
        await bot.call("getMe")
        await bot.call("answerCallbackQuery", callback_query_id=lan.press_on(number, "Có"))
    assert limited.refused == 1
