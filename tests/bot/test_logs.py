"""What the process writes about itself: nothing that anybody said."""

from __future__ import annotations

import subprocess
import sys

SAYS = """
import logging
from bot.logs import set_up
set_up("info", "console")
try:
    raise ValueError("BIMAT của Lan")
except ValueError:
    logging.getLogger("aiohttp.server").exception("Error handling %s", "a request")
"""


def test_the_message_of_a_librarys_error_stays_out_of_the_log() -> None:
    done = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, timeout=20, check=True)
    assert "Error handling a request (ValueError)" in done.stderr
    assert "BIMAT" not in done.stderr


SLOW = """
import asyncio
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from bot.logs import set_up
set_up("info", "console")

async def main():
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(asyncio.sleep, "interval", args=(1,), seconds=0.1)
    scheduler.start()
    await asyncio.sleep(0.5)
    scheduler.shutdown(wait=False)

asyncio.run(main())
"""


def test_a_tick_that_is_left_out_while_one_is_at_work_is_not_told() -> None:
    done = subprocess.run([sys.executable, "-c", SLOW], capture_output=True, text=True, timeout=20, check=True)
    assert "maximum number of running instances" not in done.stderr
