"""People on Telegram who answer as soon as they are answered: the far end of a benchmark, in a process of its own.

`python -m benchmarks.crowd guided 20 6` starts the stand-in for the Bot API and prints its address; as soon as a bot
polls there, twenty people talk to it for six seconds; then the number of their steps and the seconds are printed.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial

from tests.telegram.phone import Phone
from tests.telegram.server import StandIn
from tests.telegram.world import World

TEXT = "em muốn vay vốn mở quán thì hỏi ở đâu ạ"
PRESSES = ("Đồng ý", "18–22", "Bỏ qua", "Gửi")
PATIENCE = 30.0  # seconds
WARMING = 1.0
NUMBERS = itertools.count(1001)  # of people: nobody comes twice

Talk = Callable[[World, int], Awaitable[int]]


async def guided(world: World, number: int) -> int:
    """A whole conversation to a sent proposal; gives its steps."""
    phone = Phone(world, number)
    phone.send(TEXT)
    for label in PRESSES:
        await phone.until(partial(offers, label), PATIENCE)
        phone.press(label)
    await phone.until(lambda one: "LS-" in one.last.text, PATIENCE)
    return 1 + len(PRESSES)


def offers(label: str, phone: Phone) -> bool:
    """Whether the newest message has the button."""
    newest = phone.messages[-1:]
    return any(label in text for message in newest for row in message.buttons for text, _ in row)


async def echoes(world: World, number: int) -> int:
    """As many messages that come back."""
    phone = Phone(world, number)
    for n in range(1 + len(PRESSES)):
        phone.send(f"{TEXT} {n}")
        await phone.until(partial(has_more_than, n), PATIENCE)
    return 1 + len(PRESSES)


def has_more_than(count: int, phone: Phone) -> bool:
    return len(phone.messages) > count


async def crowd(talk: Callable[[int], Awaitable[int]], people: int, seconds: float) -> tuple[int, float]:
    """Lets people talk side by side for a time; gives the steps of what was finished, and the seconds."""
    steps, begun = 0, time.perf_counter()

    async def person() -> None:
        nonlocal steps
        while time.perf_counter() - begun < seconds:
            done = await talk(next(NUMBERS))
            steps += done

    await asyncio.gather(*(person() for _ in range(people)))
    return steps, time.perf_counter() - begun


async def main(what: str, people: int, seconds: float) -> None:
    talk: Talk = {"guided": guided, "echoes": echoes}[what]
    async with StandIn() as there:
        print(there.url, flush=True)
        async with asyncio.timeout(PATIENCE):
            while not there.world.calls["getupdates"]:  # noqa: ASYNC110 nothing tells of a first poll
                await asyncio.sleep(0.02)
        talking = partial(talk, there.world)
        await crowd(talking, people, WARMING)
        print("warm", flush=True)
        steps, took = await crowd(talking, people, seconds)
        print(json.dumps({"steps": steps, "seconds": took}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
