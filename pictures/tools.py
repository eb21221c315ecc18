"""The programs that pictures are made with: whether they are there, and how they are run."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

LARGEST = 150_000  # bytes of a picture: a page of documentation loads over a slow line
SECONDS = 120
PACKAGES = {  # program -> Debian's package
    "chromium": "chromium",
    "fc-list": "fontconfig",
    "pdftoppm": "poppler-utils",
    "pdftotext": "poppler-utils",
    "pngquant": "pngquant",
    "soffice": "libreoffice-calc",
}


class ToolError(Exception):
    """A program did not do its work."""


def missing(programs: Iterable[str], find: Callable[[str], str | None] = shutil.which) -> list[str]:
    """The packages whose programs are not here."""
    return sorted({PACKAGES[program] for program in programs if find(program) is None})


async def run(program: str, *arguments: str) -> str:
    """Runs a program to its end; gives what it printed. Raises ToolError with what it complained of."""
    process = await asyncio.create_subprocess_exec(
        program, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise ToolError(f"{program} did not end within {SECONDS} seconds") from None
    if process.returncode:
        raise ToolError(f"{program} failed: {err.decode('utf-8', 'replace').strip()}")
    return out.decode("utf-8", "replace")


async def shrink(picture: Path, out: Path) -> Path:
    """Writes a PNG with a palette of 256 colours; gives where. Raises ToolError where it stays too large."""
    await run("pngquant", "--force", "--strip", "--speed", "1", "--output", str(out), str(picture))
    if out.stat().st_size > LARGEST:
        raise ToolError(f"{out} has {out.stat().st_size} bytes, more than {LARGEST}")
    return out
