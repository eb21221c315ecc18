"""Ten thousand people on Telegram who wait for a broadcast, while some of them ask something: the far end of a benchmark.

`python -m benchmarks.listeners 10000 20` starts the stand-in with the real limits and prints its address. As soon as a bot
polls there, some ask, five a second, for twenty seconds; what they waited is printed. Then again until everybody has got a
message that contains MARK, and what they waited meanwhile, when these came and what was refused is printed.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.model import Json
from tests.telegram.limits import Limits
from tests.telegram.phone import Phone
from tests.telegram.server import StandIn
from tests.telegram.world import Chat, Message, World

FIRST = 2_000_001
MARK = "Mời bạn dự buổi đối thoại"
EACH = 0.2  # seconds between two who ask
PATIENCE = 60.0  # seconds
LONGEST = 900.0
WARMING = 2.0


class Counted(World):
    """Telegram, noting when what all get came to whom, and how much came in all."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits=limits)
        self.came: list[tuple[int, float, int]] = []  # to whom, when, the how manyeth of all messages
        self.all = 0

    def add_message(self, chat: Chat, sender: Json, content: Json, *, by_bot: bool = False, html: str = "") -> Message:
        self.all += by_bot
        if by_bot and MARK in content.get("text", ""):
            self.came.append((chat.id, time.monotonic(), self.all))
        return super().add_message(chat, sender, content, by_bot=by_bot, html=html)


@dataclass
class Far:
    """Everybody, and how long they waited for an answer."""

    world: Counted
    people: int
    waits: list[float] = field(default_factory=list)

    def begin(self) -> None:
        for number in range(self.people):
            self.world.person(FIRST + number).started = True

    async def ask(self, number: int) -> None:
        """One asks for help and waits for the answer."""
        phone, begun = Phone(self.world, FIRST + number), time.perf_counter()
        before = len(phone.messages)
        phone.send("/trogiup")
        await phone.until(lambda one: any("/gopy" in seen.text for seen in one.messages[before:]), PATIENCE)
        self.waits.append(time.perf_counter() - begun)

    async def ask_until(self, over: Callable[[], bool]) -> None:
        """Lets one after the other ask, nobody twice in a while."""
        end, number = time.monotonic() + LONGEST, 0
        async with asyncio.TaskGroup() as asking:
            while not over():
                if time.monotonic() > end:
                    raise TimeoutError(f"{len(self.world.came)} of {self.people} were reached")
                asking.create_task(self.ask((number * 7) % self.people))
                number += 1
                await asyncio.sleep(EACH)

    def waited(self) -> Json:
        """What they waited, in seconds; it is forgotten then."""
        waits, self.waits = self.waits, []
        return {"p99": share(waits, 0.99), "median": share(waits, 0.5), "asked": len(waits)}


def share(waits: list[float], part: float) -> float:
    """The time under which that part of the waits lies."""
    ordered = sorted(waits)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


async def main(people: int, idle: float) -> None:
    limits = Limits()
    world = Counted(limits)
    far = Far(world, people)
    far.begin()
    async with StandIn(world=world, limits=limits) as there:
        print(there.url, flush=True)
        async with asyncio.timeout(PATIENCE):
            while not world.calls["getupdates"]:  # noqa: ASYNC110 nothing tells of a first poll
                await asyncio.sleep(0.02)
        await asyncio.sleep(WARMING)
        end = time.monotonic() + idle
        await far.ask_until(lambda: time.monotonic() > end)
        print(json.dumps(far.waited()), flush=True)
        await far.ask_until(lambda: len(world.came) >= people)
        (_, first, before), (_, last, after) = world.came[0], world.came[-1]
        twice = len(world.came) - len({chat for chat, _, _ in world.came})
        rate = (after - before) / (last - first)
        print(json.dumps({**far.waited(), "a_second": rate, "twice": twice, "refused": limits.refused}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
