"""Runs the stand-in as a process of its own until it is told to end; the first line printed is its address."""

from __future__ import annotations

import argparse
import asyncio
import signal

from tests.telegram.control import aside
from tests.telegram.limits import Limits
from tests.telegram.server import TOKEN, StandIn


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="where it listens; 0: a free port")
    parser.add_argument("--token", default=TOKEN, help="the bot's token")
    parser.add_argument("--no-limits", action="store_true", help="answer no 429 however much is sent")
    parser.add_argument(
        "--way", action="append", default=[], metavar="PUBLIC=LOCAL", help="where a public webhook address leads"
    )
    return parser.parse_args()


async def run(given: argparse.Namespace) -> None:
    limits = None if given.no_limits else Limits()
    ways = dict(way.split("=", 1) for way in given.way)
    standin = StandIn(given.token, limits=limits, ways=ways, aside=aside)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await standin.start(given.port)
    try:
        print(standin.url, flush=True)
        await ended.wait()
    finally:
        await standin.stop()


if __name__ == "__main__":
    asyncio.run(run(arguments()))
