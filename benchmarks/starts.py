"""How long the bot takes from its start to its first answer."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.crash.process import BotProcess
from tests.crash.visitor import Visitor
from tests.processes import environment

LONGEST = 30.0  # seconds


async def check() -> float:
    """Seconds that `python -m bot check` takes."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        await output("-m", "bot", "check", BOT_DATABASE__URL=f"sqlite:///{folder}/bot.db")
        return time.perf_counter() - begun


async def first_answer() -> float:
    """Seconds from the start of `python -m bot run` to the answer to a message that waits for it."""
    with tempfile.TemporaryDirectory() as folder:
        bot = BotProcess(Path(folder))
        visitor = Visitor(bot.url)
        begun = time.perf_counter()
        await bot.start()
        try:
            await visitor.open()
            await visitor.say("em muốn vay vốn mở quán thì hỏi ở đâu ạ")
            await visitor.until(lambda: bool(visitor.said("bot")))
            return time.perf_counter() - begun
        finally:
            await visitor.close()
            await bot.end(signal.SIGTERM)


async def output(*arguments: str, **more: str) -> str:
    """What a Python process prints. Raises TimeoutError; the process is ended then."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        cwd=tempfile.gettempdir(), env=environment(**more),
    )  # fmt: skip
    try:
        async with asyncio.timeout(LONGEST):
            said, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    return said.decode()
