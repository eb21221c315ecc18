"""QR codes (ISO/IEC 18004) for links, to be printed on posters and shown on screens."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import segno

QUIET_ZONE = 4  # modules left light around the code, as the standard demands
LEAST_CORRECTION = "m"  # 15 % may be soiled; more where it costs no larger code


def qr_png(link: str, pixels: int) -> bytes:
    """A square picture in black and white, as wide as whole modules allow within so many pixels: never blurred.

    Raises ValueError where a module would be smaller than a pixel, or the link is too long for any code.
    """
    code, out = _code(link), io.BytesIO()
    code.save(out, kind="png", scale=_scale(code, pixels), border=QUIET_ZONE, dark="black", light="white")
    return out.getvalue()


def qr_svg(link: str, pixels: int) -> bytes:
    """A drawing of exactly so many pixels that stays sharp at any size, on a white ground.

    Raises ValueError where the link is too long for any code.
    """
    out = io.BytesIO()
    # segno draws the ground a module too narrow where the scale is no whole number, so the size is set here.
    _code(link).save(out, kind="svg", border=QUIET_ZONE, dark="black", light="white", omitsize=True, xmldecl=False)
    size = f'<svg width="{pixels}" height="{pixels}" shape-rendering="crispEdges" '
    return out.getvalue().replace(b"<svg ", size.encode(), 1)


def _code(link: str) -> segno.QRCode:
    import segno  # 5 ms and 1 MB, and seldom needed

    return segno.make_qr(link, error=LEAST_CORRECTION, boost_error=True)


def _width(code: segno.QRCode) -> int:
    """The width in modules, with the quiet zone."""
    return int(code.symbol_size(border=QUIET_ZONE)[0])


def _scale(code: segno.QRCode, pixels: int) -> int:
    scale = pixels // _width(code)
    if scale < 1:
        raise ValueError(f"a code of {_width(code)} modules does not fit into {pixels} pixels")
    return scale
