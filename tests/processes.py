"""The bot as a process of its own, as its users start it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**more: str) -> dict[str, str]:
    """The environment without what the bot of this machine may be set to."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    return {**bare, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **more}


async def start(folder: Path, *arguments: str, **more: str) -> asyncio.subprocess.Process:
    """Starts `python -m bot …` in a folder; what it prints can be read, what it logs goes to a file there."""
    with (folder / "log.txt").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments, cwd=folder, env=environment(**more),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log,
        )  # fmt: skip


async def finish(folder: Path, *arguments: str, **more: str) -> tuple[int, str, str]:
    """Runs `python -m bot …` to its end: exit code, what it printed, what it complained of."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=folder, env=environment(**more),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode or 0, out.decode(), err.decode()


async def read_until(process: asyncio.subprocess.Process, wanted: str, seconds: float = 20) -> str:
    """What the process printed up to and with the wanted text."""
    assert process.stdout
    read = ""
    async with asyncio.timeout(seconds):
        while wanted not in read:
            chunk = await process.stdout.read(4096)
            assert chunk, f"the process ended before it printed {wanted!r}:\n{read}"
            read += chunk.decode("utf-8", "replace")
    return read


async def stop(process: asyncio.subprocess.Process) -> float:
    """Presses Ctrl-C; gives the seconds until the end."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    process.send_signal(signal.SIGINT)
    await asyncio.wait_for(process.wait(), 10)
    return loop.time() - begun


@asynccontextmanager
async def demo(folder: Path, port: int) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A running demo and what it printed."""
    process = await start(folder, "demo", BOT_WEB__LISTEN=f"127.0.0.1:{port}")
    try:
        yield process, await read_until(process, "Ctrl-C")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
