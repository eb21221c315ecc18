"""The language of short messages."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.folding import fold
from bot.insight.language import CODES, guess, language


@pytest.mark.parametrize(
    "text",
    [
        "Tỉnh có hỗ trợ gì không ạ?",
        "vay von mo quan ntn a",
        "e mun vay von dc k",
        "duong vao thon hong roi",
        "wifi yeu qua",
        "lam sao de xin viec",
        "startup o tinh minh co duoc uu dai gi ko a",
        "can the tinh ho tro",  # "can" and "the" are no proof of English
        "need vốn",  # one word of each
        "livestream bán hàng trên TikTok shop thì sao ạ",
    ],
)
def test_vietnamese_is_known_with_marks_and_without(text: str) -> None:
    assert guess(text, hint="en") == "vi"


@pytest.mark.parametrize(
    "text",
    [
        "How can I get a loan?",
        "internet here is slow",
        "How can I get a loan in Lạng Sơn?",  # one Vietnamese name makes no Vietnamese text
        "Our school has no English teacher",
    ],
)
def test_english_is_known(text: str) -> None:
    assert guess(text, hint="vi") == "en"


@pytest.mark.parametrize("text", ["", "ok", "👍", "12345", "你好我想问一下贷款的问题"])
def test_what_tells_nothing_is_left_to_the_hint(text: str) -> None:
    assert [guess(text), guess(text, "vi-VN"), guess(text, "en_US"), guess(text, "zh-CN")] == ["", "vi", "en", ""]


def test_another_language_is_taken_for_neither() -> None:
    assert guess("Bonjour, je voudrais savoir comment obtenir une aide") == ""


def test_the_detector_is_not_loaded_when_the_rules_decide() -> None:
    code = (
        "import sys; from bot.insight.language import guess; guess('vay von o dau'); "
        "sys.exit('langdetect' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert guess(text) in ("vi", "en", "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("duongvaothonhongroi", "vi"),
        ("dduwowngf hoongr quas", "vi"),
        ("e k bít hỏi ai", "vi"),
        ("can the ho tro them", "vi"),
        ("我想贷款", "zh"),
        ("我想去Lạng Sơn做生意", "zh"),
        ("こんにちは、仕事を探しています", "other"),
        ("Здравствуйте", "other"),
        ("Bonjour, je voudrais une aide", "other"),
        ("no signal here", "en"),
        ("ok", "unsure"),
        ("👍", "unsure"),
        ("0987654321", "unsure"),
        ("https://example.com/vay-von", "unsure"),
        ("asdfgh", "unsure"),
        ("", "unsure"),
    ],
)
def test_five_answers_are_told_apart(text: str, code: str) -> None:
    assert language(text) == code


@given(st.text())
def test_the_same_text_always_has_the_same_language(text: str) -> None:
    assert language(text) == language(text)
    assert language(text) in CODES


def test_taking_the_marks_away_changes_no_language() -> None:
    for text in ("Đường vào thôn hỏng nặng", "Nhà em chưa có điện", "Mong tỉnh giúp đỡ", "Lợn chết hết"):
        assert language(fold(text)) == "vi"
