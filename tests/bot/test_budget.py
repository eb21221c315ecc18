"""A strict messenger that counts for itself never has to refuse."""

from __future__ import annotations

from collections import Counter, deque

from hypothesis import given
from hypothesis import strategies as st

from bot.budget import Purse
from bot.channel import Budget

TELEGRAM = Budget(per_second=28, capacity=2, chat_seconds=1.1, chat_capacity=3)


def send(purse: Purse, chats: list[str], now: float = 100.0) -> list[tuple[float, str]]:
    """Sends one message a chat in turn, as early as the purse allows; gives when each went."""
    sent = []
    for chat in chats:
        while wait := purse.wait(chat, now):
            now += wait
        purse.take(chat, now)
        sent.append((now, chat))
    return sent


def most_in(times: list[float], seconds: float) -> int:
    """The most messages in any stretch of so many seconds."""
    window: deque[float] = deque()
    most = 0
    for time in times:
        window.append(time)
        while window[0] <= time - seconds + 1e-6:
            window.popleft()
        most = max(most, len(window))
    return most


def test_a_burst_to_many_chats_keeps_to_thirty_a_second() -> None:
    times = [time for time, _ in send(Purse(TELEGRAM), [f"c{n}" for n in range(300)])]
    assert most_in(times, 1) <= 30
    assert times[-1] - times[0] < 300 / 28 + 0.1


def test_a_chat_may_have_three_at_once_and_then_one_each_while() -> None:
    times = [round(time - 100, 6) for time, _ in send(Purse(Budget(chat_seconds=1.1, chat_capacity=3)), ["c1"] * 5)]
    assert times == [0, 0, 0, 1.1, 2.2]


def test_a_chat_that_was_quiet_may_have_three_at_once_again() -> None:
    purse = Purse(Budget(chat_seconds=1.1, chat_capacity=3))
    send(purse, ["c1"] * 5)
    assert [time for time, _ in send(purse, ["c1"] * 3, now=200.0)] == [200.0] * 3


def test_no_limit_is_no_wait() -> None:
    assert {time for time, _ in send(Purse(Budget()), ["c1"] * 1000)} == {100.0}


def test_a_blocked_chat_waits_and_others_do_not() -> None:
    purse = Purse(TELEGRAM)
    purse.block("c1", 100.0, 5.0)
    assert purse.wait("c1", 101.0) == 4.0
    assert purse.wait("c2", 101.0) == 0
    assert purse.wait("c1", 105.0) == 0


def test_a_second_blocked_chat_holds_everything_back() -> None:
    purse = Purse(TELEGRAM)
    purse.block("c1", 100.0, 5.0)
    purse.block("c2", 102.0, 4.0)
    assert purse.wait("c3", 102.0) == 4.0
    assert purse.wait("c3", 106.0) == 0


def test_a_long_block_holds_everything_back() -> None:
    purse = Purse(TELEGRAM)
    purse.block("c1", 100.0, 61.0)
    assert purse.wait("c2", 101.0) == 60.0


def test_a_group_is_sent_to_more_slowly() -> None:
    purse = Purse(Budget(chat_seconds=1, chat_capacity=1, group_seconds=3))
    for chat in ("1001", "-1001"):
        purse.take(chat, 100.0)
    assert purse.wait("1001", 100.0) == 1.0
    assert purse.wait("-1001", 100.0) == 3.0


def test_forgetting_quiet_chats_lets_nobody_send_faster() -> None:
    purse = Purse(Budget(chat_seconds=1.1, chat_capacity=3))
    send(purse, ["busy"] * 3 + [f"c{n}" for n in range(3000)])
    assert purse.wait("busy", 100.0) > 1


@given(st.lists(st.sampled_from("abcdef"), max_size=120))
def test_no_order_of_messages_breaks_a_limit(chats: list[str]) -> None:
    sent = send(Purse(TELEGRAM), chats)
    assert most_in([time for time, _ in sent], 1) <= 30
    for chat in Counter(chats):
        assert most_in([time for time, to in sent if to == chat], 1.1) <= 4
