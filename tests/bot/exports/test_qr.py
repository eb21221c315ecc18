"""A code on a poster is read by phones, also small and badly printed."""

from __future__ import annotations

import io
import random

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from bot.exports.links import telegram_link, web_link
from bot.exports.qr import QUIET_ZONE, qr_png, qr_svg
from tests.bot.exports.samples import is_loaded_by
from tests.chromium import chromium

LINK = telegram_link("lang_son_youth_bot", "p_" + "0123456789" * 6)
PAYLOADS = st.text("ABCXYZabcxyz0189_-", max_size=64)


def picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("L")


def decoded(image: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(image)]


@settings(deadline=None, max_examples=40)
@given(PAYLOADS, st.integers(120, 1500))
def test_a_code_says_its_link_at_any_size(payload: str, pixels: int) -> None:
    link = web_link("https://dialogue.example.org", payload)
    image = picture(qr_png(link, pixels))
    assert decoded(image) == [link]
    assert image.width == image.height <= pixels < 2 * image.width


def test_a_code_is_corrected_at_least_at_level_m() -> None:
    [code] = zxingcpp.read_barcodes(picture(qr_png(LINK, 600)))
    assert code.ec_level in ("M", "Q", "H")


def test_a_quiet_zone_of_four_modules_is_left_on_each_side() -> None:
    image = picture(qr_png(LINK, 600))
    left, top, right, bottom = Image.eval(image, lambda light: 255 - light).getbbox() or (0, 0, 0, 0)
    module = module_of(image, left, top)
    assert {left, top, image.width - right, image.height - bottom} == {QUIET_ZONE * module}


def module_of(image: Image.Image, left: int, top: int) -> int:
    """How many pixels a module is wide: a code begins with seven dark ones."""
    row = [image.getpixel((x, top)) for x in range(left, image.width)]
    return row.index(255) // 7


def printed(image: Image.Image, width: int, turn: float) -> Image.Image:
    """The picture as a cheap printer and a phone in a hallway make it: small, turned, blurred, grey and speckled."""
    small = image.resize((width, width), Image.Resampling.BILINEAR)
    seen = small.rotate(turn, Image.Resampling.BILINEAR, expand=True, fillcolor=255)
    seen = seen.resize((seen.width * 2, seen.height * 2), Image.Resampling.BILINEAR)
    seen = seen.filter(ImageFilter.GaussianBlur(1.0))
    dice = random.Random(7)
    grey = bytes(50 + light * 150 // 255 + dice.randint(-20, 20) for light in seen.tobytes())
    return Image.frombytes("L", seen.size, grey)


@pytest.mark.parametrize("turn", [0, 3, -12, 90])
@pytest.mark.parametrize("pixels_a_module", [2.5, 3.3, 4.0])
def test_a_code_printed_small_is_still_read(pixels_a_module: float, turn: float) -> None:
    image = picture(qr_png(LINK, 1200))
    left, top, _, _ = Image.eval(image, lambda light: 255 - light).getbbox() or (0, 0, 0, 0)
    width = round(image.width / module_of(image, left, top) * pixels_a_module)
    assert decoded(printed(image, width, turn)) == [LINK]


def test_a_code_with_a_stain_is_still_read() -> None:
    image = picture(qr_png(LINK, 600))
    image.paste(128, (300, 300, 360, 360))
    assert decoded(image) == [LINK]


async def test_the_drawing_shows_the_same_code_at_the_size_asked_for() -> None:
    async with chromium() as browser:
        page = await browser.new_page(viewport={"width": 500, "height": 500})
        await page.set_content(f"<body style='margin:0;background:#888'>{qr_svg(LINK, 333).decode()}")
        drawing = page.locator("svg")
        assert await drawing.bounding_box() == {"x": 0, "y": 0, "width": 333, "height": 333}
        image = picture(await drawing.screenshot())
    assert decoded(image) == [LINK]
    assert image.getpixel((332, 332)) == image.getpixel((0, 0)) == 255


def test_a_picture_that_is_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        qr_png(LINK, 20)


def test_a_link_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="Data too large"):
        qr_svg("https://example.org/" + "a" * 3000, 300)


def test_the_library_is_loaded_only_when_a_code_is_made() -> None:
    assert not is_loaded_by("bot.exports.qr", "segno")


# -- links


def test_links_lead_to_the_bot_and_to_the_page() -> None:
    assert telegram_link("@youth_bot", "p_17") == "https://t.me/youth_bot?start=p_17"
    assert web_link("https://dialogue.example.org/", "p_17") == "https://dialogue.example.org/?start=p_17"
    assert telegram_link("youth_bot") == "https://t.me/youth_bot"
    assert web_link("http://127.0.0.1:8080") == "http://127.0.0.1:8080/"


@pytest.mark.parametrize("payload", ["a b", "é", "a&b=c", "a" * 65, "a\n", "../x"])
def test_a_payload_that_messengers_do_not_carry_is_refused(payload: str) -> None:
    with pytest.raises(ValueError, match="payload"):
        telegram_link("youth_bot", payload)
    with pytest.raises(ValueError, match="payload"):
        web_link("https://dialogue.example.org", payload)
