"""How fast messages leave: within the budget, whatever they are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from bot.channel import Abilities, Budget
from tests.bot.post import Line, post


async def test_the_sender_keeps_to_its_budget(tmp_path: Path) -> None:
    budget = Budget(per_second=100, capacity=2, chat_seconds=0.05, chat_capacity=3)
    line = Line(budget=budget)
    async with post(tmp_path, line) as desk:
        chats = [await desk.chat(f"c{n}") for n in range(4)]
        for chat in chats:
            await desk.say(chat, *(f"{chat}:{n}" for n in range(5)))
        await desk.settle()
    assert len(line.sent) == 20
    assert within(time for _, time in line.times)(0.1) <= 100 * 0.1 + 2 + 1
    for chat in range(4):
        assert within(time for to, time in line.times if to == f"c{chat}")(0.05) <= 3 + 1


async def test_each_piece_of_a_long_message_takes_from_the_budget(tmp_path: Path) -> None:
    able = Abilities(True, True, True, text_limit=10)
    line = Line(abilities=able, budget=Budget(chat_seconds=0.05, chat_capacity=1))
    async with post(tmp_path, line) as desk:
        await desk.say(await desk.chat(), "một hai ba bốn năm sáu")
        await desk.settle()
    assert len(line.sent) > 2
    assert within(time for _, time in line.times)(0.03) == 1


async def test_old_buttons_are_taken_off_only_where_there_is_room(tmp_path: Path) -> None:
    line = Line(budget=Budget(chat_seconds=0.05, chat_capacity=1))
    async with post(tmp_path, line) as desk:
        chat = await desk.chat()
        for text in ("a", "b"):
            await desk.say(chat, text, slot="1/card")
            await desk.settle()
            await desk.chat()
    assert [what for what, _ in line.done] == ["send", "send"]


def within(times: Iterable[float]) -> Callable[[float], int]:
    """The most of those times in any stretch of so many seconds."""
    found = sorted(times)
    return lambda seconds: max(sum(start <= time < start + seconds for time in found) for start in found)
