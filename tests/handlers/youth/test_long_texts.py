"""Long texts: the sentence that is asked for once, the limits, and what the card shows of them."""

from __future__ import annotations

import pytest

from tests.handlers.youth.test_propose import LOAN, come_in, stored
from tests.player import Player

LONG = "Con đường vào thôn em dài bốn cây số, mưa xuống là lầy. " * 12


@pytest.mark.everywhere
async def test_a_long_text_is_asked_for_one_sentence_once_and_the_answer_stands_on_the_card(lan: Player) -> None:
    await come_in(lan, LONG)
    assert "Nói trong một câu" in await lan.press("Gửi")
    card = await lan.send("Xin tỉnh đổ bê tông đường vào thôn")
    assert "📌 Xin tỉnh đổ bê tông đường vào thôn" in card
    assert "Đã gửi" in await lan.press("Gửi")
    [row] = await stored(lan.town, "SELECT lead, text FROM proposals")
    assert row == {"lead": "Xin tỉnh đổ bê tông đường vào thôn", "text": LONG}


async def test_skipping_the_sentence_sends_what_the_card_showed(lan: Player) -> None:
    await come_in(lan, LONG)
    await lan.press("Gửi")
    assert "Đã gửi" in await lan.press("Bỏ qua, gửi luôn")


async def test_a_photo_while_the_sentence_is_asked_for_is_shown_before_anything_is_sent(lan: Player) -> None:
    await come_in(lan, LONG)
    await lan.press("Gửi")
    await lan.send(files=[await lan.photo()])
    assert "1 tệp" in await lan.press("Bỏ qua, gửi luôn")
    assert await stored(lan.town, "SELECT * FROM proposals") == []
    assert "Đã gửi" in await lan.press("Gửi")


async def test_a_sentence_is_one_sentence(lan: Player) -> None:
    await come_in(lan, LONG)
    await lan.press("Gửi")
    assert "Nói trong một câu" in await lan.send(LONG)
    assert "Một câu thôi" in lan.shown()


@pytest.mark.everywhere
async def test_the_card_shows_six_hundred_characters_and_the_rest_by_a_press(lan: Player) -> None:
    text = LONG + " HẾT BÀI"
    await come_in(lan, text)
    assert "HẾT BÀI" not in lan.last
    assert "chữ nữa" in lan.last
    await lan.press("Xem hết")
    assert "HẾT BÀI" in lan.shown()


async def test_more_than_twelve_thousand_characters_are_refused_and_nothing_is_lost(lan: Player) -> None:
    text = ("đường xấu " * 1199).strip()
    await come_in(lan, text)
    await lan.send("b" * 20)
    assert "chưa được thêm" in lan.shown()
    await lan.press("Gửi")
    await lan.press("Bỏ qua, gửi luôn")
    [row] = await stored(lan.town, "SELECT text FROM proposals")
    assert str(row["text"]).split() == text.split()


async def test_more_than_five_files_are_refused_with_a_word(lan: Player) -> None:
    await come_in(lan)
    files = [await lan.photo(f"{n}.jpg", bytes([n])) for n in range(7)]
    await lan.send(files=files[:4])
    await lan.send(files=files[4:])
    assert "5 tệp thôi" in lan.shown()
    assert f"5 tệp: {', '.join(file.name for file in files[:5])}" in lan.shown()
    await lan.press("Gửi")
    names = [row["name"] for row in await stored(lan.town, "SELECT name FROM proposal_files ORDER BY n")]
    assert names == [file.name for file in files[:5]]


async def test_less_than_five_letters_are_not_sent(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Gửi")
    await lan.send("/gopy")
    await lan.send("a b c")
    await lan.press("Gửi")
    assert "ít nhất 5 chữ cái" in lan.shown()
    await lan.send("d e")
    assert "LS-2026-00002" in await lan.press("Gửi")
    assert LOAN not in lan.last
