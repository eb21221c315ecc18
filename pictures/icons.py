"""The icons of the page as PNG, for those who cannot draw its SVG: home screens and notifications."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.async_api import Error as BrowserError
from playwright.async_api import async_playwright

from bot.channels.web.statics import FOLDER
from pictures.tools import ToolError, shrink
from tests.chromium import QUIET

TOOLS = ("chromium", "pngquant")
SOURCE = FOLDER / "icon.svg"
SIZES = {
    "icon-180.png": (180, False),
    "icon-192.png": (192, False),
    "icon-512.png": (512, False),
    "icon-mask.png": (512, True),
}
SAFE = 0.8  # of a maskable icon's width, which no mask cuts


async def take(folder: Path) -> list[Path]:
    """Draws every icon; gives where they are. Raises ToolError."""
    made = []
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
            try:
                for name, (size, is_masked) in SIZES.items():
                    page = await browser.new_page(viewport={"width": size, "height": size})
                    await page.set_content(sheet(size, is_masked=is_masked))
                    await page.screenshot(path=folder / name, omit_background=True)
                    await page.close()
                    made.append(folder / name)
            finally:
                await browser.close()
    except BrowserError as error:
        raise ToolError(f"the icons cannot be drawn: {str(error).partition(chr(10))[0]}") from error
    return made


def sheet(size: int, *, is_masked: bool) -> str:
    """A page that shows nothing but the icon; a maskable one runs out of its edges."""
    drawing = SOURCE.read_text("utf-8")
    if not is_masked:
        return f"<style>*{{margin:0}}svg{{display:block;width:{size}px}}</style>{drawing}"
    inner = round(size * SAFE)
    edge = (size - inner) // 2
    return f"<style>*{{margin:0}}body{{background:#a61f4f}}svg{{display:block;width:{inner}px;margin:{edge}px}}</style>{drawing}"


async def install(made: list[Path]) -> list[Path]:
    """Puts the icons where the page takes them from."""
    return [await shrink(icon, FOLDER / icon.name) for icon in made]
