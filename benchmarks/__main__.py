"""`make bench`: measures what the bot does and prints it; about ten minutes."""

from __future__ import annotations

import asyncio

from benchmarks import alike, broadcast, pages, size, starts, stores, telegram, turns
from bot.logs import set_up
from handlers.features import FEATURES

SECONDS = 4.0
CONVERSATIONS = 100
CROWDS = (1, 10, 50)
ON_TELEGRAM = 50
RECIPIENTS = 10_000
FEW, MANY = 10_000, 1_000_000
AMONG = 10_000, 100_000


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
    await broadcasting()
    await growing()
    await looking_up()
    line("`python -m bot check`", f"{1000 * await starts.check():8.0f} ms")
    line("from start to first answer", f"{1000 * await starts.first_answer():8.0f} ms")
    resident = int(await starts.output("-m", "benchmarks.turns", str(CONVERSATIONS)))
    line(f"resident after {CONVERSATIONS} conversations", f"{resident / 1024:8.0f} MB")
    for what, figure in await pages.lines():
        line(what, figure)


async def looking_up() -> None:
    """What it takes to find out who asks for the same."""
    for proposals in AMONG:
        found = await alike.measure(proposals)
        for clock, (middle, tail) in (("processor", found.processor), ("wall", found.wall)):
            told = f"{1e3 * middle:8.1f} ms in the middle, {1e3 * tail:.1f} ms at the 95th percentile"
            line(f"who asks for the same, of {proposals}, {clock}", told)


async def beside_others() -> None:
    """Guided steps on Telegram beside bots that only echo, all on the same stand-in, as a table."""
    print(
        f"\n{'on Telegram, ' + str(ON_TELEGRAM) + ' side by side':46}{'a second':>9}{'ratio':>7}{'bot':>8}{'server':>8}{'people':>8}   µs of processor each"
    )
    paces = {rival.name: await telegram.measure(rival, ON_TELEGRAM, SECONDS) for rival in telegram.rivals()}
    stock = paces["python-telegram-bot, echo"].a_second
    for name, pace in paces.items():
        costs = f"{pace.bot:8.0f}{pace.server:8.0f}{pace.people:8.0f}"
        print(f"{name:46}{pace.a_second:9.0f}{pace.a_second / stock:7.2f}{costs}", flush=True)
    if "aiogram, echo" not in paces:
        line("aiogram, echo", "   not measured: PEERS names no Python that has it; `make bench` does")
    if not telegram.has_postgres():
        line("PostgreSQL", "   not measured: no server lets us in at TEST_POSTGRES_URL")
    print()


async def broadcasting() -> None:
    """A broadcast at the budget, and what replies wait meanwhile."""
    found = await broadcast.measure(RECIPIENTS)
    line(
        f"a broadcast to {RECIPIENTS} at 28 a second",
        f"{found.a_second:8.2f} a second, {100 * found.share:.1f} % of what is allowed",
    )
    line("  refused as too fast, came twice", f"{found.refused:8d}, {found.twice}")
    line("  99 of 100 replies within, idle and meanwhile", f"{found.idle:8.0f} and {found.busy:.0f} ms")
    line("  the event loop stood still at most", f"{found.standstill:8.1f} ms, {found.over_ten} times over 10 ms")
    line(
        "  a message costs, and the bot has at most",
        f"{found.cpu_a_message:8.2f} ms of processor, {found.peak_mb:.0f} MB",
    )


async def growing() -> None:
    """A turn with few and with many proposals."""
    few, many = await size.compare(FEW, MANY)
    line(
        f"a turn with {FEW} and {MANY} proposals", f"{1000 * few:8.2f} and {1000 * many:.2f} ms: {many / few:.2f} times"
    )


def figures(rate: turns.Rate) -> str:
    return f"{rate.a_second:8.0f} a second, {rate.hops_a_turn:.2f} hops and {1e6 * rate.cost:.0f} µs of processor each"


def line(what: str, figure: str) -> None:
    print(f"{what:54}{figure}", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
