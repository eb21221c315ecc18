"""`make bench`: measures what the bot does and prints it; about two minutes."""

from __future__ import annotations

import asyncio

from benchmarks import starts, stores, telegram, turns
from bot.logs import set_up
from handlers.features import FEATURES

SECONDS = 4.0
CONVERSATIONS = 100
CROWDS = (1, 10, 50)
ON_TELEGRAM = 50
RIVALS = 4


async def main() -> None:
    """Prints a line as soon as it is measured."""
    set_up("error", "console")
    guided = {}
    for people in CROWDS:
        found = guided[people] = await turns.measure(turns.guided, FEATURES, people, SECONDS)
        line(f"guided steps, {people} side by side", figures(found))
    line(
        "  of which a proposal's key, on average", f"{1e6 * turns.stretching() / len(turns.STEPS):8.0f} µs of processor"
    )
    for people in CROWDS[:2]:
        bare = await turns.measure(turns.echoes, turns.ECHO, people, SECONDS)
        line(f"bare echo turns, {people} side by side", figures(bare))
        line("  a guided step costs", f"{bare.a_second / guided[people].a_second:8.2f} echoes")
    for row in await stores.compare(SECONDS / 4):
        print(row, flush=True)
    await beside_others()
    line("`python -m bot check`", f"{1000 * await starts.check():8.0f} ms")
    line("from start to first answer", f"{1000 * await starts.first_answer():8.0f} ms")
    resident = int(await starts.output("-m", "benchmarks.turns", str(CONVERSATIONS)))
    line(f"resident after {CONVERSATIONS} conversations", f"{resident / 1024:8.0f} MB")


async def beside_others() -> None:
    """Guided steps on Telegram as ratios to bots that only echo, all on the same stand-in."""
    ours: telegram.Pace | None = None
    for rival in telegram.rivals():
        pace = await telegram.measure(rival, ON_TELEGRAM, SECONDS)
        ours = ours or pace
        line(
            f"{rival.name}, {ON_TELEGRAM} side by side",
            f"{pace.a_second:8.0f} a second, {1000 * pace.cpu:.0f} µs of processor each",
        )
        if pace is not ours:
            line("  guided steps to one of those", f"{ours.a_second / pace.a_second:8.2f}")
    if len(telegram.rivals()) < RIVALS:
        line("aiogram, echo", "   not measured: PEERS names no Python that has it; `make bench` does")


def figures(rate: turns.Rate) -> str:
    return f"{rate.a_second:8.0f} a second, {rate.hops_a_turn:.2f} hops and {1e6 * rate.cost:.0f} µs of processor each"


def line(what: str, figure: str) -> None:
    print(f"{what:52}{figure}", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
