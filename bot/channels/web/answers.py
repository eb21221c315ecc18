"""What the page's requests are answered with, beside the page itself."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

from bot.channels.web.kinds import PHOTOS, SOUNDS
from bot.errors import TooFastError
from storage.transcripts import File

RETRY_SECONDS = "3"


def refusal(status: int, key: str) -> web.Response:
    """An answer that says by the key of a text why something is not taken."""
    return web.json_response({"error": key}, status=status)


def try_later() -> web.Response:
    """An answer that asks to send the same again."""
    return web.json_response({"error": "web.lost"}, status=503, headers={"Retry-After": RETRY_SECONDS})


def too_fast(error: TooFastError) -> web.Response:
    """An answer that asks to wait."""
    return web.json_response(
        {"error": "web.too_fast"}, status=429, headers={"Retry-After": str(max(1, round(error.seconds)))}
    )


def file_headers(file: File) -> dict[str, str]:
    """Photos are shown and sounds played where they stand; all else is saved, never opened on our own pages."""
    disposition = "inline" if file.type in PHOTOS else "attachment"
    return {
        "Content-Type": file.type if file.type in (*PHOTOS, *SOUNDS) else "application/octet-stream",
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-cache",
    }
