"""Heavy work in a process of its own: what it gives, what it raises, and what happens when it is killed."""

from __future__ import annotations

import asyncio
import os
import signal
from concurrent.futures.process import BrokenProcessPool

import pytest

from bot.errors import SettingsError
from bot.workers import OneAtATime


def where(name: str) -> tuple[str, int]:
    return name, os.getpid()


def refuse(reason: str) -> None:
    raise SettingsError(reason)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def test_work_is_done_in_another_process_and_a_new_one_each_time() -> None:
    workers = OneAtATime()
    async with asyncio.timeout(30):
        first, second = await asyncio.gather(workers.run(where, "một"), workers.run(where, "hai"))
    assert (first[0], second[0]) == ("một", "hai")
    assert len({first[1], second[1], os.getpid()}) == 3


async def test_the_error_of_the_work_comes_out_with_its_words() -> None:
    async with asyncio.timeout(30):
        with pytest.raises(SettingsError, match="no such dialogue"):
            await OneAtATime().run(refuse, "no such dialogue")


async def test_a_worker_that_is_killed_is_an_error_and_the_next_one_works() -> None:
    workers = OneAtATime()
    async with asyncio.timeout(30):
        with pytest.raises(BrokenProcessPool):
            await workers.run(die)
        assert (await workers.run(where, "sau đó"))[0] == "sau đó"
