"""The line to the messenger: what goes wrong on it, and what comes again."""

from __future__ import annotations

import asyncio
import random

from tests.telegram.faults import Kind
from tests.telegram.limits import Limits
from tests.telegram.methods import METHODS
from tests.telegram.server import StandIn

FAULTS = {
    Kind.TOO_MANY: (0.004, 5.0),
    Kind.ERROR: (0.03, 0.0),
    Kind.GATEWAY: (0.02, 0.0),
    Kind.RESET_BEFORE: (0.03, 0.0),
    Kind.RESET_AFTER: (0.04, 0.0),
    Kind.DELAY: (0.03, 0.3),
    Kind.LATE: (0.03, 0.3),
    Kind.REDELIVERY: (0.1, 0.0),
}  # how likely, and for how many seconds
FETCHING = ("getfile", "file")  # a third as likely: a file that failed three times is tried again after a minute
REPEATED = 0.3  # seconds between updates that come again


def bad_line(dice: random.Random, *, files_fail: bool) -> StandIn:
    """A stand-in on which any call may go wrong; those that fetch files only where they may."""
    standin = StandIn(limits=Limits(per_second=100, chat_burst=6, chat_per_second=2))
    for kind, (probability, seconds) in FAULTS.items():
        for method in (*METHODS, "file"):
            likely = (probability / 3 if files_fail else 0.0) if method in FETCHING else probability
            standin.faults.sometimes(kind, likely, method, seed=dice.randrange(2**32), seconds=seconds)
    return standin


async def repeat_updates(standin: StandIn, dice: random.Random) -> None:
    """Delivers something again now and then that was delivered before."""
    while True:
        await asyncio.sleep(dice.expovariate(1 / REPEATED))
        updates = standin.world.updates
        if taken := [update for update in updates.made[-100:] if update not in updates.waiting]:
            standin.world.repeat(dice.choice(taken))
