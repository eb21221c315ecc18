"""The workbook: the first page of its counts and of its list, as LibreOffice prints them."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from bot.config import SqliteFile
from bot.exports import dialogue
from bot.exports.write import Format
from bot.texts import SOURCE
from pictures.stage import MOMENT, Stage
from pictures.tools import ToolError, run

TOOLS = ("fc-list", "pdftoppm", "pdftotext", "pngquant", "soffice")
NAMES = COUNTS, LIST = "counts.png", "list.png"
DOTS = 144  # per inch
HEADER, FOOTER, AROUND = 36, 42, 18  # points of the paper: its head and foot, and what is left around the words
FONT, FONTS = "Tinos", "fonts-croscore"  # as wide as Times New Roman, with every Vietnamese letter
PAGE = re.compile(r'<page width="[\d.]+" height="([\d.]+)"')
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"')
CODE = re.compile(r"\b[A-Z]+-\d{4}-\d{5}\b")  # only the list has codes of proposals


async def take(bot: Stage, folder: Path) -> list[Path]:
    """Pictures of the first page of each of the first two sheets. Raises ToolError."""
    file = folder / "proposals.xlsx"
    if not await run("fc-list", f":family={FONT}"):
        raise ToolError(f"the font {FONT} is missing: apt-get install {FONTS}")
    await asyncio.to_thread(
        dialogue.export, SqliteFile(bot.database), bot.pack.folder, "", Format.XLSX, file, SOURCE, MOMENT
    )
    printed = await on_paper(file)
    counts, listed = folder / COUNTS, folder / LIST
    await page(printed, 1, counts)
    await page(printed, await first_of_list(printed), listed)
    return [counts, listed]


async def on_paper(file: Path) -> Path:
    """The workbook as a PDF; LibreOffice gets a profile of its own, so that nobody's settings count."""
    profile = (file.parent / "office").absolute().as_uri()
    await run("soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir",
              str(file.parent), str(file))  # fmt: skip
    printed = file.with_suffix(".pdf")
    if not printed.exists():
        raise ToolError("soffice made no PDF")
    return printed


async def first_of_list(printed: Path) -> int:
    """The number of the first page that lists proposals."""
    pages = (await run("pdftotext", "-layout", str(printed), "-")).split("\f")
    found = [number for number, text in enumerate(pages, 1) if CODE.search(text)]
    if not found:
        raise ToolError("the workbook lists no proposal")
    return found[0]


async def page(printed: Path, number: int, out: Path) -> None:
    """What is on a page of a PDF as a picture: its margins stay away."""
    left, top, width, height = filled(await run("pdftotext", "-bbox", *only(number), str(printed), "-"))
    await run("pdftoppm", "-png", "-singlefile", "-r", str(DOTS), *only(number), "-x", str(left), "-y", str(top),
              "-W", str(width), "-H", str(height), str(printed), str(out.with_suffix("")))  # fmt: skip


def only(number: int) -> list[str]:
    """The options that name one page."""
    return ["-f", str(number), "-l", str(number)]


def filled(boxes: str) -> tuple[int, int, int, int]:
    """Where the words of a page are, but for its header and footer: left, top, width, height in dots."""
    paper = float(PAGE.findall(boxes)[0])
    words = [tuple(float(edge) for edge in word) for word in WORD.findall(boxes)]
    inner = [word for word in words if word[1] > HEADER and word[3] < paper - FOOTER]
    left, top = (min(word[n] for word in inner) - AROUND for n in (0, 1))
    right, bottom = (max(word[n] for word in inner) + AROUND for n in (2, 3))
    return dots(left), dots(top), dots(right - left), dots(bottom - top)


def dots(points: float) -> int:
    return round(points * DOTS / 72)
