"""Who may send next: the urgent first, each chat at its own pace, nobody for ever."""

from __future__ import annotations

import asyncio

from bot.budget import Purse
from bot.channel import Budget
from bot.gate import Gate

FAST = Budget(per_second=100, capacity=1)


async def enter(
    gate: Gate, order: list[str], name: str, urgency: int = 0, chat: str = "", patience: float = 9
) -> float:
    left = await gate.enter(chat or name, urgency, patience)
    if not left:
        order.append(name)
    return left


async def test_the_urgent_goes_before_whoever_waits_already() -> None:
    gate, order = Gate(Purse(FAST)), list[str]()
    async with asyncio.TaskGroup() as waiting:
        for n in range(5):
            waiting.create_task(enter(gate, order, f"broadcast {n}", 5))
        await asyncio.sleep(0)
        waiting.create_task(enter(gate, order, "reply", 0))
    assert order == ["broadcast 0", "reply", "broadcast 1", "broadcast 2", "broadcast 3", "broadcast 4"]


async def test_a_chat_that_must_wait_for_itself_holds_up_no_other() -> None:
    gate, order = Gate(Purse(Budget(per_second=1000, chat_seconds=0.1, chat_capacity=1))), list[str]()
    async with asyncio.TaskGroup() as waiting:
        for n in range(3):
            waiting.create_task(enter(gate, order, f"busy {n}", 0, chat="busy"))
        for n in range(5):
            waiting.create_task(enter(gate, order, f"other {n}", 5))
    assert order[0] == "busy 0"
    assert order[1:6] == [f"other {n}" for n in range(5)]
    assert order[6:] == ["busy 1", "busy 2"]


async def test_whoever_would_wait_too_long_is_told_for_how_long() -> None:
    purse = Purse(FAST)
    gate = Gate(purse)
    purse.block("c1", asyncio.get_running_loop().time(), 50)
    assert 49 < await gate.enter("c1", 0, 30) <= 50


async def test_whoever_waited_in_vain_took_nothing() -> None:
    purse = Purse(Budget(per_second=2, capacity=1))
    gate = Gate(purse)
    assert await gate.enter("a", 0, 9) == 0
    assert await gate.enter("b", 5, 0.05) > 0
    assert purse.level(asyncio.get_running_loop().time()) < 0.3
    await asyncio.sleep(0.5)
    assert gate.try_enter("c")


async def test_whoever_is_cancelled_is_passed_over() -> None:
    gate, order = Gate(Purse(FAST)), list[str]()
    first = [asyncio.create_task(enter(gate, order, f"{n}")) for n in range(4)]
    await asyncio.sleep(0)
    first[1].cancel()
    await asyncio.wait(first)
    assert order == ["0", "2", "3"]


async def test_a_closed_gate_sends_everyone_away() -> None:
    gate, order = Gate(Purse(Budget(per_second=1, capacity=1))), list[str]()
    waiting = [asyncio.create_task(enter(gate, order, f"{n}")) for n in range(3)]
    await asyncio.sleep(0)
    gate.close()
    assert [await one > 0 for one in waiting] == [False, True, True]
    assert await gate.enter("late", 0, 9) > 0
    assert not gate.try_enter("late")


async def test_together_they_keep_to_the_budget() -> None:
    gate, times, loop = Gate(Purse(Budget(per_second=200, capacity=2))), list[float](), asyncio.get_running_loop()

    async def one(n: int) -> None:
        assert not await gate.enter(f"c{n}", n % 6, 9)
        times.append(loop.time())

    await asyncio.gather(*(one(n) for n in range(60)))
    assert all(sum(start <= time < start + 0.1 for time in times) <= 23 for start in times)
    assert times[-1] - times[0] > 0.28
