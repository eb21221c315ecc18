"""`make pictures`: what the bot looks like, on the phone and on paper; without the network."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bot.errors import BotError
from bot.logs import set_up
from pictures import icons, phone, workbook
from pictures.stage import stage
from pictures.tools import LARGEST, ToolError, missing, shrink

OUT = Path(__file__).parent.parent / "docs" / "pictures"
PHONE, WORKBOOK, ICONS = "phone", "workbook", "icons"


def parser() -> argparse.ArgumentParser:
    """What may be asked for."""
    found = argparse.ArgumentParser(prog="python -m pictures", description="Makes the pictures of the documentation.")
    found.add_argument("--only", choices=(PHONE, WORKBOOK, ICONS), help="just these; otherwise all but the icons")
    found.add_argument("--out", type=Path, default=OUT, help="the folder they go to (default: docs/pictures)")
    return found


async def make(only: str | None, out: Path) -> list[Path]:
    """Makes the pictures; gives where they are. Raises ToolError."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made: list[Path] = []
        if only == ICONS:
            return await icons.install(await icons.take(folder))
        async with stage(folder) as bot:
            if only in (None, PHONE):
                made += await phone.take(bot.address, folder)
            if only in (None, WORKBOOK):
                made += await workbook.take(bot, folder)
        out.mkdir(parents=True, exist_ok=True)
        return [await shrink(picture, out / picture.name) for picture in made]


def main(words: Sequence[str] | None = None) -> int:
    asked = parser().parse_args(words)
    every = {PHONE: phone.TOOLS, WORKBOOK: workbook.TOOLS, ICONS: icons.TOOLS}
    needed = every[asked.only] if asked.only else {*phone.TOOLS, *workbook.TOOLS}
    if lacking := missing(needed):
        sys.stderr.write(f"pictures: missing here: {', '.join(lacking)}; apt-get install {' '.join(lacking)}\n")
        return 1
    set_up("error", "console")
    try:
        made = asyncio.run(make(asked.only, asked.out))
    except (BotError, ToolError) as error:
        sys.stderr.write(f"pictures: {error}\n")
        return 1
    for picture in made:
        sys.stdout.write(f"{picture}: {picture.stat().st_size / 1000:.0f} of {LARGEST / 1000:.0f} KB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
