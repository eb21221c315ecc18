"""Runs the stand-in as a process of its own until it is told to end; the first line printed is its address."""

from __future__ import annotations

import argparse
import asyncio
import signal

from tests.zalo.control import aside
from tests.zalo.server import TOKEN, StandIn
from tests.zalo.world import Limits


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.zalo", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="where it listens; 0: a free port")
    parser.add_argument("--token", default=TOKEN, help="the bot's token")
    parser.add_argument("--per-second", type=int, default=0, help="messages a second before it answers 429; 0: any")
    parser.add_argument(
        "--way", action="append", default=[], metavar="PUBLIC=LOCAL", help="where a public address leads"
    )
    return parser.parse_args()


async def run(given: argparse.Namespace) -> None:
    limits = Limits(given.per_second) if given.per_second else None
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
