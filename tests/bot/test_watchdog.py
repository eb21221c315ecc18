"""A process whose event loop stands still ends and says what it was at; one that is only busy goes on."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

from bot.watchdog import EXIT_CODE, Watchdog
from tests.processes import ROOT, environment

STANDING_STILL = """
import asyncio, time
from bot.logs import set_up
from bot.watchdog import Watchdog

async def main():
    set_up("info", "json")
    beating = asyncio.create_task(Watchdog(lambda: [4711], still=0.3).run())
    await asyncio.sleep(0.1)
    time.sleep(20)

asyncio.run(main())
"""


def test_a_loop_that_stands_still_ends_the_process_naming_what_is_in_hand() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", STANDING_STILL],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        timeout=15,
        check=False,
    )
    assert ended.returncode == EXIT_CODE == 70
    [line] = ended.stderr.decode().splitlines()
    said = json.loads(line)
    assert (said["level"], said["inbox"]) == ("critical", [4711])


async def test_a_loop_that_beats_goes_on() -> None:
    watching = asyncio.create_task(Watchdog(list, still=0.5).run())
    for _ in range(10):
        await asyncio.sleep(0.1)
    assert not watching.done()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
