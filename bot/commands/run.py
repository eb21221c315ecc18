"""Runs the bot on every channel that is set up, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal

import structlog

from bot import app
from bot.commands import settings
from bot.ways import public_url

log = structlog.get_logger()


async def run(arguments: argparse.Namespace) -> int:
    found = settings(arguments.config)
    async with app.whole(found) as bot:
        log.info("running", channels=sorted(bot.channels), pages=public_url(found) if found.web.enabled else "")
        gc.freeze()  # what is loaded now stays: looking through it again and again would hold up answers
        await stopped(bot)
    return 0


async def stopped(bot: app.Bot) -> None:
    """Returns on SIGTERM or Ctrl-C; raises what ended a part of the bot that should never end."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    waiting = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([waiting, *bot.loops], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    for part in done - {waiting}:
        part.result()
