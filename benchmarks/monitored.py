"""The bot with a look at its event loop: how long it stood still, printed at the end.

`python -m benchmarks.monitored run` is `python -m bot run`; on SIGUSR1 it forgets what it saw so far.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import sys
from collections.abc import Coroutine
from typing import Any

from bot.__main__ import parser

EACH = 0.002  # seconds between looks


class Monitor:
    """How late the loop comes back to something that was due."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.over_ten = 0

    def forget(self) -> None:
        self.longest, self.over_ten = 0.0, 0

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, self.forget)
        due = loop.time() + EACH
        while True:
            await asyncio.sleep(due - loop.time())
            late = loop.time() - due
            self.longest = max(self.longest, late)
            self.over_ten += late > 0.010
            due = loop.time() + EACH


async def watched(work: Coroutine[Any, Any, int], monitor: Monitor) -> int:
    """Does the work beside a monitor."""
    watching = asyncio.create_task(monitor.run())
    try:
        return await work
    finally:
        watching.cancel()


def main() -> int:
    os.umask(0o077)
    monitor, arguments = Monitor(), parser().parse_args()
    code = asyncio.run(watched(arguments.run(arguments), monitor))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"standstill": monitor.longest, "over_ten": monitor.over_ten, "peak_kb": peak}), flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
